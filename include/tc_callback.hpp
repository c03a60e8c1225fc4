/*
 * tc-callback for C++17 and later: tc_callback.h with owners instead of _free, std::string_view, std::optional and
 * exceptions.
 *
 *     tc::Receiver receiver(tc::ReceiverOptions(app).add_token(token));
 *     tc::Outcome outcome = receiver.handle({target, body});
 *     if (auto event = outcome.event())
 *         tc::visit(*event, tc::overloaded{
 *             [](tc::Room room) { std::cout << room.room_name().value_or("") << '\n'; },
 *             [](tc::EventView other) { std::cout << other.command_word().value_or("") << '\n'; }});
 *     answer(outcome.http_status(), outcome.reply());
 *
 *     tc::Client client(tc::ClientOptions(app).key(key));
 *     client.ensure_callback(TC_PRODUCT_CONFERENCE, url, tc::product_commands(TC_PRODUCT_CONFERENCE));
 *
 * Everything is inline; link the C library. What a function does, its units, its ranges and its errors are told in
 * tc_callback.h.
 *
 *   Errors     Each function that can fail comes twice: set_callback throws tc::Error, try_set_callback returns a
 *              tc::Result. For a constructor, the other is try_make. Without exceptions (-fno-exceptions), use the second.
 *   Owners     Client, Receiver, Outcome, Event and so on own what they stand for, and can be moved but not copied. One
 *              that was moved from may be assigned to or destroyed; anything else fails with TC_ERROR_NULL_POINTER or is
 *              undefined, as for a std::unique_ptr.
 *   Views      EventView, Room, std::string_view and so on are as big as a pointer or two, and live as long as the owner.
 *   Absent     std::nullopt. A word that this release does not know is not absent: it is TC_..._UNKNOWN.
 *   Text in    CStr: anything that ends in a NUL, so that keys are not copied on the way: const char *, std::string.
 */
#ifndef TC_CALLBACK_HPP
#define TC_CALLBACK_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "tc_callback.h"

namespace tc
{

/* Times as Tencent sends them: UTC. */
using Seconds = std::chrono::time_point<std::chrono::system_clock, std::chrono::seconds>;
using Milliseconds = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;

/* NUL-terminated text that is read during a call. A null pointer is passed on. */
class CStr
{
  public:
    CStr(const char *text) noexcept : text_(text) {}
    /* A NUL inside, as in a key in UTF-16, would cut the string off: it is refused, as not UTF-8. */
    CStr(const std::string &text) noexcept : text_(text.find('\0') == std::string::npos ? text.c_str() : "\xff") {}
    const char *get() const noexcept { return text_; }

  private:
    const char *text_;
};

/* Handlers for tc::visit as lambdas. */
template <typename... Handlers> struct overloaded : Handlers... {
    using Handlers::operator()...;
};
template <typename... Handlers> overloaded(Handlers...) -> overloaded<Handlers...>;

namespace detail
{

template <auto Free> struct Freed {
    template <typename T> void operator()(T *owned) const noexcept { Free(owned); }
};
template <typename T, auto Free> using Owned = std::unique_ptr<T, Freed<Free>>;

inline std::optional<std::string_view> text(const tc_str &text) noexcept
{
    return text.ptr != nullptr ? std::optional<std::string_view>({text.ptr, text.len}) : std::nullopt;
}

inline std::optional<std::int64_t> number(std::int64_t number) noexcept
{
    return number != TC_ABSENT ? std::optional<std::int64_t>(number) : std::nullopt;
}

inline std::optional<bool> boolean(std::int32_t boolean) noexcept
{
    return boolean != TC_NOT_SENT ? std::optional<bool>(boolean != 0) : std::nullopt;
}

template <typename Word> std::optional<Word> word(std::int64_t word) noexcept
{
    return word != TC_NOT_SENT && word != TC_ABSENT ? std::optional<Word>(static_cast<Word>(word)) : std::nullopt;
}

template <typename Time> std::optional<Time> time(std::int64_t time) noexcept
{
    return time != TC_ABSENT ? std::optional<Time>(Time(typename Time::duration(time))) : std::nullopt;
}

template <typename View, typename Struct> std::optional<View> view(const Struct *of) noexcept
{
    return of != nullptr ? std::optional<View>(View(of)) : std::nullopt;
}

/* A duration as the unsigned number that C takes. One below zero becomes 0, which the library refuses or takes as none.
 */
template <typename Unsigned, typename Duration> Unsigned count(Duration duration) noexcept
{
    constexpr auto most = std::numeric_limits<Unsigned>::max();
    const auto count = duration.count() < 0 ? 0U : static_cast<std::uint64_t>(duration.count());
    return count < most ? static_cast<Unsigned>(count) : most;
}

} // namespace detail

/* A list inside an event or a configuration; like std::span, but what it gives are views. */
template <typename Element, typename Stored> class List
{
  public:
    class iterator
    {
      public:
        using iterator_category = std::input_iterator_tag;
        using value_type = Element;
        using difference_type = std::ptrdiff_t;
        using pointer = const Element *;
        using reference = Element;

        explicit iterator(const Stored *at) noexcept : at_(at) {}
        Element operator*() const noexcept { return element(*at_); }
        iterator &operator++() noexcept
        {
            ++at_;
            return *this;
        }
        iterator operator++(int) noexcept { return iterator(at_++); }
        friend bool operator==(iterator left, iterator right) noexcept { return left.at_ == right.at_; }
        friend bool operator!=(iterator left, iterator right) noexcept { return left.at_ != right.at_; }

      private:
        const Stored *at_;
    };

    List(const Stored *first, std::size_t size) noexcept : first_(first), size_(size) {}
    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    Element operator[](std::size_t index) const noexcept { return element(first_[index]); }
    iterator begin() const noexcept { return iterator(first_); }
    iterator end() const noexcept { return iterator(size_ != 0 ? first_ + size_ : first_); }

  private:
    static Element element(const Stored &stored) noexcept
    {
        if constexpr (std::is_same_v<Stored, tc_str>)
            return Element(stored.ptr, stored.len);
        else
            return Element(stored);
    }

    const Stored *first_;
    std::size_t size_;
};
using TextList = List<std::string_view, tc_str>;

/* What failed and what to do about it, as long as its owner lives. */
class ErrorView
{
  public:
    explicit ErrorView(const tc_error *error) noexcept : error_(error) {}
    tc_status_code status() const noexcept { return static_cast<tc_status_code>(error_->status); }
    bool retryable() const noexcept { return error_->is_retryable != 0; }
    std::string_view message() const noexcept { return {error_->message.ptr, error_->message.len}; }
    std::optional<std::int32_t> http_status() const noexcept
    {
        return error_->http_status != 0 ? std::optional<std::int32_t>(error_->http_status) : std::nullopt;
    }
    std::int32_t attempts() const noexcept { return error_->attempts; }
    std::optional<std::int64_t> tencent_code() const noexcept { return detail::number(error_->tencent_code); }
    std::optional<std::string_view> tencent_info() const noexcept { return detail::text(error_->tencent_info); }
    std::optional<std::string_view> request_id() const noexcept { return detail::text(error_->request_id); }
    std::optional<std::int64_t> offset() const noexcept { return detail::number(error_->offset); }

