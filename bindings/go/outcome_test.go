package tccallback_test

import (
	"errors"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tccallback"
)

const (
	created   = "conference/Room.CallbackAfterCreateRoom.json"
	replyOK   = `{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}`
	someWords = `"ActionStatus":"FAIL"`
)

// expectAnswer checks what an outcome is to be answered with.
func expectAnswer(t testing.TB, outcome *tccallback.Outcome, delivery tccallback.Delivery, httpStatus int) {
	t.Helper()
	isOK := outcome.Reply() == replyOK
	if outcome.Delivery != delivery || outcome.HTTPStatus() != httpStatus || isOK != (httpStatus == 200) ||
		!isOK && !strings.Contains(outcome.Reply(), someWords) || outcome.ContentType != "application/json" {
		t.Errorf("%v, %d, %s: %s; expected %v, %d", outcome.Delivery, outcome.HTTPStatus(), outcome.ContentType, outcome.Reply(), delivery,
			httpStatus)
	}
}

func settle(t testing.TB, outcome *tccallback.Outcome, settlement tccallback.Settlement) {
	t.Helper()
	if err := outcome.Settle(settlement); err != nil {
		t.Errorf("%v: %v", settlement, err)
	}
}

func TestAnEventIsAnsweredWith200OnlyWhenItWasTaken(t *testing.T) {
	receiver, body := newReceiver(t, tccallback.ReceiverOptions{}), sample(t, created)
	first := handle(t, receiver, body)
	expectAnswer(t, first, tccallback.DeliveryNew, 503)
	copied := handle(t, receiver, body)
	expectAnswer(t, copied, tccallback.DeliveryBusy, 503)
	settle(t, first, tccallback.SettlementTaken)
	expectAnswer(t, first, tccallback.DeliveryNew, 200)
	expectAnswer(t, handle(t, receiver, body), tccallback.DeliveryDone, 200)
	expectAnswer(t, copied, tccallback.DeliveryBusy, 503)
	if first.Event.Body != string(body) || copied.Event.Body != string(body) {
		t.Error("the event went with the claim")
	}
}

func TestAnEventThatWasRefusedIsNewWhenItComesAgain(t *testing.T) {
	receiver, body := newReceiver(t, tccallback.ReceiverOptions{}), sample(t, created)
	for range 3 {
		outcome := handle(t, receiver, body)
		settle(t, outcome, tccallback.SettlementRefused)
		expectAnswer(t, outcome, tccallback.DeliveryNew, 503)
	}
}

func TestAnEventOfWhichNobodyKnowsIsBusyUntilSomebodyDoes(t *testing.T) {
	for late, after := range map[tccallback.Settlement]tccallback.Delivery{
		tccallback.SettlementTaken: tccallback.DeliveryDone, tccallback.SettlementRefused: tccallback.DeliveryNew,
	} {
		receiver, body := newReceiver(t, tccallback.ReceiverOptions{}), sample(t, created)
		outcome := handle(t, receiver, body)
		settle(t, outcome, tccallback.SettlementUnknown)
		expectAnswer(t, outcome, tccallback.DeliveryNew, 503)
		expectAnswer(t, handle(t, receiver, body), tccallback.DeliveryBusy, 503)
		settle(t, outcome, late)
		if found := handle(t, receiver, body).Delivery; found != after {
			t.Errorf("after %v at last: %v", late, found)
		}
	}
}

func TestAnOutcomeIsSettledOnceAndOnlyIfItsEventIsNew(t *testing.T) {
	receiver, body := newReceiver(t, tccallback.ReceiverOptions{}), sample(t, created)
	refuses := func(outcome *tccallback.Outcome, settlement tccallback.Settlement, told string) {
		t.Helper()
		status, reply := outcome.HTTPStatus(), outcome.Reply()
		err := outcome.Settle(settlement)
		if !errors.Is(err, tccallback.ErrInvalidArgument) || !strings.Contains(err.Error(), told) || strings.Contains(err.Error(), "tc_") {
			t.Errorf("%v: %v", settlement, err)
		}
		if outcome.HTTPStatus() != status || outcome.Reply() != reply {
			t.Error("the answer has changed all the same")
		}
	}
	first := handle(t, receiver, body)
	refuses(first, 0, "SettlementTaken")
	refuses(first, 4, "SettlementTaken")
	refuses(handle(t, receiver, body), tccallback.SettlementTaken, "Delivery is Busy")
	settle(t, first, tccallback.SettlementTaken)
	for _, settlement := range []tccallback.Settlement{
		tccallback.SettlementTaken, tccallback.SettlementRefused, tccallback.SettlementUnknown,
	} {
		refuses(first, settlement, "settled, as Taken")
		refuses(handle(t, receiver, body), settlement, "Delivery is Done")
		refuses(handle(t, receiver, []byte("{}")), settlement, "Delivery is Rejected")
	}
}

