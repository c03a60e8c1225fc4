package tccallback_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tccallback"
)

func newReceiver(t testing.TB, options tccallback.ReceiverOptions) *tccallback.Receiver {
	options.SDKAppID = 1400000000
	receiver, err := tccallback.NewReceiver(options)
	if err != nil {
		t.Fatal(err)
	}
	return receiver
}

func handle(t testing.TB, receiver *tccallback.Receiver, body []byte) *tccallback.Outcome {
	outcome, err := receiver.Handle(tccallback.Request{Query: query, Body: body})
	if err != nil {
		t.Fatal(err)
	}
	return outcome
}

func TestAnEventThatIsForgottenIsNoDuplicateWhenItComesAgain(t *testing.T) {
	receiver := newReceiver(t, tccallback.ReceiverOptions{})
	body := sample(t, "conference/Room.CallbackAfterCreateRoom.json")
	first := handle(t, receiver, body)
	if again := handle(t, receiver, body); first.IsDuplicate || !again.IsDuplicate {
		t.Fatal("the second delivery is not marked, or the first is")
	}
	if err := receiver.Forget(first.Event); err != nil {
		t.Fatal(err)
	}
	if handle(t, receiver, body).IsDuplicate {
		t.Error("a forgotten event is marked as a duplicate")
	}
}

