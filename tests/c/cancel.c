/* An operation that another thread gives up, and one that a signal handler does. */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"

static const char URL[] = "https://example.com/callback";
static const char *const ROOM[] = {"Room.CallbackAfterCreateRoom"};
static const tc_cancel *requested_by_signal;

/* A server that takes a request, gives it up, and never answers. */
struct silence {
    int listener;
    const tc_cancel *cancel;
    int by_signal;
    char request[4096];
    ssize_t after;
};

static void handle_signal(int number)
{
    (void)number;
    tc_cancel_request(requested_by_signal);
}

static void *take_one(void *argument)
{
    struct silence *silence = (struct silence *)argument;
    const int connection = accept(silence->listener, NULL, NULL);
    const ssize_t len = recv(connection, silence->request, sizeof silence->request - 1, 0);
    CHECK(len > 0);
    silence->request[len] = '\0';
    if (silence->by_signal) {
        CHECK(raise(SIGUSR1) == 0);
    } else {
        tc_cancel_request(silence->cancel);
    }
    /* The other end closes: nothing goes on in the background. */
    silence->after = recv(connection, silence->request, 1, 0);
    close(connection);
    return NULL;
}

static void a_request_under_way_is_given_up(int by_signal)
{
    struct sockaddr_in address;
    socklen_t address_len = sizeof address;
    char endpoint[40];
    struct silence silence;
    pthread_t thread;
    tc_error *error = NULL;
    tc_client *client = NULL;
    tc_client *cancellable = NULL;
    tc_response *response = NULL;
    tc_cancel *cancel = tc_cancel_new();
    tc_client_options *options = tc_client_options_new(1400000000);

    memset(&silence, 0, sizeof silence);
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = inet_addr("127.0.0.1");
    silence.listener = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(bind(silence.listener, (struct sockaddr *)&address, sizeof address) == 0);
    CHECK(listen(silence.listener, 1) == 0);
    CHECK(getsockname(silence.listener, (struct sockaddr *)&address, &address_len) == 0);
    snprintf(endpoint, sizeof endpoint, "http://127.0.0.1:%d", ntohs(address.sin_port));

    tc_client_options_set_key(options, "a key for tests");
    tc_client_options_set_endpoint(options, endpoint);
    tc_client_options_set_timeout_ms(options, 3600000);
    CHECK(tc_client_new(options, &client, NULL) == TC_OK);
    tc_client_options_free(options);
    CHECK(tc_client_with_cancel(client, cancel, &cancellable, &error) == TC_OK && error == NULL);
    tc_client_free(client);

    silence.cancel = cancel;
    silence.by_signal = by_signal;
    requested_by_signal = cancel;
    CHECK(pthread_create(&thread, NULL, take_one, &silence) == 0);
    CHECK(tc_set_callback(cancellable, TC_PRODUCT_CONFERENCE, URL, ROOM, 1, &response, &error) == TC_ERROR_CANCELLED);
    CHECK(error->status == TC_ERROR_CANCELLED && error->attempts == 1 && error->is_retryable == 0);
    CHECK(strstr(error->message.ptr, "the change may have been made all the same") != NULL && response == NULL);
    tc_error_free(error);
    CHECK(pthread_join(thread, NULL) == 0 && silence.after == 0);

    /* It stays requested, also after it was freed. */
    tc_cancel_request(cancel);
    tc_cancel_free(cancel);
    CHECK_FAILS(TC_ERROR_CANCELLED, "cancelled by the caller", error,
                tc_delete_callback(cancellable, TC_PRODUCT_CONFERENCE, NULL, &error));
    tc_client_free(cancellable);
    close(silence.listener);
}

int main(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handle_signal;
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    a_request_under_way_is_given_up(0);
    a_request_under_way_is_given_up(1);
    CHECK(strcmp(tc_status_text(TC_ERROR_CANCELLED), "the caller cancelled the call") == 0);
    return 0;
}
