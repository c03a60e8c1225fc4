/* A back end on libmicrohttpd that registers its callbacks when it starts and prints each event in words.
 *
 *     TC_SDK_APP_ID=... TC_SECRET_KEY=... ./server [port [public-url]]
 *
 * TC_ENDPOINT points at the emulator, TC_TOKEN asks for signed callbacks. Port 0, the default, takes a free one.
 */
#include <errno.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tc_callback.h>

#include "print_event.h"

#define MAX_BODY ((size_t)1 << 20)

/* A request while its body is still coming in. */
struct upload {
    char *uri;
    char *body;
    size_t body_len;
    int has_begun;
};

/* The only place where a server meets this library for each request. */
static enum MHD_Result answer(struct MHD_Connection *connection, const tc_receiver *receiver,
                              const struct upload *upload)
{
    tc_request request = {.struct_size = sizeof request,
                          .query = upload->uri,
                          .query_len = strlen(upload->uri),
                          .body = upload->body,
                          .body_len = upload->body_len};
    tc_outcome *outcome = NULL;
    if (tc_receiver_handle(receiver, &request, &outcome, NULL) != TC_OK)
        return MHD_NO;
    char key[TC_DUPLICATE_KEY_SIZE];
    switch (outcome->delivery) {
    case TC_DELIVERY_NEW:
        print_event(outcome->event);
        /* It is answered with 200 only now that it is printed: a server that queues or stores events settles after that. */
        tc_outcome_settle(outcome, fflush(stdout) == 0 ? TC_TAKEN : TC_REFUSED, NULL);
        break;
    case TC_DELIVERY_DONE:
    case TC_DELIVERY_BUSY:
        tc_event_duplicate_key(outcome->event, key);
        printf("delivered again: %s\n", key);
        break;
    default:
        printf("refused with %d: %s\n", outcome->http_status, outcome->error->message.ptr);
    }
    fflush(stdout);

    struct MHD_Response *response = MHD_create_response_from_buffer(
        outcome->reply.len, (void *)(uintptr_t)outcome->reply.ptr, MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(response, "Content-Type", outcome->content_type.ptr);
    enum MHD_Result queued = MHD_queue_response(connection, (unsigned)outcome->http_status, response);
    MHD_destroy_response(response);
    tc_outcome_free(outcome);
    return queued;
}

/* libmicrohttpd hands the raw URI, with its query, to this function only. */
static void *begin(void *unused, const char *uri, struct MHD_Connection *connection)
{
    (void)unused, (void)connection;
    struct upload *upload = calloc(1, sizeof *upload);
    if (upload != NULL)
        upload->uri = strdup(uri);
    return upload;
}

static enum MHD_Result take(void *receiver, struct MHD_Connection *connection, const char *path, const char *method,
                            const char *version, const char *data, size_t *data_len, void **state)
{
    (void)path, (void)version;
    struct upload *upload = *state;
    if (upload == NULL || upload->uri == NULL || strcmp(method, MHD_HTTP_METHOD_POST) != 0)
        return MHD_NO;
    if (!upload->has_begun) {
        upload->has_begun = 1;
        return MHD_YES;
    }
    if (*data_len == 0)
        return answer(connection, receiver, upload);
    /* One byte over the limit is enough for the receiver to answer 413. */
    size_t room = MAX_BODY + 1 - upload->body_len;
    size_t taken = *data_len < room ? *data_len : room;
    char *body = realloc(upload->body, upload->body_len + taken);
    if (body == NULL)
        return MHD_NO;
    memcpy(body + upload->body_len, data, taken);
    upload->body = body;
    upload->body_len += taken;
    *data_len = 0;
    return MHD_YES;
}

static void end(void *unused, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode reason)
{
    (void)unused, (void)connection, (void)reason;
    struct upload *upload = *state;
    if (upload == NULL)
        return;
    free(upload->uri);
    free(upload->body);
    free(upload);
}

/* Ends the program with a sentence. */
static _Noreturn void fail(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    vfprintf(stderr, format, values);
    va_end(values);
    fputc('\n', stderr);
    exit(1);
}

/* Takes the error's address: the arguments of a call are evaluated in any order, so its value may be read too early. */
static void require(tc_status status, tc_error *const *error)
{
    if (status != TC_OK)
        fail("%s", *error != NULL ? (*error)->message.ptr : tc_status_text(status));
}

/* A variable of the environment; NULL if it is not set. One that is empty was meant to hold something. */
static const char *variable(const char *name)
{
    const char *value = getenv(name);
    if (value != NULL && *value == '\0')
        fail("%s is set but empty: give it a value, or unset it", name);
    return value;
}

static const char *required(const char *name, const char *what)
{
    const char *value = variable(name);
    if (value == NULL)
        fail("%s is not set: set it to %s", name, what);
    return value;
}

static unsigned long number(const char *name, const char *text, unsigned long most)
{
    char *end = NULL;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || value > most)
        fail("%s must be a number from 0 to %lu", name, most);
    return value;
}

/* Registers every command of a product. */
static void register_callbacks(const tc_client *client, int32_t product, const char *url)
{
    const char *commands[32];
    size_t count = tc_product_commands(product, commands, sizeof commands / sizeof *commands);
    tc_error *error = NULL;
    require(tc_ensure_callback(client, product, url, commands, count, NULL, &error), &error);
    printf("registered %s and %zu more commands for %s\n", commands[0], count - 1, url);
}

int main(int argc, char **argv)
{
    const char *app_text = required("TC_SDK_APP_ID", "the application's SDKAppID");
    uint32_t app = (uint32_t)number("TC_SDK_APP_ID", app_text, UINT32_MAX);
    const char *key = required("TC_SECRET_KEY", "the application's SecretKey");
    const char *token = variable("TC_TOKEN"), *endpoint = variable("TC_ENDPOINT");
    uint16_t port = (uint16_t)(argc > 1 ? number("the port", argv[1], UINT16_MAX) : 0);
    tc_receiver_options *receiver_options = tc_receiver_options_new(app);
    if (token != NULL)
        tc_receiver_options_add_token(receiver_options, token);
    tc_client_options *client_options = tc_client_options_new(app);
    tc_client_options_set_key(client_options, key);
    if (endpoint != NULL)
        tc_client_options_set_endpoint(client_options, endpoint);
    tc_receiver *receiver = NULL;
    tc_client *client = NULL;
    tc_error *error = NULL;
    require(tc_receiver_new(receiver_options, &receiver, &error), &error);
    require(tc_client_new(client_options, &client, &error), &error);
    tc_receiver_options_free(receiver_options);
    tc_client_options_free(client_options);

    sigset_t stop;
    int signal_number;
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    sigprocmask(SIG_BLOCK, &stop, NULL);
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD, port, NULL, NULL, take, receiver, MHD_OPTION_URI_LOG_CALLBACK, begin, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, end, NULL, MHD_OPTION_END);
    if (daemon == NULL)
        fail("cannot listen on port %d: %s", port, strerror(errno));
    char local_url[64];
    snprintf(local_url, sizeof local_url, "http://127.0.0.1:%d/callback",
             (int)MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    const char *url = argc > 2 ? argv[2] : local_url;
    register_callbacks(client, TC_PRODUCT_CONFERENCE, url);
    register_callbacks(client, TC_PRODUCT_CALL, url);
    printf("listening on %s\n", local_url);
    fflush(stdout);

    sigwait(&stop, &signal_number);
    MHD_stop_daemon(daemon);
    tc_receiver_free(receiver);
    tc_client_free(client);
    return 0;
}