  private:
    const tc_error *error_;
};

/* The same as an exception. Its copies share it. */
class Error : public std::runtime_error, public ErrorView
{
  public:
    /* Takes over the error of a C call. */
    explicit Error(tc_error *error) : Error(std::shared_ptr<const tc_error>(error, tc_error_free)) {}

  private:
    explicit Error(std::shared_ptr<const tc_error> error)
        : std::runtime_error(error->message.ptr), ErrorView(error.get()), error_(std::move(error))
    {
    }

    std::shared_ptr<const tc_error> error_;
};

namespace detail
{

#if defined(__cpp_exceptions)
[[noreturn]] inline void raise(const Error &error)
{
    throw error;
}
/* Runs what must not throw. */
template <typename Function> void contain(const Function &function) noexcept
{
    try {
        function();
    } catch (...) {
    }
}
#else
[[noreturn]] inline void raise(const Error &)
{
    std::abort();
}
template <typename Function> void contain(const Function &function) noexcept
{
    function();
}
#endif

} // namespace detail

/* What a call gave, or why it failed. */
template <typename T> class [[nodiscard]] Result
{
  public:
    Result(T value) : result_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : result_(std::in_place_index<1>, std::move(error)) {}
    explicit operator bool() const noexcept { return result_.index() == 0; }
    /* Throws the error if there is one. */
    const T &value() const &
    {
        require();
        return **this;
    }
    T &value() &
    {
        require();
        return **this;
    }
    T value() &&
    {
        require();
        return std::move(**this);
    }
    /* Only if there is a value. */
    const T &operator*() const noexcept { return *std::get_if<0>(&result_); }
    T &operator*() noexcept { return *std::get_if<0>(&result_); }
    const T *operator->() const noexcept { return std::get_if<0>(&result_); }
    T *operator->() noexcept { return std::get_if<0>(&result_); }
    /* Only if there is none. */
    const Error &error() const noexcept { return *std::get_if<1>(&result_); }

  private:
    void require() const
    {
        if (const Error *error = std::get_if<1>(&result_))
            detail::raise(*error);
    }

    std::variant<T, Error> result_;
};

namespace detail
{

/* A C call that writes what it made: `call(&made, &error)`. */
template <typename Owner, typename Made, typename Call> Result<Owner> make(const Call &call)
{
    Made *made = nullptr;
    tc_error *error = nullptr;
    if (call(&made, &error) != TC_OK)
        return Error(error);
    return Owner(made);
}

} // namespace detail

/* A room that was created, changed or destroyed. */
class Room
{
  public:
    explicit Room(const tc_room_info *room) noexcept : room_(room) {}
    std::optional<std::string_view> room_id() const noexcept { return detail::text(room_->room_id); }
    std::optional<std::string_view> room_name() const noexcept { return detail::text(room_->room_name); }
    std::optional<std::string_view> room_type_word() const noexcept { return detail::text(room_->room_type_word); }
    std::optional<std::string_view> owner_account() const noexcept { return detail::text(room_->owner_account); }
    std::optional<std::string_view> take_seat_mode_word() const noexcept
    {
        return detail::text(room_->take_seat_mode_word);
    }
    std::optional<std::string_view> room_status_word() const noexcept { return detail::text(room_->room_status_word); }
    std::optional<std::string_view> custom_info() const noexcept { return detail::text(room_->custom_info); }
    std::optional<tc_room_type> room_type() const noexcept { return detail::word<tc_room_type>(room_->room_type); }
    std::optional<tc_take_seat_mode> take_seat_mode() const noexcept
    {
        return detail::word<tc_take_seat_mode>(room_->take_seat_mode);
    }
    std::optional<tc_room_status> room_status() const noexcept
    {
        return detail::word<tc_room_status>(room_->room_status);
    }
    std::optional<bool> is_seat_enabled() const noexcept { return detail::boolean(room_->is_seat_enabled); }
    std::optional<bool> is_video_disabled() const noexcept { return detail::boolean(room_->is_video_disabled); }
    std::optional<bool> is_audio_disabled() const noexcept { return detail::boolean(room_->is_audio_disabled); }
    std::optional<bool> is_message_disabled() const noexcept { return detail::boolean(room_->is_message_disabled); }
    std::optional<bool> is_screen_sharing_disabled() const noexcept
    {
        return detail::boolean(room_->is_screen_sharing_disabled);
    }
    std::optional<bool> is_cloud_recording_disabled() const noexcept
    {
        return detail::boolean(room_->is_cloud_recording_disabled);
    }
    std::optional<std::int64_t> max_member_count() const noexcept { return detail::number(room_->max_member_count); }
    std::optional<std::int64_t> max_seat_count() const noexcept { return detail::number(room_->max_seat_count); }
    std::optional<Seconds> schedule_start_time() const noexcept
    {
        return detail::time<Seconds>(room_->schedule_start_time_s);
    }
    std::optional<Seconds> schedule_end_time() const noexcept
    {
        return detail::time<Seconds>(room_->schedule_end_time_s);
    }
    std::optional<Seconds> create_time() const noexcept { return detail::time<Seconds>(room_->create_time_s); }
    TextList schedule_invitee_accounts() const noexcept
    {
        return {room_->schedule_invitee_accounts, room_->schedule_invitee_account_count};
    }

