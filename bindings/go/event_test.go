package tccallback_test

import (
	"errors"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"tccallback"
)

const query = "SdkAppid=1400000000&CallbackCommand=Room.CallbackAfterCreateRoom&contenttype=json&ClientIP=203.0.113.7&OptPlatform=iOS"

func sample(t testing.TB, path string) []byte {
	body, err := os.ReadFile("../../tests/fixtures/" + path)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func parse(t testing.TB, body string) *tccallback.Event {
	event, err := tccallback.Parse(query, []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return event
}

func TestAnEventIsToldByTheTypeOfItsPayload(t *testing.T) {
	event := parse(t, string(sample(t, "conference/Room.CallbackAfterUpdateRoomInfo.json")))
	room, ok := event.Payload.(*tccallback.RoomInfo)
	if !ok || event.Command != tccallback.RoomAfterUpdateRoomInfo || event.Product != tccallback.ProductConference {
		t.Fatalf("%v of %v with a %T", event.Command, event.Product, event.Payload)
	}
	if room.RoomName.Value != "rname-123" || room.TakeSeatMode != tccallback.TakeSeatModeFreeToTake {
		t.Errorf("room name %q, take seat mode %v", room.RoomName, room.TakeSeatMode)
	}
}

func TestWhatWasNotSentIsToldFromWhatIsEmptyOrFalse(t *testing.T) {
	event := parse(t, `{"CallbackCommand":"Room.CallbackAfterUpdateRoomInfo","RoomInfo":{"RoomName":"","IsAudioDisabled":false}}`)
	room := event.Payload.(*tccallback.RoomInfo)
	if !room.RoomName.Sent || room.RoomName.Value != "" || room.CustomInfo.Sent {
		t.Errorf("room name %+v, custom info %+v", room.RoomName, room.CustomInfo)
	}
	if !room.IsAudioDisabled.Sent || room.IsAudioDisabled.Value || room.IsVideoDisabled.Sent {
		t.Errorf("audio %+v, video %+v", room.IsAudioDisabled, room.IsVideoDisabled)
	}
	if room.RoomStatus != tccallback.NotSent || room.RoomStatus.String() != "not sent" || room.CustomInfo.String() != "(not sent)" {
		t.Errorf("room status %v, custom info %v", room.RoomStatus, room.CustomInfo)
	}
	if _, sent := event.Time(); sent || room.MaxMemberCount.Or(300) != 300 || room.RoomName.Or("x") != "" {
		t.Error("a value that was not sent has no default")
	}
}

func TestTheTimeOfAnEventIsInMilliseconds(t *testing.T) {
	at, sent := parse(t, `{"CallbackCommand":"Room.CallbackAfterDestroyRoom","EventTime":1703589922780}`).Time()
	if expected := time.Date(2023, 12, 26, 11, 25, 22, 780_000_000, time.UTC); !sent || !at.Equal(expected) {
		t.Errorf("%v, expected %v", at, expected)
	}
}

func TestACommandThatThisReleaseDoesNotKnowIsReadByJSONPointer(t *testing.T) {
	event := parse(t, `{"CallbackCommand":"Live.CallbackAfterGift","RoomId":"r1","Gift":{"Id":9223372036854775807,"Name":"\u73ab\u7470","To":["a","b"]}}`)
	if event.Command != tccallback.CommandUnknown || event.CommandWord != "Live.CallbackAfterGift" || event.Payload != nil {
		t.Errorf("command %v %q, payload %v", event.Command, event.CommandWord, event.Payload)
	}
	id, err := event.JSON("/Gift/Id")
	if err != nil || id.Kind != tccallback.JSONKindNumber || id.Integer.Value != 9223372036854775807 {
		t.Errorf("%+v, %v", id, err)
	}
	name, err := event.JSON("/Gift/Name")
	if err != nil || name.Text.Value != "玫瑰" || name.Raw != `"\u73ab\u7470"` {
		t.Errorf("%+v, %v", name, err)
	}
	list, err := event.JSON("/Gift/To")
	if err != nil || list.Kind != tccallback.JSONKindArray || list.Length != 2 || list.Text.Sent {
		t.Errorf("%+v, %v", list, err)
	}
	if _, err := event.JSON("/Gift/From"); !errors.Is(err, tccallback.ErrNoSuchValue) {
		t.Errorf("a value that is not there: %v", err)
	}
	if _, err := event.JSON("/Gift~2"); !errors.Is(err, tccallback.ErrInvalidArgument) {
		t.Errorf("a tilde that is no escape: %v", err)
	}
	if _, err := event.JSON("/Gift\x00/Id"); !errors.Is(err, tccallback.ErrInvalidArgument) {
		t.Errorf("a pointer with a NUL: %v", err)
	}
}

func TestOfAnObjectThatIsSentTwiceTheLastCounts(t *testing.T) {
	event := parse(t, `{"CallbackCommand":"Room.CallbackAfterUpdateRoomInfo","RoomInfo":{"RoomId":"first"},"RoomInfo":{"RoomName":"last"}}`)
	room := event.Payload.(*tccallback.RoomInfo)
	if room.RoomID.Sent || room.RoomName.Value != "last" {
		t.Errorf("room ID %v, room name %v", room.RoomID, room.RoomName)
	}
	if name, err := event.JSON("/RoomInfo/RoomName"); err != nil || name.Text.Value != "last" {
		t.Errorf("%+v, %v", name, err)
	}
	if _, err := event.JSON("/RoomInfo/RoomId"); !errors.Is(err, tccallback.ErrNoSuchValue) {
		t.Errorf("a value of the object that was replaced: %v", err)
	}
}

func TestOfACommandThatSeveralProductsSendNoneIsNamed(t *testing.T) {
	event := parse(t, `{"CallbackCommand":"Mic.CallbackAfterSeatInfoChanged","RoomId":"live-1"}`)
	if event.Command != tccallback.MicAfterSeatInfoChanged || event.Product != tccallback.ProductUnknown {
		t.Errorf("%v of %v", event.Command, event.Product)
	}
}

func TestABodyThatIsNotJSONIsRefusedWithTheByteWhereItBreaks(t *testing.T) {
	event, err := tccallback.Parse(query, []byte(`{"CallbackCommand":}`))
	var failure *tccallback.Error
	if event != nil || !errors.Is(err, tccallback.ErrMalformedJSON) || !errors.As(err, &failure) || failure.Offset.Value != 19 {
		t.Fatalf("%v, %#v", event, err)
	}
	if errors.Is(err, tccallback.ErrNotACallback) || !strings.HasPrefix(err.Error(), "tccallback: not JSON") {
		t.Errorf("%v", err)
	}
	var status tccallback.Status
	if !errors.As(err, &status) || status != tccallback.ErrMalformedJSON || status.Error() == "" {
		t.Errorf("the status is %v", status)
	}
	for _, body := range [][]byte{nil, {}} {
		if _, err := tccallback.Parse("", body); !errors.Is(err, tccallback.ErrMalformedJSON) {
			t.Errorf("no body: %v", err)
		}
	}
}

func TestAnEventOwnsItsMemory(t *testing.T) {
	body := sample(t, "call/Call.CallbackAfterMemberChanged.json")
	event, err := tccallback.Parse(query, body)
	if err != nil {
		t.Fatal(err)
	}
	received := string(body)
	clear(body)
	payload := event.Payload
	for range 100 { // C memory that was freed too early is used again here.
		parse(t, strings.Repeat(" ", len(received))+`{"CallbackCommand":"x"}`)
	}
	if event.Body != received {
		t.Error("the event changed with the caller's slice")
	}
	event = nil
	runtime.GC()
	if changes := payload.(*tccallback.CallMembers).Changes; len(changes) != 1 || changes[0].Account.Value != "user2" {
		t.Errorf("the payload alone reads %+v", changes)
	}
}

func TestManyGoroutinesParseAndReadAtOnce(t *testing.T) {
	body := sample(t, "call/Call.CallbackAfterStartCall.json")
	shared := parse(t, string(body))
	var group sync.WaitGroup
	for range 8 {
		group.Add(1)
		go func() {
			defer group.Done()
			for range 20 {
				event, err := tccallback.Parse(query, body)
				if err != nil || event.DuplicateKey() != shared.DuplicateKey() {
					t.Errorf("%v, %v", event, err)
				}
				if _, err := shared.JSON("/UserList/0"); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	group.Wait()
}

func TestCommandsAndWordsAgree(t *testing.T) {
	conference, call := tccallback.ProductConference.Commands(), tccallback.ProductCall.Commands()
	if len(conference) != 6 || len(call) != 4 || tccallback.Product(7).Commands() != nil {
		t.Errorf("%v, %v", conference, call)
	}
	for _, word := range append(conference, call...) {
		if command := tccallback.CommandFromWord(word); command.Word() != word || command.String() != word {
			t.Errorf("%s is %d, whose word is %s", word, command, command.Word())
		}
	}
	for _, word := range []string{"Room.Nothing", "", tccallback.RoomAfterCreateRoom.Word() + "\x00"} {
		if command := tccallback.CommandFromWord(word); command != tccallback.CommandUnknown || command.String() != "unknown" {
			t.Errorf("%q is %v", word, command)
		}
	}
	if text := tccallback.Region(99).String(); text != "Region(99)" || tccallback.RegionTokyo.String() != "Tokyo" {
		t.Error(text)
	}
}
