//go:build cgo && tccallback_gc

package tccallback

import (
	"runtime"
	"time"
)

// collect runs where a C pointer has been taken from a Go object, so that a runtime.KeepAlive that is missing shows in the tests:
// the object is then collected, and what it owns is freed, before the pointer is used.
func collect() {
	for range 2 {
		cleaned := make(chan struct{})
		runtime.AddCleanup(new([64]byte), func(cleaned chan struct{}) { close(cleaned) }, cleaned)
		runtime.GC()
		select {
		case <-cleaned:
		case <-time.After(time.Second):
		}
	}
}
