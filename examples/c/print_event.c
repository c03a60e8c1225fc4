/* Each event in words. */
#include "print_event.h"

#include <inttypes.h>
#include <stdio.h>

static const char *text(const tc_str *str)
{
    return str->ptr != NULL ? str->ptr : "(not sent)";
}

static void print_texts(const char *label, const tc_str *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        printf("%s%s", i == 0 ? label : ", ", text(&texts[i]));
}

void print_event(const tc_event *event)
{
    printf("%s [%s] ", text(&event->command_word), text(&event->subject));
    switch (event->command) {
    case TC_ROOM_AFTER_CREATE_ROOM:
        printf("%s created the room \"%s\"", text(&event->operator_account), text(&event->room->room_name));
        print_texts(", invited: ", event->room->schedule_invitee_accounts, event->room->schedule_invitee_account_count);
        break;
    case TC_ROOM_AFTER_UPDATE_ROOM_INFO:
        printf("%s changed the room \"%s\"", text(&event->operator_account), text(&event->room->room_name));
        if (event->room->is_cloud_recording_disabled != TC_NOT_SENT)
            printf(", cloud recording is %s", event->room->is_cloud_recording_disabled ? "forbidden" : "allowed");
        break;
    case TC_ROOM_AFTER_DESTROY_ROOM:
        printf("%s destroyed the room", text(&event->operator_account));
        break;
    case TC_ROOM_AFTER_MEMBER_ENTER:
    case TC_ROOM_AFTER_MEMBER_LEAVE:
        print_texts("", event->members->member_accounts, event->members->member_account_count);
        printf(": %s, members now: %" PRId64, text(&event->members->change_word), event->members->member_count);
        break;
    case TC_MIC_AFTER_SEAT_INFO_CHANGED:
        for (size_t i = 0; i < event->seats->seat_count; i++)
            printf("%sseat %" PRId64 ": %s", i == 0 ? "" : "; ", event->seats->seats[i]->index,
                   text(&event->seats->seats[i]->member_account));
        break;
    case TC_CALL_AFTER_START_CALL:
        printf("a call (%s) of", text(&event->call_start->media_type_word));
        for (size_t i = 0; i < event->call_start->user_count; i++)
            printf(" %s (%s)", text(&event->call_start->users[i]->account),
                   text(&event->call_start->users[i]->status_word));
        break;
    case TC_CALL_AFTER_MEMBER_CHANGED:
        for (size_t i = 0; i < event->call_members->change_count; i++)
            printf("%s%s: %s", i == 0 ? "" : "; ", text(&event->call_members->changes[i]->account),
                   text(&event->call_members->changes[i]->action_word));
        break;
    case TC_CALL_AFTER_END_CALL:
        printf("the call of %s ended after %" PRId64 " s: %s", text(&event->call_end->caller_account),
               event->call_end->end_time_s - event->call_end->start_time_s, text(&event->call_end->result_word));
        break;
    case TC_CALL_AFTER_RECORD_CHANGED:
        printf("recording event %" PRId64 ": %s", event->call_record->event_type,
               text(&event->call_record->payload_json));
        break;
    default:
        printf("a command that this server does not know: %s", text(&event->body));
    }
    putchar('\n');
}
