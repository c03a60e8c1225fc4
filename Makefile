# tc-callback: what a person has to know is `make demo` and `make test`; the rest is for packaging and development.

CARGO ?= cargo
BUILD := build
TARGET := $(or $(CARGO_TARGET_DIR),target)
WARNINGS := -Wall -Wextra -Wpedantic -Werror
ABI := $(shell sed -n 's/^pub const TC_ABI_VERSION: u32 = \(.*\);/\1/p' src/ffi/version.rs)
# What the compiler is at is shown to people, not to files.
QUIET := $(shell [ -t 2 ] || echo --quiet)
SOURCES := $(shell find src -name '*.rs') src/ffi/header.txt build.rs cbindgen.toml Cargo.toml Cargo.lock

.PHONY: help prerequisites demo test test-all peers soak bench load audit build header clean demo-packages test-packages bench-packages load-packages

help:
	@echo "make demo     show it working on this machine: emulator, C server, all events"
	@echo "make test     run every test: a quarter of an hour; make test-all what takes longer as well"
	@echo "make soak     sanitizers, Miri, fuzzing, a thousand forks: an hour; ONLY=\"asan forks\" the parts of that name"
	@echo "make bench    compare with other libraries; QUICK=1 in two minutes, ONLY=parse the rows that begin so"
	@echo "make load     the C server under load for five minutes, or LOAD_SECONDS=60: nothing lost, memory flat"
	@echo "make audit    licences, advisories, the oldest Rust and dependencies that will do, bill of materials"
	@echo "make build    $(BUILD)/lib (shared and static library) and $(BUILD)/bin (the tc-callback command)"
	@echo "make install  to PREFIX ($(PREFIX)), below DESTDIR if that is set; make uninstall takes it away"
	@echo "make header   write include/tc_callback.h and the files of abi/ anew from src/ffi"
	@echo "make clean    remove what was built"

# Before any package is installed. What compiles asks for a C compiler as well.
prerequisites:
	@scripts/prerequisites.sh

build: $(BUILD)/lib/libtc_callback.so $(BUILD)/lib/libtc_callback.a $(BUILD)/bin/tc-callback

# Shared, static and Rust library are built apart: with an rlib beside it, the shared one loses link-time optimisation.
$(BUILD)/lib/libtc_callback.so: $(SOURCES)
	@scripts/prerequisites.sh cc
	$(CARGO) rustc $(QUIET) --release --lib --crate-type cdylib
	@mkdir -p $(@D)
	@rm -f $(@D)/libtc_callback.so*
	cp $(TARGET)/release/libtc_callback.so $@.$(ABI)
	ln -s libtc_callback.so.$(ABI) $@

$(BUILD)/lib/libtc_callback.a: $(SOURCES)
	@scripts/prerequisites.sh cc
	$(CARGO) rustc $(QUIET) --profile archive --lib --crate-type staticlib -- \
		--print native-static-libs=$(TARGET)/archive/native-static-libs
	@mkdir -p $(@D)
	cp $(TARGET)/archive/libtc_callback.a $(TARGET)/archive/native-static-libs $(@D)
	strip -S $@

# The library that it is made of is left in $(TARGET)/archive as well.
$(BUILD)/bin/tc-callback: $(SOURCES) $(shell find cli/src tests/fixtures -type f) cli/Cargo.toml
	@scripts/prerequisites.sh cc
	$(CARGO) build $(QUIET) --profile archive -p tc-callback -p tc-callback-cli
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

# The demo has the library from the command's own build: to optimise it at link time as well takes a minute more.
$(BUILD)/demo/server: $(wildcard examples/c/*.[ch]) include/tc_callback.h $(BUILD)/bin/tc-callback
	@mkdir -p $(@D)
	cp $(TARGET)/archive/libtc_callback.so $(@D)/libtc_callback.so.$(ABI)
	$(CC) -std=c11 -D_POSIX_C_SOURCE=200809L $(WARNINGS) -O2 -Iinclude examples/c/*.c -o $@ \
		$(@D)/libtc_callback.so.$(ABI) -Wl,-rpath,$(abspath $(@D)) -lmicrohttpd

demo: demo-packages
	@[ -e $(BUILD)/demo/server ] || echo "Building the library, the command and a server in C: one to three minutes, the first time."
	@$(MAKE) --no-print-directory $(BUILD)/demo/server
	@scripts/demo.sh $(BUILD)/demo/server

# An example is built where its HTTP library is.
test: test-packages
	@echo "Building, then testing: ten to fifteen minutes on two idle cores. What a check has to say comes when it has ended."
	@has() { echo "#include <$$2>" | $$1 -E - >/dev/null 2>&1; }; \
		$(MAKE) --no-print-directory --jobs=4 build peers \
		$$(! has "$(CC) -x c" microhttpd.h || echo $(BUILD)/examples/c/server) \
		$$(! has "$(CXX) -x c++" httplib.h || ! pkg-config --exists cpp-httplib || echo $(BUILD)/examples/cpp/server)
	@scripts/test.sh

test-all: test-packages
	@scripts/test-all.sh $(ONLY)

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

demo-packages: prerequisites
	@scripts/packages.sh gcc libc6-dev libmicrohttpd-dev

# With gcc-multilib, which is what one would ask for, there can be no compiler for another processor.
test-packages: prerequisites
	@scripts/packages.sh --if-possible gcc g++ libc6-dev libmicrohttpd-dev valgrind strace binutils abigail-tools openssl python3-venv \
		curl ca-certificates iproute2 cmake pkg-config libcjson-dev nlohmann-json3-dev libcpp-httplib-dev chromium \
		gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user $(if $(filter x86_64,$(shell uname -m)),libc6-dev-i386 lib32gcc-@gcc@-dev)

load-packages: prerequisites
	@scripts/packages.sh gcc libc6-dev libmicrohttpd-dev wrk

bench-packages: prerequisites
	@scripts/packages.sh gcc g++ libc6-dev binutils pkg-config python3-venv libcurl4-openssl-dev libssl-dev zlib1g-dev \
		libcjson-dev nlohmann-json3-dev rapidjson-dev

header:
	UPDATE_HEADER=1 $(CARGO) test --quiet --test header
	UPDATE_HEADER=1 $(CARGO) test --quiet --test abi rely_on

include install/install.mk

clean:
	$(CARGO) clean
	rm -rf $(BUILD)
