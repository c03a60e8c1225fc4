package tccallback_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"tccallback"
)

// The URLs of tests/fixtures/urls.json, each with a part of the message.
type urls struct {
	Ports                         []string
	Endpoints, Proxies, Callbacks [][2]string
}

func wrongURLs(t *testing.T) (found urls) {
	text, err := os.ReadFile("../../tests/fixtures/urls.json")
	if err == nil {
		err = json.Unmarshal(text, &found)
	}
	if err != nil || len(found.Ports) == 0 || len(found.Endpoints) == 0 || len(found.Proxies) == 0 || len(found.Callbacks) == 0 {
		t.Fatalf("%+v, %v", found, err)
	}
	return found
}

func checkRefusal(t *testing.T, err, is error, url, says string) {
	t.Helper()
	if !errors.Is(err, is) || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "secret") {
		t.Errorf("%s: %v, which should say %s", url, err, says)
	}
}

func TestAnOptionThatWouldBeAnotherServerIsRefused(t *testing.T) {
	refused := func(url, says string, options tccallback.ClientOptions) {
		t.Helper()
		options.SDKAppID, options.Key = app, key
		_, err := tccallback.NewClient(options)
		checkRefusal(t, err, tccallback.ErrInvalidOption, url, says)
	}
	wrong := wrongURLs(t)
	for _, row := range wrong.Endpoints {
		refused(row[0], row[1], tccallback.ClientOptions{Endpoint: row[0]})
	}
	for _, row := range wrong.Proxies {
		refused(row[0], row[1], tccallback.ClientOptions{Proxy: row[0]})
	}
	for _, port := range wrong.Ports {
		url := "http://127.0.0.1:" + port
		refused(url, "Endpoint", tccallback.ClientOptions{Endpoint: url})
		refused(url, "Proxy", tccallback.ClientOptions{Proxy: url})
	}
}

func TestACallbackURLThatNobodyCanPostToIsRefused(t *testing.T) {
	client := newClient(t, tccallback.ClientOptions{Endpoint: "http://127.0.0.1:1"})
	for _, row := range wrongURLs(t).Callbacks {
		_, err := client.SetCallback(context.Background(), callProduct, row[0], callProduct.Commands())
		checkRefusal(t, err, tccallback.ErrInvalidURL, row[0], row[1])
		_, err = client.EnsureCallback(context.Background(), callProduct, row[0], callProduct.Commands())
		checkRefusal(t, err, tccallback.ErrInvalidURL, row[0], row[1])
	}
}
