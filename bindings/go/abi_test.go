package tccallback

import (
	"errors"
	"testing"
)

func TestOnlyTheABIThatWasCompiledAgainstIsUsed(t *testing.T) {
	if err := checkABI(1); err != nil {
		t.Error(err)
	}
	for _, other := range []uint32{0, 2} {
		if err := checkABI(other); !errors.Is(err, ErrABIMismatch) {
			t.Errorf("ABI %d: %v", other, err)
		}
	}
}
