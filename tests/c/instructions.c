/*
 * Repeats one operation, so that whoever counts instructions can take the difference of two runs:
 *
 *     instructions parse|receive|sign TIMES [BODY]
 */
#include "check.h"

/* The vendor's published Sign: tests/fixtures/sign/published.json. */
static const char QUERY[] =
    "SdkAppid=1400000000&CallbackCommand=Room.CallbackAfterUpdateRoomInfo&contenttype=json&ClientIP=203.0.113.7&OptPlatform=iOS"
    "&Sign=17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061&RequestTime=1669872112";
static const char TOKEN[] = "xxxxyyyy";
static const int64_t NOW = 1669872112;

static void parse(long times, const char *body, size_t len)
{
    long i;
    for (i = 0; i < times; i++) {
        tc_event *event = NULL;
        CHECK(tc_parse_event("", 0, body, len, &event, NULL) == TC_OK);
        tc_event_free(event);
    }
}

/* The same event each time, claimed and released: nothing depends on how a table has grown. */
static void receive(long times, const char *body, size_t len)
{
    tc_receiver *receiver = NULL;
    tc_receiver_options *options = tc_receiver_options_new(1400000000);
    tc_request request = request_of(QUERY, "");
    long i;
    tc_receiver_options_add_token(options, TOKEN);
    CHECK(tc_receiver_new(options, &receiver, NULL) == TC_OK);
    tc_receiver_options_free(options);
    request.body = body;
    request.body_len = len;
    request.now_s = NOW;
    for (i = 0; i < times; i++) {
        tc_outcome *outcome = NULL;
        CHECK(tc_receiver_handle(receiver, &request, &outcome, NULL) == TC_OK);
        CHECK(outcome->delivery == TC_DELIVERY_NEW && tc_outcome_settle(outcome, TC_REFUSED, NULL) == TC_OK);
        tc_outcome_free(outcome);
    }
    tc_receiver_free(receiver);
}

static void sign(long times)
{
    static const char key[] = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
    long i;
    for (i = 0; i < times; i++) {
        tc_usersig *usersig = NULL;
        CHECK(tc_usersig_sign(1400000000, key, "xiaojun", NOW, 15552000, NULL, 0, &usersig, NULL) == TC_OK);
        tc_usersig_free(usersig);
    }
}

int main(int argc, char **argv)
{
    char *body = NULL;
    size_t len = 0;
    long times;
    CHECK(argc >= 3);
    times = strtol(argv[2], NULL, 10);
    if (argc > 3) {
        body = read_file(argv[3], &len);
    }
    if (strcmp(argv[1], "parse") == 0) {
        parse(times, body, len);
    } else if (strcmp(argv[1], "receive") == 0) {
        receive(times, body, len);
    } else {
        CHECK(strcmp(argv[1], "sign") == 0);
        sign(times);
    }
    free(body);
    return 0;
}
