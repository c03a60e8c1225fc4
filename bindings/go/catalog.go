//go:build cgo

package tccallback

/*
#include <stdlib.h>
#include <tc_callback.h>
*/
import "C"

import (
	"strings"
	"unsafe"
)

// CommandFromWord gives the command with this word or one of its older spellings; CommandUnknown if this release knows none.
func CommandFromWord(word string) Command {
	if loaded() != nil || strings.IndexByte(word, 0) >= 0 {
		return CommandUnknown
	}
	text := C.CString(word)
	defer C.free(unsafe.Pointer(text))
	return Command(C.tc_command_from_word(text))
}

// Word of a command, as it is configured and sent: "Room.CallbackAfterCreateRoom"; "" of CommandUnknown.
func (c Command) Word() string {
	if loaded() != nil {
		return ""
	}
	return C.GoString(C.tc_command_word(C.int32_t(c)))
}

// String gives the word, "unknown" without one.
func (c Command) String() string {
	if word := c.Word(); word != "" {
		return word
	}
	return "unknown"
}

// Commands gives the words of all commands of a product, to configure them all.
func (p Product) Commands() []string {
	if loaded() != nil {
		return nil
	}
	count := C.tc_product_commands(C.int32_t(p), nil, 0)
	if count == 0 {
		return nil
	}
	words := make([]*C.char, count)
	C.tc_product_commands(C.int32_t(p), &words[0], count)
	commands := make([]string, count)
	for index, word := range words {
		commands[index] = C.GoString(word)
	}
	return commands
}
