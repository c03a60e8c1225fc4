/* The vendor's sample of each callback, whose files are the arguments, comes out in typed fields. */
#include "check.h"

static const char QUERY[] =
    "SdkAppid=1400000000&CallbackCommand=Word&contenttype=json&ClientIP=%3A%3A1&OptPlatform=iOS";

static const tc_event *current;

/* Whether the bytes lie within the current event's block. */
static void check_inside(const void *first, size_t len)
{
    const char *block = (const char *)current;
    const char *bytes = (const char *)first;
    CHECK(bytes >= block && bytes + len <= block + current->block_size);
}

/* A text of the event: within its block, with a NUL behind it, and this one. */
static void is(tc_str text, const char *expected)
{
    CHECK_TEXT(text, expected);
    if (expected != NULL) {
        check_inside(text.ptr, text.len + 1);
    }
}

static void check_texts(const tc_str *texts, size_t count, const char *const *expected)
{
    size_t i;
    check_inside(texts, count * sizeof *texts);
    for (i = 0; i < count; i++) {
        is(texts[i], expected[i]);
    }
}

static void after_create_room(void)
{
    static const char *const INVITEES[] = {"user2", "user3", "user3"};
    const tc_room_info *room = current->room;
    check_inside(room, sizeof *room);
    is(current->operator_account, "admin");
    is(current->subject, "tandy-test-rest");
    is(room->room_id, "tandy-test-rest");
    is(room->room_name, "tandy-test-rest");
    is(room->room_type_word, "Meeting");
    is(room->owner_account, "user3");
    is(room->take_seat_mode_word, "ApplyToTake");
    is(room->room_status_word, "Running");
    is(room->custom_info, "custom123");
    CHECK(room->room_type == TC_ROOM_TYPE_CONFERENCE);
    CHECK(room->take_seat_mode == TC_TAKE_SEAT_MODE_APPLY_TO_TAKE);
    CHECK(room->room_status == TC_ROOM_STATUS_RUNNING);
    CHECK(room->is_seat_enabled == 1);
    CHECK(room->is_video_disabled == 1 && room->is_audio_disabled == 1 && room->is_message_disabled == 1);
    CHECK(room->is_screen_sharing_disabled == 1 && room->is_cloud_recording_disabled == 1);
    CHECK(room->max_member_count == 300 && room->max_seat_count == 16);
    CHECK(room->schedule_start_time_s == 1703589922 && room->schedule_end_time_s == 1703593522);
    CHECK(room->create_time_s == 1703589922);
    CHECK(room->schedule_invitee_account_count == 3);
    check_texts(room->schedule_invitee_accounts, 3, INVITEES);
    CHECK(current->event_time_ms == 1703589922780);
}

static void after_destroy_room(void)
{
    const tc_room_info *room = current->room;
    is(room->room_id, "tandy-test-rest");
    is(room->room_name, NULL);
    is(room->room_type_word, NULL);
    CHECK(room->room_type == TC_NOT_SENT && room->is_video_disabled == TC_NOT_SENT);
    CHECK(room->max_member_count == TC_ABSENT && room->create_time_s == TC_ABSENT);
    CHECK(room->schedule_invitee_account_count == 0);
}

static void after_update_room_info(void)
{
    const tc_room_info *room = current->room;
    is(room->room_id, "rid-123");
    is(room->room_name, "rname-123");
    is(room->custom_info, "123");
    CHECK(room->take_seat_mode == TC_TAKE_SEAT_MODE_FREE_TO_TAKE);
    CHECK(room->is_video_disabled == 0);
    /* The vendor sends the text "false". */
    CHECK(room->is_cloud_recording_disabled == 0);
    CHECK(room->is_seat_enabled == TC_NOT_SENT && room->room_status == TC_NOT_SENT);
    CHECK(room->max_member_count == 300 && room->max_seat_count == TC_ABSENT);
}

static void check_members(int32_t change, const char *word, const char *reason)
{
    static const char *const ACCOUNTS[] = {"user1"};
    const tc_room_members *members = current->members;
    check_inside(members, sizeof *members);
    is(current->subject, "rid-123");
    is(members->room_id, "rid-123");
    is(members->change_word, word);
    is(members->reason, reason);
    CHECK(members->change == change && members->member_count == 20);
    CHECK(members->member_account_count == 1);
    check_texts(members->member_accounts, 1, ACCOUNTS);
}

static void after_member_enter(void)
{
    check_members(TC_MEMBER_CHANGE_ENTER, "Enter", NULL);
}

