/* The deepest body that a receiver can be told to take is read on a stack of 64 KiB. */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif
#include <pthread.h>

#include "check.h"

enum { DEEPEST = 256, STACK_BYTES = 64 * 1024 };

/* A callback with so many objects and arrays inside each other, taking turns or all of one kind, in a member that no callback has. */
static void nest(char *body, int depth, const char *kinds)
{
    int i;
    body += sprintf(body, "{\"CallbackCommand\":\"Room.CallbackAfterDestroyRoom\",\"New\":");
    for (i = 0; i < depth - 1; i++) {
        body += sprintf(body, "%s", kinds[i % (int)strlen(kinds)] == '[' ? "[" : "{\"a\":");
    }
    body += sprintf(body, "1");
    for (i = depth - 2; i >= 0; i--) {
        body += sprintf(body, "%s", kinds[i % (int)strlen(kinds)] == '[' ? "]" : "}");
    }
    sprintf(body, "}");
}

static void *receive(void *argument)
{
    static const char *const kinds[] = {"[", "{", "[{"};
    static char body[16 * DEEPEST];
    const tc_receiver *receiver = (const tc_receiver *)argument;
    int i;
    int depth;
    for (i = 0; i < 3; i++) {
        for (depth = DEEPEST - 1; depth <= DEEPEST + 1; depth++) {
            tc_outcome *outcome = NULL;
            tc_request request;
            nest(body, depth, kinds[i]);
            request = request_of("SdkAppid=1400000000", body);
            CHECK(tc_receiver_handle(receiver, &request, &outcome, NULL) == TC_OK);
            CHECK(outcome->status == (depth <= DEEPEST ? TC_OK : TC_ERROR_TOO_DEEP));
            if (outcome->status == TC_OK) {
                tc_json *value = NULL;
                CHECK(tc_event_json(outcome->event, "/New", &value, NULL) == TC_OK);
                tc_json_free(value);
            }
            tc_outcome_free(outcome);
        }
    }
    return NULL;
}

int main(void)
{
    tc_receiver *receiver = NULL;
    tc_receiver_options *options = tc_receiver_options_new(1400000000);
    pthread_attr_t attributes;
    pthread_t thread;
    tc_receiver_options_set_max_depth(options, DEEPEST);
    CHECK(tc_receiver_new(options, &receiver, NULL) == TC_OK);
    tc_receiver_options_free(options);
    CHECK(pthread_attr_init(&attributes) == 0 && pthread_attr_setstacksize(&attributes, STACK_BYTES) == 0);
    CHECK(pthread_create(&thread, &attributes, receive, receiver) == 0 && pthread_join(thread, NULL) == 0);
    pthread_attr_destroy(&attributes);
    tc_receiver_free(receiver);
    return 0;
}