  private:
    const tc_room_info *room_;
};

/* Members who entered or left a room. */
class Members
{
  public:
    explicit Members(const tc_room_members *members) noexcept : members_(members) {}
    std::optional<std::string_view> room_id() const noexcept { return detail::text(members_->room_id); }
    std::optional<std::string_view> change_word() const noexcept { return detail::text(members_->change_word); }
    std::optional<std::string_view> reason() const noexcept { return detail::text(members_->reason); }
    std::optional<tc_member_change> change() const noexcept { return detail::word<tc_member_change>(members_->change); }
    std::optional<std::int64_t> member_count() const noexcept { return detail::number(members_->member_count); }
    TextList member_accounts() const noexcept { return {members_->member_accounts, members_->member_account_count}; }

  private:
    const tc_room_members *members_;
};

/* One seat. */
class Seat
{
  public:
    explicit Seat(const tc_seat *seat) noexcept : seat_(seat) {}
    std::optional<std::int64_t> index() const noexcept { return detail::number(seat_->index); }
    std::optional<std::string_view> member_account() const noexcept { return detail::text(seat_->member_account); }
    std::optional<bool> is_taken_disabled() const noexcept { return detail::boolean(seat_->is_taken_disabled); }
    std::optional<bool> is_video_disabled() const noexcept { return detail::boolean(seat_->is_video_disabled); }
    std::optional<bool> is_audio_disabled() const noexcept { return detail::boolean(seat_->is_audio_disabled); }

  private:
    const tc_seat *seat_;
};

/* Seats of a room. Whether all of them or just those that changed, no vendor page says. */
class Seats
{
  public:
    explicit Seats(const tc_room_seats *seats) noexcept : seats_(seats) {}
    std::optional<std::string_view> room_id() const noexcept { return detail::text(seats_->room_id); }
    List<Seat, const tc_seat *> seats() const noexcept { return {seats_->seats, seats_->seat_count}; }

  private:
    const tc_room_seats *seats_;
};

/* A user in a call. */
class CallUser
{
  public:
    explicit CallUser(const tc_call_user *user) noexcept : user_(user) {}
    std::optional<std::string_view> account() const noexcept { return detail::text(user_->account); }
    std::optional<std::string_view> status_word() const noexcept { return detail::text(user_->status_word); }
    std::optional<tc_call_user_status> status() const noexcept
    {
        return detail::word<tc_call_user_status>(user_->status);
    }

  private:
    const tc_call_user *user_;
};

/* A call that a client started. Its caller is the user whose status is TC_CALL_USER_STATUS_CALLING. */
class CallStart
{
  public:
    explicit CallStart(const tc_call_start *call) noexcept : call_(call) {}
    std::optional<std::string_view> call_id() const noexcept { return detail::text(call_->call_id); }
    std::optional<std::string_view> media_type_word() const noexcept { return detail::text(call_->media_type_word); }
    std::optional<std::string_view> chat_group_id() const noexcept { return detail::text(call_->chat_group_id); }
    std::optional<std::string_view> room_id() const noexcept { return detail::text(call_->room_id); }
    std::optional<tc_media_type> media_type() const noexcept { return detail::word<tc_media_type>(call_->media_type); }
    /* TC_ROOM_ID_TYPE_ */
    std::optional<std::int64_t> room_id_type() const noexcept { return detail::number(call_->room_id_type); }
    List<CallUser, const tc_call_user *> users() const noexcept { return {call_->users, call_->user_count}; }

  private:
    const tc_call_start *call_;
};

/* A call that is over. */
class CallEnd
{
  public:
    explicit CallEnd(const tc_call_end *call) noexcept : call_(call) {}
    std::optional<std::string_view> call_id() const noexcept { return detail::text(call_->call_id); }
    std::optional<std::string_view> caller_account() const noexcept { return detail::text(call_->caller_account); }
    std::optional<std::string_view> media_type_word() const noexcept { return detail::text(call_->media_type_word); }
    std::optional<std::string_view> call_type_word() const noexcept { return detail::text(call_->call_type_word); }
    std::optional<std::string_view> result_word() const noexcept { return detail::text(call_->result_word); }
    std::optional<std::string_view> room_id() const noexcept { return detail::text(call_->room_id); }
    std::optional<tc_media_type> media_type() const noexcept { return detail::word<tc_media_type>(call_->media_type); }
    std::optional<tc_call_type> call_type() const noexcept { return detail::word<tc_call_type>(call_->call_type); }
    std::optional<tc_call_result> result() const noexcept { return detail::word<tc_call_result>(call_->result); }
    std::optional<Seconds> start_time() const noexcept { return detail::time<Seconds>(call_->start_time_s); }
    /* 1970 if nobody accepted. */
    std::optional<Seconds> accept_time() const noexcept { return detail::time<Seconds>(call_->accept_time_s); }
    std::optional<Seconds> end_time() const noexcept { return detail::time<Seconds>(call_->end_time_s); }
    /* TC_ROOM_ID_TYPE_ */
    std::optional<std::int64_t> room_id_type() const noexcept { return detail::number(call_->room_id_type); }
    TextList callee_accounts() const noexcept { return {call_->callee_accounts, call_->callee_account_count}; }

