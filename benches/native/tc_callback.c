/* tc_callback as a program in C uses it: one call, fields read from the structs, one free. */
#include "tc_callback.h"

#include <dlfcn.h>
#include <stdio.h>

struct tc_functions tc;

/* 0, or -1 with the reason on stderr. */
int bench_tc_load(const char *path)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        return -1;
    }
#define LOAD(name)                                                                                                     \
    if ((*(void **)&tc.name = dlsym(library, "tc_" #name)) == NULL) {                                                  \
        fprintf(stderr, "%s\n", dlerror());                                                                            \
        return -1;                                                                                                     \
    }
    LOAD(parse_event)
    LOAD(parse_event_copy)
    LOAD(event_free)
    LOAD(receiver_options_new)
    LOAD(receiver_options_add_token)
    LOAD(receiver_options_set_duplicate_window)
    LOAD(receiver_options_free)
    LOAD(receiver_new)
    LOAD(receiver_handle)
    LOAD(outcome_settle)
    LOAD(outcome_free)
    LOAD(usersig_sign)
    LOAD(usersig_free)
#undef LOAD
    return 0;
}

static inline uint64_t text(uint64_t hash, tc_str text)
{
    return bench_fold_text(hash, text.ptr, text.len);
}

static inline uint64_t integer(uint64_t hash, int64_t value)
{
    return bench_fold(hash, value == TC_ABSENT ? 0 : (uint64_t)value);
}

static inline uint64_t boolean(uint64_t hash, int32_t value)
{
    return bench_fold(hash, value == 1);
}

static inline uint64_t texts(uint64_t hash, const tc_str *list, size_t count)
{
    hash = bench_fold(hash, count);
    for (size_t i = 0; i < count; i++)
        hash = text(hash, list[i]);
    return hash;
}

static inline uint64_t room(uint64_t hash, const tc_room_info *room)
{
    hash = text(hash, room->room_id);
    hash = text(hash, room->room_name);
    hash = text(hash, room->owner_account);
    hash = text(hash, room->take_seat_mode_word);
    hash = integer(hash, room->max_member_count);
    hash = boolean(hash, room->is_video_disabled);
    hash = boolean(hash, room->is_audio_disabled);
    hash = boolean(hash, room->is_message_disabled);
    hash = boolean(hash, room->is_screen_sharing_disabled);
    hash = boolean(hash, room->is_cloud_recording_disabled);
    return text(hash, room->custom_info);
}

static inline uint64_t members(uint64_t hash, const tc_room_members *members)
{
    hash = text(hash, members->room_id);
    hash = integer(hash, members->member_count);
    hash = text(hash, members->change_word);
    return texts(hash, members->member_accounts, members->member_account_count);
}

static inline uint64_t seats(uint64_t hash, const tc_room_seats *seats)
{
    hash = text(hash, seats->room_id);
    hash = bench_fold(hash, seats->seat_count);
    for (size_t i = 0; i < seats->seat_count; i++) {
        const tc_seat *seat = seats->seats[i];
        hash = integer(hash, seat->index);
        hash = text(hash, seat->member_account);
        hash = boolean(hash, seat->is_taken_disabled);
        hash = boolean(hash, seat->is_video_disabled);
        hash = boolean(hash, seat->is_audio_disabled);
    }
    return hash;
}

static inline uint64_t call(uint64_t hash, const tc_call_end *call)
{
    hash = text(hash, call->call_id);
    hash = text(hash, call->caller_account);
    hash = text(hash, call->media_type_word);
    hash = text(hash, call->call_type_word);
    hash = integer(hash, call->start_time_s);
    hash = integer(hash, call->end_time_s);
    hash = integer(hash, call->accept_time_s);
    hash = text(hash, call->result_word);
    hash = texts(hash, call->callee_accounts, call->callee_account_count);
    hash = text(hash, call->room_id);
    return integer(hash, call->room_id_type);
}

uint64_t bench_fold_event(uint64_t hash, int family, const tc_event *event)
{
    hash = text(hash, event->command_word);
    if (family != FAMILY_D)
        hash = text(hash, event->operator_account);
    if (family == FAMILY_A)
        hash = room(hash, event->room);
    else if (family == FAMILY_B)
        hash = members(hash, event->members);
    else if (family == FAMILY_C)
        hash = seats(hash, event->seats);
    else
        hash = call(hash, event->call_end);
    return integer(hash, event->event_time_ms);
}

static int has_payload(int family, const tc_event *event)
{
    return family == FAMILY_A   ? event->room != NULL
           : family == FAMILY_B ? event->members != NULL
           : family == FAMILY_C ? event->seats != NULL
                                : event->call_end != NULL;
}

int bench_tc_callback(int family, int shape, const bench_text *bodies, size_t count, uint64_t *checksum)
{
    (void)shape;
    uint64_t hash = 0;
    for (size_t i = 0; i < count; i++) {
        tc_event *event = NULL;
        if (tc.parse_event(NULL, 0, bodies[i].ptr, bodies[i].len, &event, NULL) != TC_OK)
            return -1;
        if (!has_payload(family, event))
            return -1;
        hash = bench_fold_event(hash, family, event);
        tc.event_free(event);
    }
    *checksum = hash;
    return 0;
}

/* The same in memory of the program's own, used again for each event. Larger events are handed out. */
int bench_tc_callback_buffer(int family, int shape, const bench_text *bodies, size_t count, uint64_t *checksum)
{
    (void)shape;
    static uint64_t buffer[16 << 10];
    uint64_t hash = 0;
    for (size_t i = 0; i < count; i++) {
        tc_event_copy copy = {.struct_size = sizeof copy, .buffer = buffer, .buffer_size = sizeof buffer};
        if (tc.parse_event_copy(NULL, 0, bodies[i].ptr, bodies[i].len, &copy, NULL) != TC_OK)
            return -1;
        const tc_event *event = copy.event != NULL ? copy.event : (const tc_event *)buffer;
        if (!has_payload(family, event))
            return -1;
        hash = bench_fold_event(hash, family, event);
        tc.event_free(copy.event);
    }
    *checksum = hash;
    return 0;
}
