// A back end on net/http that registers its callbacks when it starts and prints each event in words.
//
//	TC_SDK_APP_ID=... TC_SECRET_KEY=... go run . [port [public-url]]
//
// TC_ENDPOINT points at the emulator, TC_TOKEN asks for signed callbacks. Port 0, the default, takes a free one.
package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"tccallback"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, append(os.Args[1:], "", "")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	app, err := strconv.ParseUint(os.Getenv("TC_SDK_APP_ID"), 10, 32)
	if err != nil {
		return fmt.Errorf("TC_SDK_APP_ID: %w", err)
	}
	options := tccallback.ReceiverOptions{SDKAppID: uint32(app)}
	if token := os.Getenv("TC_TOKEN"); token != "" {
		options.Tokens = []string{token}
	}
	receiver, err := tccallback.NewReceiver(options)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+args[0])
	if err != nil {
		return err
	}
	handler := &tccallback.Handler{
		Receiver: receiver,
		OnEvent: func(_ context.Context, event *tccallback.Event) error {
			printEvent(event)
			return nil
		},
		OnError: func(_ *http.Request, httpStatus int, err error) {
			fmt.Printf("answered with %d: %v\n", httpStatus, err)
		},
	}
	mux := http.NewServeMux()
	mux.Handle("/callback", handler)
	server := &http.Server{Handler: mux, ReadTimeout: 5 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()

	local := fmt.Sprintf("http://%s/callback", listener.Addr())
	public := local
	if args[1] != "" {
		public = args[1]
	}
	if err := register(ctx, uint32(app), public); err != nil {
		return err
	}
	fmt.Println("listening on", local)
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	if err := server.Shutdown(context.Background()); err != nil {
		return err
	}
	return handler.Wait(context.Background())
}

// register has every command of both products posted to a URL.
func register(ctx context.Context, app uint32, url string) error {
	client, err := tccallback.NewClient(tccallback.ClientOptions{
		SDKAppID: app, Key: os.Getenv("TC_SECRET_KEY"), Endpoint: os.Getenv("TC_ENDPOINT"),
	})
	if err != nil {
		return err
	}
	defer client.Close()
	for _, product := range []tccallback.Product{tccallback.ProductConference, tccallback.ProductCall} {
		commands := product.Commands()
		response, err := client.EnsureCallback(ctx, product, url, commands)
		if err != nil {
			return err
		}
		fmt.Printf("%v: %v, %d commands for %s\n", product, response.Change, len(commands), url)
	}
	return nil
}
