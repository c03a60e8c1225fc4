//go:build !race && !asan && !tccallback_gc && !tc_static

package tccallback_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
)

// What a newcomer meets before any function of this package runs. Each message is quoted and explained in README.md.

const program = `package main

import (
	"fmt"

	"tccallback"
)

func main() {
	_, err := tccallback.Parse("", []byte("{}"))
	fmt.Println(err)
}
`

// freshModule makes a module outside of the repository by the steps of README.md.
func freshModule(t *testing.T, program string) string {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "main.go"), []byte(program), 0o644); err != nil {
		t.Fatal(err)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []string{
		"go mod init newcomer",
		"go mod edit -require tccallback@v0.0.0 -replace tccallback=" + here,
	} {
		if output, err := run(folder, nil, strings.Fields(step)...); err != nil {
			t.Fatalf("%s: %v\n%s", step, err, output)
		}
	}
	return folder
}

// run runs a command; the environment's later values win.
func run(folder string, environment []string, words ...string) (string, error) {
	process := exec.Command(words[0], words[1:]...)
	process.Dir, process.Env = folder, append(os.Environ(), environment...)
	output, err := process.CombinedOutput()
	return string(output), err
}

// expectExplained checks that something failed with a message that README.md explains.
func expectExplained(t *testing.T, output string, err error, message string) {
	t.Helper()
	if err == nil || !strings.Contains(output, message) {
		t.Errorf("%v, without %q:\n%s", err, message, output)
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), message) {
		t.Errorf("README.md does not explain %q", message)
	}
}

const notACallback = "tccallback: not a callback: the body has no CallbackCommand"

func TestAFreshModuleUsesTheSharedLibrary(t *testing.T) {
	folder := freshModule(t, program)
	if output, err := run(folder, nil, "go", "build", "-o", "program", "."); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	if output, err := run(folder, nil, "./program"); err != nil || !strings.HasPrefix(output, notACallback) {
		t.Errorf("%v\n%s", err, output)
	}
	if runtime.GOOS != "linux" {
		t.Skip("skipped: the messages of the loader are known for Linux only")
	}

	t.Run("library not found", func(t *testing.T) {
		output, err := run(folder, []string{"LD_LIBRARY_PATH="}, "./program")
		expectExplained(t, output, err, "error while loading shared libraries: libtc_callback.so.1: cannot open shared object file")
	})
	const class, bits32 = 4, 1          // of the ELF header
	const machine, otherMachine = 18, 8 // MIPS, which Go builds no tests on
	t.Run("library for 32 bits", func(t *testing.T) {
		output, err := run(folder, []string{"LD_LIBRARY_PATH=" + changedLibrary(t, class, bits32)}, "./program")
		expectExplained(t, output, err, "wrong ELF class: ELFCLASS32")
	})
	t.Run("library for another processor", func(t *testing.T) {
		output, err := run(folder, []string{"LD_LIBRARY_PATH=" + changedLibrary(t, machine, otherMachine)}, "./program")
		expectExplained(t, output, err, "libtc_callback.so.1: cannot open shared object file")
	})
	t.Run("library for another processor while building", func(t *testing.T) {
		installed, err := run(folder, nil, "pkg-config", "--cflags", "tc_callback")
		if err != nil {
			t.Fatal(err)
		}
		other := changedLibrary(t, machine, otherMachine)
		description := "Name: tc_callback\nDescription: wrong\nVersion: 0\nCflags: " + installed + "Libs: -L" + other + " -ltc_callback\n"
		if err := os.WriteFile(filepath.Join(other, "tc_callback.pc"), []byte(description), 0o644); err != nil {
			t.Fatal(err)
		}
		// Go asks pkg-config only for what it has not built yet with the same flags.
		environment := []string{"PKG_CONFIG_PATH=" + other, "CGO_LDFLAGS=-L" + other}
		output, err := run(folder, environment, "go", "build", "-o", "wrong", ".")
		expectExplained(t, output, err, "libtc_callback.so when searching for -ltc_callback")
	})
	t.Run("library of another ABI", func(t *testing.T) {
		names, err := os.ReadFile("../../abi/exports.txt")
		if err != nil {
			t.Fatal(err)
		}
		source := "unsigned tc_abi_version(void) { return 99; }\n"
		for _, name := range regexp.MustCompile(`(?m)^tc_\w+`).FindAllString(string(names), -1) {
			if name != "tc_abi_version" {
				source += "void " + name + "(void) { __builtin_trap(); }\n"
			}
		}
		other := filepath.Join(folder, "other")
		if err := os.Mkdir(other, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(other, "other.c"), []byte(source), 0o644); err != nil {
			t.Fatal(err)
		}
		compile := strings.Fields("gcc -shared -fPIC -Wl,-soname,libtc_callback.so.1 -o libtc_callback.so.1 other.c")
		if output, err := run(other, nil, compile...); err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
		output, err := run(folder, []string{"LD_LIBRARY_PATH=" + other}, "./program")
		const expected = "tccallback: libtc_callback is of another release: this program was built for version 1 of its ABI, and version 99 was loaded"
		if err != nil || !strings.HasPrefix(output, expected) {
			t.Errorf("%v\n%s", err, output)
		}
	})
}

