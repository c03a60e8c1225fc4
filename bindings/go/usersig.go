//go:build cgo

package tccallback

/*
#include <stdlib.h>
#include <tc_callback.h>
*/
import "C"

import (
	"strings"
	"time"
	"unsafe"
)

// UserSigOptions say for whom and until when a UserSig is signed.
type UserSigOptions struct {
	SDKAppID   uint32
	Key        string        `json:"-"` // the application's SecretKey
	Identifier string        // the UserID
	Now        time.Time     // zero for the system's clock
	Expire     time.Duration // how long it is valid from Now on; whole seconds
	UserBuf    []byte        // may be nil
}

// String leaves out the key.
func (o UserSigOptions) String() string { return "UserSigOptions{Identifier: " + o.Identifier + "}" }

// GoString leaves out the key.
func (o UserSigOptions) GoString() string { return o.String() }

// PrivateMapRoom is the room of a PrivateMapKey: Text if that is not empty, otherwise Number.
type PrivateMapRoom struct {
	Number uint32
	Text   string
}

// UserSig is what a UserSig says.
type UserSig struct {
	Identifier string // UserID that it is for
	SDKAppID   uint32
	Time       time.Time     // when it was signed
	Expire     time.Duration // how long it is valid from then on
	UserBuf    []byte        // nil if it has none
}

// SignUserSig signs a UserSig, by which a user's client or the REST API proves who it is. Errors: ErrInvalidArgument.
func SignUserSig(options UserSigOptions) (string, error) {
	return sign(&options, func(key, identifier *C.char, usersig **C.tc_usersig, failure **C.tc_error) C.tc_status {
		return C.tc_usersig_sign(C.uint32_t(options.SDKAppID), key, identifier, C.int64_t(options.now()), options.expire(),
			(*C.uint8_t)(unsafe.SliceData(options.UserBuf)), C.size_t(len(options.UserBuf)), usersig, failure)
	})
}

// SignPrivateMapKey signs a PrivateMapKey: a UserSig that lets its user do no more than privileges (added up) in one room. UserBuf is
// not used: the room and the privileges stand there. Errors: ErrInvalidArgument.
func SignPrivateMapKey(options UserSigOptions, room PrivateMapRoom, privileges Privilege) (string, error) {
	if err := checkTexts("PrivateMapRoom.Text", room.Text); err != nil {
		return "", err
	}
	var roomText *C.char
	if room.Text != "" {
		roomText = C.CString(room.Text)
		defer C.free(unsafe.Pointer(roomText))
	}
	return sign(&options, func(key, identifier *C.char, usersig **C.tc_usersig, failure **C.tc_error) C.tc_status {
		return C.tc_usersig_sign_private_map_key(C.uint32_t(options.SDKAppID), key, identifier, C.int64_t(options.now()),
			options.expire(), C.uint32_t(room.Number), roomText, C.uint32_t(privileges), usersig, failure)
	})
}

// VerifyUserSig verifies a UserSig: that it was signed with options.Key for options.SDKAppID, has not expired at options.Now, and,
// unless options.Identifier is empty, is for this UserID. The other options are not used.
//
// Errors: ErrMalformedUserSig, ErrExpiredUserSig, ErrUserSigMismatch, ErrForgedUserSig.
func VerifyUserSig(options UserSigOptions, text string) (*UserSig, error) {
	usersig, err := options.use(text, func(key, identifier, text *C.char, usersig **C.tc_usersig, failure **C.tc_error) C.tc_status {
		if options.Identifier == "" {
			identifier = nil
		}
		return C.tc_usersig_verify(C.uint32_t(options.SDKAppID), key, identifier, text, C.int64_t(options.now()), usersig, failure)
	})
	if err != nil {
		return nil, err
	}
	defer C.tc_usersig_free(usersig)
	verified := &UserSig{
		Identifier: goText(usersig.identifier),
		SDKAppID:   uint32(usersig.sdk_app_id),
		Time:       time.Unix(int64(usersig.time_s), 0),
		Expire:     time.Duration(usersig.expire_s) * time.Second,
	}
	if usersig.userbuf != nil {
		verified.UserBuf = C.GoBytes(unsafe.Pointer(usersig.userbuf), C.int(usersig.userbuf_len))
	}
	return verified, nil
}

func sign(options *UserSigOptions, sign func(key, identifier *C.char, usersig **C.tc_usersig, failure **C.tc_error) C.tc_status) (string, error) {
	usersig, err := options.use("", func(key, identifier, _ *C.char, usersig **C.tc_usersig, failure **C.tc_error) C.tc_status {
		return sign(key, identifier, usersig, failure)
	})
	if err != nil {
		return "", err
	}
	defer C.tc_usersig_free(usersig)
	return goText(usersig.text), nil
}

// use calls a function of the library with C texts.
func (o *UserSigOptions) use(
	text string, function func(key, identifier, text *C.char, usersig **C.tc_usersig, failure **C.tc_error) C.tc_status,
) (*C.tc_usersig, error) {
	if err := loaded(); err != nil {
		return nil, err
	}
	if err := checkTexts("UserSigOptions.Key", o.Key, "UserSigOptions.Identifier", o.Identifier, "the UserSig", text); err != nil {
		return nil, err
	}
	identifier := C.CString(o.Identifier)
	defer C.free(unsafe.Pointer(identifier))
	var usersig *C.tc_usersig
	var failure *C.tc_error
	var status C.tc_status
	secretText(o.Key, func(key *C.char) {
		secretText(text, func(text *C.char) { status = function(key, identifier, text, &usersig, &failure) })
	})
	if status != C.TC_OK {
		failure := takeError(failure)
		if failure.Status == ErrInvalidArgument {
			failure.Message = userSigFields.Replace(failure.Message)
		}
		return nil, failure
	}
	return usersig, nil
}

// userSigFields are parameters of C's by their names in Go.
var userSigFields = strings.NewReplacer("sdk_app_id", "UserSigOptions.SDKAppID", "identifier is", "UserSigOptions.Identifier is",
	"expire_s", "UserSigOptions.Expire", "now_s", "UserSigOptions.Now", "the text room id", "PrivateMapRoom.Text")

func (o *UserSigOptions) now() int64 {
	if o.Now.IsZero() {
		return time.Now().Unix()
	}
	return o.Now.Unix()
}

func (o *UserSigOptions) expire() C.int64_t { return C.int64_t(o.Expire / time.Second) }