  private:
    const tc_call_end *call_;
};

/* What a member of a call did. */
class CallChange
{
  public:
    explicit CallChange(const tc_call_change *change) noexcept : change_(change) {}
    std::optional<std::string_view> account() const noexcept { return detail::text(change_->account); }
    std::optional<std::string_view> action_word() const noexcept { return detail::text(change_->action_word); }
    std::optional<tc_call_action> action() const noexcept { return detail::word<tc_call_action>(change_->action); }

  private:
    const tc_call_change *change_;
};

/* Members of a call that changed. */
class CallMembers
{
  public:
    explicit CallMembers(const tc_call_members *call) noexcept : call_(call) {}
    std::optional<std::string_view> call_id() const noexcept { return detail::text(call_->call_id); }
    List<CallUser, const tc_call_user *> users() const noexcept { return {call_->users, call_->user_count}; }
    List<CallChange, const tc_call_change *> changes() const noexcept { return {call_->changes, call_->change_count}; }

  private:
    const tc_call_members *call_;
};

/* A change in the cloud recording of a call. */
class CallRecord
{
  public:
    explicit CallRecord(const tc_call_record *record) noexcept : record_(record) {}
    std::optional<std::string_view> call_id() const noexcept { return detail::text(record_->call_id); }
    std::optional<std::string_view> room_id() const noexcept { return detail::text(record_->room_id); }
    std::optional<std::string_view> user_id() const noexcept { return detail::text(record_->user_id); }
    std::optional<std::string_view> task_id() const noexcept { return detail::text(record_->task_id); }
    std::optional<std::string_view> payload_json() const noexcept { return detail::text(record_->payload_json); }
    std::optional<std::int64_t> event_group_id() const noexcept { return detail::number(record_->event_group_id); }
    std::optional<std::int64_t> event_type() const noexcept { return detail::number(record_->event_type); }
    std::optional<Milliseconds> callback_time() const noexcept
    {
        return detail::time<Milliseconds>(record_->callback_time_ms);
    }
    std::optional<Seconds> engine_event_time_s() const noexcept
    {
        return detail::time<Seconds>(record_->engine_event_time_s);
    }
    std::optional<Milliseconds> engine_event_time_ms() const noexcept
    {
        return detail::time<Milliseconds>(record_->engine_event_time_ms);
    }
    std::optional<std::int64_t> kit_type() const noexcept { return detail::number(record_->kit_type); }

  private:
    const tc_call_record *record_;
};

/* A value of an event's body. */
class Json
{
  public:
    /* Takes over a value of the C ABI, as the constructors of the other owners do. */
    explicit Json(tc_json *json) noexcept : json_(json) {}
    tc_json_kind kind() const noexcept { return static_cast<tc_json_kind>(json_->kind); }
    std::optional<bool> boolean() const noexcept { return detail::boolean(json_->boolean); }
    std::optional<std::int64_t> integer() const noexcept { return detail::number(json_->integer); }
    /* How many elements an array or members an object has. */
    std::size_t length() const noexcept { return json_->length; }
    std::optional<std::string_view> text() const noexcept { return detail::text(json_->text); }
    /* The value as it stands in the body. */
    std::string_view raw() const noexcept { return {json_->raw.ptr, json_->raw.len}; }

  private:
    detail::Owned<tc_json, tc_json_free> json_;
};

/* One callback. Any number of threads may read it. */
class EventView
{
  public:
    explicit EventView(const tc_event *event) noexcept : event_(event) {}

    tc_command command() const noexcept { return static_cast<tc_command>(event_->command); }
    tc_product product() const noexcept { return static_cast<tc_product>(event_->product); }
    /* 0 when absent. */
    std::uint32_t sdk_app_id() const noexcept { return event_->sdk_app_id; }
    std::optional<tc_platform> platform() const noexcept { return detail::word<tc_platform>(event_->platform); }
    std::optional<Milliseconds> event_time() const noexcept
    {
        return detail::time<Milliseconds>(event_->event_time_ms);
    }
    std::optional<std::string_view> command_word() const noexcept { return detail::text(event_->command_word); }
    std::optional<std::string_view> query_command_word() const noexcept
    {
        return detail::text(event_->query_command_word);
    }
    std::optional<std::string_view> operator_account() const noexcept { return detail::text(event_->operator_account); }
    /* RoomId or CallId: what to shard and order by. */
    std::optional<std::string_view> subject() const noexcept { return detail::text(event_->subject); }
    std::optional<std::string_view> client_ip() const noexcept { return detail::text(event_->client_ip); }
    std::optional<std::string_view> platform_word() const noexcept { return detail::text(event_->platform_word); }
    /* 32 hexadecimal digits, reckoned anew with each call; none when the body has no EventTime. */
    std::optional<std::string> duplicate_key() const
    {
        char key[TC_DUPLICATE_KEY_SIZE];
        const std::size_t length = tc_event_duplicate_key(event_, key);
        return length == 0 ? std::nullopt : std::optional<std::string>(std::in_place, key, length);
    }
    std::optional<std::string_view> body() const noexcept { return detail::text(event_->body); }
    std::optional<std::string_view> query() const noexcept { return detail::text(event_->query); }
    /* How many documented fields hold a value of another type than this release reads, and the first of them. */
    std::size_t mismatch_count() const noexcept { return event_->mismatch_count; }
    std::optional<std::string_view> mismatch() const noexcept { return detail::text(event_->mismatch); }

