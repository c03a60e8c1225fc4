//go:build cgo

package tccallback

import (
	"encoding/json"
	"fmt"
)

// NotSent is the value of a [Platform], [RoomType] and so on that was not sent.
const NotSent = -1

// Optional is a value that Tencent may or may not send. Value is zero unless Sent.
type Optional[T any] struct {
	Value T
	Sent  bool
}

// Or gives the value, or another if it was not sent.
func (o Optional[T]) Or(other T) T {
	if o.Sent {
		return o.Value
	}
	return other
}

// String gives the value in words, "(not sent)" without one.
func (o Optional[T]) String() string {
	if !o.Sent {
		return "(not sent)"
	}
	return fmt.Sprint(o.Value)
}

// MarshalJSON writes the value; null without one.
func (o Optional[T]) MarshalJSON() ([]byte, error) {
	if !o.Sent {
		return []byte("null"), nil
	}
	return json.Marshal(o.Value)
}

// wordJSON is the JSON of a word's number.
func wordJSON(number int32) ([]byte, error) {
	if number == NotSent {
		return []byte("null"), nil
	}
	return json.Marshal(number)
}
