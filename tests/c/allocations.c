/* An event is one allocation and one free, whatever it carries, and what a receiver answers is one more: counted at malloc, which
   this program defines anew. */
#include "interpose.h"

#include "check.h"

static int allocations;
static int frees;

#ifdef __cplusplus
#define NO_THROW throw()
extern "C" {
#else
#define NO_THROW
#endif

void *malloc(size_t size) NO_THROW
{
    NEXT(one_size, "malloc")
    allocations++;
    return next(size);
}

void *calloc(size_t count, size_t size) NO_THROW
{
    NEXT(two_sizes, "calloc")
    allocations++;
    return next(count, size);
}

void *realloc(void *block, size_t size) NO_THROW
{
    NEXT(resizes, "realloc")
    allocations++;
    return next(block, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) NO_THROW
{
    NEXT(aligns, "posix_memalign")
    allocations++;
    return next(block, alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) NO_THROW
{
    NEXT(two_sizes, "aligned_alloc")
    allocations++;
    return next(alignment, size);
}

void free(void *block) NO_THROW
{
    NEXT(releases, "free")
    frees += block != NULL;
    next(block);
}

#ifdef __cplusplus
}
#endif

static const char QUERY[] =
    "SdkAppid=1400000000&CallbackCommand=Word&contenttype=json&ClientIP=10.0.0.1&OptPlatform=Web";

/* Parses and frees; returns how many allocations the event took. */
static int allocations_of(const char *body, size_t len)
{
    tc_event *event = NULL;
    tc_error *error = NULL;
    int taken;
    tc_status status;

    allocations = frees = 0;
    status = tc_parse_event(QUERY, strlen(QUERY), body, len, &event, &error);
    taken = allocations;
    CHECK(status == TC_OK && error == NULL && frees == 0);
    CHECK(event->sdk_app_id == 1400000000);

    allocations = frees = 0;
    tc_event_free(event);
    CHECK(frees == 1 && allocations == 0);
    return taken;
}

static char *ten_thousand_seats(size_t *len)
{
    char *body = (char *)malloc(1 << 20);
    char *end = body;
    int i;
    end += sprintf(end, "{\"CallbackCommand\":\"Mic.CallbackAfterSeatInfoChanged\",\"RoomId\":\"r\",\"SeatList\":[");
    for (i = 0; i < 10000; i++) {
        end += sprintf(end, "%s{\"Index\":%d,\"Member_Account\":\"user-\\u00e9-%d\",\"IsTakenDisabled\":false}",
                       i == 0 ? "" : ",", i, i);
    }
    end += sprintf(end, "],\"EventTime\":1670574414123}");
    *len = (size_t)(end - body);
    return body;
}

/* Hands a request to a receiver and frees the outcome; returns how many allocations that took. */
static int allocations_of_request(const tc_receiver *receiver, const char *query, const char *body, int32_t http_status)
{
    tc_request request = request_of(query, body);
    tc_outcome *outcome = NULL;
    int taken;
    request.now_s = 1669872112;

    allocations = frees = 0;
    CHECK(tc_receiver_handle(receiver, &request, &outcome, NULL) == TC_OK);
    taken = allocations;
    CHECK(outcome->http_status == http_status);
    tc_outcome_free(outcome);
    CHECK(allocations == taken && frees > 0);
    return taken;
}

/* Accepted, a request is an outcome and an event, also if its query is percent-encoded. Refused, it is an outcome and an error. */
static void a_request_takes_no_more_than_its_outcome_and_its_event(void)
{
#define SIGN "&Sign=17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061"
    static const char body[] =
        "{\"CallbackCommand\":\"Room.CallbackAfterDestroyRoom\",\"RoomId\":\"r\",\"EventTime\":1669872112000}";
    static const char other[] =
        "{\"CallbackCommand\":\"Room.CallbackAfterDestroyRoom\",\"RoomId\":\"s\",\"EventTime\":1669872112000}";
    static const char signed_query[] = "SdkAppid=1400000000&OptPlatform=iOS" SIGN "&RequestTime=1669872112";
    static const char encoded_query[] = "SdkAppid=140000000%30&ClientIP=2001%3Adb8::1" SIGN "&Request%54ime=166987211%32";
    tc_receiver *receiver = NULL;
    tc_receiver_options *options = tc_receiver_options_new(1400000000);
    tc_receiver_options_add_token(options, "xxxxyyyy");
    CHECK(tc_receiver_new(options, &receiver, NULL) == TC_OK);
    tc_receiver_options_free(options);

    /* The first event makes room for those to be remembered. */
    {
        tc_request request = request_of(signed_query, body);
        tc_outcome *outcome = NULL;
        int taken;
        request.now_s = 1669872112;
        CHECK(tc_receiver_handle(receiver, &request, &outcome, NULL) == TC_OK);
        taken = allocations;
        CHECK(tc_outcome_settle(outcome, TC_TAKEN, NULL) == TC_OK && allocations - taken <= 1);
        tc_outcome_free(outcome);
    }
    /* New, and freed unsettled; then delivered again. */
    CHECK(allocations_of_request(receiver, signed_query, other, 503) == 2);
    CHECK(allocations_of_request(receiver, signed_query, body, 200) == 2);
    CHECK(allocations_of_request(receiver, encoded_query, body, 200) == 2);
    CHECK(allocations_of_request(receiver, "SdkAppid=1400000000", body, 403) == 2);
    CHECK(allocations_of_request(receiver, "SdkAppid=1400000000" SIGN "&RequestTime=1669872113", body, 403) == 2);
    CHECK(allocations_of_request(receiver, "SdkAppid=7", body, 403) == 2);
    CHECK(allocations_of_request(receiver, "Sign=1&Sign=2", body, 400) == 2);
    CHECK(allocations_of_request(receiver, signed_query, "{\"CallbackCommand\":tru}", 400) == 3);
    CHECK(allocations_of_request(receiver, signed_query, "[]", 400) == 3);
    tc_receiver_free(receiver);
}

int main(int argc, char **argv)
{
    size_t len;
    char *body;
    int i;
    a_request_takes_no_more_than_its_outcome_and_its_event();
    for (i = 1; i <= argc; i++) {
        int taken;
        body = i < argc ? read_file(argv[i], &len) : ten_thousand_seats(&len);
        taken = allocations_of(body, len);
        free(body);
        printf("%d allocation: %s\n", taken, i < argc ? strrchr(argv[i], '/') + 1 : "10,000 seats");
        CHECK(taken == 1);
    }
    return 0;
}
