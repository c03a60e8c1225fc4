package tccallback_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"

	"tccallback"
	"tccallback/tccallbacktest"
)

func ExampleParse() {
	query := "SdkAppid=1400000000&CallbackCommand=Room.CallbackAfterMemberLeave&ClientIP=203.0.113.7&OptPlatform=iOS"
	body := `{"CallbackCommand":"Room.CallbackAfterMemberLeave","RoomId":"stand-up","MemberCount":3,
		"MemberList_Account":["anna"],"Type":"Kicked","EventTime":1700000000000}`
	event, err := tccallback.Parse(query, []byte(body))
	if err != nil {
		fmt.Println(err)
		return
	}
	switch payload := event.Payload.(type) {
	case *tccallback.RoomMembers:
		if payload.Change == tccallback.MemberChangeKicked {
			fmt.Printf("%s was kicked from %s; %d are left\n", payload.MemberAccounts[0], payload.RoomID, payload.MemberCount.Value)
		}
		fmt.Println("reason:", payload.Reason)
	case *tccallback.CallEnd:
		fmt.Println("a call ended:", payload.Result)
	}
	// Output:
	// anna was kicked from stand-up; 3 are left
	// reason: (not sent)
}

func ExampleError() {
	_, err := tccallback.Parse("", []byte(`{"CallbackCommand":"Room.CallbackAfterMemberLeave",}`))
	var failure *tccallback.Error
	if errors.Is(err, tccallback.ErrMalformedJSON) && errors.As(err, &failure) {
		fmt.Println("byte", failure.Offset.Value)
	}
	// Output:
	// byte 51
}

func ExampleHandler() {
	receiver, err := tccallback.NewReceiver(tccallback.ReceiverOptions{SDKAppID: 1400000000, Tokens: []string{"token"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	handler := &tccallback.Handler{
		Receiver: receiver,
		OnEvent: func(_ context.Context, event *tccallback.Event) error {
			fmt.Println(event.Command, event.Subject)
			return nil
		},
	}
	created := tccallbacktest.Callback{
		SDKAppID: 1400000000, Token: "token", Command: tccallback.RoomAfterCreateRoom,
		Fields: map[string]any{"RoomInfo": map[string]any{"RoomId": "stand-up"}},
	}
	reply := httptest.NewRecorder()
	handler.ServeHTTP(reply, created.Request("/callback"))
	fmt.Println(reply.Code, reply.Body)
	// Output:
	// Room.CallbackAfterCreateRoom stand-up
	// 200 {"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}
}

// For another server than net/http.
func ExampleReceiver_Handle() {
	receiver, err := tccallback.NewReceiver(tccallback.ReceiverOptions{SDKAppID: 1400000000})
	if err != nil {
		fmt.Println(err)
		return
	}
	query := "SdkAppid=1400000000&CallbackCommand=Room.CallbackAfterDestroyRoom"
	body := []byte(`{"CallbackCommand":"Room.CallbackAfterDestroyRoom","RoomId":"stand-up","EventTime":1700000000000}`)
	isTheDiskFull := true
	take := func(event *tccallback.Event) bool { return !isTheDiskFull }
	for range 3 {
		outcome, err := receiver.Handle(tccallback.Request{Query: query, Body: body})
		if err != nil {
			fmt.Println(err)
			return
		}
		if outcome.Delivery == tccallback.DeliveryNew {
			settlement := tccallback.SettlementRefused
			if take(outcome.Event) {
				settlement = tccallback.SettlementTaken
			}
			if err := outcome.Settle(settlement); err != nil {
				fmt.Println(err)
			}
		}
		fmt.Println(outcome.Delivery, outcome.HTTPStatus(), outcome.Reply())
		isTheDiskFull = false
	}
	// Output:
	// New 503 {"ActionStatus":"FAIL","ErrorInfo":"the event was not taken: deliver it again","ErrorCode":503}
	// New 200 {"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}
	// Done 200 {"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}
}

func ExampleEvent_JSON() {
	event, err := tccallback.Parse("", []byte(`{"CallbackCommand":"Live.CallbackAfterGift","Gift":{"Name":"rose"}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	name, err := event.JSON("/Gift/Name")
	fmt.Println(event.Command, event.CommandWord, name.Text, err)
	// Output:
	// unknown Live.CallbackAfterGift rose <nil>
}

func ExampleProduct_Commands() {
	for _, word := range tccallback.ProductCall.Commands() {
		fmt.Println(word)
	}
	// Output:
	// Call.CallbackAfterStartCall
	// Call.CallbackAfterEndCall
	// Call.CallbackAfterMemberChanged
	// Call.CallbackAfterRecordChanged
}
