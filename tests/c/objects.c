/* Events become objects of a small runtime: one that counts its objects and their owners, and fails when it is told to. */
#include "check.h"

enum { MOST_PLACES = 64, LONGEST = 1 << 16 };

enum kind { ABSENT, YES, NO, TEXT, BYTES, INTEGER, LIST, RECORD };

typedef struct object {
    enum kind kind;
    int owners;
    /* Of a record: what the factory was given for it. */
    const void *record_kind;
    int64_t number;
    char *text;
    size_t len;
    struct object *places[MOST_PLACES];
} object;

/* How many objects there are, and how many calls succeed before one fails; negative: all. */
static int objects;
static int calls_left = -1;

static object absent = {ABSENT, 1, NULL, 0, NULL, 0, {NULL}};
static object yes = {YES, 1, NULL, 0, NULL, 0, {NULL}};
static object no = {NO, 1, NULL, 0, NULL, 0, {NULL}};

static int fails(void)
{
    if (calls_left > 0) {
        calls_left--;
    }
    return calls_left == 0;
}

static object *new_object(enum kind kind)
{
    object *made = fails() ? NULL : (object *)calloc(1, sizeof *made);
    if (made != NULL) {
        made->kind = kind;
        made->owners = 1;
        objects++;
    }
    return made;
}

static void retain(void *given)
{
    ((object *)given)->owners++;
}

static void release(void *given)
{
    object *released = (object *)given;
    size_t i;
    if (--released->owners > 0) {
        return;
    }
    CHECK(released != &absent && released != &yes && released != &no);
    for (i = 0; i < MOST_PLACES; i++) {
        if (released->places[i] != NULL) {
            release(released->places[i]);
        }
    }
    free(released->text);
    free(released);
    objects--;
}

static void *string(enum kind kind, const char *bytes, ptrdiff_t len)
{
    object *made = new_object(kind);
    if (made != NULL) {
        made->len = (size_t)len;
        made->text = (char *)malloc(made->len + 1);
        CHECK(made->text != NULL);
        memcpy(made->text, bytes, made->len);
    }
    return made;
}

static void *text(const char *utf8, ptrdiff_t len)
{
    return string(TEXT, utf8, len);
}

static void *bytes(const char *first, ptrdiff_t len)
{
    return string(BYTES, first, len);
}

static void *integer(int64_t value)
{
    object *made = new_object(INTEGER);
    if (made != NULL) {
        made->number = value;
    }
    return made;
}

static void *list(ptrdiff_t len)
{
    object *made = new_object(LIST);
    CHECK(len <= MOST_PLACES);
    if (made != NULL) {
        made->len = (size_t)len;
    }
    return made;
}

static void *record(void *kind, ptrdiff_t len)
{
    object *made = (object *)list(len);
    if (made != NULL) {
        made->kind = RECORD;
        made->record_kind = kind;
    }
    return made;
}

static int put(void *container, ptrdiff_t index, void *element)
{
    object *filled = (object *)container;
    CHECK(filled->kind == LIST || filled->kind == RECORD);
    CHECK((size_t)index < filled->len && filled->places[index] == NULL && filled->owners == 1);
    if (fails()) {
        release(element);
        return -1;
    }
    filled->places[index] = (object *)element;
    return 0;
}

static void *item(void *container, ptrdiff_t index)
{
    return fails() ? NULL : ((object *)container)->places[index];
}

static int read_bytes(void *given, char **first, ptrdiff_t *len)
{
    const object *found = (const object *)given;
    if (found->kind != BYTES || fails()) {
        return -1;
    }
    *first = found->text;
    *len = (ptrdiff_t)found->len;
    return 0;
}

static char kinds[TC_RECORD_KIND_CALL_RECORD + 1];
static void *record_kinds[TC_RECORD_KIND_CALL_RECORD + 1];
static char of_an_event;
static char of_a_change;
static object *word_of_a_change;
static tc_event_kind event_kinds[2];

