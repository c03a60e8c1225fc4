// RapidJSON, in situ, with its memory pool reused.
#define RAPIDJSON_SSE42
#include <rapidjson/document.h>

#include <vector>

#include "reader.hpp"

namespace
{

struct Rapidjson {
    using Value = const rapidjson::Value *;
    using Pool = rapidjson::MemoryPoolAllocator<>;
    using Document = rapidjson::GenericDocument<rapidjson::UTF8<>, Pool, Pool>;
    struct Object {
        Value value;
        rapidjson::Value::ConstMemberIterator next;
    };

    std::vector<char> text_copy = std::vector<char>(64 * 1024);
    std::vector<char> memory = std::vector<char>(256 * 1024), stack = std::vector<char>(64 * 1024);
    Pool values{memory.data(), memory.size()}, levels{stack.data(), stack.size()};
    Document document{&values, 16 * 1024, &levels};

    bool parse(bench_text body, Value &root)
    {
        if (body.len >= text_copy.size())
            return false;
        std::memcpy(text_copy.data(), body.ptr, body.len);
        text_copy[body.len] = '\0';
        root = &document;
        return !document.ParseInsitu(text_copy.data()).HasParseError();
    }

    void release()
    {
        document.SetNull();
        values.Clear();
        levels.Clear();
    }

    bool text(Value value, std::string_view &slot)
    {
        if (!value->IsString())
            return false;
        slot = {value->GetString(), value->GetStringLength()};
        return true;
    }

    bool integer(Value value, int64_t &slot)
    {
        if (!value->IsInt64())
            return false;
        slot = value->GetInt64();
        return true;
    }

    bool boolean(Value value, bool &slot)
    {
        if (!value->IsBool())
            return false;
        slot = value->GetBool();
        return true;
    }

    bool object(Value value, Object &slot)
    {
        if (!value->IsObject())
            return false;
        slot = {value, value->MemberBegin()};
        return true;
    }

    template <size_t Size> bool find(Object &object, const char (&key)[Size], Value &slot)
    {
        for (auto end = object.value->MemberEnd(); object.next != end; ++object.next)
            if (name(*object.next) == std::string_view(key, Size - 1)) {
                slot = &object.next->value;
                ++object.next;
                return true;
            }
        return false;
    }

    template <typename Visit> bool each_element(Value value, Visit &&visit)
    {
        if (!value->IsArray())
            return false;
        for (const auto &element : value->GetArray())
            if (Value pointer = &element; !visit(pointer))
                return false;
        return true;
    }

    template <typename Visit> bool each_member(Value value, Visit &&visit)
    {
        if (!value->IsObject())
            return false;
        for (const auto &member : value->GetObject())
            if (Value pointer = &member.value; !visit(name(member), pointer))
                return false;
        return true;
    }

    template <typename Member> static std::string_view name(const Member &member)
    {
        return {member.name.GetString(), member.name.GetStringLength()};
    }
};

} // namespace

extern "C" int bench_rapidjson(int family, int shape, const bench_text *bodies, size_t count, uint64_t *checksum)
{
    static Rapidjson rapidjson;
    return run_family(rapidjson, shape != SHAPE_SHUFFLED, family, bodies, count, checksum);
}
