package main

import (
	"fmt"
	"strings"
)

// eventStructs are the structs of an event's block, outermost first.
var eventStructs = []string{
	"tc_event", "tc_room_info", "tc_room_members", "tc_room_seats", "tc_seat", "tc_call_start", "tc_call_user", "tc_call_end",
	"tc_call_members", "tc_call_change", "tc_call_record",
}

func isOfEvent(name string) bool {
	for _, known := range eventStructs {
		if known == name {
			return true
		}
	}
	return false
}

// Texts that every event has; of the query an empty text tells as much.
var alwaysThere = map[string]bool{"command_word": true, "body": true, "query": true}

// goType is the type of a field in Go.
func (h *header) goType(owner record, f field) string {
	doc := strings.Join(f.doc, " ")
	switch {
	case f.stars == "*" && f.element == "tc_str":
		return "[]string"
	case f.stars == "*const *":
		return "[]" + typeName(f.element)
	case f.stars == "*":
		return "*" + typeName(f.element)
	case f.element == "tc_str" && owner.name == "tc_event" && alwaysThere[f.name]:
		return "string"
	case f.element == "tc_str":
		return "Optional[string]"
	case f.element == "int64_t" && strings.Contains(doc, "TC_ROOM_ID_TYPE_"):
		return "Optional[RoomIDType]"
	case f.element == "int64_t":
		return "Optional[int64]"
	case f.element == "uint32_t":
		return "uint32"
	case f.element == "size_t":
		return "int"
	case strings.HasPrefix(f.name, "is_"):
		return "Optional[bool]"
	}
	for _, enum := range h.enums {
		prefix := strings.ToUpper(enum.name)
		if strings.Contains(doc, prefix+"_") {
			return typeName(enum.name)
		}
	}
	panic(owner.name + "." + f.name + " has a type that the generator does not know")
}

// value is the Go expression that reads a field of the C struct `from`.
func value(goType string, f field) string {
	switch {
	case goType == "[]string":
		return fmt.Sprintf("block.listOf(from.%s, from.%s)", f.name, countOf(f))
	case goType == "string":
		return fmt.Sprintf("block.text(from.%s).Value", f.name)
	case goType == "Optional[string]":
		return fmt.Sprintf("block.text(from.%s)", f.name)
	case goType == "Optional[bool]":
		return fmt.Sprintf("boolean(from.%s)", f.name)
	case strings.HasPrefix(goType, "Optional["):
		return fmt.Sprintf("integer[%s](from.%s)", strings.TrimSuffix(strings.TrimPrefix(goType, "Optional["), "]"), f.name)
	}
	return fmt.Sprintf("%s(from.%s)", goType, f.name)
}

// countOf is the name of the field that counts a list: seats has seat_count.
func countOf(f field) string { return strings.TrimSuffix(f.name, "s") + "_count" }

// isCount tells whether a field only counts the list before it.
func isCount(fields []field, index int) bool {
	return index > 0 && fields[index-1].stars != "" && fields[index].name == countOf(fields[index-1])
}

// eventsFile writes the Go structs of an event, and how each is read from C.
func (h *header) eventsFile() string {
	var out strings.Builder
	out.WriteString(beginningOfFile + "\n/*\n#include <tc_callback.h>\n*/\nimport \"C\"\n\nimport \"encoding/json\"\n")
	for _, name := range eventStructs {
		for _, record := range h.structs {
			if record.name == name {
				h.writeStruct(&out, record)
			}
		}
	}
	return out.String()
}

