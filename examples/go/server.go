// A back end on net/http that registers its callbacks when it starts and prints each event in words.
//
//	TC_SDK_APP_ID=... TC_SECRET_KEY=... go run . [port [public-url]]
//
// TC_ENDPOINT points at the emulator, TC_TOKEN asks for signed callbacks. Port 0, the default, takes a free one.
package main

import (
	"context"
	"errors"
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
	var app uint64
	id, err := required("TC_SDK_APP_ID", "the application's SDKAppID")
	if err != nil {
		return err
	}
	if app, err = strconv.ParseUint(id, 10, 32); err != nil {
		return errors.New("TC_SDK_APP_ID must be a number from 0 to 4294967295")
	}
	options := tccallback.ReceiverOptions{SDKAppID: uint32(app)}
	if token, isSet, err := variable("TC_TOKEN"); err != nil {
		return err
	} else if isSet {
		options.Tokens = []string{token}
	}
	clientOptions := tccallback.ClientOptions{SDKAppID: uint32(app)}
	if clientOptions.Key, err = required("TC_SECRET_KEY", "the application's SecretKey"); err != nil {
		return err
	}
	if clientOptions.Endpoint, _, err = variable("TC_ENDPOINT"); err != nil {
		return err
	}
	receiver, err := tccallback.NewReceiver(options)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+args[0])
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/callback", &tccallback.Handler{
		Receiver: receiver,
		OnEvent: func(_ context.Context, event *tccallback.Event) error {
			printEvent(event)
			return nil
		},
		OnDuplicate: func(_ context.Context, event *tccallback.Event) error {
			fmt.Println("delivered again:", event.DuplicateKey().Value)
			return nil
		},
		OnRefused: func(_ *http.Request, httpStatus int, err error) { fmt.Printf("refused with %d: %v\n", httpStatus, err) },
	})
	server := &http.Server{Handler: mux, ReadTimeout: 5 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()

	local := fmt.Sprintf("http://%s/callback", listener.Addr())
	public := local
	if args[1] != "" {
		public = args[1]
	}
	if err := register(ctx, clientOptions, public); err != nil {
		return err
	}
	fmt.Println("listening on", local)
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	return server.Shutdown(context.Background())
}

// variable gives a variable of the environment, and whether it is set. One that is empty was meant to hold something.
func variable(name string) (value string, isSet bool, err error) {
	value, isSet = os.LookupEnv(name)
	if isSet && value == "" {
		return "", true, fmt.Errorf("%s is set but empty: give it a value, or unset it", name)
	}
	return value, isSet, nil
}

func required(name, what string) (string, error) {
	value, isSet, err := variable(name)
	if err == nil && !isSet {
		err = fmt.Errorf("%s is not set: set it to %s", name, what)
	}
	return value, err
}

// register has every command of both products posted to a URL.
func register(ctx context.Context, options tccallback.ClientOptions, url string) error {
	client, err := tccallback.NewClient(options)
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
