package tccallback_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"testing"
	"time"

	"tccallback"
)

// trigger posts an event by the tc-callback command, which fails if the reply is not what Tencent expects.
func trigger(t *testing.T, url string, args ...string) {
	process := exec.Command(command(t), append([]string{"trigger", "--to", url, "--sdk-app-id", "1400000000"}, args...)...)
	process.Env = []string{"TC_TOKEN=secret"}
	if output, err := process.CombinedOutput(); err != nil {
		t.Errorf("%v: %v\n%s", args, err, output)
	}
}

func TestEveryEventArrivesAsTencentSendsIt(t *testing.T) {
	payloads := map[tccallback.Command]func(tccallback.Payload) bool{}
	is := func(commands []tccallback.Command, check func(tccallback.Payload) bool) {
		for _, command := range commands {
			payloads[command] = check
		}
	}
	is([]tccallback.Command{tccallback.RoomAfterCreateRoom, tccallback.RoomAfterDestroyRoom, tccallback.RoomAfterUpdateRoomInfo},
		func(payload tccallback.Payload) bool { return payload.(*tccallback.RoomInfo).RoomID.Sent })
	is([]tccallback.Command{tccallback.RoomAfterMemberEnter, tccallback.RoomAfterMemberLeave},
		func(payload tccallback.Payload) bool {
			return len(payload.(*tccallback.RoomMembers).MemberAccounts) > 0
		})
	is([]tccallback.Command{tccallback.MicAfterSeatInfoChanged},
		func(payload tccallback.Payload) bool { return len(payload.(*tccallback.RoomSeats).Seats) > 0 })
	is([]tccallback.Command{tccallback.CallAfterStartCall},
		func(payload tccallback.Payload) bool { return len(payload.(*tccallback.CallStart).Users) > 0 })
	is([]tccallback.Command{tccallback.CallAfterEndCall},
		func(payload tccallback.Payload) bool { return payload.(*tccallback.CallEnd).CallerAccount.Sent })
	is([]tccallback.Command{tccallback.CallAfterMemberChanged},
		func(payload tccallback.Payload) bool { return len(payload.(*tccallback.CallMembers).Changes) > 0 })
	is([]tccallback.Command{tccallback.CallAfterRecordChanged},
		func(payload tccallback.Payload) bool { return payload.(*tccallback.CallRecord).PayloadJSON.Sent })

	events := make(chan *tccallback.Event, 1)
	network := httptest.NewServer(&tccallback.Handler{
		Receiver: newReceiver(t, tccallback.ReceiverOptions{Tokens: []string{"secret"}}),
		OnEvent: func(_ context.Context, event *tccallback.Event) error {
			events <- event
			return nil
		},
		Timeout: time.Minute,
		OnError: func(_ *http.Request, _ int, err error) { t.Error(err) },
	})
	defer network.Close()
	words := append(conference.Commands(), callProduct.Commands()...)
	for _, word := range words {
		trigger(t, network.URL, word)
		if event := <-events; event.CommandWord != word || !payloads[event.Command](event.Payload) {
			t.Errorf("%s arrived as %s with %+v", word, event.CommandWord, event.Payload)
		}
	}
	if len(words) != 10 {
		t.Errorf("%d events", len(words))
	}
}

func TestForgedAndMalformedRequestsAreRefusedOverTheNetwork(t *testing.T) {
	s := newServer(t)
	network := httptest.NewServer(s)
	trigger(t, network.URL, "AfterMemberEnter", "--bad-sign", "--expect", "403")
	trigger(t, network.URL, "AfterMemberEnter", "--truncate", "--expect", "400")
	network.Close()
	if len(s.events) != 0 || len(s.refusals) != 2 || !errors.Is(s.refusals[0], tccallback.ErrBadSign) ||
		!errors.Is(s.refusals[1], tccallback.ErrMalformedJSON) {
		t.Errorf("events %v, refusals %v", s.events, s.refusals)
	}
}