static void after_member_leave(void)
{
    check_members(TC_MEMBER_CHANGE_LEAVE, "Leave", "xxxx");
}

static void after_seat_info_changed(void)
{
    const tc_room_seats *seats = current->seats;
    check_inside(seats, sizeof *seats);
    is(seats->room_id, "rid-123");
    CHECK(seats->seat_count == 1);
    check_inside(seats->seats, sizeof *seats->seats);
    check_inside(seats->seats[0], sizeof *seats->seats[0]);
    CHECK(seats->seats[0]->index == 1);
    /* A number on the wire, with every digit, though a double cannot hold it. */
    is(seats->seats[0]->member_account, "144115233775727695");
    CHECK(seats->seats[0]->is_taken_disabled == 0 && seats->seats[0]->is_video_disabled == 0);
    CHECK(seats->seats[0]->is_audio_disabled == 0);
}

static void check_user(const tc_call_user *user, const char *account, const char *word, int32_t status)
{
    check_inside(user, sizeof *user);
    is(user->account, account);
    is(user->status_word, word);
    CHECK(user->status == status);
}

static const char CALL_ID[] = "055662e1-bc8a-469c-a334-1126c8c17d58";

static void after_start_call(void)
{
    const tc_call_start *start = current->call_start;
    check_inside(start, sizeof *start);
    is(current->operator_account, NULL);
    is(current->subject, CALL_ID);
    is(start->call_id, CALL_ID);
    is(start->media_type_word, "Audio");
    is(start->chat_group_id, "");
    is(start->room_id, "");
    CHECK(start->media_type == TC_MEDIA_TYPE_AUDIO && start->room_id_type == TC_ROOM_ID_TYPE_NUMBER);
    CHECK(start->user_count == 2);
    check_inside(start->users, 2 * sizeof *start->users);
    check_user(start->users[0], "user1", "Calling", TC_CALL_USER_STATUS_CALLING);
    check_user(start->users[1], "user2", "Waiting", TC_CALL_USER_STATUS_WAITING);
}

static void after_end_call(void)
{
    static const char *const CALLEES[] = {"10001", "user2"};
    const tc_call_end *end = current->call_end;
    check_inside(end, sizeof *end);
    is(end->call_id, CALL_ID);
    is(end->caller_account, "10001");
    is(end->media_type_word, "Audio");
    is(end->call_type_word, "SingleCall");
    is(end->result_word, "NotAnswer");
    is(end->room_id, "roomid-1434");
    CHECK(end->media_type == TC_MEDIA_TYPE_AUDIO && end->call_type == TC_CALL_TYPE_SINGLE_CALL);
    CHECK(end->result == TC_CALL_RESULT_NOT_ANSWER && end->room_id_type == TC_ROOM_ID_TYPE_TEXT);
    CHECK(end->start_time_s == 1741231146 && end->accept_time_s == 0 && end->end_time_s == 1741231296);
    CHECK(end->callee_account_count == 2);
    check_texts(end->callee_accounts, 2, CALLEES);
}

static void call_member_changed(void)
{
    const tc_call_members *members = current->call_members;
    check_inside(members, sizeof *members);
    is(members->call_id, CALL_ID);
    CHECK(members->user_count == 2 && members->change_count == 1);
    check_inside(members->users, 2 * sizeof *members->users);
    check_inside(members->changes, sizeof *members->changes);
    check_user(members->users[0], "user1", "Calling", TC_CALL_USER_STATUS_CALLING);
    check_user(members->users[1], "user2", "Calling", TC_CALL_USER_STATUS_CALLING);
    check_inside(members->changes[0], sizeof *members->changes[0]);
    is(members->changes[0]->account, "user2");
    is(members->changes[0]->action_word, "Accept");
    CHECK(members->changes[0]->action == TC_CALL_ACTION_ACCEPT);
}

static void call_record_changed(void)
{
    const tc_call_record *record = current->call_record;
    check_inside(record, sizeof *record);
    is(record->call_id, "f6273604-3806-4abb-bc7e-090cd9208ee6");
    is(record->room_id, "1280586498");
    is(record->user_id, "callkit_1500099430_record_1280586498");
    is(record->task_id, "-nHuqHlU7islZCDCjMne7HY2TJoU1NbbDkHjVoK-yqHu8ZWQndibQJtEhvB6ShqolkmNmnxz7AE.");
    check_inside(record->payload_json.ptr, record->payload_json.len + 1);
    CHECK(record->payload_json.ptr[0] == '{' && strstr(record->payload_json.ptr, "\"Status\": 0") != NULL);
    CHECK(record->event_group_id == 3 && record->event_type == 301 && record->kit_type == 2);
    CHECK(record->callback_time_ms == 1774425607091);
    CHECK(record->engine_event_time_s == 1774425607 && record->engine_event_time_ms == 1774425607077);
}

