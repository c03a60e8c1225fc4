//go:build cgo

package tccallback

/*
#include <tc_callback.h>
*/
import "C"

import (
	"strings"
	"unsafe"
)

// block is Go's copy of the memory of a C event. Texts are slices of it.
type block struct {
	copied string
	base   uintptr // of the original
}

func copyBlock(event *C.tc_event) block {
	original := unsafe.String((*byte)(unsafe.Pointer(event)), int(event.block_size))
	return block{strings.Clone(original), uintptr(unsafe.Pointer(event))}
}

func (b block) text(from C.tc_str) Optional[string] {
	if from.ptr == nil {
		return Optional[string]{}
	}
	start := uintptr(unsafe.Pointer(from.ptr)) - b.base
	return Optional[string]{b.copied[start : start+uintptr(from.len)], true}
}

func (b block) texts(first *C.tc_str, count C.size_t) []string {
	texts := make([]string, count)
	for index, text := range unsafe.Slice(first, count) {
		texts[index] = b.text(text).Value
	}
	return texts
}

// records reads the elements of a list.
func records[From, To any](of block, first **From, count C.size_t, read func(*To, block, *From)) []To {
	list := make([]To, count)
	for index, from := range unsafe.Slice(first, count) {
		read(&list[index], of, from)
	}
	return list
}

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
