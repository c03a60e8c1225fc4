package main

/*
#cgo pkg-config: tc_callback
#cgo noescape bench_call
#cgo nocallback bench_call
#include <tc_callback.h>

static tc_status bench_call(const char *body, size_t body_len, uint64_t *buffer, size_t buffer_size) {
	tc_event_copy copy = {.struct_size = sizeof copy, .buffer = buffer, .buffer_size = buffer_size};
	tc_status status = tc_parse_event_copy("", 0, body, body_len, &copy, NULL);
	tc_event_free(copy.event);
	return status;
}
*/
import "C"

import (
	"fmt"
	"unsafe"

	"tccallback-bench/protocol"
)

// call is the least that an event can take in Go by way of the C ABI: one call into C, which leaves the event in a buffer. No value of
// Go's is made of it, so its checksum is that of the candidate who reads the same event.
func call(of protocol.Candidate, bodies [][]byte) protocol.Candidate {
	var buffer [4096]C.uint64_t
	run := func(index int) error {
		body := bodies[index%len(bodies)]
		status := C.bench_call((*C.char)(unsafe.Pointer(unsafe.SliceData(body))), C.size_t(len(body)), &buffer[0], C.size_t(unsafe.Sizeof(buffer)))
		if status != C.TC_OK {
			return fmt.Errorf("status %d", status)
		}
		return nil
	}
	return protocol.Candidate{Name: "call-alone", Row: of.Row, Checksum: of.Checksum, Run: protocol.Repeat(run)}
}
