package tccallback_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tccallback"
	"tccallback/tccallbacktest"
)

// server is a Handler and what it was told.
type server struct {
	tccallback.Handler
	events, duplicates []*tccallback.Event
	refusals           []error
	fails              error // what OnEvent answers
}

func newServer(t testing.TB) *server {
	s := new(server)
	s.Receiver = newReceiver(t, tccallback.ReceiverOptions{Tokens: []string{"secret"}, MaxBodyBytes: 1000})
	s.OnEvent = func(_ context.Context, event *tccallback.Event) error {
		s.events = append(s.events, event)
		return s.fails
	}
	s.OnDuplicate = func(_ context.Context, event *tccallback.Event) error {
		s.duplicates = append(s.duplicates, event)
		return nil
	}
	s.OnRefused = func(_ *http.Request, _ int, err error) { s.refusals = append(s.refusals, err) }
	return s
}

func (s *server) answer(request *http.Request) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, request)
	return recorder
}

func callback() tccallbacktest.Callback {
	return tccallbacktest.Callback{
		SDKAppID: 1400000000, Token: "secret", Command: tccallback.RoomAfterMemberEnter,
		Fields: map[string]any{"RoomId": "r1", "MemberList_Account": []string{"anna"}},
	}
}

// expectRefusal checks the answer and the report of a request that brought no event.
func (s *server) expectRefusal(t *testing.T, recorder *httptest.ResponseRecorder, httpStatus int, refusal error) {
	t.Helper()
	if recorder.Code != httpStatus || recorder.Header().Get("Content-Type") != "application/json" ||
		!strings.Contains(recorder.Body.String(), `"ActionStatus":"FAIL"`) {
		t.Errorf("answered %d: %s", recorder.Code, recorder.Body)
	}
	if len(s.events) != 0 || len(s.refusals) != 1 || !errors.Is(s.refusals[0], refusal) {
		t.Errorf("events %v, refusals %v", s.events, s.refusals)
	}
}

func TestAnEventIsHandedOverAndAnswered(t *testing.T) {
	s := newServer(t)
	recorder := s.answer(callback().Request("/callback"))
	if recorder.Code != 200 || recorder.Body.String() != `{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}` ||
		recorder.Header().Get("Content-Type") != "application/json" {
		t.Errorf("answered %d %v: %s", recorder.Code, recorder.Header(), recorder.Body)
	}
	members, ok := s.events[0].Payload.(*tccallback.RoomMembers)
	if !ok || members.RoomID.Value != "r1" || len(members.MemberAccounts) != 1 || members.MemberAccounts[0] != "anna" {
		t.Errorf("payload %+v", s.events[0].Payload)
	}
}

func TestAnotherMethodThanPostIsNotAllowed(t *testing.T) {
	s := newServer(t)
	recorder := s.answer(httptest.NewRequest(http.MethodGet, "/callback", nil))
	s.expectRefusal(t, recorder, http.StatusMethodNotAllowed, tccallback.ErrNotACallback)
	if allow := recorder.Header().Get("Allow"); allow != http.MethodPost {
		t.Errorf("Allow: %s", allow)
	}
}

func TestABodyOverTheLimitIsNotRead(t *testing.T) {
	s := newServer(t)
	request := callback().Request("/callback")
	body := &counter{Reader: strings.NewReader(strings.Repeat(" ", 1<<20))}
	request.Body, request.ContentLength = io.NopCloser(body), -1
	s.expectRefusal(t, s.answer(request), http.StatusRequestEntityTooLarge, tccallback.ErrTooLarge)
	if body.read > 2000 {
		t.Errorf("%d bytes were read of a body over 1000", body.read)
	}
}

type counter struct {
	io.Reader
	read int
}

func (c *counter) Read(buffer []byte) (int, error) {
	count, err := c.Reader.Read(buffer)
	c.read += count
	return count, err
}

func TestABodyThatMiddlewareHasReadIsNamed(t *testing.T) {
	s := newServer(t)
	network := httptest.NewServer(http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		_, _ = io.Copy(io.Discard, request.Body)
		s.ServeHTTP(writer, request)
	}))
	defer network.Close()
	response, err := http.DefaultClient.Do(callback().Request(network.URL))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != 500 || len(s.refusals) != 1 || !errors.Is(s.refusals[0], tccallback.ErrBodyAlreadyRead) ||
		!strings.Contains(s.refusals[0].Error(), "body already parsed by the framework") {
		t.Errorf("answered %d, refusals %v", response.StatusCode, s.refusals)
	}
	closed := callback().Request("/callback")
	closed.Body = io.NopCloser(broken{http.ErrBodyReadAfterClose})
	if s.answer(closed); !errors.Is(s.refusals[1], tccallback.ErrBodyAlreadyRead) {
		t.Errorf("after it was closed: %v", s.refusals[1])
	}
}

type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

func TestABodyThatBreaksOffIsABadRequest(t *testing.T) {
	s := newServer(t)
	request := callback().Request("/callback")
	request.Body = io.NopCloser(broken{io.ErrUnexpectedEOF})
	s.expectRefusal(t, s.answer(request), http.StatusBadRequest, io.ErrUnexpectedEOF)
}