func TestTheQuickStartOfTheReadmeIsAWholeProgram(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), "```go\n")
	quickStart, _, found := strings.Cut(rest, "```\n")
	if !found {
		t.Fatal("README.md has no Go program")
	}
	folder := freshModule(t, quickStart)
	for _, step := range []string{"go vet", "go build -o program"} {
		if output, err := run(folder, nil, strings.Fields(step)...); err != nil {
			t.Fatalf("%s: %v\n%s", step, err, output)
		}
	}
	// Without a token in the environment it must not run: whoever can reach the URL could post events.
	output, err := run(folder, []string{"TC_TOKEN="}, "./program")
	if err == nil || !strings.Contains(output, "ReceiverOptions.Tokens") {
		t.Errorf("%v\n%s", err, output)
	}
}

// changedLibrary gives a folder with a library of which one byte is another.
func changedLibrary(t *testing.T, offset int, value byte) string {
	library, err := os.ReadFile("../../build/lib/libtc_callback.so.1")
	if err != nil {
		t.Fatal(err)
	}
	library[offset] = value
	folder := t.TempDir()
	for _, name := range []string{"libtc_callback.so.1", "libtc_callback.so"} {
		if err := os.WriteFile(filepath.Join(folder, name), library, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestAFreshModuleUsesTheStaticLibraryAndNeedsNoneToRun(t *testing.T) {
	folder := freshModule(t, program)
	if output, err := run(folder, nil, "go", "build", "-tags", "tc_static", "-o", "program", "."); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	if output, err := run(folder, []string{"LD_LIBRARY_PATH="}, "./program"); err != nil || !strings.HasPrefix(output, notACallback) {
		t.Errorf("%v\n%s", err, output)
	}
}

func TestABuildThatCannotWorkSaysWhy(t *testing.T) {
	folder := freshModule(t, program)
	t.Run("cgo disabled", func(t *testing.T) {
		output, err := run(folder, []string{"CGO_ENABLED=0"}, "go", "build", "tccallback")
		expectExplained(t, output, err, "tccallback needs cgo, and cgo is off: install a C compiler, set CGO_ENABLED=1")
		if strings.Contains(output, "undefined:") {
			t.Errorf("says more than that:\n%s", output)
		}
	})
	t.Run("cross-compiling", func(t *testing.T) {
		output, err := run(folder, []string{"GOOS=windows", "GOARCH=arm64"}, "go", "build", "tccallback")
		expectExplained(t, output, err, "when cross-compiling set CC too")
	})
	t.Run("library not installed", func(t *testing.T) {
		nowhere := []string{"PKG_CONFIG_PATH=", "PKG_CONFIG_LIBDIR=" + folder, "CGO_LDFLAGS=-L" + folder}
		output, err := run(folder, nowhere, "go", "build", "tccallback")
		expectExplained(t, output, err, "Package tc_callback was not found in the pkg-config search path")
	})
	t.Run("no pkg-config", func(t *testing.T) {
		tools := t.TempDir()
		for _, tool := range []string{"go", "gcc", "as", "ld"} {
			path, err := exec.LookPath(tool)
			if err != nil {
				t.Skipf("skipped: no `%s` on this machine", tool)
			}
			if err := os.WriteFile(filepath.Join(tools, tool), []byte("#!/bin/sh\nexec "+path+" \"$@\"\n"), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		// Go asks pkg-config only for what it does not have in its cache.
		uncached := fmt.Sprintf("CGO_CFLAGS=-DUNCACHED=%d", time.Now().UnixNano())
		output, err := run(folder, []string{"PATH=" + tools, uncached}, "go", "build", "tccallback")
		expectExplained(t, output, err, `exec: "pkg-config": executable file not found in $PATH`)
	})
}
