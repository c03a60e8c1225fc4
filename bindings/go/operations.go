//go:build cgo

package tccallback

/*
#include <stdlib.h>
#include <tc_callback.h>

typedef tc_status tccb_write(const tc_client *, int32_t, const char *, const char *const *, size_t, tc_response **, tc_error **);

static tc_status tccb_call(tccb_write *write, const tc_client *client, int32_t product, const char *url, char **commands, size_t count,
                           tc_response **response, tc_error **error) {
	return write(client, product, url, (const char *const *)commands, count, response, error);
}
*/
import "C"

import (
	"context"
	"fmt"
	"unsafe"
)

// CallbackConfig is a callback configuration as Tencent has it.
type CallbackConfig struct {
	URL        string   // where callbacks are posted
	Commands   []string // the command words, as Tencent lists them
	HTTPStatus int      // of the answer
	Attempts   int      // how many requests were sent
	RequestID  string   // Tencent's RequestId: quote it to their support
}

// Response is what an operation did.
type Response struct {
	Change      Change          // what it changed
	HTTPStatus  int             // of the last answer
	Attempts    int             // how many requests were sent
	TencentCode int64           // Tencent's ErrorCode: 0, unless the operation had nothing left to do
	TencentInfo string          // Tencent's ErrorInfo
	RequestID   string          // Tencent's RequestId: quote it to their support
	Previous    *CallbackConfig // what there was before EnsureCallback; nil if nothing, and for other operations
}

// SetCallback creates the callback configuration of a product: where Tencent posts, and which commands; commands are words, and become
// the whole list. For all of them hand in product.Commands(): no list is ErrEmptyCommandList.
//
// Conference refuses with ErrAlreadyExists if there is one; Call replaces it. EnsureCallback does what is needed in either case.
// Errors: ErrInvalidURL, ErrEmptyCommandList, ErrUnknownCommand before anything is sent; ErrTimeout and the others from 200 on if
// Tencent could not be asked; those from 300 on if it refused. After ErrTimeout or ErrConnection the write may have succeeded.
func (c *Client) SetCallback(ctx context.Context, product Product, url string, commands []string) (*Response, error) {
	return c.write(ctx, "SetCallback", (*C.tccb_write)(C.tc_set_callback), product, url, commands)
}

// UpdateCallback replaces the callback configuration of a product; ErrNotFound if there is none. Call has no such operation:
// ErrUnsupportedOperation before anything is sent. Otherwise like SetCallback.
func (c *Client) UpdateCallback(ctx context.Context, product Product, url string, commands []string) (*Response, error) {
	return c.write(ctx, "UpdateCallback", (*C.tccb_write)(C.tc_update_callback), product, url, commands)
}

// EnsureCallback makes the callback configuration of a product what it should be, whatever it is now: what a deployment calls.
//
// It reads it, compares (the order of commands and their older spellings do not count), writes only what differs. Change tells which,
// Previous what was there before. Several hosts may call it at once. Otherwise like SetCallback.
func (c *Client) EnsureCallback(ctx context.Context, product Product, url string, commands []string) (*Response, error) {
	return c.write(ctx, "EnsureCallback", (*C.tccb_write)(C.tc_ensure_callback), product, url, commands)
}

// GetCallback reads the callback configuration of a product; ErrNotFound if there is none. Errors as for SetCallback.
func (c *Client) GetCallback(ctx context.Context, product Product) (*CallbackConfig, error) {
	return call(ctx, c, "GetCallback", func(client *C.tc_client) (*CallbackConfig, error) {
		var config *C.tc_callback_config
		var failure *C.tc_error
		if C.tc_get_callback(client, C.int32_t(product), &config, &failure) != C.TC_OK {
			return nil, takeError(failure)
		}
		defer C.tc_callback_config_free(config)
		return copyConfig(config), nil
	})
}

// DeleteCallback deletes the callback configuration of a product. That there is none is success, with ChangeUnchanged if Tencent says
// so. Errors as for SetCallback.
func (c *Client) DeleteCallback(ctx context.Context, product Product) (*Response, error) {
	return call(ctx, c, "DeleteCallback", func(client *C.tc_client) (*Response, error) {
		var response *C.tc_response
		var failure *C.tc_error
		if C.tc_delete_callback(client, C.int32_t(product), &response, &failure) != C.TC_OK {
			return nil, takeError(failure)
		}
		return takeResponse(response), nil
	})
}

func (c *Client) write(
	ctx context.Context, name string, write *C.tccb_write, product Product, url string, commands []string,
) (*Response, error) {
	if err := checkTexts("url", url); err != nil {
		return nil, err
	}
	for _, command := range commands {
		if err := checkTexts("a command", command); err != nil {
			return nil, err
		}
	}
	return call(ctx, c, name, func(client *C.tc_client) (*Response, error) {
		texts, free := cTexts(append([]string{url}, commands...))
		defer free()
		var response *C.tc_response
		var failure *C.tc_error
		words := (**C.char)(unsafe.Pointer(unsafe.SliceData(texts[1:])))
		if C.tccb_call(write, client, C.int32_t(product), texts[0], words, C.size_t(len(commands)), &response, &failure) != C.TC_OK {
			return nil, whyNotWritten(takeError(failure), product)
		}
		return takeResponse(response), nil
	})
}

// whyNotWritten says in Go's words what the library says in those of C.
func whyNotWritten(failure *Error, product Product) *Error {
	if failure.Status == ErrEmptyCommandList {
		failure.Message = fmt.Sprintf("the list of commands is empty: Product%v.Commands() has all of them; DeleteCallback stops them", product)
	}
	return failure
}

func takeResponse(from *C.tc_response) *Response {
	defer C.tc_response_free(from)
	response := &Response{
		Change:      Change(from.change),
		HTTPStatus:  int(from.http_status),
		Attempts:    int(from.attempts),
		TencentCode: int64(from.tencent_code),
		TencentInfo: goText(from.tencent_info),
		RequestID:   goText(from.request_id),
	}
	if from.previous != nil {
		response.Previous = copyConfig(from.previous)
	}
	return response
}

func copyConfig(from *C.tc_callback_config) *CallbackConfig {
	config := &CallbackConfig{
		URL:        goText(from.url),
		HTTPStatus: int(from.http_status),
		Attempts:   int(from.attempts),
		RequestID:  goText(from.request_id),
	}
	for _, command := range unsafe.Slice(from.commands, from.command_count) {
		config.Commands = append(config.Commands, goText(command))
	}
	return config
}
