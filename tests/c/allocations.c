/* An event is one allocation and one free, whatever it carries: counted at malloc, which this program defines anew. */
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

int main(int argc, char **argv)
{
    size_t len;
    char *body;
    int i;
    /* The first call of a process sets up, once, how panics are caught. */
    tc_event_free(NULL);
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