static tc_object_factory factory_of(size_t first_place)
{
    tc_object_factory factory;
    size_t i;
    for (i = 0; i < sizeof kinds; i++) {
        record_kinds[i] = &kinds[i];
    }
    event_kinds[0].command = TC_ROOM_AFTER_UPDATE_ROOM_INFO;
    event_kinds[0].kind = &of_a_change;
    event_kinds[0].word = word_of_a_change;
    event_kinds[1].command = TC_COMMAND_UNKNOWN;
    event_kinds[1].kind = &of_an_event;
    memset(&factory, 0, sizeof factory);
    factory.struct_size = sizeof factory;
    factory.absent = &absent;
    factory.yes = &yes;
    factory.no = &no;
    factory.retain = retain;
    factory.release = release;
    factory.text = text;
    factory.bytes = bytes;
    factory.integer = integer;
    factory.list = list;
    factory.record = record;
    factory.put = put;
    factory.item = item;
    factory.read = read_bytes;
    factory.record_kinds = record_kinds;
    factory.record_kind_count = sizeof kinds;
    factory.event_kinds = event_kinds;
    factory.event_kind_count = 2;
    factory.longest_request = LONGEST;
    factory.first_place = first_place;
    return factory;
}

/* The object at the next place. */
static const object *next(const object *container, size_t *place)
{
    CHECK(*place < container->len);
    return container->places[(*place)++];
}

static void is_text(const object *found, tc_str expected)
{
    if (expected.ptr == NULL) {
        CHECK(found == &absent);
    } else {
        CHECK(found->kind == TEXT && found->len == expected.len && memcmp(found->text, expected.ptr, expected.len) == 0);
    }
}

static void is_integer(const object *found, int64_t expected, int64_t expected_absent)
{
    if (expected == expected_absent) {
        CHECK(found == &absent);
    } else {
        CHECK(found->kind == INTEGER && found->number == expected);
    }
}

static void is_boolean(const object *found, int32_t expected)
{
    CHECK(found == (expected == TC_NOT_SENT ? &absent : expected == 1 ? &yes : &no));
}

static void is_texts(const object *found, const tc_str *first, size_t count)
{
    size_t i;
    CHECK(found->kind == LIST && found->len == count);
    for (i = 0; i < count; i++) {
        is_text(found->places[i], first[i]);
    }
}

static void is_record(const object *found, int kind, size_t place)
{
    CHECK(found->kind == RECORD && found->record_kind == &kinds[kind] && found->len == place);
}

/* Of a record `r` at `found`, whose next place is `place`. */
#define TEXT_OF(field) is_text(next(found, &place), r->field)
#define WORD_OF(field) is_integer(next(found, &place), r->field, TC_NOT_SENT)
#define INTEGER_OF(field) is_integer(next(found, &place), r->field, TC_ABSENT)
#define BOOLEAN_OF(field) is_boolean(next(found, &place), r->field)
#define TEXTS_OF(field, count) is_texts(next(found, &place), r->field, r->count)
#define RECORDS_OF(field, count, is_element)                                                                           \
    do {                                                                                                               \
        const object *elements = next(found, &place);                                                                  \
        size_t i;                                                                                                      \
        CHECK(elements->kind == LIST && elements->len == r->count);                                                    \
        for (i = 0; i < r->count; i++) {                                                                               \
            is_element(elements->places[i], r->field[i]);                                                              \
        }                                                                                                              \
    } while (0)

static void is_room(const object *found, const tc_room_info *r)
{
    size_t place = 0;
    TEXT_OF(room_id);
    TEXT_OF(room_name);
    TEXT_OF(room_type_word);
    TEXT_OF(owner_account);
    TEXT_OF(take_seat_mode_word);
    TEXT_OF(room_status_word);
    TEXT_OF(custom_info);
    WORD_OF(room_type);
    WORD_OF(take_seat_mode);
    WORD_OF(room_status);
    BOOLEAN_OF(is_seat_enabled);
    BOOLEAN_OF(is_video_disabled);
    BOOLEAN_OF(is_audio_disabled);
    BOOLEAN_OF(is_message_disabled);
    BOOLEAN_OF(is_screen_sharing_disabled);
    BOOLEAN_OF(is_cloud_recording_disabled);
    INTEGER_OF(max_member_count);
    INTEGER_OF(max_seat_count);
    INTEGER_OF(schedule_start_time_s);
    INTEGER_OF(schedule_end_time_s);
    INTEGER_OF(create_time_s);
    TEXTS_OF(schedule_invitee_accounts, schedule_invitee_account_count);
    is_record(found, TC_RECORD_KIND_ROOM_INFO, place);
}

