//go:build cgo && !tccallback_gc

package tccallback

// collect does nothing: see gc_on.go.
func collect() {}
