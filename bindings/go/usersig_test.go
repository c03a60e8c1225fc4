package tccallback_test

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"tccallback"
)

// A case of tests/fixtures/usersig/vectors.json, made by the vendor's own library.
type userSigVector struct {
	SDKAppID   uint32
	Key        string
	Identifier string
	Expire     int64
	Time       int64
	Official   string `json:"usersig_official_node_zlib6"`

	// Of a PrivateMapKey.
	UserBufHex   string `json:"userbuf_hex"`
	RoomID       uint32
	RoomStr      string
	PrivilegeMap tccallback.Privilege
}

func (v userSigVector) options() tccallback.UserSigOptions {
	return tccallback.UserSigOptions{
		SDKAppID: v.SDKAppID, Key: v.Key, Identifier: v.Identifier, Now: time.Unix(v.Time, 0),
		Expire: time.Duration(v.Expire) * time.Second,
	}
}

func userSigVectors(t testing.TB) []userSigVector {
	var all []userSigVector
	if err := json.Unmarshal(sample(t, "usersig/vectors.json"), &all); err != nil || len(all) == 0 {
		t.Fatalf("%d vectors, %v", len(all), err)
	}
	return all
}

func TestTheVendorsUserSigsAreVerified(t *testing.T) {
	for _, vector := range userSigVectors(t) {
		if vector.Official == "" {
			continue
		}
		options := vector.options()
		verified, err := tccallback.VerifyUserSig(options, vector.Official)
		if err != nil || verified.Identifier != vector.Identifier || verified.SDKAppID != vector.SDKAppID ||
			!verified.Time.Equal(options.Now) || verified.Expire != options.Expire || verified.UserBuf != nil {
			t.Errorf("%s: %+v, %v", vector.Identifier, verified, err)
		}
	}
}

func TestAUserSigIsVerifiedUntilItExpires(t *testing.T) {
	options := tccallback.UserSigOptions{SDKAppID: app, Key: key, Identifier: "anna", Expire: time.Hour, UserBuf: []byte{0, 1, 255}}
	text, err := tccallback.SignUserSig(options)
	if err != nil {
		t.Fatal(err)
	}
	verified, err := tccallback.VerifyUserSig(options, text)
	if err != nil || verified.Expire != time.Hour || string(verified.UserBuf) != "\x00\x01\xff" {
		t.Errorf("%+v, %v", verified, err)
	}
	for _, each := range []struct {
		expected error
		change   func(*tccallback.UserSigOptions)
	}{
		{nil, func(o *tccallback.UserSigOptions) { o.Identifier = "" }},
		{tccallback.ErrExpiredUserSig, func(o *tccallback.UserSigOptions) { o.Now = time.Now().Add(2 * time.Hour) }},
		{tccallback.ErrUserSigMismatch, func(o *tccallback.UserSigOptions) { o.Identifier = "bert" }},
		{tccallback.ErrUserSigMismatch, func(o *tccallback.UserSigOptions) { o.SDKAppID++ }},
		{tccallback.ErrForgedUserSig, func(o *tccallback.UserSigOptions) { o.Key = strings.Repeat("k", 64) }},
	} {
		changed := options
		each.change(&changed)
		if _, err := tccallback.VerifyUserSig(changed, text); !errors.Is(err, each.expected) {
			t.Errorf("expected %v, found %v", each.expected, err)
		}
	}
	if _, err := tccallback.VerifyUserSig(options, "no UserSig"); !errors.Is(err, tccallback.ErrMalformedUserSig) {
		t.Errorf("%v", err)
	}
}

func TestAPrivateMapKeyHoldsRoomAndPrivilegesAsTheVendorLaysThemOut(t *testing.T) {
	count := 0
	for _, vector := range userSigVectors(t) {
		if vector.UserBufHex == "" {
			continue
		}
		count++
		options := vector.options()
		text, err := tccallback.SignPrivateMapKey(options, tccallback.PrivateMapRoom{Number: vector.RoomID, Text: vector.RoomStr}, vector.PrivilegeMap)
		if err != nil {
			t.Fatal(err)
		}
		verified, err := tccallback.VerifyUserSig(options, text)
		if err != nil || hex.EncodeToString(verified.UserBuf) != vector.UserBufHex {
			t.Errorf("%+v, %v", verified, err)
		}
	}
	if count == 0 {
		t.Error("there is no vector of a PrivateMapKey")
	}
}

func TestWhatCannotBeSignedIsRefused(t *testing.T) {
	for _, options := range []tccallback.UserSigOptions{
		{SDKAppID: app, Identifier: "anna", Expire: time.Hour},
		{SDKAppID: app, Identifier: "anna", Expire: time.Hour, Key: "a\x00b"},
		{SDKAppID: app, Key: key, Expire: time.Hour},
		{SDKAppID: app, Key: key, Identifier: "anna"},
	} {
		text, err := tccallback.SignUserSig(options)
		t.Log(err)
		if text != "" || !errors.Is(err, tccallback.ErrInvalidArgument) {
			t.Errorf("%q, %v", text, err)
		}
	}
}

func TestAKeyThatIsCertainlyAMistakeIsRefusedWithWhatItLooksLike(t *testing.T) {
	all := secrets(t)
	for _, each := range all.Refused {
		options := tccallback.UserSigOptions{SDKAppID: app, Key: each.Given, Identifier: "anna", Expire: time.Hour}
		uses := map[string]func() error{
			"sign":   func() error { _, err := tccallback.SignUserSig(options); return err },
			"verify": func() error { _, err := tccallback.VerifyUserSig(options, "eJw"); return err },
			"map": func() error {
				_, err := tccallback.SignPrivateMapKey(options, tccallback.PrivateMapRoom{Number: 7}, tccallback.PrivilegeEnterRoom)
				return err
			},
		}
		for name, use := range uses {
			if err := use(); !errors.Is(err, tccallback.ErrInvalidArgument) || !strings.Contains(err.Error(), each.Told) ||
				strings.Contains(err.Error(), "5bd2850f") {
				t.Errorf("%s with %q: %v", name, each.Given, err)
			}
		}
		if each.Given == "" {
			continue // Zero is no key at all, and said to be.
		}
		_, err := tccallback.NewClient(tccallback.ClientOptions{SDKAppID: app, Key: each.Given})
		if !errors.Is(err, tccallback.ErrInvalidOption) || !strings.Contains(err.Error(), "ClientOptions.Key: the key ") ||
			!strings.Contains(err.Error(), each.Told) || strings.Contains(err.Error(), "5bd2850f") {
			t.Errorf("client with %q: %v", each.Given, err)
		}
	}
	for _, key := range all.Accepted {
		if _, err := tccallback.NewClient(tccallback.ClientOptions{SDKAppID: app, Key: key}); err != nil {
			t.Errorf("%q: %v", key, err)
		}
	}
}

func TestAUserSigThatCameWithMoreThanItselfIsSaidWhy(t *testing.T) {
	options := tccallback.UserSigOptions{SDKAppID: app, Key: key, Identifier: "anna", Expire: time.Hour}
	text, err := tccallback.SignUserSig(options)
	if err != nil {
		t.Fatal(err)
	}
	for given, told := range map[string]string{text + "\n": "line feed", "'" + text + "'": "quotes", "\ufeff" + text: "byte order mark"} {
		if _, err := tccallback.VerifyUserSig(options, given); !errors.Is(err, tccallback.ErrMalformedUserSig) ||
			!strings.Contains(err.Error(), told) {
			t.Errorf("%q: %v", told, err)
		}
	}
}
