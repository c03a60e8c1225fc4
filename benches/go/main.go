// Worker of `make bench` for Go.
//
//	worker BODIES_FOLDER [SERVER_HOST:PORT]
package main

import (
	"errors"
	"os"

	"tccallback-bench/protocol"
)

func main() {
	if len(os.Args) < 2 {
		protocol.Fail(errors.New("start it with BODIES_FOLDER [SERVER_HOST:PORT]"))
	}
	candidates, err := parsers(os.Args[1])
	if err != nil {
		protocol.Fail(err)
	}
	if len(os.Args) > 2 {
		requesters, err := requesters(os.Args[2])
		if err != nil {
			protocol.Fail(err)
		}
		candidates = append(candidates, requesters...)
	}
	protocol.Serve(candidates)
}
