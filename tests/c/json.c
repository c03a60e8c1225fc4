/* What has no field is reached by JSON pointer, also in a command that nobody has heard of. */
#include "check.h"

static void what_has_no_field_is_read(void)
{
    static const char BODY[] = "{\"CallbackCommand\":\"Room.New\",\"A\":[{\"B\":\"\\u00e9\"},true,12,1.5,null]}";
    tc_event *event = NULL;
    tc_json *value = NULL;
    tc_error *error = NULL;
    char key[TC_DUPLICATE_KEY_SIZE];
    CHECK(tc_parse_event(NULL, 0, BODY, strlen(BODY), &event, &error) == TC_OK);
    CHECK(event->command == TC_COMMAND_UNKNOWN && event->product == TC_PRODUCT_UNKNOWN);
    CHECK_TEXT(event->command_word, "Room.New");
    CHECK_TEXT(event->subject, NULL);
    CHECK(tc_event_duplicate_key(event, key) == 0 && key[0] == '\0');
    CHECK(event->sdk_app_id == 0 && event->platform == TC_NOT_SENT && event->event_time_ms == TC_ABSENT);
    CHECK(event->room == NULL && event->members == NULL && event->seats == NULL);
    CHECK(event->call_start == NULL && event->call_end == NULL && event->call_members == NULL);
    CHECK(event->call_record == NULL);

#define READ(pointer, expected_kind, expected_raw)                                                                     \
    tc_json_free(value);                                                                                               \
    CHECK(tc_event_json(event, pointer, &value, &error) == TC_OK && error == NULL);                                    \
    CHECK(value->kind == expected_kind);                                                                               \
    CHECK_TEXT(value->raw, expected_raw)

    READ("", TC_JSON_KIND_OBJECT, BODY);
    CHECK(value->length == 2);
    READ("/A/0/B", TC_JSON_KIND_TEXT, "\"\\u00e9\"");
    CHECK_TEXT(value->text, "\xc3\xa9");
    READ("/A/1", TC_JSON_KIND_BOOLEAN, "true");
    CHECK(value->boolean == 1 && value->integer == TC_ABSENT && value->text.ptr == NULL);
    READ("/A/2", TC_JSON_KIND_NUMBER, "12");
    CHECK(value->integer == 12 && value->boolean == TC_NOT_SENT);
    READ("/A/3", TC_JSON_KIND_NUMBER, "1.5");
    CHECK(value->integer == TC_ABSENT);
    READ("/A/4", TC_JSON_KIND_NULL, "null");
    READ("/A", TC_JSON_KIND_ARRAY, "[{\"B\":\"\\u00e9\"},true,12,1.5,null]");
    CHECK(value->length == 5);
    tc_event_free(event);
    CHECK(value->length == 5);
    tc_json_free(value);
}

static void pointers_that_lead_nowhere(void)
{
    static const char BODY[] = "{\"CallbackCommand\":\"Room.CallbackAfterDestroyRoom\"}";
    tc_event *event = NULL;
    tc_json *value = NULL;
    tc_error *error = NULL;
    CHECK(tc_parse_event(NULL, 0, BODY, strlen(BODY), &event, NULL) == TC_OK);
    CHECK_FAILS(TC_ERROR_NO_SUCH_VALUE, "/RoomId", error, tc_event_json(event, "/RoomId", &value, &error));
    CHECK_FAILS(TC_ERROR_INVALID_ARGUMENT, "pointer", error, tc_event_json(event, "RoomId", &value, &error));
    CHECK_FAILS(TC_ERROR_INVALID_ARGUMENT, "~0", error, tc_event_json(event, "/~", &value, &error));
    CHECK_FAILS(TC_ERROR_INVALID_ARGUMENT, "~0", error, tc_event_json(event, "/RoomId/~2", &value, &error));
    CHECK_FAILS(TC_ERROR_INVALID_ARGUMENT, "not UTF-8", error, tc_event_json(event, "/\xff", &value, &error));
    CHECK(value == NULL);
    tc_event_free(event);
}

/* As the fields of the event have it. */
static void of_an_object_that_is_sent_twice_the_last_counts(void)
{
    static const char BODY[] = "{\"CallbackCommand\":\"Room.CallbackAfterUpdateRoomInfo\",\"RoomInfo\":{\"RoomId\":\"first\"},"
                               "\"RoomInfo\":{\"RoomName\":\"last\"}}";
    tc_event *event = NULL;
    tc_json *value = NULL;
    tc_error *error = NULL;
    CHECK(tc_parse_event(NULL, 0, BODY, strlen(BODY), &event, NULL) == TC_OK);
    CHECK_TEXT(event->room->room_id, NULL);
    CHECK_TEXT(event->room->room_name, "last");
    CHECK_FAILS(TC_ERROR_NO_SUCH_VALUE, "RoomId", error, tc_event_json(event, "/RoomInfo/RoomId", &value, &error));
    CHECK(tc_event_json(event, "/RoomInfo/RoomName", &value, &error) == TC_OK);
    CHECK_TEXT(value->text, "last");
    tc_json_free(value);
    tc_event_free(event);
}

int main(void)
{
    what_has_no_field_is_read();
    of_an_object_that_is_sent_twice_the_last_counts();
    pointers_that_lead_nowhere();
    return 0;
}
