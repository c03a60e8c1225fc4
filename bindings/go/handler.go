//go:build cgo

package tccallback

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// defaultTimeout is what Tencent's 2 seconds leave for the way.
const defaultTimeout = 1500 * time.Millisecond

// Handler is an [http.Handler] that takes callbacks: it reads the body up to the receiver's limit, has it checked and parsed, calls a
// function for the event, and answers. Any number of requests may run at once. It must see the request before any middleware reads
// the body. Set http.Server.ReadTimeout, since it waits for the body as long as that allows.
type Handler struct {
	Receiver *Receiver
	// OnEvent takes an event, once however often it is delivered. After an error the answer is 500 and the event is forgotten, so that
	// it counts as new if it is delivered again. ctx ends after Timeout, or when the connection does.
	OnEvent func(ctx context.Context, event *Event) error
	// OnDuplicate takes an event that was delivered before. Nil answers 200 and does no more.
	OnDuplicate func(ctx context.Context, event *Event) error
	// OnRefused is told of a request that was not an event, and of errors of OnEvent, with the status of the answer: for a log. May be nil.
	OnRefused func(request *http.Request, httpStatus int, err error)
	// Timeout is how long OnEvent has. Default 1.5 s: Tencent waits for 2 s.
	Timeout time.Duration
}

// ServeHTTP answers one callback.
func (h *Handler) ServeHTTP(writer http.ResponseWriter, request *http.Request) {
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
	if outcome.Refusal != nil {
		h.report(request, outcome.HTTPStatus, outcome.Refusal)
	} else if err := h.deliver(request, outcome); err != nil {
		h.refuse(writer, request, http.StatusInternalServerError, err)
		return
	}
	answer(writer, outcome.HTTPStatus, outcome.ContentType, []byte(outcome.Reply))
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

// deliver hands an event to the host. Whatever goes wrong there, a panic too, the event then counts as not delivered.
func (h *Handler) deliver(request *http.Request, outcome *Outcome) error {
	take := h.OnEvent
	if outcome.IsDuplicate {
		take = h.OnDuplicate
	}
	if take == nil {
		return nil
	}
	timeout := h.Timeout
	if timeout == 0 {
		timeout = defaultTimeout
	}
	ctx, cancel := context.WithTimeout(request.Context(), timeout)
	defer cancel()
	isTaken := false
	defer func() {
		if !isTaken {
			if err := h.Receiver.Forget(outcome.Event); err != nil {
				h.report(request, http.StatusInternalServerError, err)
			}
		}
	}()
	err := take(ctx, outcome.Event)
	isTaken = err == nil
	return err
}

func (h *Handler) report(request *http.Request, httpStatus int, err error) {
	if h.OnRefused != nil {
		h.OnRefused(request, httpStatus, err)
	}
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
