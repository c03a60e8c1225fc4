/* Each event in words. */
#include "print_event.hpp"

#include <iostream>

namespace
{

std::string_view text(std::optional<std::string_view> text)
{
    return text.value_or("(not sent)");
}

void print_texts(std::string_view label, tc::TextList texts)
{
    for (const std::string_view each : texts) {
        std::cout << label << each;
        label = ", ";
    }
}

void print_room(tc::EventView event, tc::Room room)
{
    std::cout << text(event.operator_account());
    switch (event.command()) {
    case TC_ROOM_AFTER_CREATE_ROOM:
        std::cout << " created the room \"" << text(room.room_name()) << '"';
        print_texts(", invited: ", room.schedule_invitee_accounts());
        break;
    case TC_ROOM_AFTER_DESTROY_ROOM:
        std::cout << " destroyed the room";
        break;
    default:
        std::cout << " changed the room \"" << text(room.room_name()) << '"';
        if (const auto is_disabled = room.is_cloud_recording_disabled())
            std::cout << ", cloud recording is " << (*is_disabled ? "forbidden" : "allowed");
    }
}

} // namespace

void print_event(tc::EventView event)
{
    std::cout << text(event.command_word()) << " [" << text(event.subject()) << "] ";
    tc::visit(event, tc::overloaded{
                         [&](tc::Room room) { print_room(event, room); },
                         [](tc::Members members) {
                             print_texts("", members.member_accounts());
                             std::cout << ": " << text(members.change_word())
                                       << ", members now: " << members.member_count().value_or(0);
                         },
                         [](tc::Seats seats) {
                             const char *between = "";
                             for (const tc::Seat seat : seats.seats()) {
                                 std::cout << between << "seat " << seat.index().value_or(0) << ": "
                                           << text(seat.member_account());
                                 between = "; ";
                             }
                         },
                         [](tc::CallStart call) {
                             std::cout << "a call (" << text(call.media_type_word()) << ") of";
                             for (const tc::CallUser user : call.users())
                                 std::cout << ' ' << text(user.account()) << " (" << text(user.status_word()) << ')';
                         },
                         [](tc::CallMembers call) {
                             const char *between = "";
                             for (const tc::CallChange change : call.changes()) {
                                 std::cout << between << text(change.account()) << ": " << text(change.action_word());
                                 between = "; ";
                             }
                         },
                         [](tc::CallEnd call) {
                             std::cout << "the call of " << text(call.caller_account()) << " ended";
                             if (call.start_time() && call.end_time())
                                 std::cout << " after " << (*call.end_time() - *call.start_time()).count() << " s";
                             std::cout << ": " << text(call.result_word());
                         },
                         [](tc::CallRecord record) {
                             std::cout << "recording event " << record.event_type().value_or(0) << ": "
                                       << text(record.payload_json());
                         },
                         [](tc::EventView unknown) {
                             std::cout << "a command that this server does not know: " << text(unknown.body());
                         },
                     });
    std::cout << '\n';
}
