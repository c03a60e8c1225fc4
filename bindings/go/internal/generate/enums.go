package main

import (
	"fmt"
	"strings"
)

// enumsFile writes the Go types of the header's enums.
func (h *header) enumsFile() string {
	var out strings.Builder
	out.WriteString(beginningOfFile + "\nimport \"strconv\"\n")
	for _, enum := range h.enums {
		if enum.name == "tc_level" || enum.name == "tc_record_kind" { // slog has levels of its own, and Go makes its structs itself.
			continue
		}
		name := typeName(enum.name)
		writeDoc(&out, "", about(name, h.words(enum.doc)))
		fmt.Fprintf(&out, "type %s %s\n\nconst (\n", name, integerOf(enum.name))
		for _, member := range enum.members {
			writeDoc(&out, "\t", h.words(member.doc))
			fmt.Fprintf(&out, "\t%s %s = %s\n", constantName(enum.name, member.name), name, member.value)
		}
		out.WriteString(")\n")
		// The library itself has the texts of statuses and the words of commands.
		if enum.name != "tc_status_code" && enum.name != "tc_command" && enum.name != "tc_privilege" {
			enum.writeString(&out, name, h.isOfEvents(enum.name))
		}
		if h.isOfEvents(enum.name) {
			fmt.Fprintf(&out, "\n// MarshalJSON writes the number; null for NotSent.\n")
			fmt.Fprintf(&out, "func (value %s) MarshalJSON() ([]byte, error) { return wordJSON(int32(value)) }\n", name)
		}
	}
	return out.String()
}

// integerOf is the type of the field or parameter that takes the enum's numbers.
func integerOf(enumName string) string {
	switch enumName {
	case "tc_privilege":
		return "uint32"
	case "tc_room_id_type":
		return "int64"
	}
	return "int32"
}

func (e enum) writeString(out *strings.Builder, name string, canBeAbsent bool) {
	fmt.Fprintf(out, "\n// String gives the name of the constant without %s.\nfunc (value %s) String() string {\n\tswitch value {\n", name, name)
	for _, member := range e.members {
		constant := constantName(e.name, member.name)
		fmt.Fprintf(out, "\tcase %s:\n\t\treturn %q\n", constant, strings.TrimPrefix(constant, name))
	}
	fmt.Fprintf(out, "\t}\n")
	if canBeAbsent {
		out.WriteString("\tif value == NotSent {\n\t\treturn \"not sent\"\n\t}\n")
	}
	fmt.Fprintf(out, "\treturn \"%s(\" + strconv.Itoa(int(value)) + \")\"\n}\n", name)
}

// isOfEvents tells whether a field of an event's struct has this type.
func (h *header) isOfEvents(enumName string) bool {
	for _, record := range h.structs {
		for _, field := range record.fields {
			if isOfEvent(record.name) && field.element == "int32_t" && h.goType(record, field) == typeName(enumName) {
				return true
			}
		}
	}
	return false
}
