/* NULL in every pointer argument of every function: one at a time, then in all at once.

   tests/c_abi.rs compares the pairs of function and argument below with the header, so that none is forgotten. */
#include "check.h"

/* The call is refused by the name of the argument, with and without a place for the error: `at` in `arguments`. */
#define REFUSED(function, argument, arguments)                                                                         \
    do {                                                                                                               \
        tc_error *error = NULL;                                                                                        \
        tc_error **at = &error;                                                                                        \
        CHECK_FAILS(TC_ERROR_NULL_POINTER, #argument " is NULL", error, function arguments);                                 \
        at = NULL;                                                                                                     \
        CHECK(function arguments == TC_ERROR_NULL_POINTER);                                                                  \
    } while (0)

/* The same for a call with a result, which is NULL after it, whatever was there before. */
#define REFUSED_WITHOUT(result, function, argument, arguments)                                                         \
    do {                                                                                                               \
        char *before = garbage;                                                                                        \
        memcpy(&result, &before, sizeof result);                                                                       \
        REFUSED(function, argument, arguments);                                                                        \
        CHECK(result == NULL);                                                                                         \
    } while (0)

/* The argument may be NULL: the call does as documented. */
#define ACCEPTED(function, argument, arguments) function arguments
#define ACCEPTED_WITH(expected, function, argument, arguments) CHECK(function arguments == (expected))

#define ALL_NULL(function, arguments) CHECK(function arguments == TC_ERROR_NULL_POINTER)

static char garbage[16];
static const char *const COMMANDS[] = {"Room.CallbackAfterCreateRoom"};
static const char URL[] = "https://example.com/callback";
static const char BODY[] = "{\"CallbackCommand\":\"Room.CallbackAfterDestroyRoom\",\"RoomId\":\"r1\"}";

static void drop(void *count)
{
    ++*(int *)count;
}

static void frees(void)
{
    ACCEPTED(tc_error_free, error, (NULL));
    ACCEPTED(tc_client_options_free, options, (NULL));
    ACCEPTED(tc_client_free, client, (NULL));
    ACCEPTED(tc_cancel_free, cancel, (NULL));
    ACCEPTED(tc_callback_config_free, config, (NULL));
    ACCEPTED(tc_response_free, response, (NULL));
    ACCEPTED(tc_receiver_options_free, options, (NULL));
    ACCEPTED(tc_receiver_free, receiver, (NULL));
    ACCEPTED(tc_outcome_free, outcome, (NULL));
    ACCEPTED(tc_event_free, event, (NULL));
    ACCEPTED(tc_json_free, value, (NULL));
    ACCEPTED(tc_usersig_free, usersig, (NULL));
}

static void catalogue(void)
{
    ACCEPTED_WITH(TC_COMMAND_UNKNOWN, tc_command_from_word, word, (NULL));
    ACCEPTED_WITH(6, tc_product_commands, words, (TC_PRODUCT_CONFERENCE, NULL, 100));
}

static void client_setters_without_options(void)
{
    int drops = 0;
    ACCEPTED(tc_client_options_set_key, options, (NULL, "key"));
    ACCEPTED(tc_client_options_set_usersig, options, (NULL, "usersig"));
    ACCEPTED(tc_client_options_set_administrator, options, (NULL, "administrator"));
    ACCEPTED(tc_client_options_set_region, options, (NULL, TC_REGION_SEOUL));
    ACCEPTED(tc_client_options_set_endpoint, options, (NULL, "host"));
    ACCEPTED(tc_client_options_set_connect_timeout_ms, options, (NULL, 1));
    ACCEPTED(tc_client_options_set_timeout_ms, options, (NULL, 1));
    ACCEPTED(tc_client_options_set_attempts, options, (NULL, 1));
    ACCEPTED(tc_client_options_set_rate_limit, options, (NULL, 1));
    ACCEPTED(tc_client_options_set_usersig_lifetime_s, options, (NULL, 60));
    ACCEPTED(tc_client_options_set_ca_file, options, (NULL, "ca.pem"));
    ACCEPTED(tc_client_options_set_crl_file, options, (NULL, "crl.pem"));
    ACCEPTED(tc_client_options_set_proxy, options, (NULL, "http://proxy:1"));
    ACCEPTED(tc_client_options_set_user_agent, options, (NULL, "agent"));
    ACCEPTED(tc_client_options_set_allow_unknown_commands, options, (NULL, 1));
    ACCEPTED(tc_client_options_set_log, options, (NULL, NULL, &drops, drop));
    CHECK(drops == 1);
    tc_client_options_set_key(NULL, NULL);
}

/* A setter reports nothing itself: tc_client_new does, by the setter's and the argument's names. */
#define REPORTED_BY_CLIENT_NEW(setter, argument, arguments)                                                            \
    do {                                                                                                               \
        tc_error *error = NULL;                                                                                        \
        tc_client *client = NULL;                                                                                      \
        tc_client_options *options = tc_client_options_new(1400000000);                                                \
        tc_client_options_set_key(options, "a key for tests");                                                         \
        setter arguments;                                                                                              \
        CHECK_FAILS(TC_ERROR_INVALID_OPTION, #setter ": " #argument " is NULL", error,                                       \
                    tc_client_new(options, &client, &error));                                                          \
        CHECK(client == NULL);                                                                                         \
        tc_client_options_free(options);                                                                               \
    } while (0)

static void client_setters_without_text(void)
{
    REPORTED_BY_CLIENT_NEW(tc_client_options_set_key, key, (options, NULL));
    REPORTED_BY_CLIENT_NEW(tc_client_options_set_usersig, usersig, (options, NULL));
    REPORTED_BY_CLIENT_NEW(tc_client_options_set_administrator, administrator, (options, NULL));
    REPORTED_BY_CLIENT_NEW(tc_client_options_set_endpoint, endpoint, (options, NULL));
    REPORTED_BY_CLIENT_NEW(tc_client_options_set_ca_file, path, (options, NULL));
    REPORTED_BY_CLIENT_NEW(tc_client_options_set_crl_file, path, (options, NULL));
    REPORTED_BY_CLIENT_NEW(tc_client_options_set_proxy, url, (options, NULL));
    REPORTED_BY_CLIENT_NEW(tc_client_options_set_user_agent, user_agent, (options, NULL));
}

static void write_line(int32_t level, const char *line, void *user_data)
{
    (void)level, (void)line, (void)user_data;
}

/* Any part of a log may be NULL. */
static void log_function(tc_client_options *options)
{
    int drops = 0;
    ACCEPTED(tc_client_options_set_log, function, (options, NULL, &drops, drop));
    CHECK(drops == 1);
    ACCEPTED(tc_client_options_set_log, user_data, (options, write_line, NULL, NULL));
    ACCEPTED(tc_client_options_set_log, drop_user_data, (options, write_line, &drops, NULL));
    tc_client_options_set_log(options, NULL, NULL, NULL);
    CHECK(drops == 1);
}

static void cancels(const tc_client *client)
{
    tc_client *derived = NULL;
    tc_cancel *cancel = tc_cancel_new();
    ACCEPTED(tc_cancel_request, cancel, (NULL));
    REFUSED_WITHOUT(derived, tc_client_with_cancel, client, (NULL, cancel, &derived, at));
    REFUSED_WITHOUT(derived, tc_client_with_cancel, cancel, (client, NULL, &derived, at));
    REFUSED(tc_client_with_cancel, derived, (client, cancel, NULL, at));
    ALL_NULL(tc_client_with_cancel, (NULL, NULL, NULL, NULL));
    tc_cancel_free(cancel);
}

static void client_calls(void)
{
    static const char *const WITHOUT_WORD[] = {"Room.CallbackAfterCreateRoom", NULL};
    tc_client *client = NULL;
    tc_client *derived = NULL;
    tc_response *response = NULL;
    tc_callback_config *config = NULL;
    tc_error *refusal = NULL;
    tc_client_options *options = tc_client_options_new(1400000000);
    tc_client_options_set_key(options, "a key for tests");
    log_function(options);

    REFUSED_WITHOUT(client, tc_client_new, options, (NULL, &client, at));
    REFUSED(tc_client_new, client, (options, NULL, at));
    ALL_NULL(tc_client_new, (NULL, NULL, NULL));
    CHECK(tc_client_new(options, &client, NULL) == TC_OK);
    REFUSED_WITHOUT(derived, tc_client_with_timeout_ms, client, (NULL, 1, &derived, at));
    REFUSED(tc_client_with_timeout_ms, derived, (client, 1, NULL, at));
    ALL_NULL(tc_client_with_timeout_ms, (NULL, 1, NULL, NULL));
    cancels(client);
    tc_client_options_free(options);

#define WRITES(function)                                                                                               \
    REFUSED_WITHOUT(response, function, client, (NULL, TC_PRODUCT_CONFERENCE, URL, COMMANDS, 1, &response, at));       \
    REFUSED_WITHOUT(response, function, url, (client, TC_PRODUCT_CONFERENCE, NULL, COMMANDS, 1, &response, at));       \
    REFUSED_WITHOUT(response, function, commands, (client, TC_PRODUCT_CONFERENCE, URL, NULL, 1, &response, at));       \
    REFUSED_WITHOUT(response, function, commands[1],                                                                   \
                    (client, TC_PRODUCT_CONFERENCE, URL, WITHOUT_WORD, 2, &response, at));                             \
    CHECK_FAILS(TC_ERROR_EMPTY_COMMAND_LIST, "empty", refusal,                                                               \
                function(client, TC_PRODUCT_CONFERENCE, URL, NULL, 0, NULL, &refusal));                                \
    ACCEPTED_WITH(TC_ERROR_EMPTY_COMMAND_LIST, function, response, (client, TC_PRODUCT_CONFERENCE, URL, NULL, 0, NULL, NULL))

    WRITES(tc_set_callback);
    WRITES(tc_update_callback);
    WRITES(tc_ensure_callback);
    ALL_NULL(tc_set_callback, (NULL, TC_PRODUCT_CONFERENCE, NULL, NULL, 0, NULL, NULL));
    ALL_NULL(tc_update_callback, (NULL, TC_PRODUCT_CONFERENCE, NULL, NULL, 0, NULL, NULL));
    ALL_NULL(tc_ensure_callback, (NULL, TC_PRODUCT_CONFERENCE, NULL, NULL, 0, NULL, NULL));

    REFUSED_WITHOUT(config, tc_get_callback, client, (NULL, TC_PRODUCT_CONFERENCE, &config, at));
    REFUSED(tc_get_callback, config, (client, TC_PRODUCT_CONFERENCE, NULL, at));
    ALL_NULL(tc_get_callback, (NULL, TC_PRODUCT_CONFERENCE, NULL, NULL));
    REFUSED_WITHOUT(response, tc_delete_callback, client, (NULL, TC_PRODUCT_CONFERENCE, &response, at));
    ACCEPTED_WITH(TC_ERROR_INVALID_ARGUMENT, tc_delete_callback, response, (client, -1, NULL, NULL));
    ALL_NULL(tc_delete_callback, (NULL, TC_PRODUCT_CONFERENCE, NULL, NULL));
    tc_client_free(client);
}

static void receiver_setters(void)
{
    tc_error *error = NULL;
    tc_receiver *receiver = NULL;
    tc_receiver_options *options = tc_receiver_options_new(1400000000);
    ACCEPTED(tc_receiver_options_add_token, options, (NULL, "token"));
    ACCEPTED(tc_receiver_options_set_sign_tolerance_s, options, (NULL, 1));
    ACCEPTED(tc_receiver_options_set_max_body_bytes, options, (NULL, 1));
    ACCEPTED(tc_receiver_options_set_max_depth, options, (NULL, 1));
    ACCEPTED(tc_receiver_options_set_max_elements, options, (NULL, 1));
    ACCEPTED(tc_receiver_options_set_duplicate_window, options, (NULL, 1, 1));
    ACCEPTED(tc_receiver_options_add_token, token, (options, NULL));
    CHECK_FAILS(TC_ERROR_INVALID_OPTION, "tc_receiver_options_add_token: token is NULL", error,
                tc_receiver_new(options, &receiver, &error));
    tc_receiver_options_free(options);
}

static void receiver_calls(void)
{
    tc_receiver *receiver = NULL;
    tc_outcome *outcome = NULL;
    tc_request request;
    tc_receiver_options *options = tc_receiver_options_new(1400000000);

    REFUSED_WITHOUT(receiver, tc_receiver_new, options, (NULL, &receiver, at));
    REFUSED(tc_receiver_new, receiver, (options, NULL, at));
    ALL_NULL(tc_receiver_new, (NULL, NULL, NULL));
    CHECK(tc_receiver_new(options, &receiver, NULL) == TC_OK);
    tc_receiver_options_free(options);

    memset(&request, 0, sizeof request);
    request.struct_size = sizeof request;
    REFUSED_WITHOUT(outcome, tc_receiver_handle, receiver, (NULL, &request, &outcome, at));
    REFUSED_WITHOUT(outcome, tc_receiver_handle, request, (receiver, NULL, &outcome, at));
    REFUSED(tc_receiver_handle, outcome, (receiver, &request, NULL, at));
    ALL_NULL(tc_receiver_handle, (NULL, NULL, NULL, NULL));
    request.query_len = 1;
    REFUSED_WITHOUT(outcome, tc_receiver_handle, request.query, (receiver, &request, &outcome, at));
    request.query_len = 0;
    request.body_len = 1;
    REFUSED_WITHOUT(outcome, tc_receiver_handle, request.body, (receiver, &request, &outcome, at));
    request.body_len = 0;
    CHECK(tc_receiver_handle(receiver, &request, &outcome, NULL) == TC_OK);
    CHECK(outcome->status == TC_ERROR_MALFORMED_QUERY && outcome->http_status == 400);
    tc_outcome_free(outcome);

    REFUSED(tc_outcome_settle, outcome, (NULL, TC_TAKEN, at));
    ALL_NULL(tc_outcome_settle, (NULL, TC_TAKEN, NULL));
    tc_receiver_free(receiver);
}

static void events(void)
{
    tc_event *event = NULL;
    tc_json *value = NULL;
    tc_event_copy copy;
    char key[TC_DUPLICATE_KEY_SIZE] = "?";
    tc_object_factory factory;
    void *arguments[2] = {NULL, NULL};
    char host[TC_FACTORY_OFFSET + sizeof factory] = {0};
    REFUSED_WITHOUT(event, tc_parse_event, query, (NULL, 1, BODY, strlen(BODY), &event, at));
    REFUSED_WITHOUT(event, tc_parse_event, body, (NULL, 0, NULL, 1, &event, at));
    REFUSED(tc_parse_event, event, (NULL, 0, BODY, strlen(BODY), NULL, at));
    ALL_NULL(tc_parse_event, (NULL, 0, NULL, 0, NULL, NULL));
    CHECK(tc_parse_event(NULL, 0, NULL, 0, &event, NULL) == TC_ERROR_MALFORMED_JSON);
    CHECK(tc_parse_event(NULL, 0, BODY, strlen(BODY), &event, NULL) == TC_OK);

    memset(&copy, 0, sizeof copy);
    copy.struct_size = sizeof copy;
    REFUSED_WITHOUT(copy.event, tc_parse_event_copy, query, (NULL, 1, BODY, strlen(BODY), &copy, at));
    REFUSED_WITHOUT(copy.event, tc_parse_event_copy, body, (NULL, 0, NULL, 1, &copy, at));
    REFUSED(tc_parse_event_copy, copy, (NULL, 0, BODY, strlen(BODY), NULL, at));
    ALL_NULL(tc_parse_event_copy, (NULL, 0, NULL, 0, NULL, NULL));
    CHECK(tc_parse_event_copy(NULL, 0, BODY, strlen(BODY), &copy, NULL) == TC_OK);
    CHECK(copy.event != NULL);
    tc_event_free(copy.event);

    REFUSED_WITHOUT(value, tc_event_json, event, (NULL, "/RoomId", &value, at));
    REFUSED_WITHOUT(value, tc_event_json, pointer, (event, NULL, &value, at));
    REFUSED(tc_event_json, value, (event, "/RoomId", NULL, at));
    ALL_NULL(tc_event_json, (NULL, NULL, NULL, NULL));

    ACCEPTED_WITH(0, tc_event_duplicate_key, event, (NULL, key));
    CHECK(key[0] == '\0');
    ACCEPTED_WITH(0, tc_event_duplicate_key, key, (event, NULL));
    memset(&factory, 0, sizeof factory);
    factory.struct_size = sizeof factory;
    ACCEPTED_WITH(NULL, tc_event_to_object, event, (NULL, &factory, NULL));
    ACCEPTED_WITH(NULL, tc_event_to_object, factory, (event, NULL, NULL));
    ACCEPTED_WITH(NULL, tc_event_to_object, error, (event, &factory, NULL));
    ACCEPTED_WITH(NULL, tc_request_to_object, host, (NULL, arguments, 2));
    ACCEPTED_WITH(NULL, tc_request_to_object, arguments, (host, NULL, 2));
    ACCEPTED_WITH(NULL, tc_request_to_object, arguments, (host, arguments, 2));
    tc_event_free(event);
}

static void usersigs(void)
{
    tc_usersig *usersig = NULL;
    tc_usersig *verified = NULL;

    REFUSED_WITHOUT(usersig, tc_usersig_sign, key, (1, NULL, "id", 0, 60, NULL, 0, &usersig, at));
    REFUSED_WITHOUT(usersig, tc_usersig_sign, identifier, (1, "key", NULL, 0, 60, NULL, 0, &usersig, at));
    REFUSED_WITHOUT(usersig, tc_usersig_sign, userbuf, (1, "key", "id", 0, 60, NULL, 1, &usersig, at));
    REFUSED(tc_usersig_sign, usersig, (1, "key", "id", 0, 60, NULL, 0, NULL, at));
    ALL_NULL(tc_usersig_sign, (1, NULL, NULL, 0, 60, NULL, 0, NULL, NULL));

    REFUSED_WITHOUT(usersig, tc_usersig_sign_private_map_key, key,
                    (1, NULL, "id", 0, 60, 7, "room", TC_PRIVILEGE_ALL, &usersig, at));
    REFUSED_WITHOUT(usersig, tc_usersig_sign_private_map_key, identifier,
                    (1, "key", NULL, 0, 60, 7, "room", TC_PRIVILEGE_ALL, &usersig, at));
    REFUSED(tc_usersig_sign_private_map_key, usersig, (1, "key", "id", 0, 60, 7, "room", TC_PRIVILEGE_ALL, NULL, at));
    ALL_NULL(tc_usersig_sign_private_map_key, (1, NULL, NULL, 0, 60, 7, NULL, TC_PRIVILEGE_ALL, NULL, NULL));
    ACCEPTED_WITH(TC_OK, tc_usersig_sign_private_map_key, room_text,
                  (1, "key", "id", 0, 60, 7, NULL, TC_PRIVILEGE_ALL, &usersig, NULL));

    REFUSED_WITHOUT(verified, tc_usersig_verify, key, (1, NULL, "id", usersig->text.ptr, 0, &verified, at));
    REFUSED_WITHOUT(verified, tc_usersig_verify, text, (1, "key", "id", NULL, 0, &verified, at));
    REFUSED(tc_usersig_verify, verified, (1, "key", "id", usersig->text.ptr, 0, NULL, at));
    ALL_NULL(tc_usersig_verify, (1, NULL, NULL, NULL, 0, NULL, NULL));
    ACCEPTED_WITH(TC_OK, tc_usersig_verify, identifier, (1, "key", NULL, usersig->text.ptr, 0, &verified, NULL));
    tc_usersig_free(verified);
    tc_usersig_free(usersig);
}

int main(void)
{
    frees();
    catalogue();
    client_setters_without_options();
    client_setters_without_text();
    client_calls();
    receiver_setters();
    receiver_calls();
    events();
    usersigs();
    return 0;
}
