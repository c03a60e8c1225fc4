//go:build cgo

package tccallback

/*
#include <tc_callback.h>

#cgo nocallback tccb_settle
#cgo nocallback tc_outcome_free

static tc_error *tccb_settle(tc_outcome *outcome, int32_t settlement) {
	tc_error *error = NULL;
	tc_outcome_settle(outcome, settlement, &error);
	return error;
}
*/
import "C"

import (
	"fmt"
	"runtime"
	"sync"
	"unsafe"
)

// Outcome is what to answer to a request, and what was received.
//
// One whose Delivery is DeliveryNew holds the claim on its event until it is settled. Keep it until then: an outcome that is forgotten
// unsettled is released when it is collected as garbage, and the next copy of its event is new.
type Outcome struct {
	Delivery    Delivery // whether the event is to be handled
	ContentType string   // to answer with
	Event       *Event   // nil if the request was rejected
	Rejection   *Error   // why the request was rejected; nil if it was not

	mutex      sync.Mutex
	object     *C.tc_outcome // nil once nothing can change any more
	release    runtime.Cleanup
	settlement Settlement // 0 until it is settled
	httpStatus int
	reply      string
}

// newOutcome takes over a C outcome.
func newOutcome(from *C.tc_outcome) *Outcome {
	outcome := &Outcome{Delivery: Delivery(from.delivery), ContentType: commonText(from.content_type)}
	if from.event != nil {
		outcome.Event = eventAt(unsafe.Pointer(from.event), address(from.event))
	} else {
		outcome.Rejection = copyError(from.error)
	}
	outcome.readAnswer(from)
	if outcome.Delivery == DeliveryNew {
		outcome.object = from
		outcome.release = runtime.AddCleanup(outcome, func(object *C.tc_outcome) { C.tc_outcome_free(object) }, from)
	} else {
		C.tc_outcome_free(from)
	}
	return outcome
}

func (o *Outcome) readAnswer(from *C.tc_outcome) {
	o.httpStatus = int(from.http_status)
	if o.Delivery == DeliveryRejected {
		o.reply = goText(from.reply)
	} else {
		o.reply = commonText(from.reply)
	}
}

// HTTPStatus is what to answer with: 200 when somebody has the event, 503 when it may come again, 400, 403, 413 or 500 when the request
// was rejected. That of a new event is 503 until Settle has been called with SettlementTaken. Any goroutine may call it at any time.
func (o *Outcome) HTTPStatus() int {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return o.httpStatus
}

// Reply is the JSON to answer with, which goes with HTTPStatus. Any goroutine may call it at any time.
func (o *Outcome) Reply() string {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return o.reply
}

// Settle reports what became of a new event, which decides the answer: HTTPStatus is 200 after SettlementTaken, 503 after
// SettlementRefused and SettlementUnknown. After SettlementUnknown it may be called once more, when the result is known.
//
// It may be called by any goroutine, also after the answer has been sent. Of several that call it at once one settles the outcome, and
// the others get an error.
//
// Errors: ErrInvalidArgument if Delivery is not DeliveryNew, if the outcome is settled, or if settlement is none of the three. The outcome
// has not changed then.
func (o *Outcome) Settle(settlement Settlement) error {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if o.object == nil {
		return newError(ErrInvalidArgument, o.whyClosed())
	}
	if settlement < SettlementTaken || settlement > SettlementUnknown {
		return newError(ErrInvalidArgument, fmt.Sprintf("settlement is %d: use SettlementTaken, SettlementRefused or SettlementUnknown", settlement))
	}
	object := o.object
	collect()
	if failure := C.tccb_settle(object, C.int32_t(settlement)); failure != nil {
		return takeError(failure)
	}
	o.settlement = settlement
	o.readAnswer(object)
	if settlement != SettlementUnknown {
		o.object = nil
		o.release.Stop()
		C.tc_outcome_free(object)
	}
	runtime.KeepAlive(o)
	return nil
}

func (o *Outcome) whyClosed() string {
	if o.settlement != 0 {
		return fmt.Sprintf("the outcome is settled, as %v: settle it once", o.settlement)
	}
	return fmt.Sprintf("nothing to settle: Delivery is %v, and only DeliveryNew is settled", o.Delivery)
}

// common holds the texts of the library that most outcomes share, so that they are copied once.
var common = struct {
	sync.RWMutex
	texts map[string]string
}{texts: make(map[string]string)}

func commonText(from C.tc_str) string {
	view := unsafe.String((*byte)(unsafe.Pointer(from.ptr)), int(from.len)) // Not to be kept: it is C's.
	common.RLock()
	text, isKnown := common.texts[view]
	common.RUnlock()
	if !isKnown {
		text = goText(from)
		common.Lock()
		common.texts[text] = text
		common.Unlock()
	}
	return text
}