/* Each command with the place of its payload. */
static const struct row {
    int32_t command;
    int32_t product;
    size_t payload;
    void (*check)(void);
} ROWS[] = {
    {TC_ROOM_AFTER_CREATE_ROOM, TC_PRODUCT_CONFERENCE, offsetof(tc_event, room), after_create_room},
    {TC_ROOM_AFTER_DESTROY_ROOM, TC_PRODUCT_CONFERENCE, offsetof(tc_event, room), after_destroy_room},
    {TC_ROOM_AFTER_UPDATE_ROOM_INFO, TC_PRODUCT_CONFERENCE, offsetof(tc_event, room), after_update_room_info},
    {TC_ROOM_AFTER_MEMBER_ENTER, TC_PRODUCT_CONFERENCE, offsetof(tc_event, members), after_member_enter},
    {TC_ROOM_AFTER_MEMBER_LEAVE, TC_PRODUCT_CONFERENCE, offsetof(tc_event, members), after_member_leave},
    /* Live sends it as well. */
    {TC_MIC_AFTER_SEAT_INFO_CHANGED, TC_PRODUCT_UNKNOWN, offsetof(tc_event, seats), after_seat_info_changed},
    {TC_CALL_AFTER_START_CALL, TC_PRODUCT_CALL, offsetof(tc_event, call_start), after_start_call},
    {TC_CALL_AFTER_END_CALL, TC_PRODUCT_CALL, offsetof(tc_event, call_end), after_end_call},
    {TC_CALL_AFTER_MEMBER_CHANGED, TC_PRODUCT_CALL, offsetof(tc_event, call_members), call_member_changed},
    {TC_CALL_AFTER_RECORD_CHANGED, TC_PRODUCT_CALL, offsetof(tc_event, call_record), call_record_changed},
};
enum { ROW_COUNT = sizeof ROWS / sizeof *ROWS };

/* The only payload is the one at this offset. */
static void check_payload(size_t expected)
{
    size_t offset;
    for (offset = offsetof(tc_event, room); offset <= offsetof(tc_event, call_record); offset += sizeof(void *)) {
        const void *payload;
        memcpy(&payload, (const char *)current + offset, sizeof payload);
        CHECK((payload != NULL) == (offset == expected));
    }
}

/* Returns the row of the command. */
static size_t check_file(const char *path)
{
    tc_event *event = NULL;
    tc_error *error = NULL;
    size_t len;
    size_t row;
    char key[TC_DUPLICATE_KEY_SIZE];
    char *body = read_file(path, &len);
    /* What an earlier failure left in `error` is gone after a success. */
    CHECK(tc_parse_event(QUERY, strlen(QUERY), body, len - 3, &event, &error) == TC_ERROR_MALFORMED_JSON);
    CHECK(event == NULL && error->offset <= (int64_t)len);
    tc_error_free(error);
    CHECK(tc_parse_event(QUERY, strlen(QUERY), body, len, &event, &error) == TC_OK);
    CHECK(error == NULL);
    current = event;
    is(event->body, body);
    free(body);

    is(event->query, QUERY);
    is(event->query_command_word, "Word");
    is(event->client_ip, "::1");
    is(event->platform_word, "iOS");
    CHECK(event->sdk_app_id == 1400000000 && event->platform == TC_PLATFORM_IOS);
    CHECK(event->event_time_ms > 1600000000000);
    CHECK(tc_event_duplicate_key(event, key) == 32 && strlen(key) == 32);
    CHECK(event->mismatch_count == 0);
    is(event->mismatch, NULL);
    CHECK(tc_command_from_word(event->command_word.ptr) == event->command);
    is(event->command_word, tc_command_word(event->command));

    for (row = 0; row < ROW_COUNT && ROWS[row].command != event->command; row++) {
    }
    CHECK(row < ROW_COUNT);
    CHECK(event->product == ROWS[row].product);
    check_payload(ROWS[row].payload);
    ROWS[row].check();
    tc_event_free(event);
    return row;
}

int main(int argc, char **argv)
{
    int seen[ROW_COUNT] = {0};
    int i;
    for (i = 1; i < argc; i++) {
        ++seen[check_file(argv[i])];
    }
    for (i = 0; i < ROW_COUNT; i++) {
        CHECK(seen[i] == 1);
    }
    return 0;
}
