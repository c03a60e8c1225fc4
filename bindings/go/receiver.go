//go:build cgo

package tccallback

/*
#include <tc_callback.h>

#cgo noescape tccb_handle
#cgo nocallback tccb_handle
#cgo nocallback tc_outcome_free

typedef struct { tc_outcome *outcome; tc_error *error; } tccb_handled;

static tccb_handled tccb_handle(const tc_receiver *receiver, const char *query, size_t query_len, const char *body, size_t body_len,
                                int64_t now_s) {
	tc_request request = {
		.struct_size = sizeof request, .query = query, .query_len = query_len, .body = body, .body_len = body_len, .now_s = now_s,
	};
	tccb_handled handled = {0};
	tc_receiver_handle(receiver, &request, &handled.outcome, &handled.error);
	return handled;
}
*/
import "C"

import (
	"fmt"
	"math"
	"runtime"
	"time"
	"unsafe"
)

// ReceiverOptions say what a [Receiver] is to be like. Zero is the default of every field but SDKAppID.
type ReceiverOptions struct {
	SDKAppID uint32
	// Tokens of which one must have made Sign: two while a token is replaced. One that is empty, or has white space, quotes, NAME= or the
	// like around it, is refused. Without any, Sign is not asked for, and whoever can reach the URL can post events. Sign does not cover
	// the body: serve the URL over HTTPS.
	Tokens []string `json:"-"`
	// SignTolerance is how far RequestTime may be from the clock. Default 60 s, the vendor's own figure.
	SignTolerance time.Duration
	// MaxBodyBytes is the largest body that is looked at. Default 1 MiB.
	MaxBodyBytes int
	// MaxDepth is how deep objects and arrays may be nested, at most 256. Default 127.
	MaxDepth int
	// MaxElements is how many elements all lists of an event may have together. Default 65536.
	MaxElements int
	// DuplicateWindow is for how many events and how long those that are delivered again are marked. Default 10000 and 10 minutes; with
	// 0 in it none are.
	DuplicateWindow *DuplicateWindow
}

// DuplicateWindow is how many events are remembered, and for how long.
type DuplicateWindow struct {
	Count int
	Age   time.Duration
}

// String leaves out the tokens.
func (o ReceiverOptions) String() string {
	return fmt.Sprintf("ReceiverOptions{SDKAppID: %d, %d tokens}", o.SDKAppID, len(o.Tokens))
}

// GoString leaves out the tokens.
func (o ReceiverOptions) GoString() string { return o.String() }

var receiverFields = map[string]string{
	"token": "Tokens", "sign_tolerance_s": "SignTolerance", "max_body_bytes": "MaxBodyBytes", "max_depth": "MaxDepth",
	"max_elements": "MaxElements", "duplicate_window": "DuplicateWindow",
}

const defaultMaxBodyBytes = 1 << 20

// Receiver checks and parses what Tencent posts to one application. Any number of goroutines may use it at once. It is freed, and its
// tokens cleared, once it is no longer used: there is nothing to close.
type Receiver struct {
	object       *C.tc_receiver
	maxBodyBytes int
}

// NewReceiver makes a receiver. Errors: ErrInvalidOption, whose message names the field.
func NewReceiver(options ReceiverOptions) (*Receiver, error) {
	if err := loaded(); err != nil {
		return nil, err
	}
	draft, err := options.draft()
	defer C.tc_receiver_options_free(draft)
	if err != nil {
		return nil, err
	}
	var object *C.tc_receiver
	var failure *C.tc_error
	if C.tc_receiver_new(draft, &object, &failure) != C.TC_OK {
		return nil, inFields(takeError(failure), "ReceiverOptions", receiverFields)
	}
	receiver := &Receiver{object, options.MaxBodyBytes}
	if receiver.maxBodyBytes == 0 {
		receiver.maxBodyBytes = defaultMaxBodyBytes
	}
	runtime.AddCleanup(receiver, func(object *C.tc_receiver) { C.tc_receiver_free(object) }, object)
	return receiver, nil
}

