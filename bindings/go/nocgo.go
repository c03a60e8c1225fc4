//go:build !cgo

package tccallback

// The compiler prints this text: no other message can be had from a package that cannot be built.
const _ int = "tccallback needs cgo, and cgo is off: install a C compiler, set CGO_ENABLED=1, and when cross-compiling set CC too"
