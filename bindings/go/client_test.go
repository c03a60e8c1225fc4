package tccallback_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"tccallback"
)

const (
	conference  = tccallback.ProductConference
	callProduct = tccallback.ProductCall
	url         = "https://example.com/callback"
)

func TestEnsureCreatesThenLeavesAloneThenUpdates(t *testing.T) {
	client, ctx := newClient(t, tccallback.ClientOptions{Endpoint: emulator(t)}), context.Background()
	first, err := client.EnsureCallback(ctx, conference, url, conference.Commands())
	if err != nil || first.Change != tccallback.ChangeCreated || first.Previous != nil || first.RequestID == "" {
		t.Fatalf("%+v, %v", first, err)
	}
	second, err := client.EnsureCallback(ctx, conference, url, conference.Commands())
	if err != nil || second.Change != tccallback.ChangeUnchanged {
		t.Fatalf("%+v, %v", second, err)
	}
	third, err := client.EnsureCallback(ctx, conference, url+"/new", conference.Commands()[:1])
	if err != nil || third.Change != tccallback.ChangeUpdated || third.Previous.URL != url ||
		!reflect.DeepEqual(third.Previous.Commands, conference.Commands()) {
		t.Fatalf("%+v, %v", third, err)
	}
	config, err := client.GetCallback(ctx, conference)
	if err != nil || config.URL != url+"/new" || !reflect.DeepEqual(config.Commands, conference.Commands()[:1]) ||
		config.HTTPStatus != 200 || config.Attempts != 1 {
		t.Fatalf("%+v, %v", config, err)
	}
}

func TestEachOperationDoesWhatTencentDocuments(t *testing.T) {
	client, ctx := newClient(t, tccallback.ClientOptions{Endpoint: emulator(t)}), context.Background()
	if _, err := client.GetCallback(ctx, conference); !errors.Is(err, tccallback.ErrNotFound) {
		t.Errorf("get of nothing: %v", err)
	}
	if _, err := client.UpdateCallback(ctx, conference, url, conference.Commands()); !errors.Is(err, tccallback.ErrNotFound) {
		t.Errorf("update of nothing: %v", err)
	}
	if response, err := client.SetCallback(ctx, conference, url, conference.Commands()); err != nil || response.HTTPStatus != 200 {
		t.Errorf("set: %+v, %v", response, err)
	}
	_, err := client.SetCallback(ctx, conference, url, conference.Commands())
	var failure *tccallback.Error
	if !errors.Is(err, tccallback.ErrAlreadyExists) || !errors.As(err, &failure) || failure.TencentCode.Value != 100300 ||
		failure.HTTPStatus != 200 || failure.Attempts != 1 || failure.RequestID == "" || failure.IsRetryable {
		t.Errorf("set over another: %+v", failure)
	}
	if _, err := client.UpdateCallback(ctx, conference, url, conference.Commands()); err != nil {
		t.Errorf("update: %v", err)
	}
	if _, err := client.UpdateCallback(ctx, callProduct, url, callProduct.Commands()); !errors.Is(err, tccallback.ErrUnsupportedOperation) {
		t.Errorf("update of Call: %v", err)
	}
	if response, err := client.DeleteCallback(ctx, conference); err != nil || response.Change != tccallback.ChangeDeleted {
		t.Errorf("delete: %+v, %v", response, err)
	}
	if _, err := client.GetCallback(ctx, conference); !errors.Is(err, tccallback.ErrNotFound) {
		t.Errorf("get of what was deleted: %v", err)
	}
}

func TestWhatIsWrongIsToldBeforeAnythingIsSent(t *testing.T) {
	client, ctx := newClient(t, tccallback.ClientOptions{Endpoint: "http://127.0.0.1:1"}), context.Background()
	for _, each := range []struct {
		url      string
		commands []string
		expected error
	}{
		{"ftp://example.com", conference.Commands(), tccallback.ErrInvalidURL},
		{url, nil, tccallback.ErrEmptyCommandList},
		{url, []string{}, tccallback.ErrEmptyCommandList},
		{url, []string{"Room.CallbackAfterCreatRoom"}, tccallback.ErrUnknownCommand},
		{url, callProduct.Commands(), tccallback.ErrUnknownCommand},
		{url + "\x00", conference.Commands(), tccallback.ErrInvalidArgument},
		{url, []string{"Room\x00"}, tccallback.ErrInvalidArgument},
		{url, []string{""}, tccallback.ErrUnknownCommand},
		{url, append(conference.Commands(), ""), tccallback.ErrUnknownCommand},
	} {
		if _, err := client.EnsureCallback(ctx, conference, each.url, each.commands); !errors.Is(err, each.expected) {
			t.Errorf("%q, %q: %v", each.url, each.commands, err)
		}
	}
	if _, err := client.GetCallback(ctx, 9); !errors.Is(err, tccallback.ErrInvalidArgument) {
		t.Errorf("product 9: %v", err)
	}
}

