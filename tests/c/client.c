/* A client: what it refuses before it sends anything, and what it says when nobody answers. */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif
#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "mistakes.h"

static const char KEY[] = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
static const char URL[] = "https://example.com/callback";
static const char *const ROOM[] = {"Room.CallbackAfterCreateRoom"};
static const char *const CALL[] = {"Call.CallbackAfterStartCall"};
static const char *const UNKNOWN[] = {"Room.CallbackAfterCreateRoom", "Room.CallbackAfterCreatRoom"};

/* A port of this machine that is held; nobody accepts what connects to it, and connections are refused unless it
 * listens. */
static int hold_port(char *endpoint, size_t size)
{
    struct sockaddr_in address;
    socklen_t len = sizeof address;
    int holder = socket(AF_INET, SOCK_STREAM, 0);
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = inet_addr("127.0.0.1");
    CHECK(holder >= 0 && bind(holder, (struct sockaddr *)&address, sizeof address) == 0);
    CHECK(getsockname(holder, (struct sockaddr *)&address, &len) == 0);
    snprintf(endpoint, size, "http://127.0.0.1:%d", ntohs(address.sin_port));
    return holder;
}

static tc_client_options *new_options(const char *endpoint)
{
    tc_client_options *options = tc_client_options_new(1400000000);
    tc_client_options_set_key(options, KEY);
    tc_client_options_set_endpoint(options, endpoint);
    tc_client_options_set_attempts(options, 2);
    return options;
}

static tc_client *new_client(tc_client_options *options)
{
    tc_client *client = NULL;
    tc_error *error = NULL;
    CHECK(tc_client_new(options, &client, &error) == TC_OK && error == NULL);
    return client;
}

