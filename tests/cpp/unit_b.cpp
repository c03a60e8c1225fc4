#include <tc_callback.hpp>

std::optional<tc::Event> parse(std::string_view body)
{
    auto event = tc::Event::try_parse("", body);
    return event ? std::optional<tc::Event>(std::move(*event)) : std::nullopt;
}
