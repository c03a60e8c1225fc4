//go:build cgo

// Package tccallback configures and receives the server-side callbacks of Tencent RTC: Conference and Call. It is a thin layer over
// the C library tc_callback.
//
// A server that takes callbacks:
//
//	receiver, err := tccallback.NewReceiver(tccallback.ReceiverOptions{SDKAppID: app, Tokens: []string{token}})
//	...
//	http.Handle("/callback", &tccallback.Handler{
//		Receiver: receiver,
//		OnEvent: func(ctx context.Context, event *tccallback.Event) error {
//			switch payload := event.Payload.(type) {
//			case *tccallback.RoomInfo:
//				log.Printf("room %s: %s", payload.RoomID, payload.RoomName)
//			case *tccallback.CallEnd:
//				log.Printf("call %s: %s", payload.CallID, payload.Result)
//			}
//			return nil // Taken: only now is it answered with 200.
//		},
//	})
//
// And, when it is deployed, where they are to be posted:
//
//	client, err := tccallback.NewClient(tccallback.ClientOptions{SDKAppID: app, Key: key})
//	...
//	conference := tccallback.ProductConference
//	_, err = client.EnsureCallback(ctx, conference, "https://example.com/callback", conference.Commands())
//
// Every function that can fail gives an [*Error] that says what to do about it; compare it by errors.Is with a [Status]:
// errors.Is(err, tccallback.ErrNotFound).
package tccallback

//go:generate go run ./internal/generate ../../include/tc_callback.h
