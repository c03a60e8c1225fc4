//go:build cgo

package tccallback

/*
#include <stdlib.h>
#include <string.h>
#include <tc_callback.h>
*/
import "C"

import (
	"errors"
	"regexp"
	"strings"
	"unsafe"
)

// secretText calls use with a C text that is cleared afterwards.
func secretText(text string, use func(*C.char)) {
	copied := C.CString(text)
	defer func() {
		C.memset(unsafe.Pointer(copied), 0, C.size_t(len(text)))
		C.free(unsafe.Pointer(copied))
	}()
	use(copied)
}

// goTypes are the enums of C by their names in Go.
var goTypes = strings.NewReplacer("TC_PRODUCT_", "Product", "TC_REGION_", "Region")

var setter = regexp.MustCompile(`\b(?:tc_(?:client|receiver)_options_)?(?:set|add)_([a-z_]+)`)

// inFields lets the message of an error name the fields of Go's options rather than C's setters, and Go's types.
func inFields(err error, options string, fields map[string]string) error {
	var failure *Error
	if errors.As(err, &failure) {
		failure.Message = setter.ReplaceAllStringFunc(goTypes.Replace(failure.Message), func(found string) string {
			if field, ok := fields[setter.FindStringSubmatch(found)[1]]; ok {
				return options + "." + field
			}
			return found
		})
	}
	return err
}