static void is_members(const object *found, const tc_room_members *r)
{
    size_t place = 0;
    TEXT_OF(room_id);
    TEXT_OF(change_word);
    TEXT_OF(reason);
    WORD_OF(change);
    INTEGER_OF(member_count);
    TEXTS_OF(member_accounts, member_account_count);
    is_record(found, TC_RECORD_KIND_ROOM_MEMBERS, place);
}

static void is_seat(const object *found, const tc_seat *r)
{
    size_t place = 0;
    INTEGER_OF(index);
    TEXT_OF(member_account);
    BOOLEAN_OF(is_taken_disabled);
    BOOLEAN_OF(is_video_disabled);
    BOOLEAN_OF(is_audio_disabled);
    is_record(found, TC_RECORD_KIND_SEAT, place);
}

static void is_seats(const object *found, const tc_room_seats *r)
{
    size_t place = 0;
    TEXT_OF(room_id);
    RECORDS_OF(seats, seat_count, is_seat);
    is_record(found, TC_RECORD_KIND_ROOM_SEATS, place);
}

static void is_user(const object *found, const tc_call_user *r)
{
    size_t place = 0;
    TEXT_OF(account);
    TEXT_OF(status_word);
    WORD_OF(status);
    is_record(found, TC_RECORD_KIND_CALL_USER, place);
}

static void is_call_start(const object *found, const tc_call_start *r)
{
    size_t place = 0;
    TEXT_OF(call_id);
    TEXT_OF(media_type_word);
    TEXT_OF(chat_group_id);
    TEXT_OF(room_id);
    WORD_OF(media_type);
    INTEGER_OF(room_id_type);
    RECORDS_OF(users, user_count, is_user);
    is_record(found, TC_RECORD_KIND_CALL_START, place);
}

static void is_call_end(const object *found, const tc_call_end *r)
{
    size_t place = 0;
    TEXT_OF(call_id);
    TEXT_OF(caller_account);
    TEXT_OF(media_type_word);
    TEXT_OF(call_type_word);
    TEXT_OF(result_word);
    TEXT_OF(room_id);
    WORD_OF(media_type);
    WORD_OF(call_type);
    WORD_OF(result);
    INTEGER_OF(start_time_s);
    INTEGER_OF(accept_time_s);
    INTEGER_OF(end_time_s);
    INTEGER_OF(room_id_type);
    TEXTS_OF(callee_accounts, callee_account_count);
    is_record(found, TC_RECORD_KIND_CALL_END, place);
}

static void is_change(const object *found, const tc_call_change *r)
{
    size_t place = 0;
    TEXT_OF(account);
    TEXT_OF(action_word);
    WORD_OF(action);
    is_record(found, TC_RECORD_KIND_CALL_CHANGE, place);
}

static void is_call_members(const object *found, const tc_call_members *r)
{
    size_t place = 0;
    TEXT_OF(call_id);
    RECORDS_OF(users, user_count, is_user);
    RECORDS_OF(changes, change_count, is_change);
    is_record(found, TC_RECORD_KIND_CALL_MEMBERS, place);
}

static void is_call_record(const object *found, const tc_call_record *r)
{
    size_t place = 0;
    TEXT_OF(call_id);
    TEXT_OF(room_id);
    TEXT_OF(user_id);
    TEXT_OF(task_id);
    TEXT_OF(payload_json);
    INTEGER_OF(event_group_id);
    INTEGER_OF(event_type);
    INTEGER_OF(callback_time_ms);
    INTEGER_OF(engine_event_time_s);
    INTEGER_OF(engine_event_time_ms);
    INTEGER_OF(kit_type);
    is_record(found, TC_RECORD_KIND_CALL_RECORD, place);
}

