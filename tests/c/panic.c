/* A panic inside the library becomes a status; the process goes on, and nothing is printed. Linked with a library that
   was built with --cfg tc_provoke_panic. */
#include "check.h"

static const char PROVOCATION[] = "provoke a panic";
static const char BODY[] = "{\"CallbackCommand\":\"Room.CallbackAfterDestroyRoom\",\"RoomId\":\"r1\"}";

int main(void)
{
    tc_error *error = NULL;
    tc_event *event = NULL;
    int turn;

    for (turn = 0; turn < 3; turn++) {
        CHECK(tc_parse_event(NULL, 0, PROVOCATION, strlen(PROVOCATION), &event, &error) == TC_ERROR_PANIC);
        CHECK(event == NULL);
        CHECK(error->status == TC_ERROR_PANIC && !error->is_retryable);
        CHECK(strstr(error->message.ptr, "provoked by the test suite") != NULL);
        CHECK(strstr(error->message.ptr, "src/ffi/boundary.rs:") != NULL);
        tc_error_free(error);
        CHECK(tc_parse_event(NULL, 0, PROVOCATION, strlen(PROVOCATION), &event, NULL) == TC_ERROR_PANIC);

        CHECK(tc_parse_event(NULL, 0, BODY, strlen(BODY), &event, &error) == TC_OK);
        CHECK(error == NULL);
        CHECK_TEXT(event->subject, "r1");
        tc_event_free(event);
    }
    return 0;
}
