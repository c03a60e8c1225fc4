// Compiled to show that reading an event through tc_callback.hpp leaves no call behind.
#include <tc_callback.hpp>

std::size_t read(const tc_event *raw);

std::size_t read(const tc_event *raw)
{
    const tc::EventView event(raw);
    std::size_t size = event.subject().value_or("").size();
    tc::visit(event, tc::overloaded{
                         [&](tc::Room room) {
                             for (const std::string_view account : room.schedule_invitee_accounts())
                                 size += account.size();
                             if (room.is_seat_enabled().value_or(false) && room.create_time() < event.event_time())
                                 size += room.room_name() ? room.room_name()->size() : 0;
                         },
                         [&](tc::Seats seats) {
                             for (const tc::Seat seat : seats.seats())
                                 size += seat.member_account().value_or("").size();
                         },
                         [](tc::EventView) {},
                     });
    return size;
}
