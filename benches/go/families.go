package main

import (
	"strconv"

	"tccallback"
	"tccallback-bench/protocol"
)

// A family's struct, as one who reads the vendor's pages writes it for a JSON library.
type (
	roomUpdated struct {
		CallbackCommand string `json:"CallbackCommand"`
		OperatorAccount string `json:"Operator_Account"`
		RoomInfo        struct {
			RoomID                   string `json:"RoomId"`
			RoomName                 string `json:"RoomName"`
			OwnerAccount             string `json:"Owner_Account"`
			TakeSeatMode             string `json:"TakeSeatMode"`
			MaxMemberCount           int64  `json:"MaxMemberCount"`
			IsVideoDisabled          bool   `json:"IsVideoDisabled"`
			IsAudioDisabled          bool   `json:"IsAudioDisabled"`
			IsMessageDisabled        bool   `json:"IsMessageDisabled"`
			IsScreenSharingDisabled  bool   `json:"IsScreenSharingDisabled"`
			IsCloudRecordingDisabled string `json:"IsCloudRecordingDisabled"`
			CustomInfo               string `json:"CustomInfo"`
		} `json:"RoomInfo"`
		EventTime int64 `json:"EventTime"`
	}
	memberEntered struct {
		CallbackCommand string   `json:"CallbackCommand"`
		OperatorAccount string   `json:"Operator_Account"`
		RoomID          string   `json:"RoomId"`
		MemberCount     int64    `json:"MemberCount"`
		Type            string   `json:"Type"`
		Members         []string `json:"MemberList_Account"`
		EventTime       int64    `json:"EventTime"`
	}
	seatsChanged struct {
		CallbackCommand string `json:"CallbackCommand"`
		OperatorAccount string `json:"Operator_Account"`
		RoomID          string `json:"RoomId"`
		Seats           []struct {
			Index           int64  `json:"Index"`
			MemberAccount   string `json:"Member_Account"`
			IsTakenDisabled bool   `json:"IsTakenDisabled"`
			IsVideoDisabled bool   `json:"IsVideoDisabled"`
			IsAudioDisabled bool   `json:"IsAudioDisabled"`
		} `json:"SeatList"`
		EventTime int64 `json:"EventTime"`
	}
	callEnded struct {
		CallbackCommand string `json:"CallbackCommand"`
		CallRecord      struct {
			CallID        string   `json:"CallId"`
			CallerAccount string   `json:"Caller_Account"`
			MediaType     string   `json:"MediaType"`
			CallType      string   `json:"CallType"`
			StartTime     int64    `json:"StartTime"`
			EndTime       int64    `json:"EndTime"`
			AcceptTime    int64    `json:"AcceptTime"`
			CallResult    string   `json:"CallResult"`
			Callees       []string `json:"CalleeList_Account"`
			RoomID        string   `json:"RoomId"`
			RoomIDType    int64    `json:"RoomIdType"`
		} `json:"CallRecord"`
		EventTime int64 `json:"EventTime"`
	}
)

// checksum of a body's fields, in the order that every worker takes.
type checksum uint64

func (c *checksum) text(text string) { *c = checksum(protocol.FoldText(uint64(*c), text)) }
func (c *checksum) number(number int64) {
	*c = checksum(protocol.Fold(uint64(*c), uint64(number)))
}
func (c *checksum) boolean(is bool) {
	if is {
		c.number(1)
	} else {
		c.number(0)
	}
}
func (c *checksum) texts(texts []string) {
	c.number(int64(len(texts)))
	for _, text := range texts {
		c.text(text)
	}
}

func (r *roomUpdated) fold(c *checksum) {
	room := &r.RoomInfo
	for _, text := range []string{r.CallbackCommand, r.OperatorAccount, room.RoomID, room.RoomName, room.OwnerAccount, room.TakeSeatMode} {
		c.text(text)
	}
	c.number(room.MaxMemberCount)
	isRecordingDisabled, _ := strconv.ParseBool(room.IsCloudRecordingDisabled)
	for _, is := range []bool{room.IsVideoDisabled, room.IsAudioDisabled, room.IsMessageDisabled, room.IsScreenSharingDisabled, isRecordingDisabled} {
		c.boolean(is)
	}
	c.text(room.CustomInfo)
	c.number(r.EventTime)
}