    /* The payload is one of these, by the command; none of a command that this release does not know. */
    std::optional<Room> room() const noexcept { return detail::view<Room>(event_->room); }
    std::optional<Members> members() const noexcept { return detail::view<Members>(event_->members); }
    std::optional<Seats> seats() const noexcept { return detail::view<Seats>(event_->seats); }
    std::optional<CallStart> call_start() const noexcept { return detail::view<CallStart>(event_->call_start); }
    std::optional<CallEnd> call_end() const noexcept { return detail::view<CallEnd>(event_->call_end); }
    std::optional<CallMembers> call_members() const noexcept { return detail::view<CallMembers>(event_->call_members); }
    std::optional<CallRecord> call_record() const noexcept { return detail::view<CallRecord>(event_->call_record); }

    /* Reads any value of the body by its JSON pointer, "/RoomInfo/RoomName". */
    Result<Json> try_json(CStr pointer) const
    {
        return detail::make<Json, tc_json>(
            [&](tc_json **value, tc_error **error) { return tc_event_json(event_, pointer.get(), value, error); });
    }
    Json json(CStr pointer) const { return try_json(pointer).value(); }

    const tc_event *get() const noexcept { return event_; }

  private:
    const tc_event *event_;
};

/* Calls the handler that takes the event's payload, or the one that takes an EventView for a command that this release
 * does not know, or that has no handler of its own. */
template <typename Handler> decltype(auto) visit(EventView event, Handler &&handler)
{
    const auto give = [&](const auto &payload) -> decltype(auto) {
        if constexpr (std::is_invocable_v<Handler, decltype(*payload)>)
            return handler(*payload);
        else
            return handler(event);
    };
    if (const auto room = event.room())
        return give(room);
    if (const auto members = event.members())
        return give(members);
    if (const auto seats = event.seats())
        return give(seats);
    if (const auto call_start = event.call_start())
        return give(call_start);
    if (const auto call_end = event.call_end())
        return give(call_end);
    if (const auto call_members = event.call_members())
        return give(call_members);
    if (const auto call_record = event.call_record())
        return give(call_record);
    return handler(event);
}

/* One callback that was parsed without a receiver. */
class Event : public EventView
{
  public:
    explicit Event(tc_event *event) noexcept : EventView(event), event_(event) {}

    /* Parses without checking who sent it; Receiver does both. */
    static Result<Event> try_parse(std::string_view query, std::string_view body)
    {
        return detail::make<Event, tc_event>([&](tc_event **event, tc_error **error) {
            return tc_parse_event(query.data(), query.size(), body.data(), body.size(), event, error);
        });
    }
    static Event parse(std::string_view query, std::string_view body) { return try_parse(query, body).value(); }

  private:
    detail::Owned<tc_event, tc_event_free> event_;
};

/* A request as the HTTP server received it. */
struct Request {
    /* The URL's query as received, with its '?' or a whole path if that is what the server gives. */
    std::string_view query;
    /* The raw bytes: not what a framework made of them. */
    std::string_view body;
    /* Absent: the system's clock. */
    std::optional<Seconds> now = std::nullopt;
};

/* What to answer to a request, and what was received. One that goes unsettled, as when a handler throws, releases its event: the next
 * copy of it is new. */
class Outcome
{
  public:
    explicit Outcome(tc_outcome *outcome) noexcept : outcome_(outcome) {}

    /* TC_OK, or why the request was rejected. */
    tc_status_code status() const noexcept { return static_cast<tc_status_code>(outcome_->status); }
    /* Whether the event is to be handled. */
    tc_delivery delivery() const noexcept { return static_cast<tc_delivery>(outcome_->delivery); }
    std::int32_t http_status() const noexcept { return outcome_->http_status; }
    std::string_view reply() const noexcept { return {outcome_->reply.ptr, outcome_->reply.len}; }
    std::string_view content_type() const noexcept { return {outcome_->content_type.ptr, outcome_->content_type.len}; }
    /* Absent if the request was rejected. */
    std::optional<EventView> event() const noexcept { return detail::view<EventView>(outcome_->event); }
    /* Present if the request was rejected. */
    std::optional<ErrorView> error() const noexcept { return detail::view<ErrorView>(outcome_->error); }

    /* Reports what became of a new event, which decides http_status and reply: tc_outcome_settle says when and from which thread. */
    Result<std::monostate> try_settle(tc_settlement settlement)
    {
        tc_error *error = nullptr;
        if (tc_outcome_settle(outcome_.get(), settlement, &error) != TC_OK)
            return Error(error);
        return std::monostate();
    }
    void settle(tc_settlement settlement) { try_settle(settlement).value(); }

  private:
    detail::Owned<tc_outcome, tc_outcome_free> outcome_;
};

/* What a receiver is to be like. Setters return the options, to go on. */
class ReceiverOptions
{
  public:
    explicit ReceiverOptions(std::uint32_t sdk_app_id) : options_(tc_receiver_options_new(sdk_app_id)) {}