static void options_that_cannot_be_used_are_named(void)
{
    tc_client *client = NULL;
    tc_error *error = NULL;
    tc_client_options *options;

#define IS_NAMED(setter, value)                                                                                        \
    options = new_options("http://127.0.0.1:1");                                                                       \
    tc_client_options_##setter(options, value);                                                                        \
    CHECK_FAILS(TC_ERROR_INVALID_OPTION, #setter, error, tc_client_new(options, &client, &error));                           \
    tc_client_options_free(options)

    IS_NAMED(set_key, "");
    IS_NAMED(set_key, "\xff");
    IS_NAMED(set_usersig, "none");
    IS_NAMED(set_administrator, "");
    IS_NAMED(set_region, 99);
    IS_NAMED(set_endpoint, "ftp://host");
    IS_NAMED(set_endpoint, "http://127.0.0.1:99999");
    IS_NAMED(set_endpoint, "http://127.0.0.1:900O");
    IS_NAMED(set_endpoint, "127.0.0.1:");
    IS_NAMED(set_connect_timeout_ms, 0);
    IS_NAMED(set_timeout_ms, 3600001);
    IS_NAMED(set_attempts, 11);
    IS_NAMED(set_usersig_lifetime_s, 59);
    IS_NAMED(set_ca_file, "/nowhere/ca.pem");
    IS_NAMED(set_crl_file, "/nowhere/crl.pem");
    IS_NAMED(set_proxy, "socks5://host:1");
    IS_NAMED(set_proxy, "http://127.0.0.1:80x");
    IS_NAMED(set_proxy, "http://user:pa/ss@127.0.0.1:1");
    IS_NAMED(set_user_agent, "two\nlines");
    /* An empty string is not the same as an option that is not set. */
    IS_NAMED(set_usersig, "");
    IS_NAMED(set_endpoint, "");
    IS_NAMED(set_ca_file, "");
    IS_NAMED(set_crl_file, "");
    IS_NAMED(set_proxy, "");
    IS_NAMED(set_user_agent, "");
    CHECK(client == NULL);

    /* Of several that are wrong, the first is named, and what comes after it changes nothing. */
    options = new_options("http://127.0.0.1:1");
    tc_client_options_set_region(options, 0);
    tc_client_options_set_region(options, TC_REGION_SEOUL);
    CHECK_FAILS(TC_ERROR_INVALID_OPTION, "set_region: region is 0", error, tc_client_new(options, &client, &error));
    tc_client_options_free(options);

    options = tc_client_options_new(1400000000);
    CHECK_FAILS(TC_ERROR_INVALID_OPTION, "set_key", error, tc_client_new(options, &client, &error));
    tc_client_options_free(options);
}

static void a_key_that_is_certainly_a_mistake_is_refused_with_what_it_looks_like(void)
{
    size_t i;
    for (i = 0; i < MISTAKE_COUNT; i++) {
        tc_client *client = NULL;
        tc_error *error = NULL;
        tc_client_options *options = tc_client_options_new(1400000000);
        tc_client_options_set_key(options, MISTAKES[i][0]);
        CHECK_FAILS(TC_ERROR_INVALID_OPTION, MISTAKES[i][1], error, tc_client_new(options, &client, &error));
        CHECK(client == NULL);
        tc_client_options_free(options);
    }
}

static void what_tencent_would_refuse_is_not_sent(void)
{
    static const char *const none[] = {"Room.CallbackAfterCreateRoom", NULL};
    static const char *const empty[] = {"Room.CallbackAfterCreateRoom", ""};
    char endpoint[40];
    struct pollfd connections;
    tc_error *error = NULL;
    tc_response *response = NULL;
    tc_callback_config *config = NULL;
    const int listener = hold_port(endpoint, sizeof endpoint);
    tc_client_options *options = new_options(endpoint);
    tc_client *client = new_client(options);
    CHECK(listen(listener, 1) == 0);

#define NOT_SENT(status, word, call)                                                                                   \
    CHECK_FAILS(status, word, error, call);                                                                            \
    CHECK(response == NULL)

    NOT_SENT(TC_ERROR_UNSUPPORTED_OPERATION, "call has no update_callback",
             tc_update_callback(client, TC_PRODUCT_CALL, URL, CALL, 1, &response, &error));
    NOT_SENT(TC_ERROR_INVALID_URL, "https://example.com",
             tc_set_callback(client, TC_PRODUCT_CONFERENCE, "example.com", ROOM, 1, &response, &error));
    NOT_SENT(TC_ERROR_INVALID_URL, "empty",
             tc_ensure_callback(client, TC_PRODUCT_CONFERENCE, "", ROOM, 1, &response, &error));
    NOT_SENT(TC_ERROR_INVALID_URL, "the port \"99999\"",
             tc_set_callback(client, TC_PRODUCT_CONFERENCE, "https://x.com:99999/cb", ROOM, 1, &response, &error));
    NOT_SENT(TC_ERROR_INVALID_URL, "fragment",
             tc_update_callback(client, TC_PRODUCT_CONFERENCE, "http://h/cb#frag", ROOM, 1, &response, &error));
    NOT_SENT(TC_ERROR_INVALID_URL, "SdkAppid",
             tc_ensure_callback(client, TC_PRODUCT_CONFERENCE, "http://h/cb?SdkAppid=1", ROOM, 1, &response, &error));
    NOT_SENT(TC_ERROR_INVALID_URL, "lower case",
             tc_set_callback(client, TC_PRODUCT_CONFERENCE, "HTTP://h/cb", ROOM, 1, &response, &error));
    NOT_SENT(TC_ERROR_EMPTY_COMMAND_LIST, "at least one",
             tc_set_callback(client, TC_PRODUCT_CONFERENCE, URL, ROOM, 0, &response, &error));
    NOT_SENT(TC_ERROR_UNKNOWN_COMMAND, "Room.CallbackAfterCreatRoom",
             tc_ensure_callback(client, TC_PRODUCT_CONFERENCE, URL, UNKNOWN, 2, &response, &error));
    NOT_SENT(TC_ERROR_UNKNOWN_COMMAND, "empty",
             tc_ensure_callback(client, TC_PRODUCT_CONFERENCE, URL, empty, 2, &response, &error));
    NOT_SENT(TC_ERROR_NULL_POINTER, "commands[1] is NULL",
             tc_ensure_callback(client, TC_PRODUCT_CONFERENCE, URL, none, 2, &response, &error));
    NOT_SENT(TC_ERROR_NULL_POINTER, "commands is NULL",
             tc_ensure_callback(client, TC_PRODUCT_CONFERENCE, URL, NULL, 2, &response, &error));
    NOT_SENT(TC_ERROR_UNKNOWN_COMMAND, "belongs to call",
             tc_update_callback(client, TC_PRODUCT_CONFERENCE, URL, CALL, 1, &response, &error));
    NOT_SENT(TC_ERROR_INVALID_ARGUMENT, "product is 3", tc_set_callback(client, 3, URL, ROOM, 1, &response, &error));
    NOT_SENT(TC_ERROR_INVALID_ARGUMENT, "product is 0", tc_delete_callback(client, TC_PRODUCT_UNKNOWN, &response, &error));
    NOT_SENT(TC_ERROR_INVALID_ARGUMENT, "product is -1", tc_get_callback(client, -1, &config, &error));
    NOT_SENT(TC_ERROR_INVALID_ARGUMENT, "url is not UTF-8",
             tc_set_callback(client, TC_PRODUCT_CONFERENCE, "\xff", ROOM, 1, &response, &error));

    connections.fd = listener;
    connections.events = POLLIN;
    CHECK(poll(&connections, 1, 0) == 0);
    tc_client_free(client);
    tc_client_options_free(options);
    close(listener);
}

struct log {
    int lines;
    int warnings;
    int drops;
};

static void write_line(int32_t level, const char *line, void *user_data)
{
    struct log *log = (struct log *)user_data;
    CHECK(level == TC_LEVEL_WARN || level == TC_LEVEL_INFO || level == TC_LEVEL_DEBUG);
    CHECK(strstr(line, "conference get_callback") != NULL && strchr(line, '\n') == NULL);
    CHECK(strstr(line, KEY) == NULL && strstr(line, "usersig=") == NULL);
    log->lines++;
    log->warnings += level == TC_LEVEL_WARN;
}

static void drop_log(void *user_data)
{
    ((struct log *)user_data)->drops++;
}

static void a_host_that_refuses_is_tried_again_and_then_reported(void)
{
    char endpoint[40];
    struct log log = {0, 0, 0};
    tc_error *error = NULL;
    tc_callback_config *config = NULL;
    const int holder = hold_port(endpoint, sizeof endpoint);
    tc_client_options *options = new_options(endpoint);
    tc_client *client;
    tc_client_options_set_log(options, write_line, &log, drop_log);
    client = new_client(options);
    tc_client_options_free(options);
    CHECK(log.lines == 0 && log.drops == 0);

    CHECK(tc_get_callback(client, TC_PRODUCT_CONFERENCE, &config, &error) == TC_ERROR_CONNECTION);
    CHECK(config == NULL && error->status == TC_ERROR_CONNECTION);
    CHECK(error->attempts == 2 && error->is_retryable == 1 && error->http_status == 0);
    CHECK(error->tencent_code == TC_ABSENT && error->offset == TC_ABSENT);
    CHECK_TEXT(error->tencent_info, NULL);
    CHECK_TEXT(error->request_id, NULL);
    CHECK(strstr(error->message.ptr, "conference get_callback") != NULL);
    CHECK(strstr(error->message.ptr, "refused") != NULL && strstr(error->message.ptr, KEY) == NULL);
    tc_error_free(error);
    /* Each attempt has a line, and the first a warning too, since another follows. */
    CHECK(log.lines == 3 && log.warnings == 1);

    CHECK(log.drops == 0);
    tc_client_free(client);
    CHECK(log.drops == 1);
    close(holder);
}

static void a_log_is_dropped_once_with_the_last_that_uses_it(void)
{
    struct log first = {0, 0, 0};
    struct log second = {0, 0, 0};
    tc_client_options *options = new_options("http://127.0.0.1:1");
    tc_client *client;
    tc_client *sibling;
    tc_client_options_set_log(options, write_line, &first, drop_log);
    tc_client_options_set_log(options, write_line, &second, drop_log);
    CHECK(first.drops == 1);
    client = new_client(options);
    sibling = new_client(options);
    tc_client_free(client);
    tc_client_options_free(options);
    CHECK(second.drops == 0);
    tc_client_free(sibling);
    CHECK(second.drops == 1 && first.drops == 1);
}

static void the_catalogue_knows_the_words(void)
{
    const char *words[10];
    const size_t count = tc_product_commands(TC_PRODUCT_CALL, words, 10);
    size_t i;
    CHECK(count == 4 && tc_product_commands(TC_PRODUCT_UNKNOWN, words, 10) == 0);
    for (i = 0; i < count; i++) {
        CHECK(strcmp(tc_command_word(tc_command_from_word(words[i])), words[i]) == 0);
    }
    words[1] = NULL;
    CHECK(tc_product_commands(TC_PRODUCT_CONFERENCE, words, 1) == 6 && words[1] == NULL);
    CHECK(tc_command_from_word("Room.CallbackUpdateRoomInfo") == TC_ROOM_AFTER_UPDATE_ROOM_INFO);
    CHECK(tc_command_from_word("\xff") == TC_COMMAND_UNKNOWN && strcmp(tc_command_word(-1), "") == 0);
    CHECK(strcmp(tc_status_text(TC_OK), "success") == 0 && strcmp(tc_status_text(-1), "unknown status") == 0);
}

int main(void)
{
    options_that_cannot_be_used_are_named();
    a_key_that_is_certainly_a_mistake_is_refused_with_what_it_looks_like();
    what_tencent_would_refuse_is_not_sent();
    a_host_that_refuses_is_tried_again_and_then_reported();
    a_log_is_dropped_once_with_the_last_that_uses_it();
    the_catalogue_knows_the_words();
    return 0;
}
