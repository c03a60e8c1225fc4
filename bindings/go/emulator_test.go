package tccallback_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"tccallback"
	"tccallback/tccallbacktest"
)

const (
	app = 1400000000
	key = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e"
)

// command is the tc-callback command, which `make build` makes.
func command(t testing.TB) string {
	path, err := filepath.Abs("../../build/bin/tc-callback")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Skip("skipped: the tc-callback command is not built: run `make build`")
	}
	return path
}

// emulator starts Tencent's side on this machine and gives its endpoint.
func emulator(t testing.TB, options ...string) string {
	t.Setenv("TC_CALLBACK_CLI", command(t))
	return tccallbacktest.StartEmulator(t, options...).Endpoint
}

func newClient(t testing.TB, options tccallback.ClientOptions) *tccallback.Client {
	options.SDKAppID = app
	if options.Key == "" {
		options.Key = key
	}
	client, err := tccallback.NewClient(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func TestEachEmulatorHasFaultsOfItsOwn(t *testing.T) {
	failing, working := emulator(t, "--fail=60017:100%", "--seed=7"), emulator(t)
	_, err := newClient(t, tccallback.ClientOptions{Endpoint: failing}).GetCallback(context.Background(), conference)
	var failure *tccallback.Error
	if !errors.As(err, &failure) || failure.TencentCode.Value != 60017 || failure.RequestID != "Id-91f679b682b9f20603b504cf7a6f7a31-O-Seq-1" {
		t.Errorf("%v", err)
	}
	_, err = newClient(t, tccallback.ClientOptions{Endpoint: working}).GetCallback(context.Background(), conference)
	if !errors.Is(err, tccallback.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

func TestAClientGetsThroughFailuresAndLostAnswers(t *testing.T) {
	endpoint := emulator(t, "--fail=100001:20%", "--drop=20%", "--drop-before=10%", "--http=502:10%", "--latency=1ms..2ms", "--seed=7")
	client := newClient(t, tccallback.ClientOptions{Endpoint: endpoint, Attempts: 10})
	for i := range 3 {
		if _, err := client.EnsureCallback(context.Background(), conference, fmt.Sprint(url, i), conference.Commands()); err != nil {
			t.Error(err)
		}
	}
}

func TestAnEmulatorEndsWithItsTest(t *testing.T) {
	var address string
	t.Run("test", func(t *testing.T) { address = strings.TrimPrefix(emulator(t), "http://") })
	if connection, err := net.Dial("tcp", address); err == nil {
		connection.Close()
		t.Error("it still listens")
	}
}

// fatal is a test of which only the reason of its end is wanted.
type fatal struct {
	testing.TB
	said string
}

func (f *fatal) Fatalf(format string, values ...any) {
	f.said = fmt.Sprintf(format, values...)
	runtime.Goexit()
}

func TestWhyAnEmulatorDoesNotStartIsTold(t *testing.T) {
	path := command(t)
	for _, each := range []struct{ command, option, told string }{
		{"/nowhere/tc-callback", "", "set TC_CALLBACK_CLI to its path"},
		{path, "--drop=5", `"5" is not a percentage`},
	} {
		t.Setenv("TC_CALLBACK_CLI", each.command)
		test, ended := &fatal{TB: t}, make(chan bool)
		go func() {
			defer close(ended)
			tccallbacktest.StartEmulator(test, each.option)
		}()
		<-ended
		if !strings.Contains(test.said, each.told) {
			t.Errorf("%q, not %q", test.said, each.told)
		}
	}
}
