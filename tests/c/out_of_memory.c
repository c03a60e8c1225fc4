/* Memory that cannot be had, at each place where parse, receive and sign ask for some: the program's malloc, which the library
 * uses as well, refuses the n-th request. What it comes to is a status, after which everything still works; or, for small
 * requests only, Rust's runtime ends the process. Each is tried in a child.
 *
 * Prints a line for each operation: how many requests it makes, and what a refusal of each comes to. */
#include "interpose.h"
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

/* Requests until the refused one; below 0 none is refused. */
static long countdown = -1;
static long requests;

/* Of the first requests, how many bytes each was for. */
enum { MOST_REQUESTS = 64, SMALL_BYTES = 1024 };
static size_t sizes[MOST_REQUESTS];

static int is_refused(size_t size)
{
    if (requests < MOST_REQUESTS) {
        sizes[requests] = size;
    }
    requests++;
    return countdown >= 0 && countdown-- == 0;
}

void *malloc(size_t size)
{
    NEXT(one_size, "malloc")
    return is_refused(size) ? NULL : next(size);
}

void *calloc(size_t count, size_t size)
{
    NEXT(two_sizes, "calloc")
    return is_refused(count * size) ? NULL : next(count, size);
}

void *realloc(void *block, size_t size)
{
    NEXT(resizes, "realloc")
    return is_refused(size) ? NULL : next(block, size);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
    NEXT(aligns, "posix_memalign")
    return is_refused(size) ? 12 : next(block, alignment, size);
}

static const char QUERY[] = "SdkAppid=1400000000&CallbackCommand=Mic.CallbackAfterSeatInfoChanged&OptPlatform=iOS"
                            "&ClientIP=10.0.0.1&RequestTime=1669872112"
                            "&Sign=17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061";
static const char REFUSED_QUERY[] = "SdkAppid=1400000000";
static const char SEATS[] = "{\"CallbackCommand\":\"Mic.CallbackAfterSeatInfoChanged\",\"RoomId\":\"r\\u00e9\",\"EventTime\":7,"
                            "\"SeatList\":[{\"Index\":1,\"Member_Account\":\"a\"},{\"Index\":true}]}";
static const char KEY[] = "a key for tests";
static const int64_t NOW = 1669872112;

static tc_receiver *receiver;

static tc_receiver *new_receiver(void)
{
    tc_receiver *made = NULL;
    tc_receiver_options *options = tc_receiver_options_new(1400000000);
    tc_receiver_options_add_token(options, "xxxxyyyy");
    CHECK(tc_receiver_new(options, &made, NULL) == TC_OK);
    tc_receiver_options_free(options);
    return made;
}

static tc_status parse(void)
{
    tc_event *event = NULL;
    const tc_status status = tc_parse_event(QUERY, strlen(QUERY), SEATS, strlen(SEATS), &event, NULL);
    CHECK((status == TC_OK) == (event != NULL));
    if (event != NULL) {
        CHECK(event->seats->seat_count == 2 && event->mismatch_count == 1);
        CHECK_TEXT(event->subject, "r\303\251");
    }
    tc_event_free(event);
    return status;
}

static tc_status receive_with(const tc_receiver *by, const char *query)
{
    tc_outcome *outcome = NULL;
    tc_request request = request_of(query, SEATS);
    tc_status status;
    request.now_s = NOW;
    status = tc_receiver_handle(by, &request, &outcome, NULL);
    CHECK((status == TC_OK) == (outcome != NULL));
    if (outcome != NULL) {
        status = outcome->status;
        CHECK((status == TC_OK) == (outcome->event != NULL) && outcome->reply.len > 0);
        CHECK(status != TC_OUT_OF_MEMORY || outcome->http_status == 500);
    }
    tc_outcome_free(outcome);
    return status;
}

static tc_status receive(void)
{
    return receive_with(receiver, QUERY);
}

static tc_status refuse(void)
{
    const tc_status status = receive_with(receiver, REFUSED_QUERY);
    return status == TC_BAD_SIGN ? TC_OK : status;
}

/* By a receiver that remembers no event yet. */
static tc_status receive_first(void)
{
    tc_receiver *fresh = new_receiver();
    const tc_status status = receive_with(fresh, QUERY);
    tc_receiver_free(fresh);
    return status;
}

static tc_status sign(void)
{
    tc_usersig *usersig = NULL;
    const tc_status status = tc_usersig_sign(1400000000, KEY, "user", NOW, 60, NULL, 0, &usersig, NULL);
    CHECK((status == TC_OK) == (usersig != NULL));
    tc_usersig_free(usersig);
    return status;
}

static const struct {
    const char *name;
    tc_status (*run)(void);
} OPERATIONS[] = {{"parse", parse}, {"receive", receive}, {"receive first", receive_first}, {"refuse", refuse}, {"sign", sign}};

enum { FINE, OUT_OF_MEMORY, WRONG };

/* In a child: the n-th request of the operation is refused, and after that all is as before. */
static int in_child(tc_status (*run)(void), long n)
{
    tc_status status;
    /* Rust's runtime says how much could not be had. */
    CHECK(freopen("/dev/null", "w", stderr) != NULL);
    /* A child that waits for ever is ended by the signal. */
    alarm(60);
    /* A child has some state of its own, which is there now as well. */
    if (run() != TC_OK) {
        return WRONG;
    }
    countdown = n;
    status = run();
    countdown = -1;
    if (status != TC_OK && status != TC_OUT_OF_MEMORY) {
        return WRONG;
    }
    if (parse() != TC_OK || receive() != TC_OK || refuse() != TC_OK || sign() != TC_OK) {
        return WRONG;
    }
    return status == TC_OK ? FINE : OUT_OF_MEMORY;
}

/* Whether the refusal of the n-th request, of so many bytes, is no more than a status. */
static int is_survived(tc_status (*run)(void), long n, size_t size)
{
    int status = 0;
    const pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        _exit(in_child(run, n));
    }
    CHECK(waitpid(child, &status, 0) == child);
    if (WIFSIGNALED(status)) {
        CHECK(WTERMSIG(status) == SIGABRT && size < SMALL_BYTES);
        return 0;
    }
    CHECK(WIFEXITED(status) && (WEXITSTATUS(status) == FINE || WEXITSTATUS(status) == OUT_OF_MEMORY));
    return 1;
}

int main(void)
{
    size_t i;
    receiver = new_receiver();
    for (i = 0; i < sizeof OPERATIONS / sizeof OPERATIONS[0]; i++) {
        tc_status (*const run)(void) = OPERATIONS[i].run;
        size_t asked[MOST_REQUESTS];
        long count;
        long n;
        /* What a process sets up once is there before anything is refused. */
        CHECK(run() == TC_OK);
        requests = 0;
        CHECK(run() == TC_OK);
        count = requests;
        CHECK(count > 0 && count <= MOST_REQUESTS);
        memcpy(asked, sizes, sizeof asked);
        printf("%s:", OPERATIONS[i].name);
        fflush(stdout);
        for (n = 0; n < count; n++) {
            printf(" %lu %s,", (unsigned long)asked[n], is_survived(run, n, asked[n]) ? "survived" : "aborted");
            fflush(stdout);
        }
        printf(" %ld requests\n", count);
    }
    tc_receiver_free(receiver);
    return 0;
}
