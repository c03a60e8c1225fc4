//go:build cgo

package tccallback

/*
#include <stdlib.h>
#include <tc_callback.h>

#cgo noescape tccb_parse
#cgo nocallback tccb_parse
#cgo noescape tccb_parse_copy
#cgo nocallback tccb_parse_copy
#cgo nocallback tc_event_free
#cgo noescape tccb_duplicate_key
#cgo nocallback tccb_duplicate_key

// Results by value: a pointer to a Go variable would move that to the heap.
typedef struct { tc_event *event; tc_error *error; const void *base; } tccb_parsed;

static tccb_parsed tccb_parse(const char *query, size_t query_len, const char *body, size_t body_len) {
	tccb_parsed parsed = {0};
	tc_parse_event(query, query_len, body, body_len, &parsed.event, &parsed.error);
	return parsed;
}

// The buffer is of numbers, so that cgo need not look for pointers in it.
static tccb_parsed tccb_parse_copy(const char *query, size_t query_len, const char *body, size_t body_len, uint64_t *buffer, size_t buffer_size) {
	tc_event_copy copy = {.struct_size = sizeof copy, .buffer = buffer, .buffer_size = buffer_size};
	tccb_parsed parsed = {0};
	tc_parse_event_copy(query, query_len, body, body_len, &copy, &parsed.error);
	parsed.event = copy.event;
	parsed.base = copy.base;
	return parsed;
}

static size_t tccb_duplicate_key(uint32_t sdk_app_id, int64_t event_time_ms, const char *command, size_t command_len, const char *body,
                                 size_t body_len, char *key) {
	tc_event event = {
		.sdk_app_id = sdk_app_id, .event_time_ms = event_time_ms, .command_word = {command, command_len}, .body = {body, body_len},
	};
	return tc_event_duplicate_key(&event, key);
}
*/
import "C"

import (
	"time"
	"unsafe"
)

// Parse reads a callback without checking who sent it; [Receiver.Handle] does both. The default limits of [ReceiverOptions] apply.
//
// query is the URL's query as received (or a whole path, or nothing), body the raw bytes of the body. The event owns its memory: there
// is nothing to close. A string taken out of it keeps all of its texts alive; strings.Clone what you keep for long.
//
// Errors: ErrMalformedJSON and ErrNotACallback with Offset, ErrMalformedQuery, ErrTooLarge, ErrTooDeep, ErrTooManyElements.
func Parse(query string, body []byte) (*Event, error) {
	if err := loaded(); err != nil {
		return nil, err
	}
	to := buffers.Get().(*buffer)
	defer buffers.Put(to)
	parsed := C.tccb_parse_copy(textPointer(query), C.size_t(len(query)), (*C.char)(unsafe.Pointer(unsafe.SliceData(body))), C.size_t(len(body)),
		&to[0], C.size_t(unsafe.Sizeof(*to)))
	if parsed.error != nil {
		return nil, takeError(parsed.error)
	}
	if parsed.event != nil {
		defer C.tc_event_free(parsed.event)
		return eventAt(unsafe.Pointer(parsed.event), uintptr(parsed.base)), nil
	}
	return eventAt(unsafe.Pointer(to), uintptr(parsed.base)), nil
}

func textPointer(text string) *C.char { return (*C.char)(unsafe.Pointer(unsafe.StringData(text))) }

// Time tells when it happened; false if that was not sent.
func (e *Event) Time() (time.Time, bool) {
	return time.UnixMilli(e.EventTimeMs.Value), e.EventTimeMs.Sent
}

// DuplicateKey is 32 hexadecimal digits, which are equal when the same callback is delivered again, and only then: the vendor sends no
// event id. They are the same in every process and every release: a message id, or the key of an idempotency table. It is made from
// SDKAppID, CommandWord and Body, anew with each call; there is none if the body has no EventTime, since two events could then look
// alike.
func (e *Event) DuplicateKey() Optional[string] {
	if !e.EventTimeMs.Sent {
		return Optional[string]{}
	}
	var key [C.TC_DUPLICATE_KEY_SIZE]byte
	length := C.tccb_duplicate_key(C.uint32_t(e.SDKAppID), C.int64_t(e.EventTimeMs.Value), textPointer(e.CommandWord),
		C.size_t(len(e.CommandWord)), textPointer(e.Body), C.size_t(len(e.Body)), (*C.char)(unsafe.Pointer(&key)))
	return Optional[string]{string(key[:length]), true}
}

// JSON is a value of an event's body.
type JSON struct {
	Kind    JSONKind
	Boolean Optional[bool]
	Integer Optional[int64]  // of a number that is an integer of 64 bits; Raw has every digit of any number
	Length  int              // how many elements an array or members an object has
	Text    Optional[string] // its escapes decoded
	Raw     string           // the value as it stands in the body, with quotes and escapes
}

// JSON reads a value of the body by its JSON pointer (RFC 6901): "/RoomInfo/RoomName", "/SeatList/0/Index"; "" is the whole body.
// For commands and fields that this release does not know.
//
// It reads the body anew, with the default limits; encoding/json reads event.Body as well.
// Errors: ErrNoSuchValue; ErrInvalidArgument if pointer is none.
func (e *Event) JSON(pointer string) (JSON, error) {
	if err := checkTexts("pointer", pointer); err != nil {
		return JSON{}, err
	}
	parsed := C.tccb_parse(textPointer(e.Query), C.size_t(len(e.Query)), textPointer(e.Body), C.size_t(len(e.Body)))
	if parsed.error != nil {
		return JSON{}, takeError(parsed.error)
	}
	defer C.tc_event_free(parsed.event)
	text := C.CString(pointer)
	defer C.free(unsafe.Pointer(text))
	var value *C.tc_json
	var failure *C.tc_error
	if C.tc_event_json(parsed.event, text, &value, &failure) != C.TC_OK {
		return JSON{}, takeError(failure)
	}
	defer C.tc_json_free(value)
	return JSON{
		Kind:    JSONKind(value.kind),
		Boolean: boolean(value.boolean),
		Integer: integer[int64](value.integer),
		Length:  int(value.length),
		Text:    Optional[string]{goText(value.text), value.text.ptr != nil},
		Raw:     goText(value.raw),
	}, nil
}