static void is_payload(const object *found, const tc_event *event)
{
    if (event->room != NULL) {
        is_room(found, event->room);
    } else if (event->members != NULL) {
        is_members(found, event->members);
    } else if (event->seats != NULL) {
        is_seats(found, event->seats);
    } else if (event->call_start != NULL) {
        is_call_start(found, event->call_start);
    } else if (event->call_end != NULL) {
        is_call_end(found, event->call_end);
    } else if (event->call_members != NULL) {
        is_call_members(found, event->call_members);
    } else if (event->call_record != NULL) {
        is_call_record(found, event->call_record);
    } else {
        CHECK(found == &absent);
    }
}

static void is_event(const object *found, const tc_event *r)
{
    const int is_of_a_change = r->command == TC_ROOM_AFTER_UPDATE_ROOM_INFO;
    const object *body;
    size_t place = 0;
    CHECK(found->kind == RECORD && found->record_kind == (is_of_a_change ? &of_a_change : &of_an_event));
    is_payload(next(found, &place), r);
    WORD_OF(command);
    WORD_OF(product);
    INTEGER_OF(sdk_app_id);
    WORD_OF(platform);
    INTEGER_OF(event_time_ms);
    CHECK((found->places[place] == word_of_a_change) == is_of_a_change);
    TEXT_OF(command_word);
    TEXT_OF(query_command_word);
    TEXT_OF(operator_account);
    TEXT_OF(subject);
    TEXT_OF(client_ip);
    TEXT_OF(platform_word);
    body = next(found, &place);
    CHECK(body->kind == BYTES && body->len == r->body.len && memcmp(body->text, r->body.ptr, r->body.len) == 0);
    TEXT_OF(query);
    is_integer(next(found, &place), (int64_t)r->mismatch_count, TC_ABSENT);
    TEXT_OF(mismatch);
    CHECK(found->len == place);
}

/* What tc_request_to_object is called with: an object with the factory in it, and two strings. */
typedef struct request {
    union {
        char begin[TC_FACTORY_OFFSET];
        int64_t alignment;
    } header;
    tc_object_factory factory;
    void *arguments[2];
} request;

static request new_request(const tc_object_factory *factory, const char *query, const char *body, size_t body_len)
{
    request made;
    memset(&made, 0, sizeof made);
    made.factory = *factory;
    made.arguments[0] = bytes(query, (ptrdiff_t)strlen(query));
    made.arguments[1] = bytes(body, (ptrdiff_t)body_len);
    CHECK(offsetof(request, factory) == TC_FACTORY_OFFSET);
    return made;
}

static object *made_of(request *of)
{
    return (object *)tc_request_to_object(of, of->arguments, 2);
}

static void end(request *ended)
{
    release(ended->arguments[0]);
    release(ended->arguments[1]);
}

static const char QUERY[] = "SdkAppid=1400000000&CallbackCommand=Word&OptPlatform=iOS&ClientIP=10.0.0.1";

static void has_every_value_of_the_structs(const tc_object_factory *factory, const tc_event *event)
{
    tc_error *error = NULL;
    object *made = (object *)tc_event_to_object(event, factory, &error);
    CHECK(made != NULL && error == NULL && made->owners == 1);
    is_event(made, event);
    release(made);
}

static void is_made_of_a_request_which_goes_on_having_the_body(const tc_object_factory *factory, const tc_event *event)
{
    request of = new_request(factory, QUERY, event->body.ptr, event->body.len);
    object *body = (object *)of.arguments[1];
    object *made = made_of(&of);
    CHECK(made != NULL && made->owners == 1);
    is_event(made, event);
    CHECK(body->owners == 2);
    end(&of);
    CHECK(body->owners == 1);
    release(made);
}

