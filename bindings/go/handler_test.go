package tccallback_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"tccallback"
	"tccallback/tccallbacktest"
)

// server is a Handler and what it was told.
type server struct {
	tccallback.Handler
	events   []*tccallback.Event
	refusals []error
	fails    error // what OnEvent returns
}

func newServer(t testing.TB) *server {
	s := new(server)
	s.Receiver = newReceiver(t, tccallback.ReceiverOptions{Tokens: []string{"secret"}, MaxBodyBytes: 1000})
	s.OnEvent = func(_ context.Context, event *tccallback.Event) error {
		s.events = append(s.events, event)
		return s.fails
	}
	s.Timeout = time.Minute // However slow the machine is.
	s.OnError = func(_ *http.Request, _ int, err error) { s.refusals = append(s.refusals, err) }
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

var rooms int

// again is a callback of another event at each call, and of that same one at each request.
func again() tccallbacktest.Callback {
	rooms++
	same := callback()
	same.Fields = map[string]any{"RoomId": fmt.Sprint("r", rooms)}
	same.Body, _ = io.ReadAll(same.Request("/callback").Body)
	return same
}

// expectStatuses checks what copies of an event are answered with, one after another.
func (s *server) expectStatuses(t *testing.T, copied tccallbacktest.Callback, httpStatuses ...int) {
	t.Helper()
	for _, expected := range httpStatuses {
		recorder := s.answer(copied.Request("/callback"))
		isOK := strings.Contains(recorder.Body.String(), `"ActionStatus":"OK"`)
		if recorder.Code != expected || isOK != (expected == 200) || recorder.Header().Get("Content-Type") != "application/json" {
			t.Errorf("answered %d: %s; expected %d", recorder.Code, recorder.Body, expected)
		}
	}
}

func TestAnEventIsHandedOverOnceHoweverOftenItComes(t *testing.T) {
	s := newServer(t)
	s.expectStatuses(t, again(), 200)
	same := again()
	s.expectStatuses(t, same, 200, 200, 200)
	if len(s.events) != 2 {
		t.Errorf("%d calls for two events", len(s.events))
	}
}

func TestAnEventThatTheHostCouldNotTakeIsNewWhenItComesAgain(t *testing.T) {
	s := newServer(t)
	s.fails = errors.New("the database at 10.0.0.7 is away")
	same := again()
	recorder := s.answer(same.Request("/callback"))
	if recorder.Code != 503 || strings.Contains(recorder.Body.String(), "10.0.0.7") || !errors.Is(s.refusals[0], s.fails) {
		t.Errorf("answered %d: %s; reported %v", recorder.Code, recorder.Body, s.refusals)
	}
	s.fails = nil
	s.expectStatuses(t, same, 200, 200)
	if len(s.events) != 2 {
		t.Errorf("%d calls", len(s.events))
	}
}

func TestAnEventWhoseFunctionDoesNotReturnIsNewWhenItComesAgain(t *testing.T) {
	var nothing *tccallback.Event
	for told, fails := range map[string]func(context.Context, *tccallback.Event) error{
		"panic: a bug of the host": func(context.Context, *tccallback.Event) error { panic("a bug of the host") },
		"nil pointer":              func(context.Context, *tccallback.Event) error { return errors.New(nothing.Body) },
		"runtime.Goexit":           func(context.Context, *tccallback.Event) error { runtime.Goexit(); return nil },
		"OnEvent is nil":           nil,
	} {
		s := newServer(t)
		take := s.OnEvent
		s.OnEvent = fails
		same := again()
		s.expectStatuses(t, same, 503, 503)
		if len(s.refusals) != 2 || !strings.Contains(s.refusals[1].Error(), told) {
			t.Errorf("%s: reported %v", told, s.refusals)
		}
		s.OnEvent = take
		s.expectStatuses(t, same, 200)
		if len(s.events) != 1 {
			t.Errorf("%s: the event is lost", told)
		}
	}
}

func TestAPanicThatNobodyIsToldOfIsLoggedAsNetHTTPLogsIt(t *testing.T) {
	s := newServer(t)
	s.OnEvent, s.OnError = func(context.Context, *tccallback.Event) error { panic("a bug of the host") }, nil
	var logged strings.Builder
	network := httptest.NewUnstartedServer(s)
	network.Config.ErrorLog = log.New(&logged, "", 0)
	network.Start()
	expectAnswered(t, network, again(), 503)
	network.Close()
	if text := logged.String(); !strings.Contains(text, "panic: a bug of the host") || !strings.Contains(text, "handler_test.go") {
		t.Errorf("logged %q", text)
	}
}

func TestAnEventOfWhichTheHostDoesNotKnowIsNotHandedOverAgain(t *testing.T) {
	s := newServer(t)
	s.fails = fmt.Errorf("the queue timed out: %w", tccallback.ErrResultUnknown)
	s.expectStatuses(t, again(), 503)
	same := again()
	s.expectStatuses(t, same, 503, 503)
	if len(s.events) != 2 || len(s.refusals) != 2 || !errors.Is(s.refusals[1], s.fails) {
		t.Errorf("%d calls, reported %v", len(s.events), s.refusals)
	}
}

// expectAnswered delivers a callback over the network.
func expectAnswered(t *testing.T, network *httptest.Server, copied tccallbacktest.Callback, httpStatus int) {
	t.Helper()
	response, err := network.Client().Do(copied.Request(network.URL + "/callback"))
	if err != nil {
		t.Error(err)
		return
	}
	defer response.Body.Close()
	if response.StatusCode != httpStatus {
		t.Errorf("answered %d, expected %d", response.StatusCode, httpStatus)
	}
}

// slow is a Handler whose OnEvent waits to be told what to return.
type slow struct {
	tccallback.Handler
	started chan context.Context
	ends    chan error
	reports chan report
}

type report struct {
	httpStatus int
	err        error
}

func newSlow(t testing.TB) *slow {
	s := &slow{started: make(chan context.Context, 9), ends: make(chan error), reports: make(chan report, 9)}
	s.Receiver = newReceiver(t, tccallback.ReceiverOptions{Tokens: []string{"secret"}})
	s.Timeout = time.Minute
	s.OnEvent = func(ctx context.Context, _ *tccallback.Event) error {
		s.started <- ctx
		return <-s.ends
	}
	s.OnError = func(_ *http.Request, httpStatus int, err error) { s.reports <- report{httpStatus, err} }
	return s
}

// wait waits until no OnEvent is running.
func (s *slow) wait(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := s.Wait(ctx); err != nil {
		t.Fatal(err)
	}
}

// expectCalls checks how many calls there were that have not been looked at yet.
func (s *slow) expectCalls(t *testing.T, count int) {
	t.Helper()
	if len(s.started) != count {
		t.Errorf("%d calls of OnEvent, expected %d", len(s.started), count)
	}
}

var errLate = errors.New("the disk is full")

func TestACopyThatComesWhileItsEventIsHandledIsNotAnsweredWith200(t *testing.T) {
	for _, failure := range []error{nil, errLate} {
		s := newSlow(t)
		network := httptest.NewServer(s)
		same := again()
		first := make(chan struct{})
		go func() {
			defer close(first)
			expectAnswered(t, network, same, map[error]int{nil: 200, errLate: 503}[failure])
		}()
		<-s.started
		expectAnswered(t, network, same, 503)
		s.ends <- failure
		<-first
		if failure != nil {
			go func() { s.ends <- nil }() // For the third copy, which is handled.
		}
		expectAnswered(t, network, same, 200)
		s.expectCalls(t, map[error]int{nil: 0, errLate: 1}[failure])
		network.Close()
	}
}

func TestAnEventThatIsStillHandledAtTheTimeoutIsSettledByTheEndOfIt(t *testing.T) {
	for _, failure := range []error{nil, errLate} {
		s := newSlow(t)
		s.Timeout = time.Nanosecond
		network := httptest.NewServer(s)
		same := again()
		expectAnswered(t, network, same, 503)
		ctx := <-s.started
		expectAnswered(t, network, same, 503)
		s.expectCalls(t, 0)
		if err := ctx.Err(); err != nil {
			t.Errorf("the work that goes on is told to stop: %v", err)
		}
		s.ends <- failure
		s.wait(t)
		s.Timeout = time.Minute
		if failure != nil {
			if found := <-s.reports; found.httpStatus != 503 || !errors.Is(found.err, failure) {
				t.Errorf("reported %+v", found)
			}
			go func() { s.ends <- nil }()
		}
		expectAnswered(t, network, same, 200)
		s.expectCalls(t, map[error]int{nil: 0, errLate: 1}[failure])
		network.Close()
	}
}

func TestAnAnswerBeforeTheEndIs200OnlyForWhoTakesTheRisk(t *testing.T) {
	s := newSlow(t)
	s.Timeout, s.MayLoseLateFailures = time.Nanosecond, true
	same := again()
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, same.Request("/callback"))
	if recorder.Code != 200 || recorder.Body.String() != replyOK {
		t.Errorf("answered %d: %s", recorder.Code, recorder.Body)
	}
	<-s.started
	copied := httptest.NewRecorder()
	if s.ServeHTTP(copied, same.Request("/callback")); copied.Code != 503 {
		t.Errorf("a copy is answered %d while the event is handled", copied.Code)
	}
	s.ends <- errLate
	s.wait(t)
	if found := <-s.reports; found.httpStatus != 200 || !errors.Is(found.err, errLate) {
		t.Errorf("reported %+v", found)
	}
	// Tencent does not deliver it again, but a copy that was under way is handled.
	s.ServeHTTP(httptest.NewRecorder(), same.Request("/callback"))
	<-s.started
	s.ends <- nil
	s.wait(t)
}