func (h *header) writeStruct(out *strings.Builder, r record) {
	name := typeName(r.name)
	var reads, payloads []field
	writeDoc(out, "", about(name, h.words(r.doc)))
	fmt.Fprintf(out, "type %s struct {\n", name)
	for index, field := range r.fields {
		switch {
		case field.name == "block_size" || isCount(r.fields, index):
		case field.stars == "*" && field.element != "tc_str":
			payloads = append(payloads, field)
		default:
			tag := field.name
			if r.name == "tc_event" && (tag == "body" || tag == "query") { // The query holds Sign.
				tag = "-"
			}
			writeDoc(out, "\t", h.words(field.doc))
			fmt.Fprintf(out, "\t%s %s `json:%q`\n", camel(field.name), h.goType(r, field), tag)
			reads = append(reads, field)
		}
	}
	if payloads != nil {
		out.WriteString("\t// What the command carries: one of the pointers below in a type switch; nil with CommandUnknown.\n")
		out.WriteString("\tPayload Payload `json:\"-\"`\n")
	}
	fmt.Fprintf(out, "}\n\nfunc (to *%s) read(block *block, from *C.%s) {\n", name, r.name)
	for _, field := range reads {
		goType := h.goType(r, field)
		if field.stars == "*const *" {
			writeListOfRecords(out, goType, field)
			continue
		}
		fmt.Fprintf(out, "\tto.%s = %s\n", camel(field.name), value(goType, field))
	}
	out.WriteString("}\n")
	if payloads != nil {
		writePayloads(out, payloads)
	}
}

// writeListOfRecords writes the loop itself: a function that is handed a method would move the block to the heap.
func writeListOfRecords(out *strings.Builder, goType string, f field) {
	list := "to." + camel(f.name)
	fmt.Fprintf(out, "\t%s = make(%s, from.%s)\n", list, goType, countOf(f))
	fmt.Fprintf(out, "\tfor index, element := range elements(block, from.%s, from.%s) {\n", f.name, countOf(f))
	fmt.Fprintf(out, "\t\t%s[index].read(block, at(block, element))\n\t}\n", list)
}

// writePayloads writes what an event does with its payload, of which each type stands in a field of its own in C.
func writePayloads(out *strings.Builder, payloads []field) {
	out.WriteString("\n// Payload is what an event carries: ")
	for index, field := range payloads {
		if index > 0 {
			out.WriteString(", ")
		}
		fmt.Fprintf(out, "*[%s]", typeName(field.element))
	}
	out.WriteString(".\ntype Payload interface{ isPayload() }\n\n")
	for _, field := range payloads {
		fmt.Fprintf(out, "func (*%s) isPayload() {}\n", typeName(field.element))
	}
	out.WriteString("\n// newEvent reads an event and its payload, which share one piece of memory.\n")
	out.WriteString("func newEvent(block *block, from *C.tc_event) *Event {\n\tswitch {\n")
	for _, field := range payloads {
		fmt.Fprintf(out, "\tcase from.%s != nil:\n", field.name)
		fmt.Fprintf(out, "\t\tevent, payload := withPayload[%s]()\n", typeName(field.element))
		fmt.Fprintf(out, "\t\tevent.read(block, from)\n\t\tpayload.read(block, at(block, from.%s))\n", field.name)
		out.WriteString("\t\tevent.Payload = payload\n\t\treturn event\n")
	}
	out.WriteString("\t}\n\tevent := new(Event)\n\tevent.read(block, from)\n\treturn event\n}\n")
	out.WriteString(`
// MarshalJSON writes the event for a log, with the names of the C header and null for what was not sent. Body and Query are left
// out; keep those to [Parse] the event again.
func (e *Event) MarshalJSON() ([]byte, error) {
	type fields Event
	whole := struct {
		*fields
		DuplicateKey Optional[string] ` + "`json:\"duplicate_key\"`\n")
	for _, field := range payloads {
		fmt.Fprintf(out, "\t\t%s *%s `json:\"%s,omitempty\"`\n", camel(field.name), typeName(field.element), field.name)
	}
	out.WriteString("\t}{fields: (*fields)(e), DuplicateKey: e.DuplicateKey()}\n\tswitch payload := e.Payload.(type) {\n")
	for _, field := range payloads {
		fmt.Fprintf(out, "\tcase *%s:\n\t\twhole.%s = payload\n", typeName(field.element), camel(field.name))
	}
	out.WriteString("\t}\n\treturn json.Marshal(whole)\n}\n")
}
