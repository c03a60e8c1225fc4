/* A receiver that was made before fork works in the child, also while other threads of the parent are inside a call on
 * it: fork [FORKS]. */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif
#include <pthread.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static const char QUERY[] = "SdkAppid=1400000000";
static const char BODY[] =
    "{\"CallbackCommand\":\"Room.CallbackAfterDestroyRoom\",\"RoomId\":\"r1\",\"EventTime\":1669872112000}";
enum { THREADS = 3, FORKS = 20 };

static pthread_barrier_t started;
static int stops[2];

/* Whether the event is new. */
static int post(const tc_receiver *receiver)
{
    tc_outcome *outcome = NULL;
    tc_request request = request_of(QUERY, BODY);
    int is_new;
    do {
        tc_outcome_free(outcome);
        CHECK(tc_receiver_handle(receiver, &request, &outcome, NULL) == TC_OK);
    } while (outcome->delivery == TC_DELIVERY_BUSY);
    is_new = outcome->delivery == TC_DELIVERY_NEW;
    CHECK(!is_new || tc_outcome_settle(outcome, TC_TAKEN, NULL) == TC_OK);
    CHECK(outcome->http_status == 200);
    tc_outcome_free(outcome);
    return is_new;
}

/* What needs no handle. */
static void parse_and_sign(void)
{
    tc_event *event = NULL;
    tc_usersig *usersig = NULL;
    CHECK(tc_parse_event(QUERY, strlen(QUERY), BODY, strlen(BODY), &event, NULL) == TC_OK);
    tc_event_free(event);
    CHECK(tc_usersig_sign(1400000000, "a key for tests", "user", 1669872112, 60, NULL, 0, &usersig, NULL) == TC_OK);
    tc_usersig_free(usersig);
}

/* Posts until the pipe is closed. */
static void *post_until_stopped(void *argument)
{
    const tc_receiver *receiver = (const tc_receiver *)argument;
    fd_set readable;
    struct timeval at_once;
    post(receiver);
    pthread_barrier_wait(&started);
    do {
        post(receiver);
        parse_and_sign();
        FD_ZERO(&readable);
        FD_SET(stops[0], &readable);
        at_once.tv_sec = 0;
        at_once.tv_usec = 0;
    } while (select(stops[0] + 1, &readable, NULL, NULL, &at_once) == 0);
    return NULL;
}

int main(int argc, char **argv)
{
    const long forks = argc > 1 ? strtol(argv[1], NULL, 10) : (long)FORKS;
    tc_receiver *receiver = NULL;
    tc_receiver_options *options = tc_receiver_options_new(1400000000);
    pthread_t threads[THREADS];
    int i;
    CHECK(tc_receiver_new(options, &receiver, NULL) == TC_OK);
    tc_receiver_options_free(options);
    CHECK(pipe(stops) == 0 && pthread_barrier_init(&started, NULL, THREADS + 1) == 0);
    for (i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, post_until_stopped, receiver) == 0);
    }
    pthread_barrier_wait(&started);

    for (i = 0; i < forks; i++) {
        int status = -1;
        const pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0) {
            /* A child that waits for a lock of its parent's is ended by the signal. */
            alarm(60);
            /* It remembers events by itself. */
            CHECK(post(receiver) && !post(receiver));
            parse_and_sign();
            tc_receiver_free(receiver);
            _exit(0);
        }
        CHECK(waitpid(child, &status, 0) == child && status == 0);
    }

    close(stops[1]);
    for (i = 0; i < THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    CHECK(!post(receiver));
    tc_receiver_free(receiver);
    pthread_barrier_destroy(&started);
    close(stops[0]);
    return 0;
}
