// Runs tests/vectors.json, the vectors of every language: argv[1].
#include <tc_callback.hpp>

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

using nlohmann::json;

namespace
{

// What was found, as JSON like the vectors' own.
template <typename Value> json found(const Value &value)
{
    if constexpr (std::is_enum_v<Value>)
        return static_cast<int>(value);
    else
        return value;
}

json found(tc::Seconds time)
{
    return time.time_since_epoch().count();
}

json found(tc::Milliseconds time)
{
    return time.time_since_epoch().count();
}

json found(tc::Seat seat);
json found(tc::CallUser user);
json found(tc::CallChange change);

template <typename Value> json found(const std::optional<Value> &value)
{
    return value ? found(*value) : json(nullptr);
}

template <typename Element, typename Stored> json found(const tc::List<Element, Stored> &list)
{
    json elements = json::array();
    for (const auto element : list)
        elements.push_back(found(element));
    return elements;
}

json found(tc::Seat seat)
{
    return {{"index", found(seat.index())},
            {"member_account", found(seat.member_account())},
            {"is_taken_disabled", found(seat.is_taken_disabled())},
            {"is_video_disabled", found(seat.is_video_disabled())},
            {"is_audio_disabled", found(seat.is_audio_disabled())}};
}

json found(tc::CallUser user)
{
    return {{"account", found(user.account())},
            {"status_word", found(user.status_word())},
            {"status", found(user.status())}};
}

json found(tc::CallChange change)
{
    return {{"account", found(change.account())},
            {"action_word", found(change.action_word())},
            {"action", found(change.action())}};
}

// The payload under its name.
json payload(tc::EventView event)
{
    return tc::visit(event,
                     tc::overloaded{
                         [](tc::Room room) -> json {
                             return {{"room",
                                      {{"room_id", found(room.room_id())},
                                       {"room_name", found(room.room_name())},
                                       {"room_type_word", found(room.room_type_word())},
                                       {"owner_account", found(room.owner_account())},
                                       {"take_seat_mode_word", found(room.take_seat_mode_word())},
                                       {"room_status_word", found(room.room_status_word())},
                                       {"custom_info", found(room.custom_info())},
                                       {"room_type", found(room.room_type())},
                                       {"take_seat_mode", found(room.take_seat_mode())},
                                       {"room_status", found(room.room_status())},
                                       {"is_seat_enabled", found(room.is_seat_enabled())},
                                       {"is_video_disabled", found(room.is_video_disabled())},
                                       {"is_audio_disabled", found(room.is_audio_disabled())},
                                       {"is_message_disabled", found(room.is_message_disabled())},
                                       {"is_screen_sharing_disabled", found(room.is_screen_sharing_disabled())},
                                       {"is_cloud_recording_disabled", found(room.is_cloud_recording_disabled())},
                                       {"max_member_count", found(room.max_member_count())},
                                       {"max_seat_count", found(room.max_seat_count())},
                                       {"schedule_start_time_s", found(room.schedule_start_time())},
                                       {"schedule_end_time_s", found(room.schedule_end_time())},
                                       {"create_time_s", found(room.create_time())},
                                       {"schedule_invitee_accounts", found(room.schedule_invitee_accounts())}}}};
                         },
                         [](tc::Members members) -> json {
                             return {{"members",
                                      {{"room_id", found(members.room_id())},
                                       {"change_word", found(members.change_word())},
                                       {"reason", found(members.reason())},
                                       {"change", found(members.change())},
                                       {"member_count", found(members.member_count())},
                                       {"member_accounts", found(members.member_accounts())}}}};
                         },
                         [](tc::Seats seats) -> json {
                             return {{"seats", {{"room_id", found(seats.room_id())}, {"seats", found(seats.seats())}}}};
                         },
                         [](tc::CallStart call) -> json {
                             return {{"call_start",
                                      {{"call_id", found(call.call_id())},
                                       {"media_type_word", found(call.media_type_word())},
                                       {"chat_group_id", found(call.chat_group_id())},
                                       {"room_id", found(call.room_id())},
                                       {"media_type", found(call.media_type())},
                                       {"room_id_type", found(call.room_id_type())},
                                       {"users", found(call.users())}}}};
                         },
                         [](tc::CallEnd call) -> json {
                             return {{"call_end",
                                      {{"call_id", found(call.call_id())},
                                       {"caller_account", found(call.caller_account())},
                                       {"media_type_word", found(call.media_type_word())},
                                       {"call_type_word", found(call.call_type_word())},
                                       {"result_word", found(call.result_word())},
                                       {"room_id", found(call.room_id())},
                                       {"media_type", found(call.media_type())},
                                       {"call_type", found(call.call_type())},
                                       {"result", found(call.result())},
                                       {"start_time_s", found(call.start_time())},
                                       {"accept_time_s", found(call.accept_time())},
                                       {"end_time_s", found(call.end_time())},
                                       {"room_id_type", found(call.room_id_type())},
                                       {"callee_accounts", found(call.callee_accounts())}}}};
                         },
                         [](tc::CallMembers call) -> json {
                             return {{"call_members",
                                      {{"call_id", found(call.call_id())},
                                       {"users", found(call.users())},
                                       {"changes", found(call.changes())}}}};
                         },
                         [](tc::CallRecord record) -> json {
                             return {{"call_record",
                                      {{"call_id", found(record.call_id())},
                                       {"room_id", found(record.room_id())},
                                       {"user_id", found(record.user_id())},
                                       {"task_id", found(record.task_id())},
                                       {"payload_json", found(record.payload_json())},
                                       {"event_group_id", found(record.event_group_id())},
                                       {"event_type", found(record.event_type())},
                                       {"callback_time_ms", found(record.callback_time())},
                                       {"engine_event_time_s", found(record.engine_event_time_s())},
                                       {"engine_event_time_ms", found(record.engine_event_time_ms())},
                                       {"kit_type", found(record.kit_type())}}}};
                         },
                         [](tc::EventView) -> json { return json::object(); },
                     });
}

json found(tc::EventView event)
{
    json fields = {{"command_word", found(event.command_word())},
                   {"command", found(event.command())},
                   {"product", found(event.product())},
                   {"sdk_app_id", event.sdk_app_id()},
                   {"event_time_ms", found(event.event_time())},
                   {"subject", found(event.subject())},
                   {"operator_account", found(event.operator_account())},
                   {"query_command_word", found(event.query_command_word())},
                   {"client_ip", found(event.client_ip())},
                   {"platform_word", found(event.platform_word())},
                   {"platform", found(event.platform())},
                   {"duplicate_key", found(event.duplicate_key())},
                   {"mismatch_count", event.mismatch_count()},
                   {"mismatch", found(event.mismatch())}};
    fields.update(payload(event));
    return fields;
}

json found(const tc::Outcome &outcome)
{
    const auto error = outcome.error();
    const auto event = outcome.event();
    return {{"status", found(outcome.status())},
            {"http_status", outcome.http_status()},
            {"reply", outcome.reply()},
            {"delivery", found(outcome.delivery())},
            {"message", error ? json(error->message()) : json(nullptr)},
            {"offset", error ? found(error->offset()) : json(nullptr)},
            {"event", event ? found(*event) : json(nullptr)}};
}

std::string body(const json &vector)
{
    if (!vector.contains("body_hex"))
        return vector.at("body");
    const std::string hex = vector.at("body_hex");
    std::string bytes;
    for (std::size_t at = 0; at < hex.size(); at += 2)
        bytes.push_back(static_cast<char>(std::stoi(hex.substr(at, 2), nullptr, 16)));
    return bytes;
}

json run(const json &vector)
{
    tc::ReceiverOptions options(vector.at("sdk_app_id").get<std::uint32_t>());
    for (const std::string token : vector.at("tokens"))
        options.add_token(token);
    if (vector.contains("max_body_bytes"))
        options.max_body_bytes(vector.at("max_body_bytes").get<std::size_t>());
    const tc::Receiver receiver(options);
    const std::string query = vector.at("query"), posted = body(vector);
    const tc::Request request{query, posted, tc::Seconds(std::chrono::seconds(vector.at("now_s").get<std::int64_t>()))};
    const auto take = [&] {
        tc::Outcome outcome = receiver.handle(request);
        if (outcome.delivery() == TC_DELIVERY_NEW)
            outcome.settle(TC_TAKEN);
        return outcome;
    };
    for (int left = vector.value("deliveries", 1); left > 1; left--)
        take();
    return found(take());
}

} // namespace

int main(int, char **argv)
{
    const json vectors = json::parse(std::ifstream(argv[1]));
    for (const json &vector : vectors.at("cases")) {
        const json found = run(vector);
        if (found != vector.at("expect")) {
            std::cerr << vector.at("name")
                      << ": expected, and instead found: " << json::diff(vector.at("expect"), found).dump(1) << '\n';
            return 1;
        }
    }
    std::cout << vectors.at("cases").size() << " vectors\n";
}
