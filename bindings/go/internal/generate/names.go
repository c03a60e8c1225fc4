package main

import (
	"regexp"
	"strings"
)

// spelt holds the words that Go, or Tencent, does not spell with one capital.
var spelt = map[string]string{
	"api": "API", "http": "HTTP", "id": "ID", "ios": "IOS", "ip": "IP", "ipad": "IPad", "json": "JSON", "macos": "MacOS",
	"rest": "REST", "sdk": "SDK", "tls": "TLS", "url": "URL",
}

// camel turns room_id into RoomID.
func camel(snake string) string {
	var name strings.Builder
	for _, word := range strings.Split(strings.ToLower(snake), "_") {
		if known, ok := spelt[word]; ok {
			name.WriteString(known)
		} else {
			name.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return name.String()
}

// typeName turns tc_room_info into RoomInfo.
func typeName(c string) string {
	if c == "tc_status_code" {
		return "Status"
	}
	return camel(strings.TrimPrefix(c, "tc_"))
}

// constantName turns TC_ROOM_TYPE_CONFERENCE into RoomTypeConference, TC_TAKEN into SettlementTaken, and a status into ErrNotFound.
func constantName(enumName, c string) string {
	name := camel(strings.TrimPrefix(c, "TC_"))
	switch {
	case c == "TC_OK":
		return "OK"
	case enumName == "tc_status_code":
		return "Err" + strings.TrimPrefix(name, "Error")
	case enumName == "tc_settlement":
		return "Settlement" + name
	}
	return name
}

var (
	constants = regexp.MustCompile(`\bTC_[A-Z_]+\*?`)
	cFields   = regexp.MustCompile("`[a-z]+(_[a-z]+)+`")
	functions = strings.NewReplacer(
		"`tc_event_json`", "[Event.JSON]", "tc_event_json", "[Event.JSON]",
		"tc_command_word() gives its word on the wire", "[Command.Word] gives its word on the wire",
		": 1, 0, or TC_NOT_SENT", "",
		", or TC_ABSENT", "",
		"; TC_ABSENT when absent", "",
		"The handle may be freed and nothing else", "The client or receiver may be closed and nothing else",
		"is NULL; the message names it", "is nil; the message names it",
		"the message names the setter", "the message names the field",
		"must not be NULL", "must not be nil",
		" freed by one `tc_event_free`.", " owned by Go.",
	)
)

// words rewrites a comment of the header for a reader of Go.
func (h *header) words(doc []string) []string {
	var lines []string
	for _, line := range doc {
		line = constants.ReplaceAllStringFunc(functions.Replace(line), func(c string) string {
			if prefix, isPrefix := strings.CutSuffix(c, "_*"); isPrefix {
				return "one of the " + camel(strings.TrimPrefix(prefix, "TC_")) + " constants"
			}
			if c == "TC_NOT_SENT" {
				return "NotSent"
			}
			for _, enum := range h.enums {
				for _, member := range enum.members {
					if member.name == c {
						return constantName(enum.name, c)
					}
				}
			}
			return c
		})
		line = cFields.ReplaceAllStringFunc(line, func(c string) string { return camel(strings.Trim(c, "`")) })
		lines = append(lines, line)
	}
	if len(lines) > 0 && strings.HasPrefix(lines[0], "one of") {
		lines[0] = "O" + lines[0][1:]
		if strings.HasSuffix(lines[0], " constants") {
			lines[0] += ", or NotSent."
		}
	}
	return lines
}

// about begins a comment with the name of what it is about, as Go's documentation has it.
func about(name string, lines []string) []string {
	if len(lines) == 0 {
		return nil
	}
	verb := "is"
	first := strings.Fields(lines[0])[0]
	if strings.HasSuffix(first, "s") && !strings.HasSuffix(first, "is") {
		verb = "are"
	}
	rest := lines[0]
	if !strings.HasPrefix(rest, "`") && !strings.HasPrefix(rest, "UserID") {
		rest = strings.ToLower(rest[:1]) + rest[1:]
	}
	return append([]string{name + " " + verb + " " + rest}, lines[1:]...)
}
