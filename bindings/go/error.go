//go:build cgo

package tccallback

/*
#include <tc_callback.h>
*/
import "C"

import (
	"errors"
	"strings"
)

// ErrABIMismatch is what every function answers when the library that was loaded does not go with the header that was compiled.
var ErrABIMismatch = errors.New("tccallback: libtc_callback is of another release")

// ErrClosed is what a [Client] answers after Close.
var ErrClosed = errors.New("tccallback: the client is closed")

// ErrBodyAlreadyRead is what a [Handler] reports when there is no body left to check.
var ErrBodyAlreadyRead = errors.New("tccallback: body already parsed by the framework: the request has a Content-Length and nothing " +
	"can be read; hand the Handler the request before any middleware reads its body")

// Error says why a call failed, and what to do about it. It never holds a key or a UserSig.
type Error struct {
	Status      Status          // what went wrong, to compare: errors.Is(err, ErrNotFound)
	Message     string          // what happened, where, and what to do, in a sentence
	IsRetryable bool            // whether the same call may succeed later without any change
	HTTPStatus  int             // of the last answer; 0 when there was none
	Attempts    int             // how many requests were sent
	TencentCode Optional[int64] // Tencent's ErrorCode
	TencentInfo string          // Tencent's ErrorInfo
	RequestID   string          // Tencent's RequestId: quote it to their support
	Offset      Optional[int64] // the byte of the input at which the error lies
}

// Error gives the message.
func (e *Error) Error() string { return "tccallback: " + e.Message }

// Unwrap gives the status, for errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Status }

// Error gives the status in a few words, so that a status is an error like syscall.Errno.
func (s Status) Error() string { return C.GoString(C.tc_status_text(C.tc_status(s))) }

func newError(status Status, message string) *Error { return &Error{Status: status, Message: message} }

// takeError copies a C error and frees it.
func takeError(from *C.tc_error) *Error {
	defer C.tc_error_free(from)
	return copyError(from)
}

func copyError(from *C.tc_error) *Error {
	return &Error{
		Status:      Status(from.status),
		Message:     goText(from.message),
		IsRetryable: from.is_retryable == 1,
		HTTPStatus:  int(from.http_status),
		Attempts:    int(from.attempts),
		TencentCode: integer[int64](from.tencent_code),
		TencentInfo: goText(from.tencent_info),
		RequestID:   goText(from.request_id),
		Offset:      integer[int64](from.offset),
	}
}

// goText copies a text; an absent one becomes "".
func goText(from C.tc_str) string { return C.GoStringN(from.ptr, C.int(from.len)) }

// checkTexts refuses texts that C would see cut off. Names and texts take turns.
func checkTexts(namesAndTexts ...string) error {
	for index := 0; index < len(namesAndTexts); index += 2 {
		if strings.IndexByte(namesAndTexts[index+1], 0) >= 0 {
			return newError(ErrInvalidArgument, namesAndTexts[index]+" has a NUL in it")
		}
	}
	return nil
}
