//go:build cgo

package tccallback

/*
#include <tc_callback.h>
*/
import "C"

import (
	"strings"
	"sync"
	"unsafe"
)

// block is the memory of an event while Go reads it: where it is, and Go's copy of the texts, of which strings are slices.
type block struct {
	memory unsafe.Pointer // of the records: C's, or a copy of it
	base   uintptr        // the address that it had when it was made, which pointers inside count from
	texts  string
	first  uintptr // the address that the texts had
}

// eventAt reads the event at `memory`, whose address was `base`.
func eventAt(memory unsafe.Pointer, base uintptr) *Event {
	event := (*C.tc_event)(memory)
	// Those that every event has: records come before them.
	first := min(address(event.query.ptr), address(event.body.ptr), address(event.command_word.ptr))
	start := first - base
	texts := unsafe.String((*byte)(unsafe.Add(memory, start)), uintptr(event.block_size)-start)
	return newEvent(&block{memory, base, strings.Clone(texts), first}, event)
}

func address[T any](of *T) uintptr { return uintptr(unsafe.Pointer(of)) }

// at is where something in the block is now.
func at[T any](of *block, pointer *T) *T {
	return (*T)(unsafe.Add(of.memory, address(pointer)-of.base))
}

func (b *block) text(from C.tc_str) Optional[string] {
	if from.ptr == nil {
		return Optional[string]{}
	}
	start := address(from.ptr) - b.first
	return Optional[string]{b.texts[start : start+uintptr(from.len)], true}
}

func (b *block) listOf(first *C.tc_str, count C.size_t) []string {
	texts := make([]string, count)
	for index, text := range elements(b, first, count) {
		texts[index] = b.text(text).Value
	}
	return texts
}

// elements of a list, as it stands in the block.
func elements[T any](of *block, first *T, count C.size_t) []T {
	if count == 0 {
		return nil
	}
	return unsafe.Slice(at(of, first), count)
}

// buffer is what an event is copied to by C. Larger ones stay where they were made until they have been read.
type buffer [4096]C.uint64_t

var buffers = sync.Pool{New: func() any { return new(buffer) }}

func integer[T ~int64](from C.int64_t) Optional[T] {
	if from == C.TC_ABSENT {
		return Optional[T]{}
	}
	return Optional[T]{T(from), true}
}

func boolean(from C.int32_t) Optional[bool] {
	return Optional[bool]{from == 1, from != C.TC_NOT_SENT}
}

// withPayload allocates an event and its payload at once.
func withPayload[P any]() (*Event, *P) {
	both := new(struct {
		event   Event
		payload P
	})
	return &both.event, &both.payload
}
