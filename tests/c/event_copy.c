/* Events are copied to memory of the caller, whole, and their pointers count from the address that the copy tells. */
#include "check.h"

enum { ROOM = 1 << 16 };

static const char QUERY[] = "SdkAppid=1400000000&CallbackCommand=Word&OptPlatform=iOS";

/* Not aligned: the copy is read with memcpy. */
static char memory[ROOM + 1];
static int64_t aligned[ROOM / sizeof(int64_t)];
static char *const buffer = memory + 1;

static tc_event_copy copy_to(size_t buffer_size)
{
    tc_event_copy copy;
    memset(&copy, 0, sizeof copy);
    copy.struct_size = sizeof copy;
    copy.buffer = buffer;
    copy.buffer_size = buffer_size;
    memset(memory, '#', sizeof memory);
    return copy;
}

/* The text in the copy is the one that the event itself has. */
static void check_copied(const tc_event_copy *copy, tc_str copied, tc_str original)
{
    CHECK((copied.ptr == NULL) == (original.ptr == NULL) && copied.len == original.len);
    if (copied.ptr != NULL) {
        const size_t place = (size_t)(copied.ptr - (const char *)copy->base);
        CHECK(place + copied.len < copy->block_size);
        CHECK(memcmp(buffer + place, original.ptr, original.len + 1) == 0);
    }
}

static void check_payload(const tc_event_copy *copy, const tc_event *copied, const tc_event *original)
{
    if (original->members != NULL) {
        const size_t place = (size_t)((const char *)copied->members - (const char *)copy->base);
        tc_room_members members;
        tc_str first;
        memcpy(&members, buffer + place, sizeof members);
        check_copied(copy, members.room_id, original->members->room_id);
        CHECK(members.member_account_count == original->members->member_account_count);
        memcpy(&first, buffer + ((const char *)members.member_accounts - (const char *)copy->base), sizeof first);
        check_copied(copy, first, original->members->member_accounts[0]);
    }
}

static void copies_an_event_that_fits(const char *body, size_t len, const tc_event *original)
{
    tc_event_copy copy = copy_to(original->block_size);
    tc_error *error = NULL;
    tc_event copied;
    CHECK(tc_parse_event_copy(QUERY, strlen(QUERY), body, len, &copy, &error) == TC_OK);
    CHECK(error == NULL && copy.event == NULL && copy.block_size == original->block_size);
    CHECK(buffer[copy.block_size] == '#');
    memcpy(&copied, buffer, sizeof copied);
    CHECK(copied.block_size == original->block_size && copied.command == original->command);
    CHECK(copied.event_time_ms == original->event_time_ms);
    check_copied(&copy, copied.command_word, original->command_word);
    check_copied(&copy, copied.client_ip, original->client_ip);
    check_copied(&copy, copied.body, original->body);
    check_payload(&copy, &copied, original);
}

static void makes_an_event_in_memory_that_is_aligned_and_large(const char *body, size_t len, const tc_event *original)
{
    const tc_event *event = (const tc_event *)(void *)aligned;
    tc_event_copy copy = copy_to(0);
    copy.buffer = aligned;
    copy.buffer_size = sizeof aligned;
    memset(aligned, '#', sizeof aligned);
    CHECK(tc_parse_event_copy(QUERY, strlen(QUERY), body, len, &copy, NULL) == TC_OK);
    CHECK(copy.event == NULL && copy.base == aligned);
    CHECK(copy.block_size == original->block_size && event->block_size == original->block_size);
    CHECK_TEXT(event->body, original->body.ptr);
    CHECK_TEXT(event->command_word, original->command_word.ptr);
    CHECK((event->members == NULL) == (original->members == NULL));
    if (event->members != NULL) {
        CHECK_TEXT(event->members->member_accounts[0], original->members->member_accounts[0].ptr);
    }
}

static void hands_out_an_event_that_does_not_fit(const char *body, size_t len, const tc_event *original)
{
    tc_event_copy copy = copy_to(original->block_size - 1);
    int with_buffer;
    for (with_buffer = 1; with_buffer >= 0; with_buffer--) {
        CHECK(tc_parse_event_copy(QUERY, strlen(QUERY), body, len, &copy, NULL) == TC_OK);
        CHECK(copy.event != NULL && (const void *)copy.event == copy.base && copy.block_size == original->block_size);
        CHECK_TEXT(copy.event->body, original->body.ptr);
        CHECK(buffer[0] == '#');
        tc_event_free(copy.event);
        copy.buffer = NULL;
        copy.buffer_size = ROOM;
    }
}

static void says_nothing_of_an_event_after_a_failure(void)
{
    tc_event_copy copy = copy_to(ROOM);
    tc_error *error = NULL;
    copy.block_size = 1;
    copy.base = buffer;
    CHECK_FAILS(TC_ERROR_MALFORMED_JSON, "", error, tc_parse_event_copy(QUERY, strlen(QUERY), "{", 1, &copy, &error));
    CHECK(copy.block_size == 0 && copy.base == NULL && copy.event == NULL && buffer[0] == '#');
    copy.struct_size--;
    CHECK_FAILS(TC_ERROR_INVALID_ARGUMENT, "sizeof(tc_event_copy)", error,
                tc_parse_event_copy(QUERY, strlen(QUERY), "{}", 2, &copy, &error));
}

/* What another process is handed is the event's and nothing else of this process's memory. valgrind looks at what is written. */
static void holds_nothing_that_the_host_has_freed(const char *body, size_t len, size_t block_size)
{
    enum { FREED = 4096 };
    tc_event_copy copy = copy_to(block_size);
    char *freed = (char *)malloc(FREED);
    FILE *other = fopen("/dev/null", "wb");
    size_t i;
    CHECK(freed != NULL && other != NULL);
    memset(freed, '~', FREED);
    CHECK(freed[FREED - 1] == '~');
    free(freed);
    CHECK(tc_parse_event_copy(QUERY, strlen(QUERY), body, len, &copy, NULL) == TC_OK && copy.event == NULL);
    /* An address may have one such byte, or two. */
    for (i = 0; i + 8 <= copy.block_size; i++) {
        CHECK(memcmp(buffer + i, "~~~~~~~~", 8) != 0);
    }
    CHECK(fwrite(buffer, 1, copy.block_size, other) == copy.block_size && fclose(other) == 0);
}

int main(int argc, char **argv)
{
    int i;
    for (i = 1; i < argc; i++) {
        size_t len;
        char *body = read_file(argv[i], &len);
        tc_event *original = NULL;
        CHECK(tc_parse_event(QUERY, strlen(QUERY), body, len, &original, NULL) == TC_OK);
        copies_an_event_that_fits(body, len, original);
        makes_an_event_in_memory_that_is_aligned_and_large(body, len, original);
        hands_out_an_event_that_does_not_fit(body, len, original);
        holds_nothing_that_the_host_has_freed(body, len, original->block_size);
        tc_event_free(original);
        free(body);
    }
    says_nothing_of_an_event_after_a_failure();
    return 0;
}
