// tc_callback.hpp as a host uses it, without a network.
#include <tc_callback.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include "../c/mistakes.h"

#define CHECK(condition) check(static_cast<bool>(condition), #condition, __LINE__)

namespace
{

void check(bool holds, const char *what, int line)
{
    if (!holds) {
        std::fprintf(stderr, "api.cpp:%d: %s\n", line, what);
        std::exit(1);
    }
}

constexpr std::uint32_t APP = 1400000000;
constexpr const char *KEY = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
constexpr std::string_view QUERY = "SdkAppid=1400000000&CallbackCommand=Room.CallbackAfterCreateRoom&contenttype=json";
constexpr std::string_view CREATED = R"({"CallbackCommand":"Room.CallbackAfterCreateRoom","RoomInfo":{"RoomId":"r1",)"
                                     R"("RoomName":"stand-up","IsSeatEnabled":"true","CreateTime":1703589922},)"
                                     R"("ScheduleInviteeList_Account":["ann","bob"],"EventTime":1703589922780})";
constexpr std::string_view FUTURE =
    R"({"CallbackCommand":"Room.CallbackAfterParty","Cake":{"Slices":[3,5]},"EventTime":1})";

static_assert(!std::is_copy_constructible_v<tc::Client> && std::is_nothrow_move_constructible_v<tc::Client>);
static_assert(!std::is_copy_constructible_v<tc::ClientOptions> &&
              std::is_nothrow_move_constructible_v<tc::ClientOptions>);
static_assert(!std::is_copy_constructible_v<tc::Receiver> && std::is_nothrow_move_assignable_v<tc::Receiver>);
static_assert(!std::is_copy_constructible_v<tc::Outcome> && std::is_nothrow_move_assignable_v<tc::Outcome>);
static_assert(!std::is_copy_constructible_v<tc::Event> && std::is_nothrow_move_assignable_v<tc::Event>);
static_assert(!std::is_copy_constructible_v<tc::UserSig> && std::is_nothrow_move_assignable_v<tc::UserSig>);
// No owner and no view is bigger than what it stands for.
static_assert(sizeof(tc::Client) == sizeof(void *) && sizeof(tc::Outcome) == sizeof(void *));
static_assert(sizeof(tc::EventView) == sizeof(void *) && sizeof(tc::Room) == sizeof(void *));
static_assert(std::is_trivially_copyable_v<tc::EventView> && std::is_trivially_copyable_v<tc::Room>);

void an_event_is_read_in_the_words_of_cpp()
{
    const tc::Event event = tc::Event::parse(QUERY, CREATED);
    CHECK(event.command() == TC_ROOM_AFTER_CREATE_ROOM && event.product() == TC_PRODUCT_CONFERENCE);
    CHECK(event.sdk_app_id() == APP && event.subject() == "r1");
    CHECK(event.event_time()->time_since_epoch() == std::chrono::milliseconds(1703589922780));
    CHECK(!event.operator_account() && !event.platform() && !event.members() && !event.call_end());
    const tc::Room room = event.room().value();
    CHECK(room.room_name() == "stand-up" && room.is_seat_enabled() == true);
    CHECK(!room.is_video_disabled() && !room.max_seat_count() && !room.room_type());
    CHECK(room.create_time()->time_since_epoch() == std::chrono::seconds(1703589922));
    const tc::TextList invitees = room.schedule_invitee_accounts();
    CHECK(std::vector<std::string>(invitees.begin(), invitees.end()) == (std::vector<std::string>{"ann", "bob"}));
    CHECK(invitees[1] == "bob" && invitees.size() == 2 && !invitees.empty());
    // The text is that of the event, not a copy.
    CHECK(room.room_name()->data() == event.get()->room->room_name.ptr);
    CHECK(event.body() == CREATED && event.query() == QUERY);
}

void a_handler_is_called_for_its_payload_or_for_all_else()
{
    const auto words = tc::overloaded{
        [](tc::Room room) { return std::string(room.room_id().value_or("")); },
        [](tc::EventView other) { return "other: " + std::string(other.command_word().value_or("")); },
    };
    CHECK(tc::visit(tc::Event::parse(QUERY, CREATED), words) == "r1");
    CHECK(tc::visit(tc::Event::parse("", FUTURE), words) == "other: Room.CallbackAfterParty");
    const auto entered = tc::Event::parse(
        "",
        R"({"CallbackCommand":"Room.CallbackAfterMemberEnter","RoomId":"r2","MemberList_Account":[],"EventTime":1})");
    CHECK(tc::visit(entered, words) == "other: Room.CallbackAfterMemberEnter");
    CHECK(entered.members()->member_accounts().empty());
}

void what_this_release_does_not_know_is_read_by_pointer()
{
    const tc::Event event = tc::Event::parse("", FUTURE);
    CHECK(event.command() == TC_COMMAND_UNKNOWN);
    const tc::Json slice = event.json("/Cake/Slices/1");
    CHECK(slice.kind() == TC_JSON_KIND_NUMBER && slice.integer() == 5 && slice.raw() == "5" && !slice.text());
    CHECK(event.json(std::string("/Cake/Slices")).length() == 2);
    const auto none = event.try_json("/Pie");
    CHECK(!none && none.error().status() == TC_ERROR_NO_SUCH_VALUE);
    const auto no_pointer = event.try_json("/Cake~2");
    CHECK(!no_pointer && no_pointer.error().status() == TC_ERROR_INVALID_ARGUMENT);
    const tc::Event twice = tc::Event::parse("", R"({"CallbackCommand":"New","A":{"B":1},"A":{"C":2}})");
    CHECK(!twice.try_json("/A/B") && twice.json("/A/C").integer() == 2 && twice.json("").length() == 2);
}

void of_commands_that_several_products_send_none_is_named()
{
    const tc::Event seats = tc::Event::parse("", R"({"CallbackCommand":"Mic.CallbackAfterSeatInfoChanged","RoomId":"live-1"})");
    CHECK(seats.command() == TC_MIC_AFTER_SEAT_INFO_CHANGED && seats.product() == TC_PRODUCT_UNKNOWN);
}

void an_error_is_thrown_or_returned()
{
    try {
        tc::Event::parse("", "{\"CallbackCommand\":}");
        CHECK(false);
    } catch (const std::runtime_error &thrown) {
        const auto error = dynamic_cast<const tc::Error &>(thrown);
        CHECK(error.status() == TC_ERROR_MALFORMED_JSON && error.offset() == 19 && !error.retryable());
        CHECK(error.message() == error.what() && !error.tencent_code() && !error.request_id());
    }
    auto result = tc::Event::try_parse("", "[]");
    CHECK(!result && result.error().status() == TC_ERROR_NOT_A_CALLBACK);
    result = tc::Event::try_parse(QUERY, CREATED);
    CHECK(result && result->subject() == "r1" && (*result).room());
    const auto constant = tc::Event::try_parse(QUERY, CREATED);
    CHECK(constant->subject() == constant.value().subject());
    const tc::Event event = std::move(result).value();
    CHECK(event.subject() == "r1");
    const auto receiver = tc::Receiver::try_make(tc::ReceiverOptions(APP).add_token(""));
    CHECK(!receiver && receiver.error().status() == TC_ERROR_INVALID_OPTION);
    CHECK(receiver.error().message().find("add_token") != std::string_view::npos);
}

void a_receiver_answers_and_an_outcome_settles_on_another_thread()
{
    const tc::Receiver receiver(
        tc::ReceiverOptions(APP).max_body_bytes(1000).duplicate_window(10, std::chrono::minutes(1)));
    tc::Outcome outcome = receiver.handle({QUERY, CREATED});
    CHECK(outcome.status() == TC_OK && outcome.delivery() == TC_DELIVERY_NEW && !outcome.error());
    CHECK(outcome.http_status() == 503 && outcome.content_type().find("application/json") == 0);
    const std::string key = outcome.event()->duplicate_key().value();
    CHECK(receiver.handle({QUERY, CREATED}).delivery() == TC_DELIVERY_BUSY);
    std::thread([outcome = std::move(outcome)]() mutable {
        CHECK(outcome.event()->room()->room_name() == "stand-up");
        outcome.settle(TC_TAKEN);
        CHECK(outcome.http_status() == 200 && outcome.reply().front() == '{');
    }).join();
    tc::Outcome again = receiver.handle({QUERY, CREATED});
    CHECK(again.delivery() == TC_DELIVERY_DONE && again.http_status() == 200);
    CHECK(again.event()->duplicate_key() == key);
    CHECK(again.try_settle(TC_REFUSED).error().status() == TC_ERROR_INVALID_ARGUMENT);
    const tc::Outcome refused = receiver.handle({"SdkAppid=1", CREATED});
    CHECK(refused.http_status() == 403 && refused.error()->status() == TC_ERROR_WRONG_APP && !refused.event());
}

void an_outcome_that_goes_unsettled_releases_its_event()
{
    const tc::Receiver receiver{tc::ReceiverOptions(APP)};
    try {
        const tc::Outcome outcome = receiver.handle({QUERY, CREATED});
        throw std::runtime_error("the handler failed");
    } catch (const std::runtime_error &) {
    }
    tc::Outcome outcome = receiver.handle({QUERY, CREATED});
    CHECK(outcome.delivery() == TC_DELIVERY_NEW);
    outcome.settle(TC_REFUSED);
    CHECK(outcome.http_status() == 503 && receiver.handle({QUERY, CREATED}).delivery() == TC_DELIVERY_NEW);
}

void a_duration_below_zero_is_not_a_long_one()
{
    const tc::Receiver receiver(tc::ReceiverOptions(APP).add_token("t").sign_tolerance(std::chrono::seconds(-1)));
    // md5 or sha of whatever: a request this old is refused whatever its Sign.
    const auto outcome = receiver.handle({"SdkAppid=1400000000&RequestTime=1&Sign=00", CREATED});
    CHECK(outcome.http_status() == 403);
    const auto client = tc::Client::try_make(tc::ClientOptions(APP).key(KEY).timeout(std::chrono::milliseconds(-1)));
    CHECK(!client && client.error().message().find("set_timeout_ms") != std::string_view::npos);
}

bool says(const tc::Error &error, const char *word) { return error.message().find(word) != std::string_view::npos; }

void a_key_or_token_that_is_certainly_a_mistake_is_refused_with_what_it_looks_like()
{
    using namespace std::chrono_literals;
    for (const auto &[given, told] : MISTAKES) {
        const auto receiver = tc::Receiver::try_make(tc::ReceiverOptions(APP).add_token("right").add_token(given));
        CHECK(!receiver && receiver.error().status() == TC_ERROR_INVALID_OPTION && says(receiver.error(), told));
        const auto client = tc::Client::try_make(tc::ClientOptions(APP).key(std::string(given)));
        CHECK(!client && client.error().status() == TC_ERROR_INVALID_OPTION && says(client.error(), told));
        const auto usersig = tc::try_sign_usersig({APP, given, "ann", 1h});
        CHECK(!usersig && usersig.error().status() == TC_ERROR_INVALID_ARGUMENT && says(usersig.error(), told));
        const auto verified = tc::try_verify_usersig(APP, given, nullptr, "eJw");
        CHECK(!verified && verified.error().status() == TC_ERROR_INVALID_ARGUMENT && says(verified.error(), told));
    }
}

void what_would_be_cut_off_or_is_missing_is_refused()
{
    using namespace std::string_literals;
    const auto unset = tc::Receiver::try_make(tc::ReceiverOptions(APP).add_token(std::getenv("TC_NOBODY_SETS_THIS")));
    CHECK(!unset && says(unset.error(), "token is NULL"));
    const auto no_key = tc::Client::try_make(tc::ClientOptions(APP).key(std::getenv("TC_NOBODY_SETS_THIS")));
    CHECK(!no_key && says(no_key.error(), "key is NULL"));
    const auto cut = tc::Receiver::try_make(tc::ReceiverOptions(APP).add_token("5\0b\0d\0"s));
    CHECK(!cut && says(cut.error(), "not UTF-8"));
    const tc::Client client(tc::ClientOptions(APP).key(KEY).allow_unknown_commands(true));
    const auto write = [&client](const tc::Commands &commands) {
        return client.try_set_callback(TC_PRODUCT_CONFERENCE, "http://127.0.0.1/", commands).error().status();
    };
    CHECK(write(std::vector<std::string>{}) == TC_ERROR_EMPTY_COMMAND_LIST);
    CHECK(write({"Room.CallbackOfTomorrow", ""}) == TC_ERROR_UNKNOWN_COMMAND);
    CHECK(write({"Room.CallbackOfTomorrow", static_cast<const char *>(nullptr)}) == TC_ERROR_NULL_POINTER);
    CHECK(write(std::vector<std::string>{"Room.CallbackOfTomorrow\0"s}) == TC_ERROR_INVALID_ARGUMENT);
}

void a_client_checks_before_it_sends_and_logs_to_a_lambda()
{
    int lines = 0;
    const auto alive = std::make_shared<int>(0);
    {
        tc::ClientOptions options(APP);
        options.key(KEY).endpoint("http://127.0.0.1:1").attempts(1).timeout(std::chrono::seconds(5));
        options.connect_timeout(std::chrono::seconds(1)).rate_limit(0).usersig_lifetime(std::chrono::hours(1));
        options.log([&lines, alive](tc_level, std::string_view line) {
            lines += line.empty() ? 0 : 1;
            throw std::runtime_error("dropped");
        });
        const tc::Client client(options);
        CHECK(alive.use_count() == 2);
        const auto unknown =
            client.try_set_callback(TC_PRODUCT_CONFERENCE, "http://127.0.0.1/", {"Room.CallbackAfterParty"});
        CHECK(!unknown && unknown.error().status() == TC_ERROR_UNKNOWN_COMMAND && lines == 0);
        const auto refused = client.try_delete_callback(TC_PRODUCT_CALL);
        CHECK(!refused && refused.error().status() == TC_ERROR_CONNECTION && refused.error().retryable());
        CHECK(refused.error().attempts() == 1 && !refused.error().http_status() && lines > 0);
        const std::vector<std::string> words = {"Call.CallbackAfterEndCall"};
        CHECK(client.try_update_callback(TC_PRODUCT_CALL, "http://127.0.0.1/", words).error().status() ==
              TC_ERROR_UNSUPPORTED_OPERATION);
        CHECK(client.try_get_callback(TC_PRODUCT_UNKNOWN).error().status() == TC_ERROR_INVALID_ARGUMENT);
    }
    CHECK(alive.use_count() == 1);
}

void a_client_that_was_cancelled_sends_nothing()
{
    const tc::Cancel cancel;
    const tc::Client client(tc::ClientOptions(APP).key(KEY).endpoint("http://127.0.0.1:1"));
    const tc::Client cancellable = client.with_timeout(std::chrono::minutes(1)).with_cancel(cancel);
    cancel.request();
    const auto given_up = cancellable.try_delete_callback(TC_PRODUCT_CALL);
    CHECK(!given_up && given_up.error().status() == TC_ERROR_CANCELLED && given_up.error().attempts() == 0);
}

void a_url_that_cannot_be_right_is_refused_by_its_part()
{
    for (const char *url : {"http://127.0.0.1:99999", "http://127.0.0.1:900O", "http://127.0.0.1:"}) {
        const auto endpoint = tc::Client::try_make(tc::ClientOptions(APP).key(KEY).endpoint(url));
        CHECK(!endpoint && endpoint.error().status() == TC_ERROR_INVALID_OPTION);
        CHECK(endpoint.error().message().find("port") != std::string_view::npos);
        const auto proxy = tc::Client::try_make(tc::ClientOptions(APP).key(KEY).proxy(url));
        CHECK(!proxy && proxy.error().status() == TC_ERROR_INVALID_OPTION);
    }
    const tc::Client client(tc::ClientOptions(APP).key(KEY).endpoint("http://127.0.0.1:1"));
    const auto commands = tc::product_commands(TC_PRODUCT_CALL);
    const auto set = client.try_set_callback(TC_PRODUCT_CALL, "http://h/cb#frag", commands);
    CHECK(!set && set.error().status() == TC_ERROR_INVALID_URL);
}

void a_client_that_was_moved_from_fails_and_does_not_crash()
{
    tc::Client client(tc::ClientOptions(APP).key(KEY));
    const tc::Client other = std::move(client);
    CHECK(client.try_get_callback(TC_PRODUCT_CALL).error().status() == TC_ERROR_NULL_POINTER);
}

void a_usersig_is_signed_and_verified()
{
    using namespace std::chrono_literals;
    const tc::Seconds at(1700000000s);
    const tc::UserSig signed_one = tc::sign_usersig({APP, KEY, "ann", 1h, at}, "a");
    const std::string text(signed_one.text());
    const tc::UserSig verified = tc::verify_usersig(APP, KEY, "ann", text, at + 1min);
    CHECK(verified.identifier() == "ann" && verified.sdk_app_id() == APP);
    CHECK(verified.time() == at && verified.lifetime() == 1h && verified.userbuf() == "a");
    CHECK(tc::try_verify_usersig(APP, KEY, nullptr, text, at + 2h).error().status() == TC_ERROR_EXPIRED_USER_SIG);
    CHECK(tc::try_verify_usersig(APP, KEY, "bob", text, at).error().status() == TC_ERROR_USER_SIG_MISMATCH);
    const auto in_room = tc::sign_private_map_key({APP, KEY, "ann", 1h}, "r1", TC_PRIVILEGE_ALL);
    CHECK(in_room.userbuf() && in_room.time() <= tc::now());
    CHECK(tc::try_sign_private_map_key({APP, KEY, "ann", 1h}, std::uint32_t{7}, TC_PRIVILEGE_ENTER_ROOM));
}

void the_catalogue_is_at_hand()
{
    CHECK(tc::is_compatible());
    CHECK(tc::product_commands(TC_PRODUCT_CONFERENCE).size() == 6 && tc::product_commands(TC_PRODUCT_CALL).size() == 4);
    for (const char *word : tc::product_commands(TC_PRODUCT_CALL))
        CHECK(tc::command_word(tc::command_from_word(word)) == word);
}

} // namespace

int main()
{
    an_event_is_read_in_the_words_of_cpp();
    a_handler_is_called_for_its_payload_or_for_all_else();
    what_this_release_does_not_know_is_read_by_pointer();
    of_commands_that_several_products_send_none_is_named();
    an_error_is_thrown_or_returned();
    a_receiver_answers_and_an_outcome_settles_on_another_thread();
    an_outcome_that_goes_unsettled_releases_its_event();
    a_duration_below_zero_is_not_a_long_one();
    a_key_or_token_that_is_certainly_a_mistake_is_refused_with_what_it_looks_like();
    what_would_be_cut_off_or_is_missing_is_refused();
    a_client_checks_before_it_sends_and_logs_to_a_lambda();
    a_client_that_was_cancelled_sends_nothing();
    a_url_that_cannot_be_right_is_refused_by_its_part();
    a_client_that_was_moved_from_fails_and_does_not_crash();
    a_usersig_is_signed_and_verified();
    the_catalogue_is_at_hand();
}
