//go:build cgo

package tccallback

/*
#cgo !tc_static pkg-config: tc_callback
#cgo tc_static LDFLAGS: -l:libtc_callback.a -Wl,--as-needed
#cgo tc_static pkg-config: --static tc_callback
#include <tc_callback.h>
*/
import "C"

import (
	"fmt"
	"sync"
)

// Version of the library that is loaded: "0.1.0".
func Version() string { return C.GoString(C.tc_version()) }

// loaded tells once why the library that was loaded cannot be used, or nil. Nothing else may be called before it.
var loaded = sync.OnceValue(func() error { return checkABI(uint32(C.tc_abi_version())) })

func checkABI(found uint32) error {
	if found == C.TC_ABI_VERSION {
		return nil
	}
	return fmt.Errorf("%w: this program was built for version %d of its ABI, and version %d was loaded: install the library that goes "+
		"with the header that it was built with, or build it anew", ErrABIMismatch, C.TC_ABI_VERSION, found)
}
