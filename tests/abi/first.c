/*
 * A program as it was compiled before the library grew: against tc_callback.h of this folder, the first header of ABI 1. It uses
 * what that header offers, and must run with every later library of the same ABI. Never change it, nor that header.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tc_callback.h"

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                            \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)

#define APP 1400000000
#define NOW 1669872112

/* The vendor's published Sign, made with this token. */
static const char TOKEN[] = "xxxxyyyy";
static const char QUERY[] =
    "/callback?SdkAppid=1400000000&CallbackCommand=Mic.CallbackAfterSeatInfoChanged&ClientIP=203.0.113.7&OptPlatform="
    "iOS"
    "&Sign=17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061&RequestTime=1669872112";
static const char BODY[] =
    "{\"CallbackCommand\":\"Mic.CallbackAfterSeatInfoChanged\",\"RoomId\":\"room-1\",\"Operator_Account\":\"ann\","
    "\"SeatList\":[{\"Index\":0,\"Member_Account\":\"bob\",\"IsTakenDisabled\":false},{\"Index\":1,\"IsAudioDisabled\":"
    "true}],"
    "\"EventTime\":1669872112000,\"Later\":{\"Field\":[7]}}";
static const char CALL[] =
    "{\"CallbackCommand\":\"Call.CallbackAfterEndCall\",\"CallRecord\":{\"CallId\":\"call-1\",\"Caller_Account\":"
    "\"ann\","
    "\"MediaType\":\"Video\",\"CallType\":\"SingleCall\",\"StartTime\":10,\"AcceptTime\":12,\"EndTime\":20,"
    "\"CallResult\":\"NormalEnd\",\"CalleeList_Account\":[\"bob\",\"cid\"],\"RoomId\":\"5\",\"RoomIdType\":1},"
    "\"EventTime\":1669872112000}";

static int is(tc_str text, const char *expected)
{
    return text.ptr != NULL && text.len == strlen(expected) && memcmp(text.ptr, expected, text.len) == 0;
}

static void receive(void)
{
    tc_receiver_options *options = tc_receiver_options_new(APP);
    tc_receiver *receiver = NULL;
    tc_outcome *outcome = NULL, *again = NULL;
    const tc_event *event;
    tc_error *error = NULL;
    char key[TC_DUPLICATE_KEY_SIZE];
    tc_request request;
    tc_receiver_options_add_token(options, TOKEN);
    tc_receiver_options_set_sign_tolerance_s(options, 5);
    tc_receiver_options_set_max_body_bytes(options, 4096);
    tc_receiver_options_set_max_depth(options, 8);
    tc_receiver_options_set_max_elements(options, 8);
    tc_receiver_options_set_duplicate_window(options, 16, 60);
    CHECK(tc_receiver_new(options, &receiver, &error) == TC_OK && error == NULL);
    tc_receiver_options_free(options);

    memset(&request, 0, sizeof request);
    request.struct_size = sizeof request;
    request.query = QUERY;
    request.query_len = strlen(QUERY);
    request.body = BODY;
    request.body_len = strlen(BODY);
    request.now_s = NOW;
    CHECK(tc_receiver_handle(receiver, &request, &outcome, &error) == TC_OK && error == NULL);
    CHECK(outcome->status == TC_OK && outcome->http_status == 503 && outcome->delivery == TC_DELIVERY_NEW);
    CHECK(tc_outcome_settle(outcome, TC_TAKEN, &error) == TC_OK && error == NULL && outcome->http_status == 200);
    CHECK(is(outcome->reply, "{\"ActionStatus\":\"OK\",\"ErrorInfo\":\"\",\"ErrorCode\":0}"));
    CHECK(is(outcome->content_type, "application/json") && outcome->error == NULL);
    event = outcome->event;
    CHECK(event != NULL);

    CHECK(event->command == TC_MIC_AFTER_SEAT_INFO_CHANGED && event->product == TC_PRODUCT_UNKNOWN);
    CHECK(event->sdk_app_id == APP && event->platform == TC_PLATFORM_IOS && event->event_time_ms == 1669872112000);
    CHECK(is(event->command_word, "Mic.CallbackAfterSeatInfoChanged") &&
          is(event->query_command_word, event->command_word.ptr));
    CHECK(is(event->operator_account, "ann") && is(event->subject, "room-1") && is(event->client_ip, "203.0.113.7"));
    CHECK(is(event->platform_word, "iOS") && tc_event_duplicate_key(event, key) == 32 && is(event->body, BODY));
    CHECK(is(event->query, strchr(QUERY, '?') + 1) && event->mismatch_count == 0 && event->mismatch.ptr == NULL);
    CHECK(event->room == NULL && event->members == NULL && event->call_start == NULL && event->call_end == NULL);
    CHECK(event->call_members == NULL && event->call_record == NULL && event->seats != NULL);
    CHECK(is(event->seats->room_id, "room-1") && event->seats->seat_count == 2);
    CHECK(is(event->seats->seats[0]->member_account, "bob") && event->seats->seats[0]->is_taken_disabled == 0);
    CHECK(event->seats->seats[1]->index == 1 && event->seats->seats[1]->is_audio_disabled == 1);
    CHECK(event->seats->seats[1]->is_video_disabled == TC_NOT_SENT &&
          event->seats->seats[1]->member_account.ptr == NULL);

    CHECK(tc_receiver_handle(receiver, &request, &again, NULL) == TC_OK && again->delivery == TC_DELIVERY_DONE);
    tc_outcome_free(again);
    tc_outcome_free(outcome);
    request.now_s = NOW + 6;
    CHECK(tc_receiver_handle(receiver, &request, &outcome, NULL) == TC_OK && outcome->status == TC_ERROR_STALE_SIGN);
    CHECK(outcome->http_status == 403 && outcome->event == NULL && outcome->error->status == TC_ERROR_STALE_SIGN);
    tc_outcome_free(outcome);
    tc_receiver_free(receiver);
}

