package tccallback_test

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"reflect"
	"testing"
	"time"

	"tccallback"
)

// A case of tests/vectors.json, which Rust, C, C++ and Python run too. What is new is settled as taken before it is compared.
type vector struct {
	Name         string
	SDKAppID     uint32 `json:"sdk_app_id"`
	Tokens       []string
	MaxBodyBytes int   `json:"max_body_bytes"`
	NowS         int64 `json:"now_s"`
	Query        string
	Body         string
	BodyHex      string `json:"body_hex"`
	Deliveries   int
	Expect       map[string]any
}

func vectors(t testing.TB) []vector {
	text, err := os.ReadFile("../../tests/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var all struct{ Cases []vector }
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all.Cases
}

func (v vector) request(t testing.TB) tccallback.Request {
	body := []byte(v.Body)
	if v.BodyHex != "" {
		var err error
		if body, err = hex.DecodeString(v.BodyHex); err != nil {
			t.Fatal(err)
		}
	}
	return tccallback.Request{Query: v.Query, Body: body, Now: time.Unix(v.NowS, 0)}
}

func (v vector) receiver(t testing.TB) *tccallback.Receiver {
	receiver, err := tccallback.NewReceiver(tccallback.ReceiverOptions{
		SDKAppID: v.SDKAppID, Tokens: v.Tokens, MaxBodyBytes: v.MaxBodyBytes,
	})
	if err != nil {
		t.Fatal(err)
	}
	return receiver
}

// found has the form of a case's expect.
func found(outcome *tccallback.Outcome) map[string]any {
	all := map[string]any{
		"status": tccallback.OK, "http_status": outcome.HTTPStatus(), "reply": outcome.Reply(), "delivery": outcome.Delivery,
		"message": nil, "offset": nil, "event": outcome.Event,
	}
	if rejection := outcome.Rejection; rejection != nil {
		all["status"], all["message"], all["offset"] = rejection.Status, rejection.Message, rejection.Offset
	}
	return all
}

func plain(t testing.TB, value any) map[string]any {
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var read map[string]any
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	return read
}

func TestEveryVectorHolds(t *testing.T) {
	cases := vectors(t)
	for _, vector := range cases {
		t.Run(vector.Name, func(t *testing.T) {
			receiver, request := vector.receiver(t), vector.request(t)
			var outcome *tccallback.Outcome
			for range max(vector.Deliveries, 1) {
				var err error
				if outcome, err = receiver.Handle(request); err != nil {
					t.Fatal(err)
				}
				if outcome.Delivery == tccallback.DeliveryNew {
					settle(t, outcome, tccallback.SettlementTaken)
				}
			}
			if found := plain(t, found(outcome)); !reflect.DeepEqual(found, vector.Expect) {
				t.Errorf("found    %v\nexpected %v", found, vector.Expect)
			}
			if event := outcome.Event; event != nil && (event.Body != string(request.Body) || event.Query == "") {
				t.Errorf("body or query of the event is not as received: %q, %q", event.Body, event.Query)
			}
		})
	}
	t.Logf("%d vectors", len(cases))
}
