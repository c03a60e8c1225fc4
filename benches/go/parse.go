package main

import (
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/bytedance/sonic"
	jsonv2 "github.com/go-json-experiment/json"
	goccy "github.com/goccy/go-json"

	"tccallback"
	"tccallback-bench/protocol"
)

// libraries by the name of the candidate. The module go-json-experiment is encoding/json/v2 where GOEXPERIMENT=jsonv2 is not set, which
// would change encoding/json as well.
var libraries = map[string]func(body []byte, into any) error{
	"encoding/json":    json.Unmarshal,
	"encoding/json/v2": func(body []byte, into any) error { return jsonv2.Unmarshal(body, into) },
	"goccy":            goccy.Unmarshal,
	// The default would let texts stand in the body.
	"sonic": sonic.Config{CopyString: true}.Froze().Unmarshal,
}

// typed is a pointer to a family's struct.
type typed[T any] interface {
	*T
	fold(*checksum)
}

// parsers are the candidates of the rows go/*.
func parsers(folder string) ([]protocol.Candidate, error) {
	var candidates []protocol.Candidate
	for family, of := range map[string]func(string, [][]byte) ([]protocol.Candidate, error){
		"a": byLibraries[roomUpdated], "b": byLibraries[memberEntered], "c": byLibraries[seatsChanged], "d": byLibraries[callEnded],
	} {
		bodies, err := read(filepath.Join(folder, family+"-compact.json"))
		if err != nil {
			return nil, err
		}
		found, err := of("go/"+family, bodies)
		if err != nil {
			return nil, err
		}
		own, err := parser("tc_callback", "go/"+family, bodies, parseEvent, foldEvent)
		if err != nil {
			return nil, err
		}
		candidates = append(append(candidates, own, call(own, bodies)), found...)
	}
	return candidates, nil
}

func read(path string) ([][]byte, error) {
	file, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var texts []string
	err = json.Unmarshal(file, &texts)
	var bodies [][]byte
	for _, text := range texts {
		bodies = append(bodies, []byte(text))
	}
	return bodies, err
}

func parseEvent(body []byte) (*tccallback.Event, error) { return tccallback.Parse("", body) }

func byLibraries[T any, P typed[T]](row string, bodies [][]byte) ([]protocol.Candidate, error) {
	var candidates []protocol.Candidate
	for name, unmarshal := range libraries {
		parse := func(body []byte) (*T, error) {
			into := new(T)
			return into, unmarshal(body, into)
		}
		one, err := parser(name, row, bodies, parse, func(into *T, sum *checksum) { P(into).fold(sum) })
		if err != nil {
			return nil, err
		}
		candidates = append(candidates, one)
	}
	return candidates, nil
}

// parser is a candidate, with the checksum of what it reads.
func parser[T any](name, row string, bodies [][]byte, parse func([]byte) (*T, error), fold func(*T, *checksum)) (protocol.Candidate, error) {
	var sum checksum
	for _, body := range bodies {
		into, err := parse(body)
		if err != nil {
			return protocol.Candidate{}, err
		}
		fold(into, &sum)
	}
	return protocol.Candidate{Name: name, Row: row, Checksum: uint64(sum), Run: protocol.Repeat(func(index int) error {
		_, err := parse(bodies[index%len(bodies)])
		return err
	})}, nil
}
