// A request from query to reply: by the library, and by hand with yyjson and OpenSSL.
#define OPENSSL_SUPPRESS_DEPRECATED // the digest that needs no look-up is the deprecated one, and the fastest
#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <cstdlib>
#include <strings.h>

#include "tc_callback.h"
#include "yyjson.hpp"

namespace
{

const char TOKEN[] = "xxxxyyyy";
const uint32_t SDK_APP_ID = 1400000000;
const int64_t NOW_S = 1669872120, TOLERANCE_S = 60;
const std::string_view QUERY =
    "SdkAppid=1400000000&CallbackCommand=Room.CallbackAfterUpdateRoomInfo&contenttype=json"
    "&ClientIP=203.0.113.7&OptPlatform=Windows"
    "&Sign=17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061&RequestTime=1669872112";
const std::string_view REPLY = "{\"ActionStatus\":\"OK\",\"ErrorInfo\":\"\",\"ErrorCode\":0}";

// A parameter's value, percent-decoded.
struct Parameter {
    char text[256];
    size_t len = 0;

    int digit(char c)
    {
        return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
    }

    bool decode(const char *begin, const char *end)
    {
        for (; begin < end && len + 1 < sizeof text; begin++) {
            if (*begin == '%' && end - begin > 2) {
                text[len++] = static_cast<char>(digit(begin[1]) * 16 + digit(begin[2]));
                begin += 2;
            } else {
                text[len++] = *begin == '+' ? ' ' : *begin;
            }
        }
        text[len] = '\0';
        return begin == end;
    }
};

struct Query {
    Parameter sdk_app_id, command, client_ip, platform, sign, request_time;

    bool parse(std::string_view query)
    {
        const char *begin = query.data(), *end = begin + query.size();
        while (begin < end) {
            auto next = static_cast<const char *>(memchr(begin, '&', end - begin));
            if (next == nullptr)
                next = end;
            if (auto equals = static_cast<const char *>(memchr(begin, '=', next - begin))) {
                Parameter *slot = find(begin, equals - begin);
                if (slot != nullptr && !slot->decode(equals + 1, next))
                    return false;
            }
            begin = next + 1;
        }
        return true;
    }

    Parameter *find(const char *name, size_t len)
    {
        auto is = [&](std::string_view other) {
            return len == other.size() && strncasecmp(name, other.data(), len) == 0;
        };
        return is("SdkAppid")          ? &sdk_app_id
               : is("CallbackCommand") ? &command
               : is("ClientIP")        ? &client_ip
               : is("OptPlatform")     ? &platform
               : is("Sign")            ? &sign
               : is("RequestTime")     ? &request_time
                                       : nullptr;
    }
};

bool is_signed(const Query &query)
{
    SHA256_CTX context;
    unsigned char digest[SHA256_DIGEST_LENGTH];
    char hex[2 * SHA256_DIGEST_LENGTH];
    SHA256_Init(&context);
    SHA256_Update(&context, TOKEN, strlen(TOKEN));
    SHA256_Update(&context, query.request_time.text, query.request_time.len);
    SHA256_Final(digest, &context);
    for (size_t i = 0; i < sizeof digest; i++) {
        hex[2 * i] = "0123456789abcdef"[digest[i] >> 4];
        hex[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
    }
    return query.sign.len == sizeof hex && CRYPTO_memcmp(query.sign.text, hex, sizeof hex) == 0 &&
           std::llabs(NOW_S - strtoll(query.request_time.text, nullptr, 10)) <= TOLERANCE_S;
}

struct Answer {
    int http_status = 403;
    char reply[256];
    size_t reply_len = 0;
};

bool handle(Yyjson &yyjson, std::string_view text, bench_text body, FamilyA &event, Answer &answer)
{
    Query query;
    if (!query.parse(text) || strtoul(query.sdk_app_id.text, nullptr, 10) != SDK_APP_ID || !is_signed(query) ||
        !Reader<Yyjson>(yyjson, true).parse(body, event))
        return false;
    answer.http_status = 200;
    answer.reply_len = REPLY.size();
    memcpy(answer.reply, REPLY.data(), REPLY.size());
    return true;
}

/* With 0 nothing is claimed. With 1 each event is new, since the one before it is another. */
tc_receiver *new_receiver(size_t window)
{
    tc_receiver_options *options = tc.receiver_options_new(SDK_APP_ID);
    tc.receiver_options_add_token(options, TOKEN);
    tc.receiver_options_set_duplicate_window(options, window, 600);
    tc_receiver *receiver = nullptr;
    tc.receiver_new(options, &receiver, nullptr);
    tc.receiver_options_free(options);
    return receiver;
}

int handle_all(const tc_receiver *receiver, const bench_text *bodies, size_t count, uint64_t *checksum)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < count; i++) {
        tc_request request = {sizeof request, QUERY.data(), QUERY.size(), bodies[i].ptr, bodies[i].len, NOW_S};
        tc_outcome *outcome = nullptr;
        if (tc.receiver_handle(receiver, &request, &outcome, nullptr) != TC_OK || outcome->event == nullptr)
            return -1;
        hash = bench_fold_event(hash, FAMILY_A, outcome->event);
        if (tc.outcome_settle(outcome, TC_TAKEN, nullptr) != TC_OK)
            return -1;
        hash = bench_fold(bench_fold(hash, outcome->http_status), outcome->reply.len);
        tc.outcome_free(outcome);
    }
    *checksum = hash;
    return 0;
}

} // namespace

extern "C" {

// Without claims, which the handler by hand does not have either.
int bench_receiver_tc_callback(int, int, const bench_text *bodies, size_t count, uint64_t *checksum)
{
    static const tc_receiver *receiver = new_receiver(0);
    return handle_all(receiver, bodies, count, checksum);
}

int bench_receiver_with_claims(int, int, const bench_text *bodies, size_t count, uint64_t *checksum)
{
    static const tc_receiver *receiver = new_receiver(1);
    return handle_all(receiver, bodies, count, checksum);
}

int bench_receiver_by_hand(int, int, const bench_text *bodies, size_t count, uint64_t *checksum)
{
    static Yyjson yyjson;
    static FamilyA event;
    uint64_t hash = 0;
    for (size_t i = 0; i < count; i++) {
        Answer answer;
        if (!handle(yyjson, QUERY, bodies[i], event, answer))
            return -1;
        hash = fold(hash, event);
        hash = bench_fold(bench_fold(hash, answer.http_status), answer.reply_len);
        yyjson.release();
    }
    *checksum = hash;
    return 0;
}
}