    ReceiverOptions &add_token(CStr token) noexcept
    {
        tc_receiver_options_add_token(options_.get(), token.get());
        return *this;
    }
    ReceiverOptions &sign_tolerance(std::chrono::seconds tolerance) noexcept
    {
        tc_receiver_options_set_sign_tolerance_s(options_.get(), detail::count<std::uint32_t>(tolerance));
        return *this;
    }
    ReceiverOptions &max_body_bytes(std::size_t bytes) noexcept
    {
        tc_receiver_options_set_max_body_bytes(options_.get(), bytes);
        return *this;
    }
    ReceiverOptions &max_depth(std::size_t levels) noexcept
    {
        tc_receiver_options_set_max_depth(options_.get(), levels);
        return *this;
    }
    ReceiverOptions &max_elements(std::size_t elements) noexcept
    {
        tc_receiver_options_set_max_elements(options_.get(), elements);
        return *this;
    }
    ReceiverOptions &duplicate_window(std::size_t events, std::chrono::seconds time) noexcept
    {
        tc_receiver_options_set_duplicate_window(options_.get(), events, detail::count<std::uint32_t>(time));
        return *this;
    }
    const tc_receiver_options *get() const noexcept { return options_.get(); }

  private:
    detail::Owned<tc_receiver_options, tc_receiver_options_free> options_;
};

/* Checks and parses what Tencent posts to one application. Any number of threads may use it at once. */
class Receiver
{
  public:
    explicit Receiver(tc_receiver *receiver) noexcept : receiver_(receiver) {}
    explicit Receiver(const ReceiverOptions &options) : Receiver(try_make(options).value()) {}

    static Result<Receiver> try_make(const ReceiverOptions &options)
    {
        return detail::make<Receiver, tc_receiver>(
            [&](tc_receiver **receiver, tc_error **error) { return tc_receiver_new(options.get(), receiver, error); });
    }

    /* An outcome also of a request that is refused. Does no I/O and does not wait. */
    Result<Outcome> try_handle(const Request &request) const
    {
        tc_request of = {};
        of.struct_size = sizeof of;
        of.query = request.query.data();
        of.query_len = request.query.size();
        of.body = request.body.data();
        of.body_len = request.body.size();
        of.now_s = request.now ? request.now->time_since_epoch().count() : 0;
        return detail::make<Outcome, tc_outcome>([&](tc_outcome **outcome, tc_error **error) {
            return tc_receiver_handle(receiver_.get(), &of, outcome, error);
        });
    }
    Outcome handle(const Request &request) const { return try_handle(request).value(); }

  private:
    detail::Owned<tc_receiver, tc_receiver_free> receiver_;
};

/* Command words for an operation; the texts must live until it returns. */
class Commands
{
  public:
    Commands(std::initializer_list<CStr> words)
    {
        words_.reserve(words.size());
        for (const CStr &word : words)
            words_.push_back(word.get());
    }
    Commands(const std::vector<std::string> &words)
    {
        words_.reserve(words.size());
        for (const std::string &word : words)
            words_.push_back(CStr(word).get());
    }
    Commands(std::vector<const char *> words) noexcept : words_(std::move(words)) {}
    const char *const *data() const noexcept { return words_.data(); }
    std::size_t size() const noexcept { return words_.size(); }
    std::vector<const char *>::const_iterator begin() const noexcept { return words_.begin(); }
    std::vector<const char *>::const_iterator end() const noexcept { return words_.end(); }

  private:
    std::vector<const char *> words_;
};

/* The words of all commands of a product. */
inline Commands product_commands(tc_product product)
{
    std::vector<const char *> words(tc_product_commands(product, nullptr, 0));
    tc_product_commands(product, words.data(), words.size());
    return words;
}

/* A callback configuration as Tencent has it. */
class CallbackConfigView
{
  public:
    explicit CallbackConfigView(const tc_callback_config *config) noexcept : config_(config) {}
    std::string_view url() const noexcept { return {config_->url.ptr, config_->url.len}; }
    TextList commands() const noexcept { return {config_->commands, config_->command_count}; }
    std::int32_t http_status() const noexcept { return config_->http_status; }
    std::int32_t attempts() const noexcept { return config_->attempts; }
    std::optional<std::string_view> request_id() const noexcept { return detail::text(config_->request_id); }

  private:
    const tc_callback_config *config_;
};

/* The same by itself. */
class CallbackConfig : public CallbackConfigView
{
  public:
    explicit CallbackConfig(tc_callback_config *config) noexcept : CallbackConfigView(config), config_(config) {}

  private:
    detail::Owned<tc_callback_config, tc_callback_config_free> config_;
};

/* What an operation did. */
class Response
{
  public:
    explicit Response(tc_response *response) noexcept : response_(response) {}
    tc_change change() const noexcept { return static_cast<tc_change>(response_->change); }
    std::int32_t http_status() const noexcept { return response_->http_status; }
    std::int32_t attempts() const noexcept { return response_->attempts; }
    std::int64_t tencent_code() const noexcept { return response_->tencent_code; }
    std::optional<std::string_view> tencent_info() const noexcept { return detail::text(response_->tencent_info); }
    std::optional<std::string_view> request_id() const noexcept { return detail::text(response_->request_id); }
    /* The configuration before ensure_callback, if there was one. */
    std::optional<CallbackConfigView> previous() const noexcept
    {
        return detail::view<CallbackConfigView>(response_->previous);
    }

  private:
    detail::Owned<tc_response, tc_response_free> response_;
};

/* What a client is to be like. Setters return the options, to go on. */
class ClientOptions
{
  public:
    explicit ClientOptions(std::uint32_t sdk_app_id) : options_(tc_client_options_new(sdk_app_id)) {}

