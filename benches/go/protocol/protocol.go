// Package protocol is how a worker speaks with `make bench`: lines on standard input and output, as ../../src/worker.rs has them.
package protocol

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// Candidate is one who runs in a row.
type Candidate struct {
	Name, Row string
	// Checksum of what it read, where it is the same in every run.
	Checksum uint64
	// Run repeats the operation for about so long and returns nanoseconds per operation.
	Run func(length time.Duration) (float64, error)
}

// Repeat makes a Run of an operation, whose wall time is taken.
func Repeat(operation func(index int) error) func(time.Duration) (float64, error) {
	return func(length time.Duration) (float64, error) {
		begun := time.Now()
		for done := 0; ; {
			for range 64 {
				if err := operation(done); err != nil {
					return 0, err
				}
				done++
			}
			if taken := time.Since(begun); taken >= length {
				return float64(taken.Nanoseconds()) / float64(done), nil
			}
		}
	}
}

// Fold adds a number to a checksum.
func Fold(hash, value uint64) uint64 { return hash*31 + value }

// FoldText adds a text to a checksum.
func FoldText(hash uint64, text string) uint64 {
	if text == "" {
		return Fold(hash, 0)
	}
	return Fold(hash, uint64(len(text))+uint64(text[0])<<8+uint64(text[len(text)-1])<<16)
}

// Fail ends the worker with an error that the runner shows.
func Fail(err error) {
	fmt.Println("error", strings.ReplaceAll(err.Error(), "\n", " "))
	os.Exit(1)
}

// Serve says which candidates there are, and runs what it is told, until standard input ends.
func Serve(candidates []Candidate) {
	for _, candidate := range candidates {
		fmt.Println("has", candidate.Name, candidate.Row)
	}
	fmt.Println("ready")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		perOperation, checksum, err := run(candidates, strings.Fields(lines.Text()))
		if err != nil {
			Fail(err)
		}
		fmt.Printf("%.1f %d\n", perOperation, checksum)
	}
}

func run(candidates []Candidate, words []string) (float64, uint64, error) {
	if len(words) != 4 || words[0] != "run" {
		return 0, 0, fmt.Errorf("not understood: %q", words)
	}
	milliseconds, err := strconv.Atoi(words[3])
	if err != nil {
		return 0, 0, err
	}
	for _, candidate := range candidates {
		if candidate.Name == words[1] && candidate.Row == words[2] {
			perOperation, err := candidate.Run(time.Duration(milliseconds) * time.Millisecond)
			return perOperation, candidate.Checksum, err
		}
	}
	return 0, 0, fmt.Errorf("%s does not run %s here", words[1], words[2])
}
