/* The library, loaded by its file, so that the benches need nothing of it to be built. */
#ifndef BENCH_TC_CALLBACK_H
#define BENCH_TC_CALLBACK_H

#include <tc_callback.h>

#include "bench.h"

struct tc_functions {
    __typeof__(tc_parse_event) *parse_event;
    __typeof__(tc_parse_event_copy) *parse_event_copy;
    __typeof__(tc_event_free) *event_free;
    __typeof__(tc_receiver_options_new) *receiver_options_new;
    __typeof__(tc_receiver_options_add_token) *receiver_options_add_token;
    __typeof__(tc_receiver_options_set_duplicate_window) *receiver_options_set_duplicate_window;
    __typeof__(tc_receiver_options_free) *receiver_options_free;
    __typeof__(tc_receiver_new) *receiver_new;
    __typeof__(tc_receiver_handle) *receiver_handle;
    __typeof__(tc_outcome_settle) *outcome_settle;
    __typeof__(tc_outcome_free) *outcome_free;
    __typeof__(tc_usersig_sign) *usersig_sign;
    __typeof__(tc_usersig_free) *usersig_free;
};

#ifdef __cplusplus
extern "C" {
#endif

extern struct tc_functions tc;

/* Every field of an event of this family. */
uint64_t bench_fold_event(uint64_t hash, int family, const tc_event *event);

#ifdef __cplusplus
}
#endif

#endif
