//go:build cgo

package tccallback

/*
#include <stdint.h>
#include <tc_callback.h>
*/
import "C"

import (
	"context"
	"log/slog"
	"runtime/cgo"
)

//export tccallbackLog
func tccallbackLog(level C.int32_t, line *C.char, logger C.uintptr_t) {
	// A panic may not pass through the library's frames; a log line is not worth the process.
	defer func() { _ = recover() }()
	levels := map[C.int32_t]slog.Level{C.TC_LEVEL_WARN: slog.LevelWarn, C.TC_LEVEL_INFO: slog.LevelInfo}
	at, ok := levels[level]
	if !ok {
		at = slog.LevelDebug
	}
	cgo.Handle(logger).Value().(*slog.Logger).Log(context.Background(), at, C.GoString(line))
}

//export tccallbackDropLog
func tccallbackDropLog(logger C.uintptr_t) { cgo.Handle(logger).Delete() }
