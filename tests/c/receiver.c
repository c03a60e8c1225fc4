/* What a receiver answers to what is posted. */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif
#include <pthread.h>

#include "check.h"
#include "mistakes.h"

/* The vendor's published Sign: tests/fixtures/sign/published.json. */
#define APP "SdkAppid=1400000000"
#define SIGN "17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061"
static const char TOKEN[] = "xxxxyyyy";
static const int64_t NOW = 1669872112;
static const char SIGNED[] = APP "&Sign=" SIGN "&RequestTime=1669872112";
static const char BODY[] =
    "{\"CallbackCommand\":\"Room.CallbackAfterDestroyRoom\",\"RoomId\":\"r1\",\"EventTime\":1669872112000}";

static tc_receiver *new_receiver(void)
{
    tc_receiver *receiver = NULL;
    tc_error *error = NULL;
    tc_receiver_options *options = tc_receiver_options_new(1400000000);
    tc_receiver_options_add_token(options, "another");
    tc_receiver_options_add_token(options, TOKEN);
    tc_receiver_options_set_max_body_bytes(options, 1000);
    CHECK(tc_receiver_new(options, &receiver, &error) == TC_OK && error == NULL);
    tc_receiver_options_free(options);
    return receiver;
}

static tc_outcome *post_at(const tc_receiver *receiver, const char *query, const char *body, int64_t now_s)
{
    tc_outcome *outcome = NULL;
    tc_request request = request_of(query, body);
    request.now_s = now_s;
    CHECK(tc_receiver_handle(receiver, &request, &outcome, NULL) == TC_OK);
    CHECK_TEXT(outcome->content_type, "application/json");
    return outcome;
}

static tc_outcome *post(const tc_receiver *receiver, const char *query, const char *body)
{
    return post_at(receiver, query, body, NOW);
}

/* The request is refused like this, in words that the reply and the error share. */
static void check_refused(tc_outcome *outcome, tc_status status, int32_t http_status, const char *word)
{
    CHECK(outcome->status == status && outcome->http_status == http_status);
    CHECK(outcome->event == NULL && !outcome->is_duplicate);
    CHECK(outcome->error != NULL && outcome->error->status == status);
    CHECK(strstr(outcome->error->message.ptr, word) != NULL);
    CHECK(strstr(outcome->reply.ptr, "\"ActionStatus\":\"FAIL\"") != NULL && strstr(outcome->reply.ptr, word) != NULL);
    CHECK(strstr(outcome->reply.ptr, TOKEN) == NULL && strstr(outcome->reply.ptr, SIGN) == NULL);
    CHECK(tc_outcome_take_event(outcome) == NULL);
    tc_outcome_free(outcome);
}

static void good_requests_are_answered_with_ok_and_marked_when_they_come_again(void)
{
    tc_receiver *receiver = new_receiver();
    int again;
    for (again = 0; again < 2; again++) {
        tc_outcome *outcome = post(receiver, SIGNED, BODY);
        CHECK(outcome->status == TC_OK && outcome->http_status == 200 && outcome->error == NULL);
        CHECK_TEXT(outcome->reply, "{\"ActionStatus\":\"OK\",\"ErrorInfo\":\"\",\"ErrorCode\":0}");
        CHECK(outcome->is_duplicate == again);
        CHECK_TEXT(outcome->event->subject, "r1");
        tc_outcome_free(outcome);
    }
    tc_receiver_free(receiver);
}

static void an_event_outlives_outcome_and_receiver_and_can_be_forgotten(void)
{
    tc_receiver *receiver = new_receiver();
    tc_outcome *outcome = post(receiver, SIGNED, BODY);
    tc_error *error = NULL;
    tc_event *event = tc_outcome_take_event(outcome);
    char key[TC_DUPLICATE_KEY_SIZE];
    CHECK(event != NULL && outcome->event == NULL);
    CHECK(tc_outcome_take_event(outcome) == NULL);
    tc_outcome_free(outcome);

    CHECK(tc_receiver_forget(receiver, key, tc_event_duplicate_key(event, key), &error) == TC_OK);
    CHECK(error == NULL);
    outcome = post(receiver, SIGNED, BODY);
    CHECK(!outcome->is_duplicate);
    tc_outcome_free(outcome);
    tc_receiver_free(receiver);
    CHECK_TEXT(event->body, BODY);
    tc_event_free(event);
}

/* With this token beside one that is fine, a receiver is not made. */
static void check_token_refused(const char *token, const char *word)
{
    tc_receiver *receiver = NULL;
    tc_error *error = NULL;
    tc_receiver_options *options = tc_receiver_options_new(1400000000);
    tc_receiver_options_add_token(options, TOKEN);
    tc_receiver_options_add_token(options, token);
    CHECK(tc_receiver_new(options, &receiver, &error) == TC_ERROR_INVALID_OPTION && receiver == NULL);
    CHECK(strstr(error->message.ptr, "add_token: ") != NULL && strstr(error->message.ptr, "5bd2850f") == NULL);
    check_error(error->status, TC_ERROR_INVALID_OPTION, error, word, "tc_receiver_new", __FILE__, __LINE__);
    tc_error_free(error);
    tc_receiver_options_free(options);
}

static void a_token_that_is_certainly_a_mistake_is_refused_with_what_it_looks_like(void)
{
    size_t i;
    for (i = 0; i < MISTAKE_COUNT; i++) {
        check_token_refused(MISTAKES[i][0], MISTAKES[i][1]);
    }
    check_token_refused(getenv("TC_NOBODY_SETS_THIS"), "token is NULL");
}

