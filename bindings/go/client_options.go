//go:build cgo

package tccallback

/*
#include <stdlib.h>
#include <tc_callback.h>

void tccallbackLog(int32_t level, char *line, uintptr_t logger);
void tccallbackDropLog(uintptr_t logger);

static void tccb_log(int32_t level, const char *line, void *logger) { tccallbackLog(level, (char *)line, (uintptr_t)logger); }
static void tccb_drop_log(void *logger) { tccallbackDropLog((uintptr_t)logger); }
static void tccb_set_log(tc_client_options *options, uintptr_t logger) {
	tc_client_options_set_log(options, tccb_log, (void *)logger, tccb_drop_log);
}
*/
import "C"

import (
	"fmt"
	"log/slog"
	"runtime/cgo"
	"time"
	"unsafe"
)

// ClientOptions say what a [Client] is to be like. Zero is the default of every field but SDKAppID and Key.
type ClientOptions struct {
	SDKAppID uint32
	// Key is the application's SecretKey, from the vendor's console: the client signs UserSigs with it. Either this or UserSig.
	Key string `json:"-"`
	// UserSig of the administrator, for a host that may not hold the key. The client cannot renew it.
	UserSig string `json:"-"`
	// Administrator is the UserID of the App administrator in whose name the client calls. Default "administrator".
	Administrator string
	// Region is the data centre of the application. Default RegionSingapore.
	Region Region
	// Endpoint is any other host in place of a region: "host", "https://host:port", or "http://127.0.0.1:9000" for the emulator.
	Endpoint string
	// ConnectTimeout is how long a new connection may take, name look-up and TLS included: 1 ms to 1 hour. Default 3 s.
	ConnectTimeout time.Duration
	// Timeout is the deadline of a whole operation, with its retries and waits: 1 ms to 1 hour. Default 10 s.
	Timeout time.Duration
	// Attempts is how often one request may be sent at most: 1 to 10. Default 3.
	Attempts int
	// RateLimit is how many requests a second the client sends at most to each API; more wait, within the deadline. Default 200,
	// Tencent's own limit. Negative: no limit.
	RateLimit int
	// UserSigLifetime is how long a UserSig that the client signs is valid: 1 minute to 10 years. Default 1 day.
	UserSigLifetime time.Duration
	// CAFile is a PEM file with the certificate authorities to trust, in place of the system's: for a proxy that opens TLS.
	CAFile string
	// CRLFile is a PEM file with lists of revoked certificates (X.509 CRLs), which are then refused; so are those of which no list there
	// speaks, or one that has run out. Make another client when there are newer lists. By default revocation is not checked.
	CRLFile string
	// Proxy is an HTTP proxy that understands CONNECT: "http://[user:password@]host:port", or https for one that is itself reached in
	// TLS. HTTPS_PROXY is not read.
	Proxy string `json:"-"`
	// UserAgent is the User-Agent header: visible ASCII. Default "tc-callback/VERSION".
	UserAgent string
	// AllowUnknownCommands sends command words that this release does not know. Otherwise they are refused with ErrUnknownCommand,
	// since a misspelt word is an event that never comes.
	AllowUnknownCommands bool
	// Logger takes a line for each attempt, retry and renewed UserSig: never a key, a UserSig or a URL's query. Default: none.
	Logger *slog.Logger `json:"-"`
}

// String leaves out the secrets.
func (o ClientOptions) String() string {
	return fmt.Sprintf("ClientOptions{SDKAppID: %d, Administrator: %q, Region: %v, Endpoint: %q}", o.SDKAppID, o.Administrator, o.Region,
		o.Endpoint)
}

// GoString leaves out the secrets.
func (o ClientOptions) GoString() string { return o.String() }

var clientFields = map[string]string{
	"key": "Key", "usersig": "UserSig", "administrator": "Administrator", "region": "Region", "endpoint": "Endpoint",
	"connect_timeout_ms": "ConnectTimeout", "timeout_ms": "Timeout", "attempts": "Attempts", "rate_limit": "RateLimit",
	"usersig_lifetime_s": "UserSigLifetime", "ca_file": "CAFile", "crl_file": "CRLFile", "proxy": "Proxy", "user_agent": "UserAgent",
	"allow_unknown_commands": "AllowUnknownCommands",
}

func (o *ClientOptions) draft() (*C.tc_client_options, error) {
	draft := C.tc_client_options_new(C.uint32_t(o.SDKAppID))
	texts := []struct {
		field, text string
		set         func(*C.char)
	}{
		{"Key", o.Key, func(text *C.char) { C.tc_client_options_set_key(draft, text) }},
		{"UserSig", o.UserSig, func(text *C.char) { C.tc_client_options_set_usersig(draft, text) }},
		{"Administrator", o.Administrator, func(text *C.char) { C.tc_client_options_set_administrator(draft, text) }},
		{"Endpoint", o.Endpoint, func(text *C.char) { C.tc_client_options_set_endpoint(draft, text) }},
		{"CAFile", o.CAFile, func(text *C.char) { C.tc_client_options_set_ca_file(draft, text) }},
		{"CRLFile", o.CRLFile, func(text *C.char) { C.tc_client_options_set_crl_file(draft, text) }},
		{"Proxy", o.Proxy, func(text *C.char) { C.tc_client_options_set_proxy(draft, text) }},
		{"UserAgent", o.UserAgent, func(text *C.char) { C.tc_client_options_set_user_agent(draft, text) }},
	}
	for _, each := range texts {
		if each.text == "" {
			continue
		}
		if err := checkTexts("ClientOptions."+each.field, each.text); err != nil {
			return draft, err
		}
		secretText(each.text, each.set)
	}
	if o.Region != 0 {
		C.tc_client_options_set_region(draft, C.int32_t(o.Region))
	}
	if o.ConnectTimeout != 0 {
		C.tc_client_options_set_connect_timeout_ms(draft, C.uint64_t(max(o.ConnectTimeout.Milliseconds(), 0)))
	}
	if o.Timeout != 0 {
		C.tc_client_options_set_timeout_ms(draft, C.uint64_t(max(o.Timeout.Milliseconds(), 0)))
	}
	if o.Attempts != 0 {
		C.tc_client_options_set_attempts(draft, C.uint32_t(max(o.Attempts, 0)))
	}
	if o.RateLimit != 0 {
		C.tc_client_options_set_rate_limit(draft, C.uint32_t(max(o.RateLimit, 0)))
	}
	if o.UserSigLifetime != 0 {
		C.tc_client_options_set_usersig_lifetime_s(draft, C.uint64_t(seconds(o.UserSigLifetime)))
	}
	if o.AllowUnknownCommands {
		C.tc_client_options_set_allow_unknown_commands(draft, 1)
	}
	if o.Logger != nil {
		C.tccb_set_log(draft, C.uintptr_t(cgo.NewHandle(o.Logger)))
	}
	return draft, nil
}

func newClientObject(options *ClientOptions) (*C.tc_client, error) {
	draft, err := options.draft()
	defer C.tc_client_options_free(draft)
	if err != nil {
		return nil, err
	}
	var object *C.tc_client
	var failure *C.tc_error
	if C.tc_client_new(draft, &object, &failure) != C.TC_OK {
		return nil, inFields(takeError(failure), "ClientOptions", clientFields)
	}
	return object, nil
}

// cTexts makes C texts of a URL and commands; free frees them.
func cTexts(texts []string) (pointers []*C.char, free func()) {
	for _, text := range texts {
		pointers = append(pointers, C.CString(text))
	}
	return pointers, func() {
		for _, pointer := range pointers {
			C.free(unsafe.Pointer(pointer))
		}
	}
}
