package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"tccallback"
	"tccallback-bench/protocol"
)

const (
	threads  = 16
	sdkAppID = 1400000000
	key      = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e"
)

// requesters are the candidates of the rows rest/*: get_callback with net/http by hand, over connections that are kept open, with a
// UserSig that was signed before.
func requesters(server string) ([]protocol.Candidate, error) {
	usersig, err := tccallback.SignUserSig(tccallback.UserSigOptions{SDKAppID: sdkAppID, Key: key, Identifier: "administrator", Expire: 24 * time.Hour})
	if err != nil {
		return nil, err
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: threads}, Timeout: 10 * time.Second}
	request := func() (uint64, error) {
		url := fmt.Sprintf("http://%s/v4/room_config/get_callback?sdkappid=%d&identifier=administrator&usersig=%s&random=%d&contenttype=json",
			server, sdkAppID, usersig, rand.Uint32())
		answer, err := client.Post(url, "application/json", strings.NewReader("{}"))
		if err != nil {
			return 0, err
		}
		return readAnswer(answer)
	}
	checksum, err := request()
	if err != nil {
		return nil, err
	}
	return []protocol.Candidate{
		{Name: "go", Row: "rest/cpu-1", Checksum: checksum, Run: func(length time.Duration) (float64, error) { return alone(request, length) }},
		{Name: "go", Row: "rest/rps-16", Checksum: checksum, Run: func(length time.Duration) (float64, error) { return together(request, length) }},
	}, nil
}

func readAnswer(answer *http.Response) (uint64, error) {
	defer answer.Body.Close()
	var read struct {
		ErrorCode int
		Response  struct {
			Url                 string
			CallbackCommandList []string
		}
	}
	if err := json.NewDecoder(answer.Body).Decode(&read); err != nil {
		return 0, err
	}
	if answer.StatusCode != http.StatusOK || read.ErrorCode != 0 {
		return 0, fmt.Errorf("refused: HTTP %d, ErrorCode %d", answer.StatusCode, read.ErrorCode)
	}
	hash := protocol.Fold(protocol.FoldText(0, read.Response.Url), uint64(len(read.Response.CallbackCommandList)))
	for _, command := range read.Response.CallbackCommandList {
		hash = protocol.FoldText(hash, command)
	}
	return hash, nil
}

// alone takes the processor time of the process, since net/http works on goroutines of its own.
func alone(request func() (uint64, error), length time.Duration) (float64, error) {
	begun, before, done := time.Now(), processorTime(), 0
	for time.Since(begun) < length {
		if _, err := request(); err != nil {
			return 0, err
		}
		done++
	}
	return float64(processorTime()-before) / float64(done), nil
}

func processorTime() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func together(request func() (uint64, error), length time.Duration) (float64, error) {
	var done atomic.Int64
	failures := make(chan error, threads)
	begun := time.Now()
	var running sync.WaitGroup
	for range threads {
		running.Add(1)
		go func() {
			defer running.Done()
			for time.Since(begun) < length {
				if _, err := request(); err != nil {
					failures <- err
					return
				}
				done.Add(1)
			}
		}()
	}
	running.Wait()
	taken := time.Since(begun)
	select {
	case err := <-failures:
		return 0, err
	default:
		return float64(taken.Nanoseconds()) / float64(done.Load()), nil
	}
}
