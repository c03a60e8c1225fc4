package main

import (
	"bytes"
	"os"
	"testing"
)

func TestTheCommittedFilesAreWhatTheHeaderGives(t *testing.T) {
	files, err := generate("../../../../include/tc_callback.h")
	if err != nil {
		t.Fatal(err)
	}
	for name, expected := range files {
		found, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(found, expected) {
			t.Errorf("%s is not what include/tc_callback.h gives: run `go generate` in bindings/go", name)
		}
	}
}
