/* Memory that cannot be had, at each place where parse, receive and sign ask for some: the program's malloc, which the library
 * uses as well, refuses the n-th request, or that and all after it. What it comes to is a status, after which everything still
 * works. Each is tried in a child.
 *
 * Prints a line for each operation: how many requests it makes. */
#include "interpose.h"
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

/* Requests until the refused one; below 0 none is refused. */
static long countdown = -1;
static int refuses_all_after;
static long requests;

static int is_refused(void)
{
    requests++;
    if (countdown == 0) {
        countdown = refuses_all_after ? 0 : -1;
        return 1;
    }
    countdown -= countdown > 0;
    return 0;
}

void *malloc(size_t size)
{
    NEXT(one_size, "malloc")
    return is_refused() ? NULL : next(size);
}

void *calloc(size_t count, size_t size)
{
    NEXT(two_sizes, "calloc")
    return is_refused() ? NULL : next(count, size);
}

void *realloc(void *block, size_t size)
{
    NEXT(resizes, "realloc")
    return is_refused() ? NULL : next(block, size);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
    NEXT(aligns, "posix_memalign")
    return is_refused() ? 12 : next(block, alignment, size);
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
static int32_t last_delivery;

static tc_receiver *new_receiver(void)
{
    tc_receiver *made = NULL;
    tc_receiver_options *options = tc_receiver_options_new(1400000000);
    tc_receiver_options_add_token(options, "xxxxyyyy");
    CHECK(tc_receiver_new(options, &made, NULL) == TC_OK);
    tc_receiver_options_free(options);
    return made;
}

/* A failure is told in words, also if there is no memory for them. */
static tc_status told(tc_status status, tc_error *const *error_out)
{
    tc_error *const error = *error_out;
    CHECK((status == TC_OK) == (error == NULL));
    if (error != NULL) {
        CHECK(error->status == status && error->message.len > 0 && error->message.ptr[error->message.len] == '\0');
    }
    tc_error_free(error);
    return status;
}

static tc_status parse(void)
{
    tc_event *event = NULL;
    tc_error *error = NULL;
    const tc_status status = told(tc_parse_event(QUERY, strlen(QUERY), SEATS, strlen(SEATS), &event, &error), &error);
    CHECK((status == TC_OK) == (event != NULL));
    if (event != NULL) {
        CHECK(event->seats->seat_count == 2 && event->mismatch_count == 1);
        CHECK_TEXT(event->subject, "r\303\251");
    }
    tc_event_free(event);
    return status;
}

static tc_status parse_nothing(void)
{
    tc_event *event = NULL;
    tc_error *error = NULL;
    const tc_status status = told(tc_parse_event(NULL, 0, "[]", 2, &event, &error), &error);
    CHECK(event == NULL);
    return status == TC_ERROR_NOT_A_CALLBACK ? TC_OK : status;
}

static tc_status receive_with(const tc_receiver *by, const char *query)
{
    tc_outcome *outcome = NULL;
    tc_error *error = NULL;
    tc_request request = request_of(query, SEATS);
    tc_status status;
    request.now_s = NOW;
    status = told(tc_receiver_handle(by, &request, &outcome, &error), &error);
    CHECK((status == TC_OK) == (outcome != NULL));
    if (outcome != NULL) {
        status = outcome->status;
        last_delivery = outcome->delivery;
        if (outcome->delivery == TC_DELIVERY_NEW) {
            CHECK(outcome->http_status == 503);
            status = told(tc_outcome_settle(outcome, TC_TAKEN, &error), &error);
            CHECK(outcome->http_status == (status == TC_OK ? 200 : 503));
        }
        CHECK((outcome->status == TC_OK) == (outcome->error == NULL));
        CHECK(outcome->error == NULL || (outcome->error->status == status && outcome->error->message.len > 0));
        CHECK((outcome->status == TC_OK) == (outcome->event != NULL) && outcome->reply.len > 0);
        CHECK(outcome->status != TC_OK || outcome->delivery == TC_DELIVERY_BUSY || outcome->http_status == 200 || status != TC_OK);
        CHECK(outcome->status != TC_ERROR_OUT_OF_MEMORY || outcome->http_status == 500);
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
    return status == TC_ERROR_BAD_SIGN ? TC_OK : status;
}

static tc_status sign(void)
{
    tc_usersig *usersig = NULL;
    tc_error *error = NULL;
    const tc_status status = told(
        tc_usersig_sign(1400000000, KEY, "user", NOW, 60, (const uint8_t *)KEY, sizeof KEY, &usersig, &error), &error);
    CHECK((status == TC_OK) == (usersig != NULL));
    tc_usersig_free(usersig);
    return status;
}

typedef struct {
    const char *name;
    tc_status (*run)(void);
} operation;

static const operation OPERATIONS[] = {
    {"parse", parse}, {"parse what is no callback", parse_nothing}, {"receive", receive}, {"refuse", refuse}, {"sign", sign}};

enum { SURVIVED, NOT_REACHED, WRONG };

/* In a child: the n-th request of the operation is refused, and after that all is as before. */
static int in_child(tc_status (*run)(void), int is_warm, long n)
{
    tc_status status;
    int is_reached;
    /* A child that waits for ever is ended by the signal. */
    alarm(60);
    if (is_warm && run() != TC_OK) {
        return WRONG;
    }
    requests = 0;
    countdown = n;
    status = run();
    is_reached = requests > n;
    countdown = -1;
    if (status != TC_OK && (status != TC_ERROR_OUT_OF_MEMORY || !is_reached)) {
        return WRONG;
    }
    if (receiver == NULL) {
        receiver = new_receiver();
    }
    if (parse() != TC_OK || receive() != TC_OK) {
        return WRONG;
    }
    /* An event that was lost on its way to the host is new when it comes again. */
    if (run == receive && !is_warm && status == TC_ERROR_OUT_OF_MEMORY && last_delivery != TC_DELIVERY_NEW) {
        return WRONG;
    }
    if (refuse() != TC_OK || sign() != TC_OK) {
        return WRONG;
    }
    return is_reached ? SURVIVED : NOT_REACHED;
}

/* Tries the refusal of each request; prints how many there are. */
static void try_all(const operation *of, const char *when, int is_warm)
{
    for (refuses_all_after = 0; refuses_all_after <= 1; refuses_all_after++) {
        int came_to = SURVIVED;
        long n;
        for (n = 0; came_to == SURVIVED; n++) {
            int status = 0;
            const pid_t child = fork();
            CHECK(child >= 0);
            if (child == 0) {
                _exit(in_child(of->run, is_warm, n));
            }
            CHECK(waitpid(child, &status, 0) == child);
            CHECK(WIFEXITED(status));
            came_to = WEXITSTATUS(status);
            CHECK(came_to != WRONG);
        }
        CHECK(n > 1);
        printf("%s%s: %ld requests, %s refused\n", of->name, when, n - 1, refuses_all_after ? "each with all after it" : "each");
        fflush(stdout);
    }
}

int main(void)
{
    size_t i;
    try_all(&OPERATIONS[0], ", first of all", 0);
    receiver = new_receiver();
    for (i = 0; i < sizeof OPERATIONS / sizeof OPERATIONS[0]; i++) {
        try_all(&OPERATIONS[i], ", for the first time", 0);
        try_all(&OPERATIONS[i], "", 1);
    }
    tc_receiver_free(receiver);
    return 0;
}
