package main

import (
	"fmt"
	"strings"

	"tccallback"
)

// printEvent writes one line that says what happened.
func printEvent(event *tccallback.Event) {
	fmt.Printf("%s [%s] %s\n", event.CommandWord, event.Subject, inWords(event))
}

func inWords(event *tccallback.Event) string {
	switch payload := event.Payload.(type) {
	case *tccallback.RoomInfo:
		return room(event, payload)
	case *tccallback.RoomMembers:
		return fmt.Sprintf("%s: %s, members now: %s", strings.Join(payload.MemberAccounts, ", "), payload.ChangeWord, payload.MemberCount)
	case *tccallback.RoomSeats:
		var seats []string
		for _, seat := range payload.Seats {
			seats = append(seats, fmt.Sprintf("seat %s: %s", seat.Index, seat.MemberAccount))
		}
		return strings.Join(seats, "; ")
	case *tccallback.CallStart:
		var users []string
		for _, user := range payload.Users {
			users = append(users, fmt.Sprintf("%s (%s)", user.Account, user.StatusWord))
		}
		return fmt.Sprintf("a call (%s) of %s", payload.MediaTypeWord, strings.Join(users, ", "))
	case *tccallback.CallMembers:
		var changes []string
		for _, change := range payload.Changes {
			changes = append(changes, fmt.Sprintf("%s: %s", change.Account, change.ActionWord))
		}
		return strings.Join(changes, "; ")
	case *tccallback.CallEnd:
		lasted := payload.EndTimeS.Value - payload.StartTimeS.Value
		return fmt.Sprintf("the call of %s ended after %d s: %s", payload.CallerAccount, lasted, payload.ResultWord)
	case *tccallback.CallRecord:
		return fmt.Sprintf("recording event %s: %s", payload.EventType, payload.PayloadJSON)
	default:
		return "a command that this server does not know: " + event.Body
	}
}

func room(event *tccallback.Event, room *tccallback.RoomInfo) string {
	switch event.Command {
	case tccallback.RoomAfterCreateRoom:
		invited := strings.Join(room.ScheduleInviteeAccounts, ", ")
		return fmt.Sprintf("%s created the room %q, invited: %s", event.OperatorAccount, room.RoomName, invited)
	case tccallback.RoomAfterDestroyRoom:
		return fmt.Sprintf("%s destroyed the room", event.OperatorAccount)
	default:
		words := fmt.Sprintf("%s changed the room %q", event.OperatorAccount, room.RoomName)
		if room.IsCloudRecordingDisabled.Sent {
			words += map[bool]string{true: ", cloud recording is forbidden", false: ", cloud recording is allowed"}[room.IsCloudRecordingDisabled.Value]
		}
		return words
	}
}
