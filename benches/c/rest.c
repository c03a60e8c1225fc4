/*
 * A worker of make bench (src/worker.rs has the protocol): get_callback, answered by a server on loopback over a connection that is
 * kept open. By this library, and by hand with libcurl: one easy handle reused, a UserSig signed before, the answer read with cJSON.
 */
#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <tc_callback.h>

#include "../native/bench.h"

enum { THREADS = 16, MAX_ANSWER = 16384 };

static const uint32_t SDK_APP_ID = 1400000000;
static const char KEY[] = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
static const char *server;
static tc_client *client;
static tc_usersig *usersig;

static uint64_t fold_text(uint64_t hash, const char *text)
{
    return bench_fold_text(hash, text, strlen(text));
}

/* Each does one request and returns the checksum of URL and commands, or 0. `handle` is the thread's own. */
typedef uint64_t request_fn(void *handle);

static uint64_t by_library(void *handle)
{
    (void)handle;
    tc_callback_config *config = NULL;
    if (tc_get_callback(client, TC_PRODUCT_CONFERENCE, &config, NULL) != TC_OK)
        return 0;
    uint64_t hash = bench_fold(fold_text(0, config->url.ptr), config->command_count);
    for (size_t i = 0; i < config->command_count; i++)
        hash = fold_text(hash, config->commands[i].ptr);
    tc_callback_config_free(config);
    return hash;
}

struct answer {
    char text[MAX_ANSWER];
    size_t len;
};

static size_t take(char *data, size_t size, size_t count, void *user_data)
{
    struct answer *answer = user_data;
    size_t len = size * count;
    if (answer->len + len > sizeof answer->text)
        return 0;
    memcpy(answer->text + answer->len, data, len);
    answer->len += len;
    return len;
}

static uint64_t read_answer(const struct answer *answer)
{
    cJSON *root = cJSON_ParseWithLength(answer->text, answer->len);
    const cJSON *code = cJSON_GetObjectItemCaseSensitive(root, "ErrorCode");
    const cJSON *config = cJSON_GetObjectItemCaseSensitive(root, "Response");
    const cJSON *url = cJSON_GetObjectItemCaseSensitive(config, "Url");
    const cJSON *commands = cJSON_GetObjectItemCaseSensitive(config, "CallbackCommandList"), *command;
    uint64_t hash = 0;
    if (cJSON_IsNumber(code) && code->valueint == 0 && cJSON_IsString(url)) {
        hash = bench_fold(fold_text(0, url->valuestring), cJSON_GetArraySize(commands));
        cJSON_ArrayForEach(command, commands) hash = fold_text(hash, command->valuestring);
    }
    cJSON_Delete(root);
    return hash;
}

static uint64_t by_libcurl(void *handle)
{
    char url[1024];
    snprintf(url, sizeof url,
             "http://%s/v4/room_config/"
             "get_callback?sdkappid=%u&identifier=administrator&usersig=%s&random=%u&contenttype=json",
             server, SDK_APP_ID, usersig->text.ptr, (unsigned)rand());
    struct answer answer = {.len = 0};
    long status = 0;
    curl_easy_setopt(handle, CURLOPT_URL, url);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &answer);
    if (curl_easy_perform(handle) != CURLE_OK ||
        curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK || status != 200)
        return 0;
    return read_answer(&answer);
}

static CURL *handles[THREADS];

static void open_handles(void)
{
    static struct curl_slist *headers;
    curl_global_init(CURL_GLOBAL_ALL);
    headers = curl_slist_append(NULL, "Content-Type: application/json");
    for (int i = 0; i < THREADS; i++) {
        handles[i] = curl_easy_init();
        curl_easy_setopt(handles[i], CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(handles[i], CURLOPT_CONNECTTIMEOUT_MS, 3000L);
        curl_easy_setopt(handles[i], CURLOPT_TIMEOUT_MS, 10000L);
        curl_easy_setopt(handles[i], CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(handles[i], CURLOPT_POSTFIELDS, "{}");
        curl_easy_setopt(handles[i], CURLOPT_WRITEFUNCTION, take);
    }
}

/* Not 0 if the client could be made. */
static int open_client(void)
{
    char endpoint[128];
    snprintf(endpoint, sizeof endpoint, "http://%s", server);
    tc_client_options *options = tc_client_options_new(SDK_APP_ID);
    tc_client_options_set_key(options, KEY);
    tc_client_options_set_endpoint(options, endpoint);
    tc_client_options_set_rate_limit(options, 0);
    tc_status status = tc_client_new(options, &client, NULL);
    tc_client_options_free(options);
    return status == TC_OK &&
           tc_usersig_sign(SDK_APP_ID, KEY, "administrator", time(NULL), 86400, NULL, 0, &usersig, NULL) == TC_OK;
}

static double now_ns(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

struct lane {
    pthread_t thread;
    request_fn *request;
    CURL *handle;
    double end_ns;
    size_t count;
    uint64_t checksum;
};

static void *run_lane(void *argument)
{
    struct lane *lane = argument;
    do {
        lane->checksum = lane->request(lane->handle);
        lane->count++;
    } while (lane->checksum != 0 && now_ns(CLOCK_MONOTONIC) < lane->end_ns);
    return NULL;
}

static void run(request_fn *request, int threads, clockid_t clock, long milliseconds)
{
    struct lane lanes[THREADS];
    double start = now_ns(clock), end_ns = now_ns(CLOCK_MONOTONIC) + milliseconds * 1e6;
    for (int i = 0; i < threads; i++) {
        lanes[i] = (struct lane){.request = request, .handle = handles[i], .end_ns = end_ns};
        if (threads > 1 && pthread_create(&lanes[i].thread, NULL, run_lane, &lanes[i]) != 0)
            exit(1);
    }
    if (threads == 1)
        run_lane(&lanes[0]);
    size_t count = 0;
    int failed = 0;
    for (int i = 0; i < threads; i++) {
        if (threads > 1)
            pthread_join(lanes[i].thread, NULL);
        count += lanes[i].count;
        failed |= lanes[i].checksum == 0;
    }
    if (failed)
        puts("error a request failed");
    else
        printf("%.1f %llu\n", (now_ns(clock) - start) / count, (unsigned long long)lanes[0].checksum);
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc != 3) {
        puts("error start it with BODIES_FOLDER HOST:PORT");
        return 2;
    }
    server = argv[2];
    open_handles();
    if (!open_client()) {
        puts("error the client cannot be made");
        return 1;
    }
    puts("has tc_callback rest/cpu-1\nhas libcurl rest/cpu-1\nhas tc_callback rest/rps-16\nhas libcurl "
         "rest/rps-16\nready");
    char line[256], candidate[64], row[64];
    long milliseconds;
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (sscanf(line, "run %63s %63s %ld", candidate, row, &milliseconds) != 3) {
            printf("error cannot read %s", line);
            continue;
        }
        int is_alone = strcmp(row, "rest/cpu-1") == 0;
        request_fn *request = strcmp(candidate, "libcurl") == 0 ? by_libcurl : by_library;
        run(request, is_alone ? 1 : THREADS, is_alone ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, milliseconds);
    }
    return 0;
}
