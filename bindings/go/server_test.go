package tccallback_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// exampleServer starts examples/go, registered with an emulator of its own; says checks its next line.
func exampleServer(t *testing.T) (server *exec.Cmd, environment []string, lines *bufio.Scanner, says func(string)) {
	binary, endpoint := filepath.Join(t.TempDir(), "server"), emulator(t)
	build := exec.Command("go", "build", "-o", binary, ".")
	build.Dir = "../../examples/go"
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	environment = append(os.Environ(), "TC_SDK_APP_ID=1400000000", "TC_SECRET_KEY="+key, "TC_TOKEN=secret", "TC_ENDPOINT="+endpoint)
	server = exec.Command(binary)
	server.Env, server.Stderr = environment, os.Stderr
	output, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	lines = bufio.NewScanner(output)
	says = func(expected string) {
		t.Helper()
		if !lines.Scan() || !strings.Contains(lines.Text(), expected) {
			t.Errorf("the server says %q, not %q", lines.Text(), expected)
		}
	}
	says("Conference: Created, 6 commands for http://127.0.0.1:")
	says("Call: Created, 4 commands for http://127.0.0.1:")
	says("listening on http://127.0.0.1:")
	return server, environment, lines, says
}

func TestTheExampleServerAnswersEveryCaseOfTheTortureRightly(t *testing.T) {
	server, environment, lines, _ := exampleServer(t)
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		for lines.Scan() {
		}
	}()
	torture := exec.Command(command(t), "trigger", "--torture")
	torture.Env = environment
	if text, err := torture.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
	if err := server.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	<-drained
	if err := server.Wait(); err != nil {
		t.Errorf("the server ends with %v", err)
	}
}

func TestTheExampleServerRegistersItselfAndPrintsEveryEvent(t *testing.T) {
	server, environment, lines, says := exampleServer(t)
	for word, expected := range map[string]string{
		"Room.CallbackAfterCreateRoom":     `admin created the room "tandy-test-rest", invited: user2, user3, user3`,
		"Room.CallbackAfterDestroyRoom":    "admin destroyed the room",
		"Room.CallbackAfterUpdateRoomInfo": `bob changed the room "rname-123", cloud recording is allowed`,
		"Room.CallbackAfterMemberEnter":    "user1: Enter, members now: 20",
		"Room.CallbackAfterMemberLeave":    "user1: Leave, members now: 20",
		"Mic.CallbackAfterSeatInfoChanged": "seat 1: 144115233775727695",
		"Call.CallbackAfterStartCall":      "a call (Audio) of user1 (Calling), user2 (Waiting)",
		"Call.CallbackAfterEndCall":        "the call of 10001 ended after 150 s: NotAnswer",
		"Call.CallbackAfterMemberChanged":  "user2: Accept",
		"Call.CallbackAfterRecordChanged":  `recording event 301: {"Status":0}`,
	} {
		trigger := exec.Command(command(t), "trigger", word) // To where the server registered itself.
		trigger.Env = environment
		if text, err := trigger.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", word, err, text)
			continue
		}
		says(word + " [")
		if !strings.HasSuffix(lines.Text(), "] "+expected) {
			t.Errorf("the server says %q, not %q", lines.Text(), expected)
		}
	}
	if err := server.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if lines.Scan() {
		t.Errorf("the server goes on to say %q", lines.Text())
	}
	if err := server.Wait(); err != nil {
		t.Errorf("the server ends with %v", err)
	}
}