    ClientOptions &key(CStr key) noexcept
    {
        tc_client_options_set_key(options_.get(), key.get());
        return *this;
    }
    ClientOptions &usersig(CStr usersig) noexcept
    {
        tc_client_options_set_usersig(options_.get(), usersig.get());
        return *this;
    }
    ClientOptions &administrator(CStr account) noexcept
    {
        tc_client_options_set_administrator(options_.get(), account.get());
        return *this;
    }
    ClientOptions &region(tc_region region) noexcept
    {
        tc_client_options_set_region(options_.get(), region);
        return *this;
    }
    ClientOptions &endpoint(CStr endpoint) noexcept
    {
        tc_client_options_set_endpoint(options_.get(), endpoint.get());
        return *this;
    }
    ClientOptions &connect_timeout(std::chrono::milliseconds timeout) noexcept
    {
        tc_client_options_set_connect_timeout_ms(options_.get(), detail::count<std::uint64_t>(timeout));
        return *this;
    }
    ClientOptions &timeout(std::chrono::milliseconds timeout) noexcept
    {
        tc_client_options_set_timeout_ms(options_.get(), detail::count<std::uint64_t>(timeout));
        return *this;
    }
    ClientOptions &attempts(std::uint32_t attempts) noexcept
    {
        tc_client_options_set_attempts(options_.get(), attempts);
        return *this;
    }
    ClientOptions &rate_limit(std::uint32_t requests_per_second) noexcept
    {
        tc_client_options_set_rate_limit(options_.get(), requests_per_second);
        return *this;
    }
    ClientOptions &usersig_lifetime(std::chrono::seconds lifetime) noexcept
    {
        tc_client_options_set_usersig_lifetime_s(options_.get(), detail::count<std::uint64_t>(lifetime));
        return *this;
    }
    ClientOptions &ca_file(CStr path) noexcept
    {
        tc_client_options_set_ca_file(options_.get(), path.get());
        return *this;
    }
    ClientOptions &crl_file(CStr path) noexcept
    {
        tc_client_options_set_crl_file(options_.get(), path.get());
        return *this;
    }
    ClientOptions &proxy(CStr url) noexcept
    {
        tc_client_options_set_proxy(options_.get(), url.get());
        return *this;
    }
    ClientOptions &user_agent(CStr user_agent) noexcept
    {
        tc_client_options_set_user_agent(options_.get(), user_agent.get());
        return *this;
    }
    ClientOptions &allow_unknown_commands(bool allow) noexcept
    {
        tc_client_options_set_allow_unknown_commands(options_.get(), allow ? 1 : 0);
        return *this;
    }
    /* Calls `handler(tc_level, std::string_view)` for each line, on the thread that called the client, from several at
     * once if several do. It is destroyed when neither options nor clients use it any more. What it throws is dropped.
     */
    template <typename Handler> ClientOptions &log(Handler &&handler)
    {
        using Kept = std::decay_t<Handler>;
        tc_client_options_set_log(
            options_.get(),
            [](std::int32_t level, const char *line, void *kept) {
                detail::contain(
                    [&] { (*static_cast<Kept *>(kept))(static_cast<tc_level>(level), std::string_view(line)); });
            },
            new Kept(std::forward<Handler>(handler)), [](void *kept) { delete static_cast<Kept *>(kept); });
        return *this;
    }
    const tc_client_options *get() const noexcept { return options_.get(); }

  private:
    detail::Owned<tc_client_options, tc_client_options_free> options_;
};

/* Gives up the operations of the clients made with it. Any thread may request it, and so may a signal handler. */
class Cancel
{
  public:
    Cancel() : cancel_(tc_cancel_new()) {}
    void request() const noexcept { tc_cancel_request(cancel_.get()); }
    const tc_cancel *get() const noexcept { return cancel_.get(); }

  private:
    detail::Owned<tc_cancel, tc_cancel_free> cancel_;
};

/* Configures callbacks over Tencent's REST API. Any number of threads may use it at once; each call blocks its thread
 * until its deadline at most. */
class Client
{
  public:
    explicit Client(tc_client *client) noexcept : client_(client) {}
    explicit Client(const ClientOptions &options) : Client(try_make(options).value()) {}

    static Result<Client> try_make(const ClientOptions &options)
    {
        return detail::make<Client, tc_client>(
            [&](tc_client **client, tc_error **error) { return tc_client_new(options.get(), client, error); });
    }

    /* The same client with an earlier deadline for its operations; they share connections, rate limit and UserSig. */
    Result<Client> try_with_timeout(std::chrono::milliseconds timeout) const
    {
        return detail::make<Client, tc_client>([&](tc_client **derived, tc_error **error) {
            return tc_client_with_timeout_ms(client_.get(), static_cast<std::uint64_t>(timeout.count()), derived,
                                             error);
        });
    }
    Client with_timeout(std::chrono::milliseconds timeout) const { return try_with_timeout(timeout).value(); }

    /* The same client, whose operations `cancel` gives up: they fail with TC_ERROR_CANCELLED. Either may be destroyed first. */
    Result<Client> try_with_cancel(const Cancel &cancel) const
    {
        return detail::make<Client, tc_client>([&](tc_client **derived, tc_error **error) {
            return tc_client_with_cancel(client_.get(), cancel.get(), derived, error);
        });
    }
    Client with_cancel(const Cancel &cancel) const { return try_with_cancel(cancel).value(); }

    Result<Response> try_set_callback(tc_product product, CStr url, const Commands &commands) const
    {
        return write(tc_set_callback, product, url, commands);
    }
    Response set_callback(tc_product product, CStr url, const Commands &commands) const
    {
        return try_set_callback(product, url, commands).value();
    }
    Result<Response> try_update_callback(tc_product product, CStr url, const Commands &commands) const
    {
        return write(tc_update_callback, product, url, commands);
    }
    Response update_callback(tc_product product, CStr url, const Commands &commands) const
    {
        return try_update_callback(product, url, commands).value();
    }
    Result<Response> try_ensure_callback(tc_product product, CStr url, const Commands &commands) const
    {
        return write(tc_ensure_callback, product, url, commands);
    }
    Response ensure_callback(tc_product product, CStr url, const Commands &commands) const
    {
        return try_ensure_callback(product, url, commands).value();
    }
    Result<CallbackConfig> try_get_callback(tc_product product) const
    {
        return detail::make<CallbackConfig, tc_callback_config>([&](tc_callback_config **config, tc_error **error) {
            return tc_get_callback(client_.get(), product, config, error);
        });
    }
    CallbackConfig get_callback(tc_product product) const { return try_get_callback(product).value(); }
    Result<Response> try_delete_callback(tc_product product) const
    {
        return detail::make<Response, tc_response>([&](tc_response **response, tc_error **error) {
            return tc_delete_callback(client_.get(), product, response, error);
        });
    }
    Response delete_callback(tc_product product) const { return try_delete_callback(product).value(); }

