//go:build cgo && tccallback_gc

package tccallback

import "runtime"

// collect runs where a C pointer has been taken from a Go object, so that a runtime.KeepAlive that is missing shows in the tests:
// the object is then collected, and what it owns is freed, before the pointer is used.
func collect() {
	for range 2 {
		runtime.GC()
		runtime.Gosched()
	}
}
