/* Runs tests/vectors.json, the vectors of every language: argv[1]. */
#include <cjson/cJSON.h>

#include "check.h"

static const char *member_text(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

static int64_t member_number(const cJSON *object, const char *name, int64_t absent)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
    return member != NULL ? (int64_t)cJSON_GetNumberValue(member) : absent;
}

/* What was found, as JSON like the vectors' own. */
static void add_text(cJSON *object, const char *name, tc_str text)
{
    cJSON_AddItemToObject(object, name, text.ptr != NULL ? cJSON_CreateString(text.ptr) : cJSON_CreateNull());
}

static void add_number(cJSON *object, const char *name, int64_t number)
{
    cJSON_AddItemToObject(object, name, number != TC_ABSENT ? cJSON_CreateNumber((double)number) : cJSON_CreateNull());
}

static void add_word(cJSON *object, const char *name, int32_t word)
{
    add_number(object, name, word != TC_NOT_SENT ? word : TC_ABSENT);
}

static void add_boolean(cJSON *object, const char *name, int32_t boolean)
{
    cJSON_AddItemToObject(object, name, boolean != TC_NOT_SENT ? cJSON_CreateBool(boolean) : cJSON_CreateNull());
}

static void add_texts(cJSON *object, const char *name, const tc_str *texts, size_t count)
{
    cJSON *list = cJSON_AddArrayToObject(object, name);
    for (size_t i = 0; i < count; i++)
        cJSON_AddItemToArray(list, cJSON_CreateString(texts[i].ptr));
}

static void add_room(cJSON *event, const tc_room_info *room)
{
    cJSON *found = cJSON_AddObjectToObject(event, "room");
    add_text(found, "room_id", room->room_id);
    add_text(found, "room_name", room->room_name);
    add_text(found, "room_type_word", room->room_type_word);
    add_text(found, "owner_account", room->owner_account);
    add_text(found, "take_seat_mode_word", room->take_seat_mode_word);
    add_text(found, "room_status_word", room->room_status_word);
    add_text(found, "custom_info", room->custom_info);
    add_word(found, "room_type", room->room_type);
    add_word(found, "take_seat_mode", room->take_seat_mode);
    add_word(found, "room_status", room->room_status);
    add_boolean(found, "is_seat_enabled", room->is_seat_enabled);
    add_boolean(found, "is_video_disabled", room->is_video_disabled);
    add_boolean(found, "is_audio_disabled", room->is_audio_disabled);
    add_boolean(found, "is_message_disabled", room->is_message_disabled);
    add_boolean(found, "is_screen_sharing_disabled", room->is_screen_sharing_disabled);
    add_boolean(found, "is_cloud_recording_disabled", room->is_cloud_recording_disabled);
    add_number(found, "max_member_count", room->max_member_count);
    add_number(found, "max_seat_count", room->max_seat_count);
    add_number(found, "schedule_start_time_s", room->schedule_start_time_s);
    add_number(found, "schedule_end_time_s", room->schedule_end_time_s);
    add_number(found, "create_time_s", room->create_time_s);
    add_texts(found, "schedule_invitee_accounts", room->schedule_invitee_accounts,
              room->schedule_invitee_account_count);
}

static void add_members(cJSON *event, const tc_room_members *members)
{
    cJSON *found = cJSON_AddObjectToObject(event, "members");
    add_text(found, "room_id", members->room_id);
    add_text(found, "change_word", members->change_word);
    add_text(found, "reason", members->reason);
    add_word(found, "change", members->change);
    add_number(found, "member_count", members->member_count);
    add_texts(found, "member_accounts", members->member_accounts, members->member_account_count);
}

static void add_seats(cJSON *event, const tc_room_seats *seats)
{
    cJSON *found = cJSON_AddObjectToObject(event, "seats");
    add_text(found, "room_id", seats->room_id);
    cJSON *list = cJSON_AddArrayToObject(found, "seats");
    for (size_t i = 0; i < seats->seat_count; i++) {
        cJSON *seat = cJSON_CreateObject();
        cJSON_AddItemToArray(list, seat);
        add_number(seat, "index", seats->seats[i]->index);
        add_text(seat, "member_account", seats->seats[i]->member_account);
        add_boolean(seat, "is_taken_disabled", seats->seats[i]->is_taken_disabled);
        add_boolean(seat, "is_video_disabled", seats->seats[i]->is_video_disabled);
        add_boolean(seat, "is_audio_disabled", seats->seats[i]->is_audio_disabled);
    }
}