func TestOfManyThatSettleAnOutcomeAtOnceOneDoes(t *testing.T) {
	receiver, body := newReceiver(t, tccallback.ReceiverOptions{}), sample(t, created)
	for range 20 {
		outcome := handle(t, receiver, body)
		var settled atomic.Int32
		var group sync.WaitGroup
		for range 8 {
			group.Add(1)
			go func() {
				defer group.Done()
				err := outcome.Settle(tccallback.SettlementRefused)
				if err == nil {
					settled.Add(1)
				} else if !errors.Is(err, tccallback.ErrInvalidArgument) {
					t.Error(err)
				}
				expectAnswer(t, outcome, tccallback.DeliveryNew, 503)
			}()
		}
		group.Wait()
		if settled.Load() != 1 {
			t.Fatalf("settled %d times", settled.Load())
		}
	}
}

func TestOfManyRequestsOneIsToHandleTheirEvent(t *testing.T) {
	receiver, body := newReceiver(t, tccallback.ReceiverOptions{}), sample(t, created)
	var handled atomic.Int32
	var group sync.WaitGroup
	for range 8 {
		group.Add(1)
		go func() {
			defer group.Done()
			for range 10 {
				if outcome := handle(t, receiver, body); outcome.Delivery == tccallback.DeliveryNew {
					handled.Add(1)
					settle(t, outcome, tccallback.SettlementTaken)
				}
			}
		}()
	}
	group.Wait()
	if handled.Load() != 1 {
		t.Errorf("handled %d times", handled.Load())
	}
}

func TestAnOutcomeThatIsForgottenUnsettledIsReleased(t *testing.T) {
	receiver, body := newReceiver(t, tccallback.ReceiverOptions{}), sample(t, created)
	event := handle(t, receiver, body).Event
	deadline := time.Now().Add(time.Minute)
	for handle(t, receiver, body).Delivery != tccallback.DeliveryNew {
		if time.Now().After(deadline) {
			t.Fatal("the event is claimed for ever")
		}
		runtime.GC()
	}
	if event.Body != string(body) {
		t.Error("the event went with its outcome")
	}
}

func TestAnOutcomeOutlivesItsReceiver(t *testing.T) {
	outcome := handle(t, newReceiver(t, tccallback.ReceiverOptions{}), sample(t, created))
	for range 3 {
		runtime.GC()
	}
	settle(t, outcome, tccallback.SettlementUnknown)
	settle(t, outcome, tccallback.SettlementTaken)
	expectAnswer(t, outcome, tccallback.DeliveryNew, 200)
}

func TestAnEventIsBusyWhereThereIsNoRoomForItsClaim(t *testing.T) {
	window := &tccallback.DuplicateWindow{Count: 1, Age: time.Minute}
	receiver := newReceiver(t, tccallback.ReceiverOptions{DuplicateWindow: window})
	first := handle(t, receiver, sample(t, created))
	other := sample(t, "conference/Room.CallbackAfterDestroyRoom.json")
	expectAnswer(t, handle(t, receiver, other), tccallback.DeliveryBusy, 503)
	settle(t, first, tccallback.SettlementTaken)
	expectAnswer(t, handle(t, receiver, other), tccallback.DeliveryNew, 503)
}

func TestEveryCopyIsNewWithoutAWindowOrWithoutAKey(t *testing.T) {
	noWindow := newReceiver(t, tccallback.ReceiverOptions{DuplicateWindow: &tccallback.DuplicateWindow{}})
	noKey := []byte(`{"CallbackCommand":"Room.CallbackAfterDestroyRoom","RoomId":"r1"}`)
	for range 3 {
		for _, outcome := range []*tccallback.Outcome{
			handle(t, noWindow, sample(t, created)), handle(t, newReceiver(t, tccallback.ReceiverOptions{}), noKey),
		} {
			expectAnswer(t, outcome, tccallback.DeliveryNew, 503)
			settle(t, outcome, tccallback.SettlementTaken)
			expectAnswer(t, outcome, tccallback.DeliveryNew, 200)
		}
	}
}