static void bad_requests_are_refused(void)
{
    tc_receiver *receiver = new_receiver();
    tc_outcome *outcome;
    char large[1100];

    check_refused(post(receiver, APP "&Sign=0" SIGN "&RequestTime=1669872112", BODY), TC_ERROR_BAD_SIGN, 403, "Sign");
    check_refused(post(receiver, APP "&Sign=" SIGN "&RequestTime=1669872113", BODY), TC_ERROR_BAD_SIGN, 403, "Sign");
    check_refused(post(receiver, APP, BODY), TC_ERROR_BAD_SIGN, 403, "has no Sign");
    check_refused(post_at(receiver, SIGNED, BODY, NOW + 61), TC_ERROR_STALE_SIGN, 403, "61 s");
    check_refused(post_at(receiver, SIGNED, BODY, 0), TC_ERROR_STALE_SIGN, 403, "clock");
    check_refused(post(receiver, "SdkAppid=1", BODY), TC_ERROR_WRONG_APP, 403, "SDKAppID 1,");
    check_refused(post(receiver, "", BODY), TC_ERROR_MALFORMED_QUERY, 400, "SdkAppid");
    check_refused(post(receiver, SIGNED, "[]"), TC_ERROR_NOT_A_CALLBACK, 400, "callback");

    outcome = post(receiver, SIGNED, "{\"CallbackCommand\":nil}");
    CHECK(outcome->error->offset >= 19 && outcome->error->offset <= 22);
    check_refused(outcome, TC_ERROR_MALFORMED_JSON, 400, "at byte");

    memset(large, ' ', sizeof large);
    large[sizeof large - 1] = '\0';
    outcome = post(receiver, SIGNED, large);
    CHECK(outcome->error->offset == 1000);
    check_refused(outcome, TC_ERROR_TOO_LARGE, 413, "1000");

    /* None of them was remembered. */
    outcome = post(receiver, SIGNED, BODY);
    CHECK(outcome->http_status == 200 && !outcome->is_duplicate);
    tc_outcome_free(outcome);
    tc_receiver_free(receiver);
}

static void a_request_of_unknown_size_is_not_read(void)
{
    tc_receiver *receiver = new_receiver();
    tc_outcome *outcome = NULL;
    tc_error *error = NULL;
    tc_request request;
    memset(&request, 0xff, sizeof request);
    for (request.struct_size = 0; request.struct_size < sizeof request; request.struct_size++) {
        CHECK_FAILS(TC_ERROR_INVALID_ARGUMENT, "struct_size", error,
                    tc_receiver_handle(receiver, &request, &outcome, &error));
        CHECK(outcome == NULL);
    }
    tc_receiver_free(receiver);
}

static void options_that_cannot_be_used_are_named(void)
{
    tc_receiver *receiver = NULL;
    tc_error *error = NULL;
    tc_receiver_options *options = tc_receiver_options_new(0);
    CHECK_FAILS(TC_ERROR_INVALID_OPTION, "SDKAppID", error, tc_receiver_new(options, &receiver, &error));
    tc_receiver_options_free(options);

#define IS_NAMED(setter, value)                                                                                        \
    options = tc_receiver_options_new(1400000000);                                                                     \
    tc_receiver_options_##setter(options, value);                                                                      \
    CHECK_FAILS(TC_ERROR_INVALID_OPTION, #setter, error, tc_receiver_new(options, &receiver, &error));                       \
    tc_receiver_options_free(options)

    IS_NAMED(add_token, "");
    IS_NAMED(add_token, "\xff");
    IS_NAMED(set_max_depth, 257);
    CHECK(receiver == NULL);
}

enum { THREADS = 8, POSTS = 50 };

struct poster {
    const tc_receiver *receiver;
    int firsts;
};

static void *post_many(void *argument)
{
    struct poster *poster = (struct poster *)argument;
    int i;
    for (i = 0; i < POSTS; i++) {
        char body[200];
        tc_outcome *outcome;
        snprintf(
            body, sizeof body,
            "{\"CallbackCommand\":\"Room.CallbackAfterDestroyRoom\",\"RoomId\":\"%d\",\"EventTime\":1669872112000}", i);
        outcome = post(poster->receiver, SIGNED, body);
        CHECK(outcome->http_status == 200);
        CHECK(atoi(outcome->event->subject.ptr) == i);
        poster->firsts += !outcome->is_duplicate;
        tc_outcome_free(outcome);
    }
    return NULL;
}

/* All threads post the same events; each is new to exactly one of them. */
static void threads_share_a_receiver(void)
{
    tc_receiver *receiver = new_receiver();
    struct poster posters[THREADS];
    pthread_t threads[THREADS];
    int firsts = 0;
    int i;
    for (i = 0; i < THREADS; i++) {
        posters[i].receiver = receiver;
        posters[i].firsts = 0;
        CHECK(pthread_create(&threads[i], NULL, post_many, &posters[i]) == 0);
    }
    for (i = 0; i < THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
        firsts += posters[i].firsts;
    }
    CHECK(firsts == POSTS);
    tc_receiver_free(receiver);
}

int main(void)
{
    a_token_that_is_certainly_a_mistake_is_refused_with_what_it_looks_like();
    good_requests_are_answered_with_ok_and_marked_when_they_come_again();
    an_event_outlives_outcome_and_receiver_and_can_be_forgotten();
    bad_requests_are_refused();
    a_request_of_unknown_size_is_not_read();
    options_that_cannot_be_used_are_named();
    threads_share_a_receiver();
    return 0;
}