static void parse(void)
{
    tc_event *event = NULL;
    tc_json *json = NULL;
    tc_error *error = NULL;
    CHECK(tc_parse_event("", 0, CALL, strlen(CALL), &event, &error) == TC_OK);
    CHECK(event->command == TC_CALL_AFTER_END_CALL && event->product == TC_PRODUCT_CALL && event->call_end != NULL);
    CHECK(is(event->call_end->call_id, "call-1") && is(event->call_end->caller_account, "ann"));
    CHECK(event->call_end->media_type == TC_MEDIA_TYPE_VIDEO && event->call_end->call_type == TC_CALL_TYPE_SINGLE_CALL);
    CHECK(event->call_end->result == TC_CALL_RESULT_NORMAL_END && event->call_end->end_time_s == 20);
    CHECK(event->call_end->room_id_type == TC_ROOM_ID_TYPE_NUMBER && event->call_end->callee_account_count == 2);
    CHECK(is(event->call_end->callee_accounts[1], "cid"));
    tc_event_free(event);

    CHECK(tc_parse_event("", 0, BODY, strlen(BODY), &event, NULL) == TC_OK);
    CHECK(tc_event_json(event, "/Later/Field/0", &json, NULL) == TC_OK);
    CHECK(json->kind == TC_JSON_KIND_NUMBER && json->integer == 7 && json->boolean == TC_NOT_SENT &&
          is(json->raw, "7"));
    tc_json_free(json);
    tc_event_free(event);

    CHECK(tc_parse_event("", 0, BODY, 40, &event, &error) == TC_ERROR_MALFORMED_JSON && event == NULL);
    CHECK(error->status == TC_ERROR_MALFORMED_JSON && error->is_retryable == 0 && error->offset == 40);
    CHECK(error->http_status == 0 && error->attempts == 0 && error->tencent_code == TC_ABSENT &&
          error->request_id.ptr == NULL);
    tc_error_free(error);
}