func TestAFailureInTimeIsNotAnsweredWith200EvenByWhoTakesTheRisk(t *testing.T) {
	s := newServer(t)
	s.MayLoseLateFailures, s.fails = true, errLate
	s.expectStatuses(t, again(), 503)
}

func TestAFailureIsReportedWithTheStatusThatIsAnsweredThoughTheLogIsSlow(t *testing.T) {
	s := newSlow(t)
	s.Timeout, s.MayLoseLateFailures = 50*time.Millisecond, true
	s.OnEvent = func(context.Context, *tccallback.Event) error { return errLate }
	told, answered := make(chan int), make(chan struct{})
	s.OnError = func(_ *http.Request, httpStatus int, _ error) {
		<-answered // At Timeout.
		told <- httpStatus
	}
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, again().Request("/callback"))
	close(answered)
	if reported := <-told; reported != recorder.Code {
		t.Errorf("answered %d, reported %d", recorder.Code, reported)
	}
}

func TestAnEventIsHandledToItsEndThoughTheClientIsGone(t *testing.T) {
	s := newSlow(t)
	network := httptest.NewServer(s)
	defer network.Close()
	type key struct{}
	network.Config.Handler = http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		s.ServeHTTP(writer, request.WithContext(context.WithValue(request.Context(), key{}, "value")))
	})
	same := again()
	leave, gone := context.WithCancel(context.Background())
	left := make(chan struct{})
	go func() {
		defer close(left)
		if response, err := network.Client().Do(same.Request(network.URL).WithContext(leave)); err == nil {
			response.Body.Close()
			t.Errorf("answered %d before the event was taken", response.StatusCode)
		}
	}()
	ctx := <-s.started
	gone()
	<-left
	network.CloseClientConnections()
	if ctx.Err() != nil || ctx.Value(key{}) != "value" {
		t.Errorf("%v, with %v of the request's context", ctx.Err(), ctx.Value(key{}))
	}
	s.ends <- nil
	s.wait(t)
	expectAnswered(t, network, same, 200)
	s.expectCalls(t, 0)
}

