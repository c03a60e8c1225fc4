# tc-callback: what a person has to know is `make demo` and `make test`; the rest is for packaging and development.

CARGO ?= cargo
BUILD := build
TARGET := $(or $(CARGO_TARGET_DIR),target)
WARNINGS := -Wall -Wextra -Wpedantic -Werror
ABI := $(shell sed -n 's/^pub const TC_ABI_VERSION: u32 = \(.*\);/\1/p' src/ffi/version.rs)
SOURCES := $(shell find src -name '*.rs') src/ffi/header.txt build.rs cbindgen.toml Cargo.toml Cargo.lock

.PHONY: help demo test peers soak bench load audit build header clean demo-packages test-packages bench-packages load-packages

help:
	@echo "make demo     show it working on this machine: emulator, C server, all events"
	@echo "make test     run every test"
	@echo "make soak     sanitizers, Miri, fuzzing, a thousand forks: an hour; ONLY=\"asan forks\" the parts of that name"
	@echo "make bench    compare with other libraries; QUICK=1 in two minutes, ONLY=parse the rows that begin so"
	@echo "make load     the C server under load for five minutes, or LOAD_SECONDS=60: nothing lost, memory flat"
	@echo "make audit    licences, advisories, the oldest Rust and dependencies that will do, bill of materials"
	@echo "make build    $(BUILD)/lib (shared and static library) and $(BUILD)/bin (the tc-callback command)"
	@echo "make install  to PREFIX ($(PREFIX)), below DESTDIR if that is set; make uninstall takes it away"
	@echo "make header   write include/tc_callback.h and the files of abi/ anew from src/ffi"
	@echo "make clean    remove what was built"

build: $(BUILD)/lib/libtc_callback.so $(BUILD)/lib/libtc_callback.a $(BUILD)/bin/tc-callback

# Shared, static and Rust library are built apart: with an rlib beside it, the shared one loses link-time optimisation.
$(BUILD)/lib/libtc_callback.so: $(SOURCES)
	$(CARGO) rustc --quiet --release --lib --crate-type cdylib
	@mkdir -p $(@D)
	@rm -f $(@D)/libtc_callback.so*
	cp $(TARGET)/release/libtc_callback.so $@.$(ABI)
	ln -s libtc_callback.so.$(ABI) $@

$(BUILD)/lib/libtc_callback.a: $(SOURCES)
	$(CARGO) rustc --quiet --profile archive --lib --crate-type staticlib -- \
		--print native-static-libs=$(TARGET)/archive/native-static-libs
	@mkdir -p $(@D)
	cp $(TARGET)/archive/libtc_callback.a $(TARGET)/archive/native-static-libs $(@D)
	strip -S $@

$(BUILD)/bin/tc-callback: $(SOURCES) $(shell find cli/src tests/fixtures -type f) cli/Cargo.toml
	$(CARGO) build --quiet --profile archive -p tc-callback-cli
	@mkdir -p $(@D)
	cp $(TARGET)/archive/tc-callback $@
	strip $@

# A server that a reader can copy: nothing but the header, the library and libmicrohttpd.
$(BUILD)/examples/c/server: $(wildcard examples/c/*.[ch]) include/tc_callback.h $(BUILD)/lib/libtc_callback.so
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_POSIX_C_SOURCE=200809L $(WARNINGS) -O2 -Iinclude examples/c/*.c -o $@ \
		-L$(BUILD)/lib -Wl,-rpath,$(abspath $(BUILD))/lib -ltc_callback -lmicrohttpd

# The same in C++, on cpp-httplib.
$(BUILD)/examples/cpp/server: $(wildcard examples/cpp/*.[ch]pp) include/tc_callback.h include/tc_callback.hpp $(BUILD)/lib/libtc_callback.so
	@mkdir -p $(@D)
	$(CXX) -std=c++17 $(WARNINGS) -O2 -Iinclude examples/cpp/*.cpp -o $@ \
		-L$(BUILD)/lib -Wl,-rpath,$(abspath $(BUILD))/lib -ltc_callback -pthread $$(pkg-config --cflags --libs cpp-httplib)

demo: demo-packages
	@$(MAKE) --no-print-directory $(BUILD)/bin/tc-callback $(BUILD)/examples/c/server
	@scripts/demo.sh

test: test-packages
	@$(MAKE) --no-print-directory --jobs=4 build $(BUILD)/examples/c/server $(BUILD)/examples/cpp/server peers
	@scripts/test.sh

peers:
	@scripts/peers.sh

soak: test-packages
	@scripts/soak.sh $(ONLY)

load: load-packages
	@$(MAKE) --no-print-directory $(BUILD)/bin/tc-callback $(BUILD)/examples/c/server
	@LOAD_SECONDS="$(LOAD_SECONDS)" scripts/load.sh

audit:
	@scripts/supply-chain.sh

# The others are compiled for this very machine, the library as it is shipped.
bench: bench-packages
	@$(MAKE) --no-print-directory $(BUILD)/lib/libtc_callback.so $(TARGET)/bench/load $(TARGET)/bench/rest
	RUSTFLAGS="-C target-cpu=native --cfg tc_bench" $(CARGO) build --quiet --release -p tc-callback-benches --target-dir $(TARGET)/bench/build
	@ONLY="$(ONLY)" scripts/bench.sh $(if $(QUICK),--quick)

$(TARGET)/bench/load: benches/c/load.c
	@mkdir -p $(@D)
	$(CC) -std=c11 $(WARNINGS) -O2 $< -o $@

$(TARGET)/bench/rest: benches/c/rest.c include/tc_callback.h $(BUILD)/lib/libtc_callback.so
	@mkdir -p $(@D)
	$(CC) -std=gnu11 $(WARNINGS) -O2 -Iinclude $< -o $@ \
		-L$(BUILD)/lib -Wl,-rpath,$(abspath $(BUILD))/lib -ltc_callback -lcurl -lcjson -pthread

demo-packages:
	@scripts/packages.sh gcc libc6-dev libmicrohttpd-dev

test-packages:
	@scripts/packages.sh gcc g++ libc6-dev libmicrohttpd-dev valgrind strace binutils abigail-tools openssl python3-venv curl ca-certificates \
		cmake pkg-config libcjson-dev nlohmann-json3-dev libcpp-httplib-dev \
		gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user
	@scripts/packages.sh chromium || true
	@[ "$$(uname -m)" != x86_64 ] || scripts/packages.sh libc6-dev-i386 lib32gcc-$$($(CC) -dumpversion | cut -d. -f1)-dev

load-packages:
	@scripts/packages.sh gcc libc6-dev libmicrohttpd-dev wrk

bench-packages:
	@scripts/packages.sh gcc g++ libc6-dev binutils pkg-config python3-venv libcurl4-openssl-dev libssl-dev zlib1g-dev \
		libcjson-dev nlohmann-json3-dev rapidjson-dev

header:
	UPDATE_HEADER=1 $(CARGO) test --quiet --test header
	UPDATE_HEADER=1 $(CARGO) test --quiet --test abi rely_on

include install/install.mk

clean:
	$(CARGO) clean
	rm -rf $(BUILD)