static void add_users(cJSON *object, const tc_call_user *const *users, size_t count)
{
    cJSON *list = cJSON_AddArrayToObject(object, "users");
    for (size_t i = 0; i < count; i++) {
        cJSON *user = cJSON_CreateObject();
        cJSON_AddItemToArray(list, user);
        add_text(user, "account", users[i]->account);
        add_text(user, "status_word", users[i]->status_word);
        add_word(user, "status", users[i]->status);
    }
}

static void add_call_start(cJSON *event, const tc_call_start *call)
{
    cJSON *found = cJSON_AddObjectToObject(event, "call_start");
    add_text(found, "call_id", call->call_id);
    add_text(found, "media_type_word", call->media_type_word);
    add_text(found, "chat_group_id", call->chat_group_id);
    add_text(found, "room_id", call->room_id);
    add_word(found, "media_type", call->media_type);
    add_number(found, "room_id_type", call->room_id_type);
    add_users(found, call->users, call->user_count);
}

static void add_call_end(cJSON *event, const tc_call_end *call)
{
    cJSON *found = cJSON_AddObjectToObject(event, "call_end");
    add_text(found, "call_id", call->call_id);
    add_text(found, "caller_account", call->caller_account);
    add_text(found, "media_type_word", call->media_type_word);
    add_text(found, "call_type_word", call->call_type_word);
    add_text(found, "result_word", call->result_word);
    add_text(found, "room_id", call->room_id);
    add_word(found, "media_type", call->media_type);
    add_word(found, "call_type", call->call_type);
    add_word(found, "result", call->result);
    add_number(found, "start_time_s", call->start_time_s);
    add_number(found, "accept_time_s", call->accept_time_s);
    add_number(found, "end_time_s", call->end_time_s);
    add_number(found, "room_id_type", call->room_id_type);
    add_texts(found, "callee_accounts", call->callee_accounts, call->callee_account_count);
}

static void add_call_members(cJSON *event, const tc_call_members *call)
{
    cJSON *found = cJSON_AddObjectToObject(event, "call_members");
    add_text(found, "call_id", call->call_id);
    add_users(found, call->users, call->user_count);
    cJSON *list = cJSON_AddArrayToObject(found, "changes");
    for (size_t i = 0; i < call->change_count; i++) {
        cJSON *change = cJSON_CreateObject();
        cJSON_AddItemToArray(list, change);
        add_text(change, "account", call->changes[i]->account);
        add_text(change, "action_word", call->changes[i]->action_word);
        add_word(change, "action", call->changes[i]->action);
    }
}

static void add_call_record(cJSON *event, const tc_call_record *record)
{
    cJSON *found = cJSON_AddObjectToObject(event, "call_record");
    add_text(found, "call_id", record->call_id);
    add_text(found, "room_id", record->room_id);
    add_text(found, "user_id", record->user_id);
    add_text(found, "task_id", record->task_id);
    add_text(found, "payload_json", record->payload_json);
    add_number(found, "event_group_id", record->event_group_id);
    add_number(found, "event_type", record->event_type);
    add_number(found, "callback_time_ms", record->callback_time_ms);
    add_number(found, "engine_event_time_s", record->engine_event_time_s);
    add_number(found, "engine_event_time_ms", record->engine_event_time_ms);
    add_number(found, "kit_type", record->kit_type);
}

static cJSON *event_found(const tc_event *event)
{
    if (event == NULL)
        return cJSON_CreateNull();
    char key[TC_DUPLICATE_KEY_SIZE];
    const size_t key_len = tc_event_duplicate_key(event, key);
    cJSON *found = cJSON_CreateObject();
    add_text(found, "command_word", event->command_word);
    add_number(found, "command", event->command);
    add_number(found, "product", event->product);
    add_number(found, "sdk_app_id", event->sdk_app_id);
    add_number(found, "event_time_ms", event->event_time_ms);
    add_text(found, "subject", event->subject);
    add_text(found, "operator_account", event->operator_account);
    add_text(found, "query_command_word", event->query_command_word);
    add_text(found, "client_ip", event->client_ip);
    add_text(found, "platform_word", event->platform_word);
    add_word(found, "platform", event->platform);
    add_text(found, "duplicate_key", (tc_str){key_len == 0 ? NULL : key, key_len});
    add_number(found, "mismatch_count", (int64_t)event->mismatch_count);
    add_text(found, "mismatch", event->mismatch);
    if (event->room != NULL)
        add_room(found, event->room);
    if (event->members != NULL)
        add_members(found, event->members);
    if (event->seats != NULL)
        add_seats(found, event->seats);
    if (event->call_start != NULL)
        add_call_start(found, event->call_start);
    if (event->call_end != NULL)
        add_call_end(found, event->call_end);
    if (event->call_members != NULL)
        add_call_members(found, event->call_members);
    if (event->call_record != NULL)
        add_call_record(found, event->call_record);
    return found;
}

