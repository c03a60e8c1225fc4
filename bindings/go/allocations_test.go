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
