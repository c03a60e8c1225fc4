# `make install` and `make uninstall`: what is laid down, kept once.

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATADIR ?= $(PREFIX)/share
PKGCONFIGDIR ?= $(LIBDIR)/pkgconfig
CMAKEDIR ?= $(DATADIR)/cmake/tc_callback
MANDIR ?= $(DATADIR)/man
BASHCOMPLETIONDIR ?= $(DATADIR)/bash-completion/completions
FISHCOMPLETIONDIR ?= $(DATADIR)/fish/vendor_completions.d
ZSHCOMPLETIONDIR ?= $(DATADIR)/zsh/site-functions
INSTALL ?= install

VERSION := $(shell sed -n 's/^\#define TC_VERSION_STRING "\(.*\)"/\1/p' include/tc_callback.h)
# Names the file behind the soname: that of `cargo cinstall`.
LIBRARY_VERSION := $(shell sed -n '/^\[package.metadata.capi.library\]/,/^version/s/^version = "\(.*\)"/\1/p' Cargo.toml)
SHARED := libtc_callback.so
PAGES := $(addsuffix .1,tc-callback $(addprefix tc-callback-,emulate trigger scenario listen replay inspect config config-ensure \
	config-set config-update config-get config-delete usersig usersig-sign usersig-verify parse))
GENERATED := $(addprefix $(BUILD)/share/,$(PAGES) tc-callback.bash tc-callback.fish _tc-callback)

# mode:source:folder[:name]
FILES := \
	755:$(BUILD)/bin/tc-callback:$(BINDIR) \
	644:$(BUILD)/lib/$(SHARED).$(ABI):$(LIBDIR):$(SHARED).$(LIBRARY_VERSION) \
	644:$(BUILD)/lib/libtc_callback.a:$(LIBDIR) \
	644:include/tc_callback.h:$(INCLUDEDIR) \
	644:include/tc_callback.hpp:$(INCLUDEDIR) \
	644:install/cmake/tc_callbackConfig.cmake:$(CMAKEDIR) \
	644:install/cmake/tc_callbackConfigVersion.cmake:$(CMAKEDIR) \
	$(patsubst %,644:$(BUILD)/share/%:$(MANDIR)/man1,$(PAGES)) \
	644:$(BUILD)/share/tc-callback.bash:$(BASHCOMPLETIONDIR):tc-callback \
	644:$(BUILD)/share/tc-callback.fish:$(FISHCOMPLETIONDIR) \
	644:$(BUILD)/share/_tc-callback:$(ZSHCOMPLETIONDIR)
LINKS := $(LIBDIR)/$(SHARED).$(ABI) $(LIBDIR)/$(SHARED)
PKGCONFIGFILE := $(PKGCONFIGDIR)/tc_callback.pc

word-of = $(word $(1),$(subst :, ,$(2)))
target-of = $(call word-of,3,$(1))/$(or $(call word-of,4,$(1)),$(notdir $(call word-of,2,$(1))))
define newline


endef

.PHONY: install uninstall

build: $(GENERATED)

# After `make build`, nothing here writes to this folder: root may run it.
install: build
	@$(foreach file,$(FILES),$(INSTALL) -D -m $(call word-of,1,$(file)) $(call word-of,2,$(file)) "$(DESTDIR)$(call target-of,$(file))"$(newline)	@)
	@$(foreach link,$(LINKS),ln -sf $(SHARED).$(LIBRARY_VERSION) "$(DESTDIR)$(link)"$(newline)	@)
	@sed $(foreach name,PREFIX VERSION,-e 's|@$(name)@|$($(name))|') \
		$(foreach name,LIBDIR INCLUDEDIR,-e 's|@$(name)@|$($(name):$(PREFIX)/%=$${prefix}/%)|') \
		-e "s|@NATIVE_STATIC_LIBS@|$$(cat $(BUILD)/lib/native-static-libs)|" install/tc_callback.pc.in | \
		$(INSTALL) -D -m 644 /dev/stdin "$(DESTDIR)$(PKGCONFIGFILE)"
	@echo "Installed to $(DESTDIR)$(PREFIX)"
	@[ -n "$(DESTDIR)" ] || install/loader.sh "$(LIBDIR)"

INSTALLED := $(PKGCONFIGFILE) $(LINKS) $(foreach file,$(FILES),$(call target-of,$(file)))

uninstall:
	@rm -f $(foreach path,$(INSTALLED),"$(DESTDIR)$(path)")
	@install/empty-folders.sh "$(DESTDIR)" "$(PREFIX)" $(foreach folder,$(sort $(dir $(INSTALLED))),"$(folder)")

$(GENERATED) &: $(BUILD)/bin/tc-callback
	$< generate $(BUILD)/share