static cJSON *outcome_found(const tc_outcome *outcome)
{
    const tc_str absent = {NULL, 0};
    cJSON *found = cJSON_CreateObject();
    add_number(found, "status", outcome->status);
    add_number(found, "http_status", outcome->http_status);
    add_text(found, "reply", outcome->reply);
    add_number(found, "delivery", outcome->delivery);
    add_text(found, "message", outcome->error != NULL ? outcome->error->message : absent);
    add_number(found, "offset", outcome->error != NULL ? outcome->error->offset : TC_ABSENT);
    cJSON_AddItemToObject(found, "event", event_found(outcome->event));
    return found;
}

static tc_receiver *receiver_of(const cJSON *vector)
{
    tc_receiver_options *options = tc_receiver_options_new((uint32_t)member_number(vector, "sdk_app_id", 0));
    const cJSON *token;
    cJSON_ArrayForEach(token, cJSON_GetObjectItemCaseSensitive(vector, "tokens"))
        tc_receiver_options_add_token(options, cJSON_GetStringValue(token));
    if (cJSON_HasObjectItem(vector, "max_body_bytes"))
        tc_receiver_options_set_max_body_bytes(options, (size_t)member_number(vector, "max_body_bytes", 0));
    tc_receiver *receiver = NULL;
    CHECK(tc_receiver_new(options, &receiver, NULL) == TC_OK);
    tc_receiver_options_free(options);
    return receiver;
}

/* The body, in memory of its own: as text, or in hexadecimal digits where it is none. */
static char *body_of(const cJSON *vector, size_t *len)
{
    const char *hex = member_text(vector, "body_hex");
    const char *text = hex != NULL ? hex : member_text(vector, "body");
    char *body = (char *)malloc(strlen(text) + 1);
    CHECK(body != NULL);
    if (hex == NULL) {
        *len = strlen(text);
        memcpy(body, text, *len);
        return body;
    }
    *len = strlen(hex) / 2;
    for (size_t i = 0; i < *len; i++) {
        const char digits[] = {hex[2 * i], hex[2 * i + 1], '\0'};
        body[i] = (char)strtoul(digits, NULL, 16);
    }
    return body;
}

static void run(const cJSON *vector)
{
    tc_receiver *receiver = receiver_of(vector);
    tc_request request = request_of(member_text(vector, "query"), "");
    char *body = body_of(vector, &request.body_len);
    request.body = body;
    request.now_s = member_number(vector, "now_s", 0);
    tc_outcome *outcome = NULL;
    for (int64_t left = member_number(vector, "deliveries", 1); left > 0; left--) {
        tc_outcome_free(outcome);
        CHECK(tc_receiver_handle(receiver, &request, &outcome, NULL) == TC_OK);
        if (outcome->delivery == TC_DELIVERY_NEW)
            CHECK(tc_outcome_settle(outcome, TC_TAKEN, NULL) == TC_OK);
    }
    cJSON *found = outcome_found(outcome);
    const cJSON *expected = cJSON_GetObjectItemCaseSensitive(vector, "expect");
    if (!cJSON_Compare(expected, found, 1)) {
        char *expected_text = cJSON_Print(expected), *found_text = cJSON_Print(found);
        fprintf(stderr, "%s: expected %s, found %s\n", member_text(vector, "name"), expected_text, found_text);
        exit(1);
    }
    cJSON_Delete(found);
    tc_outcome_free(outcome);
    tc_receiver_free(receiver);
    free(body);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    size_t len, count = 0;
    char *text = read_file(argv[1], &len);
    cJSON *vectors = cJSON_Parse(text);
    CHECK(vectors != NULL);
    const cJSON *vector;
    cJSON_ArrayForEach(vector, cJSON_GetObjectItemCaseSensitive(vectors, "cases"))
    {
        run(vector);
        count++;
    }
    cJSON_Delete(vectors);
    free(text);
    printf("%zu vectors\n", count);
    return 0;
}