static void sign(void)
{
    static const char key[] = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
    static const uint8_t userbuf[] = {1, 2, 3};
    tc_usersig *signature = NULL, *verified = NULL;
    CHECK(tc_usersig_sign(APP, key, "ann", NOW, 600, userbuf, sizeof userbuf, &signature, NULL) == TC_OK);
    CHECK(tc_usersig_verify(APP, key, "ann", signature->text.ptr, NOW + 1, &verified, NULL) == TC_OK);
    CHECK(is(verified->identifier, "ann") && verified->sdk_app_id == APP && verified->time_s == NOW);
    CHECK(verified->expire_s == 600 && verified->userbuf_len == 3 && memcmp(verified->userbuf, userbuf, 3) == 0);
    tc_usersig_free(verified);
    CHECK(tc_usersig_verify(APP, key, "ann", signature->text.ptr, NOW + 601, &verified, NULL) == TC_ERROR_EXPIRED_USER_SIG);
    tc_usersig_free(signature);
    CHECK(tc_usersig_sign_private_map_key(APP, key, "ann", NOW, 600, 7, NULL, TC_PRIVILEGE_ALL, &signature, NULL) ==
          TC_OK);
    tc_usersig_free(signature);
}

static int lines, dropped;

static void count_line(int32_t level, const char *line, void *user_data)
{
    CHECK(level >= TC_LEVEL_WARN && level <= TC_LEVEL_DEBUG && line != NULL && user_data == &lines);
    lines++;
}

static void drop(void *user_data)
{
    CHECK(user_data == &lines);
    dropped++;
}

/* Nothing listens at port 1. */
static void call(void)
{
    static const char *const commands[] = {"Room.CallbackAfterCreateRoom"};
    tc_client_options *options = tc_client_options_new(APP);
    tc_client *client = NULL, *hasty = NULL;
    tc_response *response = NULL;
    tc_callback_config *config = NULL;
    tc_error *error = NULL;
    tc_client_options_set_key(options, "0123456789abcdef");
    tc_client_options_set_administrator(options, "administrator");
    tc_client_options_set_region(options, TC_REGION_SINGAPORE);
    tc_client_options_set_endpoint(options, "http://127.0.0.1:1");
    tc_client_options_set_timeout_ms(options, 2000);
    tc_client_options_set_connect_timeout_ms(options, 1000);
    tc_client_options_set_attempts(options, 1);
    tc_client_options_set_rate_limit(options, 100);
    tc_client_options_set_usersig_lifetime_s(options, 600);
    tc_client_options_set_user_agent(options, "first");
    tc_client_options_set_allow_unknown_commands(options, 0);
    tc_client_options_set_log(options, count_line, &lines, drop);
    CHECK(tc_client_new(options, &client, &error) == TC_OK);
    tc_client_options_free(options);
    CHECK(tc_client_with_timeout_ms(client, 1000, &hasty, NULL) == TC_OK);
    CHECK(tc_set_callback(client, TC_PRODUCT_CONFERENCE, "ftp://x", commands, 1, &response, NULL) == TC_ERROR_INVALID_URL);
    CHECK(tc_update_callback(client, TC_PRODUCT_CALL, "http://x.example", commands, 1, &response, NULL) ==
          TC_ERROR_UNSUPPORTED_OPERATION);
    CHECK(tc_ensure_callback(client, TC_PRODUCT_CONFERENCE, "http://x.example", commands, 0, NULL, NULL) ==
          TC_ERROR_EMPTY_COMMAND_LIST);
    CHECK(tc_get_callback(hasty, TC_PRODUCT_CONFERENCE, &config, &error) == TC_ERROR_CONNECTION && config == NULL);
    CHECK(error->status == TC_ERROR_CONNECTION && error->attempts == 1 && error->message.len > 0);
    tc_error_free(error);
    CHECK(tc_delete_callback(client, TC_PRODUCT_CALL, &response, NULL) == TC_ERROR_CONNECTION && response == NULL);
    tc_client_free(hasty);
    tc_client_free(client);
    CHECK(lines > 0 && dropped == 1);
}

int main(void)
{
    const char *words[32];
    CHECK(tc_abi_version() == TC_ABI_VERSION);
    CHECK(tc_version() != NULL && strcmp(tc_status_text(TC_OK), tc_status_text(TC_ERROR_BAD_SIGN)) != 0);
    CHECK(tc_product_commands(TC_PRODUCT_CALL, words, 32) >= 4);
    CHECK(tc_command_from_word(tc_command_word(TC_CALL_AFTER_START_CALL)) == TC_CALL_AFTER_START_CALL);
    receive();
    parse();
    sign();
    call();
    printf("built against %s, runs with %s\n", TC_VERSION_STRING, tc_version());
    return 0;
}
