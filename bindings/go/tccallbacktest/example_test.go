package tccallbacktest_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"tccallback"
	"tccallback/tccallbacktest"
)

// A server of one's own, tried with a signed request and with a forged one.
func Example() {
	receiver, err := tccallback.NewReceiver(tccallback.ReceiverOptions{SDKAppID: 1400000000, Tokens: []string{"token"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(&tccallback.Handler{
		Receiver: receiver,
		OnEvent: func(_ context.Context, event *tccallback.Event) error {
			members := event.Payload.(*tccallback.RoomMembers)
			fmt.Println(members.MemberAccounts, members.ChangeWord, "of", event.ClientIP)
			return nil
		},
	})
	defer server.Close()

	entered := tccallbacktest.Callback{
		SDKAppID: 1400000000, Token: "token", Command: tccallback.RoomAfterMemberEnter, ClientIP: "203.0.113.7",
		Fields: map[string]any{"RoomId": "r1", "Type": "Enter", "MemberList_Account": []string{"anna", "bert"}},
	}
	forged := entered
	forged.Token = "guess"
	for _, callback := range []tccallbacktest.Callback{entered, forged} {
		reply, err := http.DefaultClient.Do(callback.Request(server.URL + "/callback"))
		if err != nil {
			fmt.Println(err)
			return
		}
		reply.Body.Close()
		fmt.Println(reply.Status)
	}
	// Output:
	// [anna bert] Enter of 203.0.113.7
	// 200 OK
	// 403 Forbidden
}
