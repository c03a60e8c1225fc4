/* One program with two archives from Rust. */
#include <stdint.h>

#include "../check.h"

size_t other_count(const uint8_t *text, size_t len);

int main(void)
{
    CHECK(other_count((const uint8_t *)"seat", 4) == 4);
    tc_receiver_options *options = tc_receiver_options_new(1400000000);
    tc_receiver *receiver = NULL;
    CHECK(tc_receiver_new(options, &receiver, NULL) == TC_OK);
    tc_receiver_options_free(options);
    const tc_request request =
        request_of("SdkAppid=1400000000", "{\"CallbackCommand\":\"Room.CallbackAfterDestroyRoom\"}");
    tc_outcome *outcome = NULL;
    CHECK(tc_receiver_handle(receiver, &request, &outcome, NULL) == TC_OK);
    CHECK(tc_outcome_settle(outcome, TC_TAKEN, NULL) == TC_OK && outcome->http_status == 200);
    tc_outcome_free(outcome);
    tc_receiver_free(receiver);
    return 0;
}
