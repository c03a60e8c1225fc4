package main

import (
	"fmt"
	"regexp"
	"strings"
)

// header is what the C header declares.
type header struct {
	enums   []enum
	structs []record
}

type enum struct {
	name    string // tc_room_type
	doc     []string
	members []enumerator
}

type enumerator struct {
	name  string // TC_ROOM_TYPE_CONFERENCE
	value string
	doc   []string
}

type record struct {
	name   string // tc_room_info
	doc    []string
	fields []field
}

type field struct {
	name    string // room_name
	element string // tc_str, int32_t
	stars   string // "", "*" or "*const *"
	doc     []string
}

var (
	beginning = regexp.MustCompile(`^typedef (enum|struct) (tc_\w+) \{$`)
	member    = regexp.MustCompile(`^  (TC_\w+) = (\d+),$`)
	fieldLine = regexp.MustCompile(`^  (?:const )?(?:struct )?(\w+) (\*const \*|\*)?(\w+);$`)
	function  = regexp.MustCompile(`^  [\w *]+\(\*\w+\)\(.*\);$`)
	comment   = regexp.MustCompile(`^ *// ?(.*)$`)
)

// parse reads the enums and structs of a header that cbindgen wrote.
func parse(text string) (header, error) {
	var found header
	var doc []string
	kind := ""
	for number, line := range strings.Split(text, "\n") {
		if match := comment.FindStringSubmatch(line); match != nil {
			doc = append(doc, match[1])
			continue
		}
		switch {
		case kind == "":
			if match := beginning.FindStringSubmatch(line); match != nil {
				kind = match[1]
				if kind == "enum" {
					found.enums = append(found.enums, enum{name: match[2], doc: doc})
				} else {
					found.structs = append(found.structs, record{name: match[2], doc: doc})
				}
			}
		case strings.HasPrefix(line, "} "):
			kind = ""
		case kind == "enum":
			match := member.FindStringSubmatch(line)
			if match == nil {
				return found, fmt.Errorf("line %d is no enumerator: %s", number+1, line)
			}
			last := &found.enums[len(found.enums)-1]
			last.members = append(last.members, enumerator{match[1], match[2], doc})
		case function.MatchString(line):
			// Of tc_object_factory, for which Go has no use.
		default:
			match := fieldLine.FindStringSubmatch(line)
			if match == nil {
				return found, fmt.Errorf("line %d is no field: %s", number+1, line)
			}
			last := &found.structs[len(found.structs)-1]
			last.fields = append(last.fields, field{match[3], match[1], match[2], doc})
		}
		doc = nil
	}
	return found, nil
}
