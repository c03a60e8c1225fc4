/* Loading the library, parsing, receiving, signing, and making a client start no thread: pthread_create is this program's own. */
#include <pthread.h>

#include "check.h"

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument)
{
    (void)thread;
    (void)attributes;
    (void)start;
    (void)argument;
    fprintf(stderr, "a thread was started\n");
    abort();
}

static const char QUERY[] = "SdkAppid=1400000000";
static const char BODY[] = "{\"CallbackCommand\":\"Room.CallbackAfterDestroyRoom\",\"RoomId\":\"r1\",\"EventTime\":7}";
static const char KEY[] = "a key for tests";

int main(void)
{
    tc_event *event = NULL;
    tc_receiver *receiver = NULL;
    tc_receiver_options *receiver_options = tc_receiver_options_new(1400000000);
    tc_outcome *outcome = NULL;
    tc_request request = request_of(QUERY, BODY);
    tc_usersig *usersig = NULL;
    tc_client *client = NULL;
    tc_client_options *client_options = tc_client_options_new(1400000000);

    CHECK(tc_parse_event(QUERY, strlen(QUERY), BODY, strlen(BODY), &event, NULL) == TC_OK);
    tc_event_free(event);

    CHECK(tc_receiver_new(receiver_options, &receiver, NULL) == TC_OK);
    tc_receiver_options_free(receiver_options);
    CHECK(tc_receiver_handle(receiver, &request, &outcome, NULL) == TC_OK && outcome->status == TC_OK);
    tc_outcome_free(outcome);
    tc_receiver_free(receiver);

    CHECK(tc_usersig_sign(1400000000, KEY, "user", 1669872112, 60, NULL, 0, &usersig, NULL) == TC_OK);
    tc_usersig_free(usersig);

    tc_client_options_set_key(client_options, KEY);
    CHECK(tc_client_new(client_options, &client, NULL) == TC_OK);
    tc_client_options_free(client_options);
    tc_client_free(client);
    return 0;
}