func (o *ReceiverOptions) draft() (*C.tc_receiver_options, error) {
	draft := C.tc_receiver_options_new(C.uint32_t(o.SDKAppID))
	for _, token := range o.Tokens {
		if err := checkTexts("ReceiverOptions.Tokens", token); err != nil {
			return draft, err
		}
		secretText(token, func(text *C.char) { C.tc_receiver_options_add_token(draft, text) })
	}
	if o.SignTolerance != 0 {
		C.tc_receiver_options_set_sign_tolerance_s(draft, seconds(o.SignTolerance))
	}
	if o.MaxBodyBytes < 0 || o.MaxDepth < 0 || o.MaxElements < 0 || o.DuplicateWindow != nil && o.DuplicateWindow.Count < 0 {
		return draft, newError(ErrInvalidOption, "a limit of ReceiverOptions is negative")
	}
	if o.MaxBodyBytes != 0 {
		C.tc_receiver_options_set_max_body_bytes(draft, C.size_t(o.MaxBodyBytes))
	}
	if o.MaxDepth != 0 {
		C.tc_receiver_options_set_max_depth(draft, C.size_t(o.MaxDepth))
	}
	if o.MaxElements != 0 {
		C.tc_receiver_options_set_max_elements(draft, C.size_t(o.MaxElements))
	}
	if window := o.DuplicateWindow; window != nil {
		C.tc_receiver_options_set_duplicate_window(draft, C.size_t(window.Count), seconds(window.Age))
	}
	return draft, nil
}

// seconds rounds up, so that no time becomes none.
func seconds(duration time.Duration) C.uint32_t {
	return C.uint32_t(min(math.Ceil(max(duration, 0).Seconds()), math.MaxUint32))
}

// pointer is to be followed by a runtime.KeepAlive(r) after its use.
func (r *Receiver) pointer() *C.tc_receiver {
	object := r.object
	collect()
	return object
}

// Request is a request as the HTTP server received it.
type Request struct {
	Query string    // the URL's query as received: http.Request.URL.RawQuery
	Body  []byte    // the raw bytes of the body: not what a framework made of them
	Now   time.Time // zero for the system's clock
}

// Outcome is what to answer to a request, and what was received.
type Outcome struct {
	HTTPStatus  int    // to answer with: 200, 400, 403, 413 or 500
	ContentType string // to answer with
	Reply       string // JSON to answer with
	IsDuplicate bool   // whether this callback has been delivered before; it is answered alike
	Event       *Event // nil if the request was refused
	Refusal     *Error // why the request was refused; nil if it was not
}

// Handle takes a request: checks size, query, SDKAppID, Sign and RequestTime, parses, looks for duplicates, in this order.
//
// Without an error there is an outcome, which says what to answer, also for a request that is refused. Does no I/O and does not wait.
func (r *Receiver) Handle(request Request) (*Outcome, error) {
	var nowS int64
	if !request.Now.IsZero() {
		nowS = request.Now.Unix()
	}
	handled := C.tccb_handle(r.pointer(), textPointer(request.Query), C.size_t(len(request.Query)),
		(*C.char)(unsafe.Pointer(unsafe.SliceData(request.Body))), C.size_t(len(request.Body)), C.int64_t(nowS))
	runtime.KeepAlive(r)
	if handled.error != nil {
		return nil, takeError(handled.error)
	}
	from := handled.outcome
	defer C.tc_outcome_free(from)
	outcome := &Outcome{
		HTTPStatus:  int(from.http_status),
		ContentType: goText(from.content_type),
		Reply:       goText(from.reply),
		IsDuplicate: from.is_duplicate == 1,
	}
	if from.event != nil {
		outcome.Event = eventAt(unsafe.Pointer(from.event), address(from.event))
	} else {
		outcome.Refusal = copyError(from.error)
	}
	return outcome, nil
}

// Forget forgets that an event has been delivered, for a host that could not take it and answers with an error: if the vendor delivers
// it again, it is then not marked as a duplicate.
func (r *Receiver) Forget(event *Event) error {
	key := event.DuplicateKey().Value
	var failure *C.tc_error
	status := C.tc_receiver_forget(r.pointer(), textPointer(key), C.size_t(len(key)), &failure)
	runtime.KeepAlive(r)
	if status != C.TC_OK {
		return takeError(failure)
	}
	return nil
}
