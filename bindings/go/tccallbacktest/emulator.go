package tccallbacktest

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Emulator is Tencent's side on this machine: a client is given its three fields.
type Emulator struct {
	Endpoint string // Base URL of the REST API.
	SDKAppID uint32
	Key      string
}

// StartEmulator runs `tc-callback emulate` on a free port until the test ends. The options are those of that command:
//
//	emulator := tccallbacktest.StartEmulator(t, "--fail=room_config/set_callback=100001:30%", "--drop=20%", "--seed=7")
//
// The command is looked for in PATH; the environment variable TC_CALLBACK_CLI names another. The test fails if there is none, or it does not
// start. Any number can run at the same time.
func StartEmulator(t testing.TB, options ...string) *Emulator {
	t.Helper()
	emulator := &Emulator{SDKAppID: 1400000000, Key: "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e"}
	path, err := exec.LookPath(or(os.Getenv("TC_CALLBACK_CLI"), "tc-callback"))
	if err != nil {
		t.Fatalf("%v: install the tc-callback command, or set TC_CALLBACK_CLI to its path", err)
	}
	ready := filepath.Join(t.TempDir(), "endpoint")
	process := exec.Command(path, append([]string{"emulate", "--quiet", "--listen=127.0.0.1:0", "--ready-file=" + ready}, options...)...)
	process.Env = append(os.Environ(), "TC_SECRET_KEY="+emulator.Key)
	var output bytes.Buffer
	process.Stdout, process.Stderr = &output, &output
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- process.Wait() }()
	t.Cleanup(func() {
		_ = process.Process.Kill()
		<-ended
	})
	for {
		if endpoint, err := os.ReadFile(ready); err == nil {
			emulator.Endpoint = string(endpoint)
			return emulator
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("tc-callback emulate ended: %v\n%s", err, strings.TrimSpace(output.String()))
		case <-time.After(5 * time.Millisecond):
		}
	}
}
