/*
 * Hands a receiver one Sign 1000 times, so that whoever counts instructions sees what it depends on:
 *
 *     refuse TOKEN,TOKEN SIGN
 */
#include "check.h"

int main(int argc, char **argv)
{
    static const char body[] = "{\"CallbackCommand\":\"Room.CallbackAfterDestroyRoom\",\"RoomId\":\"r1\"}";
    tc_receiver *receiver = NULL;
    tc_receiver_options *options = tc_receiver_options_new(1400000000);
    tc_request request;
    char query[160];
    char *token;
    int i;
    CHECK(argc == 3);
    for (token = strtok(argv[1], ","); token != NULL; token = strtok(NULL, ",")) {
        tc_receiver_options_add_token(options, token);
    }
    CHECK(tc_receiver_new(options, &receiver, NULL) == TC_OK);
    tc_receiver_options_free(options);
    snprintf(query, sizeof query, "SdkAppid=1400000000&Sign=%s&RequestTime=1669872112", argv[2]);
    request = request_of(query, body);
    request.now_s = 1669872112;
    for (i = 0; i < 1000; i++) {
        tc_outcome *outcome = NULL;
        CHECK(tc_receiver_handle(receiver, &request, &outcome, NULL) == TC_OK);
        tc_outcome_free(outcome);
    }
    tc_receiver_free(receiver);
    return 0;
}