func TestAnEmptyCommandIsRefusedEvenWhereUnknownOnesAreAllowed(t *testing.T) {
	client := newClient(t, tccallback.ClientOptions{Endpoint: "http://127.0.0.1:1", AllowUnknownCommands: true})
	for _, commands := range [][]string{{""}, {"Room.CallbackOfTomorrow", ""}, {"Room.CallbackOfTomorrow\n"}} {
		if _, err := client.SetCallback(context.Background(), conference, url, commands); !errors.Is(err, tccallback.ErrUnknownCommand) {
			t.Errorf("%q: %v", commands, err)
		}
	}
}

func TestAWrongKeyIsUnauthorized(t *testing.T) {
	client := newClient(t, tccallback.ClientOptions{Endpoint: emulator(t), Key: strings.Repeat("k", 64)})
	_, err := client.GetCallback(context.Background(), conference)
	if !errors.Is(err, tccallback.ErrUnauthorized) || strings.Contains(err.Error(), "kkk") {
		t.Errorf("%v", err)
	}
}

func TestAWrongOptionOfAClientIsNamed(t *testing.T) {
	for _, each := range []struct {
		named   string
		options tccallback.ClientOptions
	}{
		{"ClientOptions.Key or ClientOptions.UserSig: set one", tccallback.ClientOptions{SDKAppID: app}},
		{"ClientOptions.UserSig", tccallback.ClientOptions{SDKAppID: app, UserSig: "no UserSig!"}},
		{"ClientOptions.Key", tccallback.ClientOptions{SDKAppID: app, Key: "a\x00b"}},
		{"ClientOptions.Region", tccallback.ClientOptions{SDKAppID: app, Key: key, Region: 99}},
		{"ClientOptions.Timeout", tccallback.ClientOptions{SDKAppID: app, Key: key, Timeout: 1}},
		{"ClientOptions.Timeout", tccallback.ClientOptions{SDKAppID: app, Key: key, Timeout: -time.Second}},
		{"ClientOptions.ConnectTimeout", tccallback.ClientOptions{SDKAppID: app, Key: key, ConnectTimeout: 2 * time.Hour}},
		{"ClientOptions.Attempts", tccallback.ClientOptions{SDKAppID: app, Key: key, Attempts: 11}},
		{"ClientOptions.Attempts", tccallback.ClientOptions{SDKAppID: app, Key: key, Attempts: -1}},
		{"ClientOptions.UserSigLifetime", tccallback.ClientOptions{SDKAppID: app, Key: key, UserSigLifetime: 1}},
		{"ClientOptions.CAFile", tccallback.ClientOptions{SDKAppID: app, Key: key, CAFile: "/no/such/file"}},
		{"ClientOptions.Proxy", tccallback.ClientOptions{SDKAppID: app, Key: key, Proxy: "gopher://x"}},
		{"ClientOptions.UserAgent", tccallback.ClientOptions{SDKAppID: app, Key: key, UserAgent: "a\nb"}},
		{"ClientOptions.Endpoint", tccallback.ClientOptions{SDKAppID: app, Key: key, Endpoint: "ftp://x"}},
		{"ClientOptions.Administrator", tccallback.ClientOptions{SDKAppID: app, Key: key, Administrator: "\xff"}},
	} {
		client, err := tccallback.NewClient(each.options)
		if client != nil || err == nil || !strings.Contains(err.Error(), each.named) {
			t.Errorf("%s: %v", each.named, err)
		}
	}
}

// silent takes connections and says nothing; it hands over each.
func silent(t testing.TB) (endpoint string, accepted <-chan net.Conn) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	taken := make(chan net.Conn, 100)
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { connection.Close() })
			taken <- connection
		}
	}()
	return "http://" + listener.Addr().String(), taken
}

func TestACancelledOperationReturnsThoughTheServerIsSilent(t *testing.T) {
	endpoint, accepted := silent(t)
	client := newClient(t, tccallback.ClientOptions{Endpoint: endpoint, Timeout: time.Hour})
	ctx, cancel := context.WithCancelCause(context.Background())
	reason := errors.New("the deployment was called off")
	go func() {
		<-accepted
		cancel(reason)
	}()
	if _, err := client.EnsureCallback(ctx, conference, url, conference.Commands()); !errors.Is(err, reason) ||
		!strings.Contains(err.Error(), "may have succeeded") {
		t.Errorf("%v", err)
	}
}

