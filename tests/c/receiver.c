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
    CHECK(outcome->event == NULL && outcome->delivery == TC_DELIVERY_REJECTED);
    CHECK(outcome->error != NULL && outcome->error->status == status);
    CHECK(strstr(outcome->error->message.ptr, word) != NULL);
    CHECK(strstr(outcome->reply.ptr, "\"ActionStatus\":\"FAIL\"") != NULL && strstr(outcome->reply.ptr, word) != NULL);
    CHECK(strstr(outcome->reply.ptr, TOKEN) == NULL && strstr(outcome->reply.ptr, SIGN) == NULL);
    CHECK(tc_outcome_settle(outcome, TC_TAKEN, NULL) == TC_ERROR_INVALID_ARGUMENT && outcome->http_status == http_status);
    tc_outcome_free(outcome);
}

static const char OK_REPLY[] = "{\"ActionStatus\":\"OK\",\"ErrorInfo\":\"\",\"ErrorCode\":0}";

/* Settles the outcome of a request like the last one, and frees it. */
static void settle(tc_outcome *outcome, int32_t settlement)
{
    CHECK(outcome->delivery == TC_DELIVERY_NEW);
    CHECK(tc_outcome_settle(outcome, settlement, NULL) == TC_OK);
    tc_outcome_free(outcome);
}

static int32_t delivery(const tc_receiver *receiver, const char *body)
{
    tc_outcome *outcome = post(receiver, SIGNED, body);
    const int32_t found = outcome->delivery;
    tc_outcome_free(outcome);
    return found;
}

static void an_event_is_answered_with_200_once_it_is_taken_and_when_it_comes_again(void)
{
    tc_receiver *receiver = new_receiver();
    tc_outcome *outcome = post(receiver, SIGNED, BODY);
    tc_error *error = NULL;
    CHECK(outcome->status == TC_OK && outcome->http_status == 503 && outcome->error == NULL);
    CHECK(outcome->delivery == TC_DELIVERY_NEW && strstr(outcome->reply.ptr, "\"FAIL\"") != NULL);
    CHECK(delivery(receiver, BODY) == TC_DELIVERY_BUSY);
    CHECK(tc_outcome_settle(outcome, TC_TAKEN, &error) == TC_OK && error == NULL);
    CHECK(outcome->http_status == 200);
    CHECK_TEXT(outcome->reply, OK_REPLY);
    CHECK_TEXT(outcome->event->subject, "r1");
    tc_outcome_free(outcome);

    outcome = post(receiver, SIGNED, BODY);
    CHECK(outcome->delivery == TC_DELIVERY_DONE && outcome->http_status == 200);
    CHECK_TEXT(outcome->reply, OK_REPLY);
    CHECK_FAILS(TC_ERROR_INVALID_ARGUMENT, "Done", error, tc_outcome_settle(outcome, TC_TAKEN, &error));
    tc_outcome_free(outcome);
    tc_receiver_free(receiver);
}

static void an_event_that_was_not_taken_comes_anew(void)
{
    tc_receiver *receiver = new_receiver();
    tc_outcome *outcome = post(receiver, SIGNED, BODY);
    settle(outcome, TC_REFUSED);
    /* Freed without being settled. */
    CHECK(delivery(receiver, BODY) == TC_DELIVERY_NEW);
    outcome = post(receiver, SIGNED, BODY);
    settle(outcome, TC_UNKNOWN);
    outcome = post_at(receiver, SIGNED, BODY, NOW + 59);
    CHECK(outcome->delivery == TC_DELIVERY_BUSY && outcome->http_status == 503);
    tc_outcome_free(outcome);
    tc_receiver_free(receiver);
}

static void a_settlement_that_is_none_changes_nothing(void)
{
    static const int32_t none[] = {INT32_MIN, -1, 0, 4, INT32_MAX};
    tc_receiver *receiver = new_receiver();
    tc_outcome *outcome = post(receiver, SIGNED, BODY);
    tc_error *error = NULL;
    size_t i;
    for (i = 0; i < sizeof none / sizeof *none; i++) {
        CHECK_FAILS(TC_ERROR_INVALID_ARGUMENT, "settlement", error, tc_outcome_settle(outcome, none[i], &error));
        CHECK(outcome->http_status == 503);
    }
    settle(outcome, TC_TAKEN);
    tc_receiver_free(receiver);
}

static void *settle_late(void *outcome)
{
    CHECK(tc_outcome_settle((tc_outcome *)outcome, TC_TAKEN, NULL) == TC_OK);
    CHECK_TEXT(((tc_outcome *)outcome)->event->body, BODY);
    tc_outcome_free((tc_outcome *)outcome);
    return NULL;
}

/* A handler that takes longer than the vendor waits: 503 is answered, and another thread settles when the receiver is gone. */
static void an_outcome_outlives_the_answer_and_the_receiver(void)
{
    tc_receiver *receiver = new_receiver();
    tc_outcome *outcome = post(receiver, SIGNED, BODY);
    pthread_t thread;
    CHECK(outcome->http_status == 503);
    tc_receiver_free(receiver);
    CHECK(pthread_create(&thread, NULL, settle_late, outcome) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
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
    CHECK(outcome->delivery == TC_DELIVERY_NEW);
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
    /* No release had a smaller one. */
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
        CHECK(atoi(outcome->event->subject.ptr) == i);
        if (outcome->delivery == TC_DELIVERY_NEW) {
            poster->firsts++;
            CHECK(tc_outcome_settle(outcome, TC_TAKEN, NULL) == TC_OK);
        }
        CHECK(outcome->http_status == (outcome->delivery == TC_DELIVERY_BUSY ? 503 : 200));
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
    an_event_is_answered_with_200_once_it_is_taken_and_when_it_comes_again();
    an_event_that_was_not_taken_comes_anew();
    a_settlement_that_is_none_changes_nothing();
    an_outcome_outlives_the_answer_and_the_receiver();
    bad_requests_are_refused();
    a_request_of_unknown_size_is_not_read();
    options_that_cannot_be_used_are_named();
    threads_share_a_receiver();
    return 0;
}
