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

// newBlock copies the texts of an event at `memory`, whose address was `base`.
func newBlock(memory unsafe.Pointer, base uintptr) (block, *C.tc_event) {
	event := (*C.tc_event)(memory)
	// Those that every event has: records come before them.
	first := min(address(event.query.ptr), address(event.body.ptr), address(event.command_word.ptr))
	start := first - base
	texts := unsafe.String((*byte)(unsafe.Add(memory, start)), uintptr(event.block_size)-start)
	return block{memory, base, strings.Clone(texts), first}, event
}

func address[T any](of *T) uintptr { return uintptr(unsafe.Pointer(of)) }

// at is where something in the block is now.
func at[T any](of block, pointer *T) *T { return (*T)(unsafe.Add(of.memory, address(pointer)-of.base)) }

func (b block) text(from C.tc_str) Optional[string] {
	if from.ptr == nil {
		return Optional[string]{}
	}
	start := address(from.ptr) - b.first
	if start >= uintptr(len(b.texts)) { // It stands before the others.
		return Optional[string]{strings.Clone(unsafe.String((*byte)(unsafe.Pointer(at(b, from.ptr))), int(from.len))), true}
	}
	return Optional[string]{b.texts[start : start+uintptr(from.len)], true}
}

func (b block) listOf(first *C.tc_str, count C.size_t) []string {
	texts := make([]string, count)
	if count == 0 {
		return texts
	}
	for index, text := range unsafe.Slice(at(b, first), count) {
		texts[index] = b.text(text).Value
	}
	return texts
}

// records reads the elements of a list.
func records[From, To any](of block, first **From, count C.size_t, read func(*To, block, *From)) []To {
	list := make([]To, count)
	if count == 0 {
		return list
	}
	for index, from := range unsafe.Slice(at(of, first), count) {
		read(&list[index], of, at(of, from))
	}
	return list
}

// buffer is what an event is copied to by C. Larger ones stay where they were made until they have been read.
type buffer [4096]uint64

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
