// Package tccallbacktest makes the requests by which Tencent delivers callbacks, to test a server with.
package tccallbacktest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"tccallback"
)

// Callback is what a request delivers.
type Callback struct {
	SDKAppID uint32
	Token    string    // signs the request; "" sends it without Sign
	Time     time.Time // RequestTime, and EventTime of Event; zero for the system's clock
	ClientIP string    // default 127.0.0.1
	Platform string    // OptPlatform; default RESTAPI

	// Body is sent as it is, if it is not nil. Otherwise the body is made of Command and Fields.
	Body []byte
	// Command is what happened. In the URL it stands in any case.
	Command tccallback.Command
	// Fields are those of the body, by their names on the wire: {"RoomId": "r1", "MemberList_Account": []string{"anna"}}.
	Fields map[string]any
}

// Request makes a request to a URL, for an http.Client or, if the URL is only a path, for a Handler's ServeHTTP. It panics if the URL is
// none or the fields are no JSON: it is for tests.
func (c Callback) Request(target string) *http.Request {
	at := c.Time
	if at.IsZero() {
		at = time.Now()
	}
	address, err := url.Parse(target)
	if err != nil {
		panic(fmt.Sprintf("tccallbacktest: %v", err))
	}
	address.RawQuery = c.query(at)
	request, err := http.NewRequest(http.MethodPost, address.String(), bytes.NewReader(c.body(at)))
	if err != nil {
		panic(fmt.Sprintf("tccallbacktest: %v", err))
	}
	request.Header.Set("Content-Type", "application/json")
	return request
}

func (c Callback) query(at time.Time) string {
	query := url.Values{
		"SdkAppid":        {strconv.FormatUint(uint64(c.SDKAppID), 10)},
		"CallbackCommand": {c.Command.Word()},
		"contenttype":     {"json"},
		"ClientIP":        {or(c.ClientIP, "127.0.0.1")},
		"OptPlatform":     {or(c.Platform, "RESTAPI")},
	}
	if c.Token != "" {
		requestTime := strconv.FormatInt(at.Unix(), 10)
		sign := sha256.Sum256([]byte(c.Token + requestTime))
		query.Set("RequestTime", requestTime)
		query.Set("Sign", hex.EncodeToString(sign[:]))
	}
	return query.Encode()
}

func (c Callback) body(at time.Time) []byte {
	if c.Body != nil {
		return c.Body
	}
	fields := map[string]any{"CallbackCommand": c.Command.Word(), "EventTime": at.UnixMilli()}
	for name, value := range c.Fields {
		fields[name] = value
	}
	body, err := json.Marshal(fields)
	if err != nil {
		panic(fmt.Sprintf("tccallbacktest: %v", err))
	}
	return body
}

func or(text, other string) string {
	if text == "" {
		return other
	}
	return text
}