static void leaves_nothing_when_the_host_fails(const tc_object_factory *factory, const tc_event *event)
{
    request of = new_request(factory, QUERY, event->body.ptr, event->body.len);
    const int before = objects;
    const int owners = absent.owners + yes.owners + no.owners;
    object *made = NULL;
    int calls;
    for (calls = 1; made == NULL; calls++) {
        tc_error *error = NULL;
        CHECK(objects == before && absent.owners + yes.owners + no.owners == owners);
        calls_left = calls;
        made = (object *)tc_event_to_object(event, factory, &error);
        CHECK(error == NULL);
    }
    CHECK(calls >= 20);
    release(made);
    made = NULL;
    for (calls = 1; made == NULL; calls++) {
        CHECK(objects == before && absent.owners + yes.owners + no.owners == owners);
        calls_left = calls;
        made = made_of(&of);
    }
    calls_left = -1;
    release(made);
    end(&of);
}

static void is_absent_where_the_host_has_no_kind(tc_object_factory factory, const tc_event *event)
{
    object *made;
    factory.record_kind_count = 0;
    made = (object *)tc_event_to_object(event, &factory, NULL);
    CHECK(made->places[0] == &absent);
    is_text(made->places[9], event->subject);
    release(made);
    factory.event_kind_count = 0;
    made = (object *)tc_event_to_object(event, &factory, NULL);
    CHECK(made == &absent);
    release(made);
}

static void refuses_a_request(const tc_object_factory *factory, const char *query, const char *body)
{
    request of = new_request(factory, query, body, strlen(body));
    object *made = made_of(&of);
    CHECK(made == &absent);
    release(made);
    end(&of);
}

static void refuses(tc_object_factory factory, const tc_event *event)
{
    static const char GOOD[] = "{\"CallbackCommand\":\"Word\"}";
    tc_error *error = NULL;
    request of;
    refuses_a_request(&factory, "", "{");
    refuses_a_request(&factory, "SdkAppid=x%", GOOD);
    factory.longest_request = sizeof GOOD - 2;
    refuses_a_request(&factory, "", GOOD);

    of = new_request(&factory, "", GOOD, sizeof GOOD - 1);
    CHECK(tc_request_to_object(&of, of.arguments, 1) == NULL);
    ((object *)of.arguments[1])->kind = TEXT;
    CHECK(made_of(&of) == NULL);
    end(&of);

    CHECK(tc_event_to_object(NULL, &factory, &error) == NULL);
    check_error(TC_ERROR_NULL_POINTER, TC_ERROR_NULL_POINTER, error, "event", "no event", __FILE__, __LINE__);
    tc_error_free(error);
    factory.put = NULL;
    CHECK(tc_event_to_object(event, &factory, &error) == NULL);
    check_error(TC_ERROR_NULL_POINTER, TC_ERROR_NULL_POINTER, error, "factory", "no put", __FILE__, __LINE__);
    tc_error_free(error);
    factory.struct_size--;
    CHECK(tc_event_to_object(event, &factory, &error) == NULL);
    check_error(TC_ERROR_INVALID_ARGUMENT, TC_ERROR_INVALID_ARGUMENT, error, "sizeof(tc_object_factory)", "its size", __FILE__, __LINE__);
    tc_error_free(error);
}

int main(int argc, char **argv)
{
    static const size_t FIRST_PLACES[] = {0, offsetof(object, places)};
    static const char WORD[] = "Room.CallbackAfterUpdateRoomInfo";
    int i;
    word_of_a_change = (object *)text(WORD, sizeof WORD - 1);
    for (i = 1; i < argc; i++) {
        size_t len;
        char *body = read_file(argv[i], &len);
        tc_event *event = NULL;
        size_t j;
        CHECK(tc_parse_event(QUERY, strlen(QUERY), body, len, &event, NULL) == TC_OK);
        for (j = 0; j < 2; j++) {
            const tc_object_factory factory = factory_of(FIRST_PLACES[j]);
            has_every_value_of_the_structs(&factory, event);
            is_made_of_a_request_which_goes_on_having_the_body(&factory, event);
            leaves_nothing_when_the_host_fails(&factory, event);
            is_absent_where_the_host_has_no_kind(factory, event);
            refuses(factory, event);
        }
        tc_event_free(event);
        free(body);
    }
    release(word_of_a_change);
    CHECK(objects == 0 && absent.owners == 1 && yes.owners == 1 && no.owners == 1);
    return 0;
}
