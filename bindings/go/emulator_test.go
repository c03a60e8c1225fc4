package tccallback_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tccallback"
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
func emulator(t testing.TB) string {
	ready := filepath.Join(t.TempDir(), "endpoint")
	process := exec.Command(command(t), "emulate", "--quiet", "--listen", "127.0.0.1:0", "--ready-file", ready)
	process.Env = []string{"TC_SECRET_KEY=" + key}
	var output bytes.Buffer
	process.Stdout, process.Stderr = &output, &output
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- process.Wait() }()
	t.Cleanup(func() {
		_ = process.Process.Signal(os.Interrupt)
		<-ended
	})
	for {
		if endpoint, err := os.ReadFile(ready); err == nil {
			return strings.TrimSpace(string(endpoint))
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("the emulator ended: %v\n%s", err, &output)
		case <-time.After(20 * time.Millisecond):
		}
	}
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