func TestASignedEventIsForgottenThoughItsSignIsStale(t *testing.T) {
	receiver, err := tccallback.NewReceiver(tccallback.ReceiverOptions{SDKAppID: 1400000000, Tokens: []string{"secret"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, vector := range vectors(t) {
		if vector.Name != "signed" {
			continue
		}
		for range 2 {
			outcome, err := receiver.Handle(vector.request(t))
			if err != nil || outcome.Refusal != nil || outcome.IsDuplicate {
				t.Fatalf("%+v, %v", outcome, err)
			}
			if err := receiver.Forget(outcome.Event); err != nil {
				t.Fatal(err)
			}
		}
		return
	}
	t.Fatal("there is no vector that is called signed")
}

func TestWithoutAWindowNothingIsADuplicate(t *testing.T) {
	receiver := newReceiver(t, tccallback.ReceiverOptions{DuplicateWindow: &tccallback.DuplicateWindow{}})
	body := sample(t, "conference/Room.CallbackAfterCreateRoom.json")
	handle(t, receiver, body)
	if handle(t, receiver, body).IsDuplicate {
		t.Error("marked as a duplicate")
	}
}

func TestTheLimitsOfAReceiverAreItsOptions(t *testing.T) {
	deep := []byte(`{"CallbackCommand":"Room.CallbackAfterDestroyRoom","x":[[[[]]]]}`)
	many := []byte(`{"CallbackCommand":"Room.CallbackAfterMemberEnter","MemberList_Account":["a","b","c"]}`)
	for _, each := range []struct {
		options tccallback.ReceiverOptions
		body    []byte
		refusal tccallback.Status
		answer  int
	}{
		{tccallback.ReceiverOptions{MaxDepth: 3}, deep, tccallback.ErrTooDeep, 400},
		{tccallback.ReceiverOptions{MaxElements: 2}, many, tccallback.ErrTooManyElements, 400},
		{tccallback.ReceiverOptions{MaxBodyBytes: 9}, many, tccallback.ErrTooLarge, 413},
	} {
		outcome := handle(t, newReceiver(t, each.options), each.body)
		if outcome.Event != nil || outcome.Refusal.Status != each.refusal || outcome.HTTPStatus != each.answer {
			t.Errorf("%v: %+v", each.refusal, outcome)
		}
		if outcome := handle(t, newReceiver(t, tccallback.ReceiverOptions{}), each.body); outcome.Refusal != nil {
			t.Errorf("by default: %v", outcome.Refusal)
		}
	}
}

func TestAReceiversToleranceIsItsOption(t *testing.T) {
	for _, vector := range vectors(t) {
		if vector.Name != "signed more than a minute ago" {
			continue
		}
		receiver := newReceiver(t, tccallback.ReceiverOptions{Tokens: vector.Tokens, SignTolerance: 61 * time.Second})
		if outcome, err := receiver.Handle(vector.request(t)); err != nil || outcome.Refusal != nil {
			t.Errorf("%+v, %v", outcome, err)
		}
		return
	}
	t.Fatal("the vector is gone")
}

func TestAWrongOptionOfAReceiverIsNamed(t *testing.T) {
	for _, each := range []struct {
		named   string
		options tccallback.ReceiverOptions
	}{
		{"SDKAppID", tccallback.ReceiverOptions{}},
		{"ReceiverOptions.Tokens", tccallback.ReceiverOptions{SDKAppID: 1, Tokens: []string{""}}},
		{"ReceiverOptions.Tokens", tccallback.ReceiverOptions{SDKAppID: 1, Tokens: []string{"a\x00b"}}},
		{"ReceiverOptions.MaxDepth", tccallback.ReceiverOptions{SDKAppID: 1, MaxDepth: 257}},
		{"negative", tccallback.ReceiverOptions{SDKAppID: 1, MaxBodyBytes: -1}},
	} {
		_, err := tccallback.NewReceiver(each.options)
		if err == nil || !strings.Contains(err.Error(), each.named) || strings.Contains(err.Error(), "set_") {
			t.Errorf("%s: %v", each.named, err)
		}
	}
}

// secrets are what is refused as a key or a token, with what it is said to be, and what is taken.
func secrets(t testing.TB) (all struct {
	Refused  []struct{ Given, Told string }
	Accepted []string
}) {
	if err := json.Unmarshal(sample(t, "secrets.json"), &all); err != nil || len(all.Refused) == 0 || len(all.Accepted) == 0 {
		t.Fatalf("%+v, %v", all, err)
	}
	return all
}

func TestATokenThatIsCertainlyAMistakeIsRefusedWithWhatItLooksLike(t *testing.T) {
	all := secrets(t)
	for _, each := range all.Refused {
		options := tccallback.ReceiverOptions{SDKAppID: 1, Tokens: []string{"right", each.Given}}
		receiver, err := tccallback.NewReceiver(options)
		if receiver != nil || !errors.Is(err, tccallback.ErrInvalidOption) || !strings.Contains(err.Error(), "ReceiverOptions.Tokens: a token ") ||
			!strings.Contains(err.Error(), each.Told) || strings.Contains(err.Error(), "5bd2850f") {
			t.Errorf("%q: %v", each.Given, err)
		}
	}
	for _, token := range all.Accepted {
		if _, err := tccallback.NewReceiver(tccallback.ReceiverOptions{SDKAppID: 1, Tokens: []string{token}}); err != nil {
			t.Errorf("%q: %v", token, err)
		}
	}
}

func TestAVariableThatIsNotSetNeverMeansThatSignIsNotChecked(t *testing.T) {
	t.Setenv("TC_TOKEN", "")
	if err := os.Unsetenv("TC_TOKEN"); err != nil {
		t.Fatal(err)
	}
	for _, tokens := range [][]string{{os.Getenv("TC_TOKEN")}, {"right", ""}} {
		_, err := tccallback.NewReceiver(tccallback.ReceiverOptions{SDKAppID: 1, Tokens: tokens})
		if !errors.Is(err, tccallback.ErrInvalidOption) || !strings.Contains(err.Error(), "ReceiverOptions.Tokens: a token is empty") {
			t.Errorf("%q: %v", tokens, err)
		}
	}
}

func TestOptionsDoNotShowTheirSecrets(t *testing.T) {
	const secret = "hush-hush-hush"
	all := []any{
		tccallback.ReceiverOptions{Tokens: []string{secret}},
		tccallback.ClientOptions{Key: secret, UserSig: secret, Proxy: "http://me:" + secret + "@proxy"},
		tccallback.UserSigOptions{Key: secret},
	}
	for _, options := range all {
		text, err := json.Marshal(options)
		if err != nil {
			t.Fatal(err)
		}
		var log strings.Builder
		slog.New(slog.NewTextHandler(&log, nil)).Info("options", "options", options)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("options", "options", options)
		shown := fmt.Sprintf("%v %+v %#v %s %+v", options, options, options, text, struct{ Inner any }{options}) + log.String()
		if strings.Contains(shown, secret) {
			t.Errorf("shown: %s", shown)
		}
	}
}

func TestOfManyGoroutinesOneSeesAnEventFirst(t *testing.T) {
	receiver := newReceiver(t, tccallback.ReceiverOptions{})
	body := sample(t, "conference/Room.CallbackAfterCreateRoom.json")
	var first atomic.Int32
	var group sync.WaitGroup
	for range 8 {
		group.Add(1)
		go func() {
			defer group.Done()
			for range 10 {
				if !handle(t, receiver, body).IsDuplicate {
					first.Add(1)
				}
			}
		}()
	}
	group.Wait()
	if first.Load() != 1 {
		t.Errorf("%d deliveries were the first", first.Load())
	}
}

func TestAReceiverLivesAsLongAsItIsUsed(t *testing.T) {
	// With the tag tccallback_gc, garbage is collected between taking the C pointer and using it.
	body := sample(t, "conference/Room.CallbackAfterCreateRoom.json")
	for range 20 {
		receiver := newReceiver(t, tccallback.ReceiverOptions{Tokens: []string{strings.Repeat("x", 100)}})
		if outcome, err := receiver.Handle(tccallback.Request{Query: query, Body: body}); err != nil ||
			outcome.Refusal.Status != tccallback.ErrBadSign {
			t.Fatalf("%+v, %v", outcome, err)
		}
	}
}
