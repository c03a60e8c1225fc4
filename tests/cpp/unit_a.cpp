// With unit_b.cpp: two translation units in one program. Built without exceptions and run-time types.
#include <tc_callback.hpp>

#include <cstdio>

std::optional<tc::Event> parse(std::string_view body);

int main()
{
    const auto event = parse(R"({"CallbackCommand":"Room.CallbackAfterDestroyRoom","RoomId":"r1","EventTime":1})");
    const auto none = tc::Event::try_parse("", "");
    const bool is_right =
        event && event->room()->room_id() == "r1" && !none && none.error().status() == TC_ERROR_MALFORMED_JSON;
    std::puts(is_right ? "right" : "wrong");
}
