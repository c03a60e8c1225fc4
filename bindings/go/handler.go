//go:build cgo

package tccallback

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// ErrResultUnknown is what OnEvent of a [Handler] returns, alone or wrapped, when it cannot know whether the event was taken, as after a
// timeout towards a sink: the outcome is settled as SettlementUnknown.
var ErrResultUnknown = errors.New("tccallback: it is not known whether the event was taken")

// defaultTimeout is what Tencent's 2 seconds leave for the way.
const defaultTimeout = 1500 * time.Millisecond

// replyOK goes with 200.
const replyOK = `{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}`

// Handler is an [http.Handler] that takes callbacks: it reads the body up to the receiver's limit, has it checked and parsed, calls a
// function for the event, and answers. Any number of requests may run at once. It must see the request before any middleware reads
// the body. Set http.Server.ReadTimeout, since it waits for the body as long as that allows.
//
// An event is answered with 200 only when OnEvent has taken it, and with 503 whenever it may come again: after an error, while another
// request is handling it, and at Timeout. OnEvent runs in a goroutine of its own, which may outlive the request: call Wait before the
// program ends.
type Handler struct {
	Receiver *Receiver
	// OnEvent takes an event: it puts it where a crash does not lose it. It is called once for an event, however often that is delivered.
	//
	// After nil the answer is 200, and copies of the event are answered alike without a call. After any other error, a panic or
	// runtime.Goexit it is 503, and the next copy is new. After [ErrResultUnknown] it is 503 too, and copies are answered so for 60 s.
	//
	// ctx has the values of the request's context. It does not end with the connection, nor at Timeout, since either would make a failure
	// of work that is about to succeed: it ends after OnEventTimeout alone.
	OnEvent func(ctx context.Context, event *Event) error
	// OnEventTimeout is after how long ctx of OnEvent ends. Default: never. An OnEvent that does not return keeps its event: copies of it
	// are answered with 503 until it does.
	OnEventTimeout time.Duration
	// OnError is called for each request that was not an event and for each event that was not taken, with the status of the answer: for a
	// log. Any number of goroutines may call it at once, also after the answer. If it is nil, only a panic of OnEvent is logged, where
	// the http.Server logs.
	OnError func(request *http.Request, httpStatus int, err error)
	// Timeout is how long a request may take, from its arrival on. Default 1.5 s: Tencent waits for 2 s. If OnEvent is still running then,
	// the answer is 503, OnEvent goes on, copies of the event are answered with 503, and what OnEvent returns decides how later ones are.
	Timeout time.Duration
	// MayLoseLateFailures answers 200 at Timeout, before it is known whether the event is taken: if OnEvent fails after that, Tencent does
	// not deliver the event again, and nobody has it.
	MayLoseLateFailures bool

	running running
}

// ServeHTTP answers one callback.
func (h *Handler) ServeHTTP(writer http.ResponseWriter, request *http.Request) {
	arrived := time.Now()
	if request.Method != http.MethodPost {
		writer.Header().Set("Allow", http.MethodPost)
		message := "a callback is a POST, and this request is a " + request.Method
		h.refuse(writer, request, http.StatusMethodNotAllowed, newError(ErrNotACallback, message))
		return
	}
	body, err := h.readBody(writer, request)
	if errors.Is(err, ErrTooLarge) {
		h.refuse(writer, request, http.StatusRequestEntityTooLarge, err)
		return
	}
	if errors.Is(err, ErrBodyAlreadyRead) {
		h.refuse(writer, request, http.StatusInternalServerError, err)
		return
	}
	if err != nil {
		h.refuse(writer, request, http.StatusBadRequest, fmt.Errorf("tccallback: the body cannot be read: %w", err))
		return
	}
	outcome, err := h.Receiver.Handle(Request{Query: request.URL.RawQuery, Body: body})
	if err != nil {
		h.refuse(writer, request, http.StatusInternalServerError, err)
		return
	}
	httpStatus, reply := outcome.HTTPStatus(), outcome.Reply()
	switch outcome.Delivery {
	case DeliveryRejected:
		h.report(request, httpStatus, outcome.Rejection)
	case DeliveryNew:
		httpStatus, reply = h.handOver(request, outcome, arrived)
	}
	answer(writer, httpStatus, outcome.ContentType, []byte(reply))
}

func (h *Handler) readBody(writer http.ResponseWriter, request *http.Request) ([]byte, error) {
	limit := h.Receiver.maxBodyBytes
	body, err := io.ReadAll(http.MaxBytesReader(writer, request.Body, int64(limit)))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, newError(ErrTooLarge, fmt.Sprintf("the body has more than %d bytes, the limit", limit))
	}
	if errors.Is(err, http.ErrBodyReadAfterClose) || err == nil && len(body) == 0 && request.ContentLength > 0 {
		return nil, ErrBodyAlreadyRead
	}
	return body, err
}

// Wait waits until no OnEvent is running any more, or ctx ends, whose error it then returns. Call it after http.Server.Shutdown, which
// waits for requests only: an event that is still being handled when the program ends is lost unless Tencent delivers it again.
func (h *Handler) Wait(ctx context.Context) error {
	ended := h.running.ended()
	select {
	case <-ended:
	case <-ctx.Done():
		select {
		case <-ended: // Both at once.
		default:
			return context.Cause(ctx)
		}
	}
	return nil
}

