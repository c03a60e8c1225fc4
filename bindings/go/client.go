//go:build cgo

package tccallback

/*
#include <tc_callback.h>
*/
import "C"

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"
)

// Client configures callbacks over Tencent's REST API. Any number of goroutines may use it at once.
//
// Each operation ends with ctx, and at the latest with ClientOptions.Timeout. When ctx ends first, the method returns at once with an
// error that is ctx.Err() to errors.Is, and the request is given up in the background within 50 ms; a write that was sent may have
// succeeded.
type Client struct {
	calls *calls
}

// NewClient makes a client. Nothing is sent before the first operation. Errors: ErrInvalidOption, whose message names the field.
func NewClient(options ClientOptions) (*Client, error) {
	if err := loaded(); err != nil {
		return nil, err
	}
	object, err := newClientObject(&options)
	if err != nil {
		return nil, err
	}
	client := &Client{&calls{object: object}}
	runtime.AddCleanup(client, (*calls).close, client.calls)
	return client, nil
}

// Close closes the connections and clears the key, at once or when the last operation in the background has ended. It may be called
// more than once. A client that is forgotten is closed too.
func (c *Client) Close() error {
	c.calls.close()
	return nil
}

// calls counts who is inside a C client, so that it is freed after the last of them.
type calls struct {
	mutex    sync.Mutex
	object   *C.tc_client
	running  int
	isClosed bool
}

func (c *calls) begin() (*C.tc_client, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.isClosed {
		return nil, ErrClosed
	}
	c.running++
	return c.object, nil
}

func (c *calls) end() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.running--
	c.freeIfDone()
}

func (c *calls) close() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.isClosed = true
	c.freeIfDone()
}

func (c *calls) freeIfDone() {
	if c.isClosed && c.running == 0 {
		C.tc_client_free(c.object)
		c.object = nil
	}
}

// call runs an operation until it or ctx ends.
func call[T any](ctx context.Context, client *Client, name string, operation func(*C.tc_client) (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	var none T
	if ctx.Err() != nil {
		return none, fmt.Errorf("tccallback: %s was not begun: %w", name, context.Cause(ctx))
	}
	calls := client.calls
	object, err := calls.begin()
	if err != nil {
		return none, err
	}
	done := make(chan result, 1)
	go func() {
		defer calls.end()
		collect()
		limited, free, err := withContext(ctx, object)
		if err != nil {
			done <- result{none, err}
			return
		}
		defer free()
		value, err := operation(limited)
		done <- result{value, inFields(err, "ClientOptions", clientFields)}
	}()
	select {
	case result := <-done:
		return result.value, atEnd(ctx, result.err)
	case <-ctx.Done():
		return none, fmt.Errorf("tccallback: %s was given up, and may have succeeded: %w", name, context.Cause(ctx))
	}
}

// withContext is the client for an operation that is to end with ctx, and what frees it.
func withContext(ctx context.Context, object *C.tc_client) (*C.tc_client, func(), error) {
	limited, freeLimited, err := withDeadline(ctx, object)
	if err != nil || ctx.Done() == nil {
		return limited, freeLimited, err
	}
	defer freeLimited()
	cancel := C.tc_cancel_new()
	var cancellable *C.tc_client
	var failure *C.tc_error
	if C.tc_client_with_cancel(limited, cancel, &cancellable, &failure) != C.TC_OK {
		C.tc_cancel_free(cancel)
		return nil, nil, takeError(failure)
	}
	requested := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		C.tc_cancel_request(cancel)
		close(requested)
	})
	return cancellable, func() {
		if !stop() {
			<-requested
		}
		C.tc_client_free(cancellable)
		C.tc_cancel_free(cancel)
	}, nil
}

// withDeadline is the client for an operation that is to end by the deadline of ctx, and what frees it.
func withDeadline(ctx context.Context, object *C.tc_client) (*C.tc_client, func(), error) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return object, func() {}, nil
	}
	// Rounded up, so that the request does not end before ctx.
	left := min(max(time.Until(deadline), 0)+time.Millisecond, time.Hour)
	var limited *C.tc_client
	var failure *C.tc_error
	if C.tc_client_with_timeout_ms(object, C.uint64_t(left.Milliseconds()), &limited, &failure) != C.TC_OK {
		return nil, nil, takeError(failure)
	}
	return limited, func() { C.tc_client_free(limited) }, nil
}

// atEnd is the error of an operation, which is that of ctx too if it ended: either may be noticed first.
func atEnd(ctx context.Context, err error) error {
	if errors.Is(err, ErrCancelled) {
		return fmt.Errorf("%w: %w", context.Cause(ctx), err)
	}
	deadline, ok := ctx.Deadline()
	if err == nil || !ok || time.Now().Before(deadline) {
		return err
	}
	return fmt.Errorf("%w: %w", context.DeadlineExceeded, err)
}