  private:
    Result<Response> write(decltype(tc_set_callback) operation, tc_product product, CStr url,
                           const Commands &commands) const
    {
        return detail::make<Response, tc_response>([&](tc_response **response, tc_error **error) {
            return operation(client_.get(), product, url.get(), commands.data(), commands.size(), response, error);
        });
    }

    detail::Owned<tc_client, tc_client_free> client_;
};

/* A UserSig and what it says. Cleared when it is destroyed. */
class UserSig
{
  public:
    explicit UserSig(tc_usersig *usersig) noexcept : usersig_(usersig) {}
    /* The UserSig itself: a secret while it is valid. */
    std::string_view text() const noexcept { return {usersig_->text.ptr, usersig_->text.len}; }
    std::string_view identifier() const noexcept { return {usersig_->identifier.ptr, usersig_->identifier.len}; }
    std::uint32_t sdk_app_id() const noexcept { return usersig_->sdk_app_id; }
    /* When it was signed. */
    Seconds time() const noexcept { return Seconds(std::chrono::seconds(usersig_->time_s)); }
    /* How long it is valid from then on. */
    std::chrono::seconds lifetime() const noexcept { return std::chrono::seconds(usersig_->expire_s); }
    /* Bytes, not text. */
    std::optional<std::string_view> userbuf() const noexcept
    {
        return detail::text({reinterpret_cast<const char *>(usersig_->userbuf), usersig_->userbuf_len});
    }

  private:
    detail::Owned<tc_usersig, tc_usersig_free> usersig_;
};

/* The clock, in the unit of a UserSig. */
inline Seconds now() noexcept
{
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

/* What a UserSig is to say. */
struct UserSigOptions {
    std::uint32_t sdk_app_id;
    /* The application's SecretKey. */
    CStr key;
    /* The UserID. */
    CStr identifier;
    std::chrono::seconds lifetime;
    Seconds signed_at = now();
};

inline Result<UserSig> try_sign_usersig(const UserSigOptions &options,
                                        std::optional<std::string_view> userbuf = std::nullopt)
{
    return detail::make<UserSig, tc_usersig>([&](tc_usersig **usersig, tc_error **error) {
        return tc_usersig_sign(options.sdk_app_id, options.key.get(), options.identifier.get(),
                               options.signed_at.time_since_epoch().count(), options.lifetime.count(),
                               userbuf ? reinterpret_cast<const std::uint8_t *>(userbuf->data()) : nullptr,
                               userbuf ? userbuf->size() : 0, usersig, error);
    });
}
inline UserSig sign_usersig(const UserSigOptions &options, std::optional<std::string_view> userbuf = std::nullopt)
{
    return try_sign_usersig(options, userbuf).value();
}

/* The room of a PrivateMapKey: by number or by text. */
using RoomId = std::variant<std::uint32_t, CStr>;

/* `privileges`: TC_PRIVILEGE_*, added up. */
inline Result<UserSig> try_sign_private_map_key(const UserSigOptions &options, const RoomId &room,
                                                std::uint32_t privileges)
{
    const auto *number = std::get_if<std::uint32_t>(&room);
    const auto *text = std::get_if<CStr>(&room);
    return detail::make<UserSig, tc_usersig>([&](tc_usersig **usersig, tc_error **error) {
        return tc_usersig_sign_private_map_key(options.sdk_app_id, options.key.get(), options.identifier.get(),
                                               options.signed_at.time_since_epoch().count(), options.lifetime.count(),
                                               number != nullptr ? *number : 0, text != nullptr ? text->get() : nullptr,
                                               privileges, usersig, error);
    });
}
inline UserSig sign_private_map_key(const UserSigOptions &options, const RoomId &room, std::uint32_t privileges)
{
    return try_sign_private_map_key(options, room, privileges).value();
}

/* `identifier`: the UserID that it must be for; nullptr for any. */
inline Result<UserSig> try_verify_usersig(std::uint32_t sdk_app_id, CStr key, CStr identifier, CStr text,
                                          Seconds at = now())
{
    return detail::make<UserSig, tc_usersig>([&](tc_usersig **verified, tc_error **error) {
        return tc_usersig_verify(sdk_app_id, key.get(), identifier.get(), text.get(), at.time_since_epoch().count(),
                                 verified, error);
    });
}
inline UserSig verify_usersig(std::uint32_t sdk_app_id, CStr key, CStr identifier, CStr text, Seconds at = now())
{
    return try_verify_usersig(sdk_app_id, key, identifier, text, at).value();
}

/* The command with this word or one of its older spellings. */
inline tc_command command_from_word(CStr word) noexcept
{
    return static_cast<tc_command>(tc_command_from_word(word.get()));
}

/* The word of a command, as it is configured and sent. */
inline std::string_view command_word(tc_command command) noexcept
{
    return tc_command_word(command);
}

/* Whether the library that is loaded is one that this header was made for. If not, call nothing else. */
inline bool is_compatible() noexcept
{
    return tc_abi_version() == TC_ABI_VERSION;
}

} // namespace tc

#endif