func (m *memberEntered) fold(c *checksum) {
	c.text(m.CallbackCommand)
	c.text(m.OperatorAccount)
	c.text(m.RoomID)
	c.number(m.MemberCount)
	c.text(m.Type)
	c.texts(m.Members)
	c.number(m.EventTime)
}

func (s *seatsChanged) fold(c *checksum) {
	c.text(s.CallbackCommand)
	c.text(s.OperatorAccount)
	c.text(s.RoomID)
	c.number(int64(len(s.Seats)))
	for _, seat := range s.Seats {
		c.number(seat.Index)
		c.text(seat.MemberAccount)
		c.boolean(seat.IsTakenDisabled)
		c.boolean(seat.IsVideoDisabled)
		c.boolean(seat.IsAudioDisabled)
	}
	c.number(s.EventTime)
}

func (e *callEnded) fold(c *checksum) {
	call := &e.CallRecord
	for _, text := range []string{e.CallbackCommand, call.CallID, call.CallerAccount, call.MediaType, call.CallType} {
		c.text(text)
	}
	for _, number := range []int64{call.StartTime, call.EndTime, call.AcceptTime} {
		c.number(number)
	}
	c.text(call.CallResult)
	c.texts(call.Callees)
	c.text(call.RoomID)
	c.number(call.RoomIDType)
	c.number(e.EventTime)
}

// foldEvent is the same of this library's event.
func foldEvent(e *tccallback.Event, c *checksum) {
	c.text(e.CommandWord)
	switch payload := e.Payload.(type) {
	case *tccallback.RoomInfo:
		c.text(e.OperatorAccount.Value)
		for _, text := range []tccallback.Optional[string]{payload.RoomID, payload.RoomName, payload.OwnerAccount, payload.TakeSeatModeWord} {
			c.text(text.Value)
		}
		c.number(payload.MaxMemberCount.Value)
		for _, is := range []tccallback.Optional[bool]{payload.IsVideoDisabled, payload.IsAudioDisabled, payload.IsMessageDisabled,
			payload.IsScreenSharingDisabled, payload.IsCloudRecordingDisabled} {
			c.boolean(is.Value)
		}
		c.text(payload.CustomInfo.Value)
	case *tccallback.RoomMembers:
		c.text(e.OperatorAccount.Value)
		c.text(payload.RoomID.Value)
		c.number(payload.MemberCount.Value)
		c.text(payload.ChangeWord.Value)
		c.texts(payload.MemberAccounts)
	case *tccallback.RoomSeats:
		c.text(e.OperatorAccount.Value)
		c.text(payload.RoomID.Value)
		c.number(int64(len(payload.Seats)))
		for _, seat := range payload.Seats {
			c.number(seat.Index.Value)
			c.text(seat.MemberAccount.Value)
			c.boolean(seat.IsTakenDisabled.Value)
			c.boolean(seat.IsVideoDisabled.Value)
			c.boolean(seat.IsAudioDisabled.Value)
		}
	case *tccallback.CallEnd:
		for _, text := range []tccallback.Optional[string]{payload.CallID, payload.CallerAccount, payload.MediaTypeWord, payload.CallTypeWord} {
			c.text(text.Value)
		}
		for _, number := range []tccallback.Optional[int64]{payload.StartTimeS, payload.EndTimeS, payload.AcceptTimeS} {
			c.number(number.Value)
		}
		c.text(payload.ResultWord.Value)
		c.texts(payload.CalleeAccounts)
		c.text(payload.RoomID.Value)
		c.number(int64(payload.RoomIDType.Value))
	}
	c.number(e.EventTimeMs.Value)
}
