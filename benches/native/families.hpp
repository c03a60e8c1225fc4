// The four events as typed structs, each field named once: from this come the two ways to read an object and the checksum.
#pragma once

#include "bench.h"

#include <array>
#include <cstring>
#include <string_view>

// A boolean that the vendor sends as a text.
struct BooleanText {
    std::string_view text;
};

// A short list that is filled again and again without allocating.
template <typename Element> struct List {
    std::array<Element, 64> elements;
    size_t count = 0;
};

struct Room {
    std::string_view room_id, room_name, owner_account, take_seat_mode, custom_info;
    int64_t max_member_count;
    bool is_video_disabled, is_audio_disabled, is_message_disabled, is_screen_sharing_disabled;
    BooleanText is_cloud_recording_disabled;

    template <typename Visit> void fields(Visit &&visit)
    {
        visit("RoomId", room_id);
        visit("RoomName", room_name);
        visit("Owner_Account", owner_account);
        visit("TakeSeatMode", take_seat_mode);
        visit("MaxMemberCount", max_member_count);
        visit("IsVideoDisabled", is_video_disabled);
        visit("IsAudioDisabled", is_audio_disabled);
        visit("IsMessageDisabled", is_message_disabled);
        visit("IsScreenSharingDisabled", is_screen_sharing_disabled);
        visit("IsCloudRecordingDisabled", is_cloud_recording_disabled);
        visit("CustomInfo", custom_info);
    }
};

struct FamilyA {
    std::string_view command, operator_account;
    Room room;
    int64_t event_time;

    template <typename Visit> void fields(Visit &&visit)
    {
        visit("CallbackCommand", command);
        visit("Operator_Account", operator_account);
        visit("RoomInfo", room);
        visit("EventTime", event_time);
    }
};

struct FamilyB {
    std::string_view command, operator_account, room_id, type;
    int64_t member_count, event_time;
    List<std::string_view> members;

    template <typename Visit> void fields(Visit &&visit)
    {
        visit("CallbackCommand", command);
        visit("Operator_Account", operator_account);
        visit("RoomId", room_id);
        visit("MemberCount", member_count);
        visit("Type", type);
        visit("MemberList_Account", members);
        visit("EventTime", event_time);
    }
};

struct Seat {
    int64_t index;
    std::string_view member_account;
    bool is_taken_disabled, is_video_disabled, is_audio_disabled;

    template <typename Visit> void fields(Visit &&visit)
    {
        visit("Index", index);
        visit("Member_Account", member_account);
        visit("IsTakenDisabled", is_taken_disabled);
        visit("IsVideoDisabled", is_video_disabled);
        visit("IsAudioDisabled", is_audio_disabled);
    }
};

struct FamilyC {
    std::string_view command, operator_account, room_id;
    List<Seat> seats;
    int64_t event_time;

    template <typename Visit> void fields(Visit &&visit)
    {
        visit("CallbackCommand", command);
        visit("Operator_Account", operator_account);
        visit("RoomId", room_id);
        visit("SeatList", seats);
        visit("EventTime", event_time);
    }
};

struct Call {
    std::string_view call_id, caller_account, media_type, call_type, result, room_id;
    int64_t start_time, end_time, accept_time, room_id_type;
    List<std::string_view> callees;

    template <typename Visit> void fields(Visit &&visit)
    {
        visit("CallId", call_id);
        visit("Caller_Account", caller_account);
        visit("MediaType", media_type);
        visit("CallType", call_type);
        visit("StartTime", start_time);
        visit("EndTime", end_time);
        visit("AcceptTime", accept_time);
        visit("CallResult", result);
        visit("CalleeList_Account", callees);
        visit("RoomId", room_id);
        visit("RoomIdType", room_id_type);
    }
};

struct FamilyD {
    std::string_view command;
    Call call;
    int64_t event_time;

    template <typename Visit> void fields(Visit &&visit)
    {
        visit("CallbackCommand", command);
        visit("CallRecord", call);
        visit("EventTime", event_time);
    }
};

inline uint64_t fold(uint64_t hash, std::string_view text)
{
    return bench_fold_text(hash, text.data(), text.size());
}

inline uint64_t fold(uint64_t hash, BooleanText boolean)
{
    return bench_fold(hash, boolean.text == "true");
}

inline uint64_t fold(uint64_t hash, int64_t integer)
{
    return bench_fold(hash, static_cast<uint64_t>(integer));
}

inline uint64_t fold(uint64_t hash, bool boolean)
{
    return bench_fold(hash, boolean);
}

template <typename Element> uint64_t fold(uint64_t hash, List<Element> &list)
{
    hash = bench_fold(hash, list.count);
    for (size_t i = 0; i < list.count; i++)
        hash = fold(hash, list.elements[i]);
    return hash;
}

template <typename Struct> uint64_t fold(uint64_t hash, Struct &object)
{
    object.fields([&](const auto &, auto &field) { hash = fold(hash, field); });
    return hash;
}