func TestAForgedRequestIsForbidden(t *testing.T) {
	s := newServer(t)
	forged := callback()
	forged.Token = "guess"
	s.expectRefusal(t, s.answer(forged.Request("/callback")), http.StatusForbidden, tccallback.ErrBadSign)
}

func TestAnUnsignedRequestIsForbidden(t *testing.T) {
	s := newServer(t)
	unsigned := callback()
	unsigned.Token = ""
	s.expectRefusal(t, s.answer(unsigned.Request("/callback")), http.StatusForbidden, tccallback.ErrBadSign)
}

func TestAMalformedBodyIsABadRequest(t *testing.T) {
	s := newServer(t)
	malformed := callback()
	malformed.Body = []byte(`{"CallbackCommand":`)
	s.expectRefusal(t, s.answer(malformed.Request("/callback")), http.StatusBadRequest, tccallback.ErrMalformedJSON)
}

func TestAnEventIsHandedOverOnceHoweverOftenItComes(t *testing.T) {
	s := newServer(t)
	body, _ := io.ReadAll(callback().Request("/callback").Body)
	again := callback()
	again.Body = body
	for range 3 {
		if recorder := s.answer(again.Request("/callback")); recorder.Code != 200 {
			t.Errorf("answered %d", recorder.Code)
		}
	}
	if len(s.events) != 1 || len(s.duplicates) != 2 {
		t.Errorf("%d events, %d duplicates", len(s.events), len(s.duplicates))
	}
	s.OnDuplicate = nil
	if recorder := s.answer(again.Request("/callback")); recorder.Code != 200 || len(s.events) != 1 {
		t.Errorf("answered %d, %d events", recorder.Code, len(s.events))
	}
}

func TestAnEventThatTheHostCouldNotTakeCountsAsNewWhenItComesAgain(t *testing.T) {
	s := newServer(t)
	s.fails = errors.New("the database at 10.0.0.7 is away")
	again := callback()
	again.Body, _ = io.ReadAll(callback().Request("/callback").Body)
	recorder := s.answer(again.Request("/callback"))
	if recorder.Code != 500 || strings.Contains(recorder.Body.String(), "10.0.0.7") || !errors.Is(s.refusals[0], s.fails) {
		t.Errorf("answered %d: %s; reported %v", recorder.Code, recorder.Body, s.refusals)
	}
	s.fails = nil
	if recorder := s.answer(again.Request("/callback")); recorder.Code != 200 || len(s.events) != 2 || len(s.duplicates) != 0 {
		t.Errorf("answered %d, %d events, %d duplicates", recorder.Code, len(s.events), len(s.duplicates))
	}
}

func TestAnEventWhoseFunctionPanicsCountsAsNewWhenItComesAgain(t *testing.T) {
	s := newServer(t)
	take := s.OnEvent
	s.OnEvent = func(context.Context, *tccallback.Event) error { panic("a bug of the host") }
	again := callback()
	again.Body, _ = io.ReadAll(callback().Request("/callback").Body)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was hidden from net/http")
			}
		}()
		s.answer(again.Request("/callback"))
	}()
	s.OnEvent = take
	if s.answer(again.Request("/callback")); len(s.events) != 1 {
		t.Error("the event is lost")
	}
}

func TestTheContextOfAnEventEndsBeforeTencentGivesUp(t *testing.T) {
	s := newServer(t)
	s.Timeout = 1 // ns
	s.OnEvent = func(ctx context.Context, _ *tccallback.Event) error {
		<-ctx.Done()
		return ctx.Err()
	}
	recorder := s.answer(callback().Request("/callback"))
	s.expectRefusal(t, recorder, http.StatusInternalServerError, context.DeadlineExceeded)
}

func TestTheQueryReachesTheReceiverAsReceived(t *testing.T) {
	s := newServer(t)
	request := callback().Request("/callback")
	request.URL.RawQuery += "&Extra=%E7%8E%AB%2B+x"
	raw := request.URL.RawQuery
	if s.answer(request); len(s.events) != 1 || s.events[0].Query != raw {
		t.Errorf("events %v, refusals %v", s.events, s.refusals)
	}
}

func TestAHandlerServesManyAtOnceOverTheNetwork(t *testing.T) {
	taken := make(chan string, 64)
	handler := &tccallback.Handler{
		Receiver: newReceiver(t, tccallback.ReceiverOptions{Tokens: []string{"secret"}}),
		OnEvent: func(_ context.Context, event *tccallback.Event) error {
			taken <- event.Subject.Value
			return nil
		},
	}
	network := httptest.NewServer(handler)
	defer network.Close()
	failures := make(chan error, cap(taken))
	for index := range cap(taken) {
		go func() {
			one := callback()
			one.Fields = map[string]any{"RoomId": strings.Repeat("r", index+1)}
			response, err := http.DefaultClient.Do(one.Request(network.URL + "/callback"))
			if err == nil {
				var reply bytes.Buffer
				_, err = reply.ReadFrom(response.Body)
				response.Body.Close()
				if response.StatusCode != 200 {
					err = errors.New(reply.String())
				}
			}
			failures <- err
		}()
	}
	subjects := make(map[string]bool)
	for range cap(taken) {
		if err := <-failures; err != nil {
			t.Fatal(err)
		}
		subjects[<-taken] = true
	}
	if len(subjects) != cap(taken) {
		t.Errorf("%d different events of %d", len(subjects), cap(taken))
	}
}
