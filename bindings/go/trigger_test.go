package tccallback_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"testing"

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

	s := newServer(t)
	s.Receiver = newReceiver(t, tccallback.ReceiverOptions{Tokens: []string{"secret"}})
	s.OnEvent = func(_ context.Context, event *tccallback.Event) error {
		s.events = append(s.events, event)
		if !payloads[event.Command](event.Payload) {
			return errors.New("the payload is empty")
		}
		return nil
	}
	network := httptest.NewServer(s)
	defer network.Close()
	for _, word := range append(conference.Commands(), callProduct.Commands()...) {
		trigger(t, network.URL, word)
		if last := s.events[len(s.events)-1]; last.CommandWord != word {
			t.Errorf("%s arrived as %s", word, last.CommandWord)
		}
	}
	if len(s.events) != 10 || len(s.refusals) != 0 {
		t.Errorf("%d events, refusals %v", len(s.events), s.refusals)
	}
}

func TestForgedAndMalformedRequestsAreRefusedOverTheNetwork(t *testing.T) {
	s := newServer(t)
	network := httptest.NewServer(s)
	defer network.Close()
	trigger(t, network.URL, "AfterMemberEnter", "--bad-sign", "--expect", "403")
	trigger(t, network.URL, "AfterMemberEnter", "--malformed", "--expect", "400")
	if len(s.events) != 0 || len(s.refusals) != 2 || !errors.Is(s.refusals[0], tccallback.ErrBadSign) ||
		!errors.Is(s.refusals[1], tccallback.ErrMalformedJSON) {
		t.Errorf("events %v, refusals %v", s.events, s.refusals)
	}
	response, err := http.Get(network.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("a GET is answered %d", response.StatusCode)
	}
}