// handOver has a new event handled, and gives the answer, which does not wait longer for that than Timeout.
func (h *Handler) handOver(request *http.Request, outcome *Outcome, arrived time.Time) (httpStatus int, reply string) {
	timeout := h.Timeout
	if timeout == 0 {
		timeout = defaultTimeout
	}
	due := time.NewTimer(time.Until(arrived.Add(timeout)))
	defer due.Stop()
	late, lateReply := outcome.HTTPStatus(), outcome.Reply() // While it is not settled: 503.
	if h.MayLoseLateFailures {
		late, lateReply = http.StatusOK, replyOK
	}
	handling := &handling{settled: make(chan struct{})}
	h.running.begin()
	go h.handle(request, outcome, handling)
	select {
	case <-handling.settled:
	case <-due.C:
		if handling.isFirstToAnswer(late) {
			return late, lateReply
		}
	}
	return outcome.HTTPStatus(), outcome.Reply()
}

// handle calls OnEvent and settles the outcome, whatever happens there.
func (h *Handler) handle(request *http.Request, outcome *Outcome, handling *handling) {
	defer h.running.end()
	defer close(handling.settled)
	ctx := context.WithoutCancel(request.Context())
	if h.OnEventTimeout != 0 {
		limited, cancel := context.WithTimeout(ctx, h.OnEventTimeout)
		defer cancel()
		ctx = limited
	}
	err := errGoexit
	defer func() {
		if value := recover(); value != nil {
			err = &panicError{value, debug.Stack()}
		}
		h.settle(request, outcome, handling, err)
	}()
	if h.OnEvent == nil {
		err = newError(ErrInvalidOption, "Handler.OnEvent is nil: nobody takes the events")
		return
	}
	err = h.OnEvent(ctx, outcome.Event)
}

func (h *Handler) settle(request *http.Request, outcome *Outcome, handling *handling, err error) {
	settlement := SettlementRefused
	switch {
	case err == nil:
		settlement = SettlementTaken
	case errors.Is(err, ErrResultUnknown):
		settlement = SettlementUnknown
	}
	if failure := outcome.Settle(settlement); failure != nil {
		err = errors.Join(err, failure)
	}
	httpStatus := outcome.HTTPStatus()
	if !handling.isFirstToAnswer(httpStatus) {
		httpStatus = int(handling.answer.Load())
	}
	if err != nil {
		// In a goroutine of its own a panic would end the process.
		defer func() {
			if value := recover(); value != nil {
				logPanic(request, &panicError{value, debug.Stack()})
			}
		}()
		h.report(request, httpStatus, err)
	}
}

// handling is one call of OnEvent.
type handling struct {
	settled chan struct{} // closed when the outcome is settled
	answer  atomic.Int32  // the status of the answer, which the end of OnEvent or Timeout decides; 0 until then
}

func (h *handling) isFirstToAnswer(httpStatus int) bool {
	return h.answer.CompareAndSwap(0, int32(httpStatus))
}

// running counts the calls of OnEvent. Unlike a sync.WaitGroup it may be waited for while others begin.
type running struct {
	mutex sync.Mutex
	count int
	idle  chan struct{} // closed when the count is 0 again; nil if nobody waits for that
}

func (r *running) begin() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.count++
}

func (r *running) end() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.count--
	if r.count == 0 && r.idle != nil {
		close(r.idle)
		r.idle = nil
	}
}

// ended is closed once nothing is running.
func (r *running) ended() <-chan struct{} {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.idle == nil {
		r.idle = make(chan struct{})
	}
	idle := r.idle
	if r.count == 0 {
		close(idle)
		r.idle = nil
	}
	return idle
}

var errGoexit = errors.New("tccallback: OnEvent ended its goroutine by runtime.Goexit")

// panicError is a panic of the host's function.
type panicError struct {
	value any
	stack []byte
}

func (p *panicError) Error() string {
	return fmt.Sprintf("tccallback: panic: %v\n\n%s", p.value, p.stack)
}

func (h *Handler) report(request *http.Request, httpStatus int, err error) {
	var panicked *panicError
	if h.OnError != nil {
		h.OnError(request, httpStatus, err)
	} else if errors.As(err, &panicked) {
		logPanic(request, panicked)
	}
}

// logPanic logs a panic where the server that the request came from logs its handlers' panics.
func logPanic(request *http.Request, panicked *panicError) {
	logger := log.Default()
	if server, ok := request.Context().Value(http.ServerContextKey).(*http.Server); ok && server.ErrorLog != nil {
		logger = server.ErrorLog
	}
	logger.Print(panicked)
}

// refuse answers in the form that Tencent expects. What the host's own function said is not for the network.
func (h *Handler) refuse(writer http.ResponseWriter, request *http.Request, httpStatus int, err error) {
	h.report(request, httpStatus, err)
	code, info := httpStatus, http.StatusText(httpStatus)
	var failure *Error
	if errors.As(err, &failure) && httpStatus != http.StatusInternalServerError {
		code, info = int(failure.Status), failure.Message
	}
	reply, _ := json.Marshal(struct {
		ActionStatus string
		ErrorInfo    string
		ErrorCode    int
	}{"FAIL", info, code})
	answer(writer, httpStatus, "application/json", reply)
}

func answer(writer http.ResponseWriter, httpStatus int, contentType string, reply []byte) {
	writer.Header().Set("Content-Type", contentType)
	writer.WriteHeader(httpStatus)
	_, _ = writer.Write(reply) // A client that is gone needs no answer.
}
