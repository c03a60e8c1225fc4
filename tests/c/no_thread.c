/* Loading the library, parsing, receiving, signing, making a client and calling over an open connection start no thread.
 *
 *     no_thread LIBRARY [ENDPOINT]
 *
 * Each step begins with a mark that strace shows, and pthread_create is this program's own. The first call may look the
 * endpoint's name up on a thread. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <unistd.h>

#include "check.h"

static int threads;

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument)
{
    int (*create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    *(void **)&create = dlsym(RTLD_NEXT, "pthread_create");
    threads++;
    return create(thread, attributes, start, argument);
}

#define FUNCTIONS(EACH)                                                                                                \
    EACH(tc_parse_event)                                                                                               \
    EACH(tc_event_free)                                                                                                \
    EACH(tc_receiver_options_new)                                                                                      \
    EACH(tc_receiver_options_free)                                                                                     \
    EACH(tc_receiver_new)                                                                                              \
    EACH(tc_receiver_handle)                                                                                           \
    EACH(tc_receiver_free)                                                                                             \
    EACH(tc_outcome_settle)                                                                                            \
    EACH(tc_outcome_free)                                                                                              \
    EACH(tc_usersig_sign)                                                                                              \
    EACH(tc_usersig_free)                                                                                              \
    EACH(tc_client_options_new)                                                                                        \
    EACH(tc_client_options_set_key)                                                                                    \
    EACH(tc_client_options_set_endpoint)                                                                               \
    EACH(tc_client_options_free)                                                                                       \
    EACH(tc_client_new)                                                                                                \
    EACH(tc_client_free)                                                                                               \
    EACH(tc_get_callback)                                                                                              \
    EACH(tc_callback_config_free)

#define POINTER(name) __typeof__(name) *name;
static struct {
    FUNCTIONS(POINTER)
} library;

static const char QUERY[] = "SdkAppid=1400000000";
static const char BODY[] = "{\"CallbackCommand\":\"Room.CallbackAfterDestroyRoom\",\"RoomId\":\"r1\",\"EventTime\":7}";
static const char KEY[] = "a key for tests";

/* A call to the system that fails, and that nothing else makes. */
static void begin(const char *step)
{
    CHECK(write(-1, step, strlen(step)) == -1);
}

static void load(const char *path)
{
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    CHECK(handle != NULL);
#define LOOK_UP(name)                                                                                                  \
    *(void **)&library.name = dlsym(handle, #name);                                                                    \
    CHECK(library.name != NULL);
    FUNCTIONS(LOOK_UP)
}

static void parse(void)
{
    tc_event *event = NULL;
    CHECK(library.tc_parse_event(QUERY, strlen(QUERY), BODY, strlen(BODY), &event, NULL) == TC_OK);
    library.tc_event_free(event);
}

static void receive(void)
{
    tc_receiver *receiver = NULL;
    tc_receiver_options *options = library.tc_receiver_options_new(1400000000);
    tc_outcome *outcome = NULL;
    tc_request request = request_of(QUERY, BODY);
    CHECK(library.tc_receiver_new(options, &receiver, NULL) == TC_OK);
    library.tc_receiver_options_free(options);
    CHECK(library.tc_receiver_handle(receiver, &request, &outcome, NULL) == TC_OK && outcome->status == TC_OK);
    CHECK(library.tc_outcome_settle(outcome, TC_TAKEN, NULL) == TC_OK && outcome->http_status == 200);
    library.tc_outcome_free(outcome);
    library.tc_receiver_free(receiver);
}

static void sign(void)
{
    tc_usersig *usersig = NULL;
    CHECK(library.tc_usersig_sign(1400000000, KEY, "user", 1669872112, 60, NULL, 0, &usersig, NULL) == TC_OK);
    library.tc_usersig_free(usersig);
}

static tc_client *new_client(const char *endpoint)
{
    tc_client *client = NULL;
    tc_client_options *options = library.tc_client_options_new(1400000000);
    library.tc_client_options_set_key(options, KEY);
    if (endpoint != NULL)
        library.tc_client_options_set_endpoint(options, endpoint);
    CHECK(library.tc_client_new(options, &client, NULL) == TC_OK);
    library.tc_client_options_free(options);
    return client;
}

static void call(tc_client *client)
{
    tc_callback_config *config = NULL;
    CHECK(library.tc_get_callback(client, TC_PRODUCT_CALL, &config, NULL) == TC_OK);
    library.tc_callback_config_free(config);
}

int main(int count, char **arguments)
{
    const char *endpoint = count > 2 ? arguments[2] : NULL;
    tc_client *client;
    int after_first, calls;
    CHECK(count > 1);

    begin("load");
    load(arguments[1]);
    begin("parse");
    parse();
    begin("receive");
    receive();
    begin("sign");
    sign();
    begin("make a client");
    client = new_client(endpoint);
    CHECK(threads == 0);
    if (endpoint != NULL) {
        begin("first call");
        call(client);
        after_first = threads;
        begin("warm calls");
        for (calls = 0; calls < 20; calls++)
            call(client);
        CHECK(threads == after_first);
        printf("%d\n", after_first);
    }
    begin("end");
    library.tc_client_free(client);
    return 0;
}