func TestTheDeadlineOfTheContextEndsAnOperation(t *testing.T) {
	endpoint, _ := silent(t)
	client := newClient(t, tccallback.ClientOptions{Endpoint: endpoint, Timeout: time.Hour})
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := client.GetCallback(ctx, conference); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func TestTheTimeoutOfTheClientEndsAnOperation(t *testing.T) {
	endpoint, _ := silent(t)
	client := newClient(t, tccallback.ClientOptions{Endpoint: endpoint, Timeout: 50 * time.Millisecond, Attempts: 1})
	if _, err := client.GetCallback(context.Background(), conference); !errors.Is(err, tccallback.ErrTimeout) {
		t.Errorf("%v", err)
	}
}

func TestWithAnEndedContextNothingIsSent(t *testing.T) {
	endpoint, accepted := silent(t)
	client := newClient(t, tccallback.ClientOptions{Endpoint: endpoint})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := client.DeleteCallback(ctx, conference); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	select {
	case <-accepted:
		t.Error("a connection was made")
	default:
	}
}

func TestAClosedClientSaysSo(t *testing.T) {
	endpoint, accepted := silent(t)
	client := newClient(t, tccallback.ClientOptions{Endpoint: endpoint, Timeout: 200 * time.Millisecond, Attempts: 1})
	running := make(chan error)
	go func() {
		_, err := client.GetCallback(context.Background(), conference)
		running <- err
	}()
	<-accepted
	for range 2 {
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := client.GetCallback(context.Background(), conference); !errors.Is(err, tccallback.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	if err := <-running; !errors.Is(err, tccallback.ErrTimeout) {
		t.Errorf("the operation that ran during Close: %v", err)
	}
}

func TestTheRequestOfACancelledOperationIsGivenUpThoughTheClientIsForgotten(t *testing.T) {
	endpoint, accepted := silent(t)
	client, err := tccallback.NewClient(tccallback.ClientOptions{
		SDKAppID: app, Key: key, Endpoint: endpoint, Timeout: time.Hour, ConnectTimeout: time.Hour,
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	asked := make(chan string, 1)
	ended := make(chan error, 1)
	go func() {
		connection := <-accepted
		request := make([]byte, 4096)
		sent, _ := connection.Read(request)
		asked <- string(request[:sent])
		cancel()
		// Until the client closes its end, which it would not for an hour.
		_, err := io.Copy(io.Discard, connection)
		ended <- err
	}()
	if _, err := client.GetCallback(ctx, conference); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	client = nil
	runtime.GC()
	if request := <-asked; !strings.Contains(request, "get_callback") {
		t.Errorf("%q", request)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// lockedBuffer is where goroutines log to.
type lockedBuffer struct {
	lock chan struct{}
	text bytes.Buffer
}

func (b *lockedBuffer) Write(text []byte) (int, error) {
	b.lock <- struct{}{}
	defer func() { <-b.lock }()
	return b.text.Write(text)
}

func TestTheLoggerIsToldOfEachAttemptAndOfNoSecret(t *testing.T) {
	log := &lockedBuffer{lock: make(chan struct{}, 1)}
	logger := slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	client := newClient(t, tccallback.ClientOptions{Endpoint: emulator(t), Logger: logger})
	if _, err := client.EnsureCallback(context.Background(), conference, url, conference.Commands()); err != nil {
		t.Fatal(err)
	}
	text := log.text.String()
	if !strings.Contains(text, "level=DEBUG") || !strings.Contains(text, "set_callback") || strings.Contains(text, key) ||
		strings.Contains(text, "usersig=") {
		t.Errorf("logged: %s", text)
	}
}

// faulty panics whenever it is asked to log.
type faulty struct{ slog.Handler }

func (faulty) Enabled(context.Context, slog.Level) bool { panic("a bug of the host") }

func TestALoggerThatPanicsDoesNotHarmTheOperation(t *testing.T) {
	client := newClient(t, tccallback.ClientOptions{Endpoint: emulator(t), Logger: slog.New(faulty{slog.DiscardHandler})})
	if _, err := client.EnsureCallback(context.Background(), conference, url, conference.Commands()); err != nil {
		t.Error(err)
	}
}

func TestManyGoroutinesUseOneClient(t *testing.T) {
	client := newClient(t, tccallback.ClientOptions{Endpoint: emulator(t)})
	failures := make(chan error)
	for range 8 {
		go func() {
			_, err := client.EnsureCallback(context.Background(), conference, url, conference.Commands())
			failures <- err
		}()
	}
	for range 8 {
		if err := <-failures; err != nil {
			t.Error(err)
		}
	}
}
