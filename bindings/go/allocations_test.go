//go:build !race && !asan && !tccallback_gc

package tccallback_test

import (
	"testing"

	"tccallback"
)

func TestAnEventTakesFewAllocations(t *testing.T) {
	for path, limit := range map[string]float64{
		"conference/Room.CallbackAfterDestroyRoom.json":    2, // the block; the event with its payload
		"conference/Room.CallbackAfterUpdateRoomInfo.json": 2,
		"conference/Room.CallbackAfterMemberEnter.json":    3, // and each list
		"call/Call.CallbackAfterMemberChanged.json":        4,
	} {
		body := sample(t, path)
		found := testing.AllocsPerRun(100, func() {
			if _, err := tccallback.Parse(query, body); err != nil {
				t.Fatal(err)
			}
		})
		t.Logf("%s: %v allocations", path, found)
		if found > limit {
			t.Errorf("%s: %v allocations, more than %v", path, found, limit)
		}
	}
}

func TestARequestTakesFewMoreAllocationsThanItsEvent(t *testing.T) {
	receiver := newReceiver(t, tccallback.ReceiverOptions{DuplicateWindow: &tccallback.DuplicateWindow{}})
	body := sample(t, "conference/Room.CallbackAfterUpdateRoomInfo.json")
	found := testing.AllocsPerRun(100, func() {
		settle(t, handle(t, receiver, body), tccallback.SettlementTaken)
	})
	t.Logf("%v allocations", found)
	if found > 5 { // two of the event, the outcome, and two of the cleanup that releases it
		t.Errorf("%v allocations, more than 5", found)
	}
}

func BenchmarkHandle(b *testing.B) {
	receiver := newReceiver(b, tccallback.ReceiverOptions{DuplicateWindow: &tccallback.DuplicateWindow{}})
	body := sample(b, "conference/Room.CallbackAfterUpdateRoomInfo.json")
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		settle(b, handle(b, receiver, body), tccallback.SettlementTaken)
	}
}

func BenchmarkParse(b *testing.B) {
	for _, path := range []string{"conference/Room.CallbackAfterUpdateRoomInfo.json", "call/Call.CallbackAfterMemberChanged.json"} {
		body := sample(b, path)
		b.Run(path, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := tccallback.Parse(query, body); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