func TestTheContextOfAnEventEndsAfterItsOwnTimeout(t *testing.T) {
	s := newServer(t)
	s.OnEventTimeout = time.Nanosecond
	s.OnEvent = func(ctx context.Context, _ *tccallback.Event) error {
		<-ctx.Done()
		return ctx.Err()
	}
	s.expectRefusal(t, s.answer(callback().Request("/callback")), http.StatusServiceUnavailable, context.DeadlineExceeded)
}

func TestWaitLastsUntilTheLastOnEventHasEnded(t *testing.T) {
	s := newSlow(t)
	over, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Wait(over); err != nil {
		t.Errorf("with nothing to wait for: %v", err)
	}
	s.Timeout = time.Nanosecond
	for _, room := range []string{"r1", "r2"} {
		one := callback()
		one.Fields = map[string]any{"RoomId": room}
		s.ServeHTTP(httptest.NewRecorder(), one.Request("/callback"))
		<-s.started
	}
	expectRunning := func() {
		t.Helper()
		if err := s.Wait(over); !errors.Is(err, context.Canceled) {
			t.Errorf("Wait while OnEvent is running: %v", err)
		}
	}
	expectRunning()
	waited := make(chan error)
	go func() { waited <- s.Wait(context.Background()) }()
	s.ends <- nil
	expectRunning()
	s.ends <- errLate
	if err := <-waited; err != nil {
		t.Error(err)
	}
	if found := <-s.reports; !errors.Is(found.err, errLate) {
		t.Errorf("reported %+v", found)
	}
	s.wait(t)
}

func TestAPanicOfTheLogEndsNothing(t *testing.T) {
	s := newServer(t)
	s.fails = errLate
	s.OnError = func(*http.Request, int, error) { panic("the log's own bug") }
	var logged strings.Builder
	network := httptest.NewUnstartedServer(s)
	network.Config.ErrorLog = log.New(&logged, "", 0)
	network.Start()
	same := again()
	expectAnswered(t, network, same, 503)
	s.fails = nil
	expectAnswered(t, network, same, 200)
	network.Close()
	if !strings.Contains(logged.String(), "the log's own bug") {
		t.Errorf("logged %q", logged.String())
	}
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
		Timeout:  time.Minute,
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
