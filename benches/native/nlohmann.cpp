// nlohmann/json: its ordinary value, whose objects are trees sorted by key, so a key is always searched.
#include <nlohmann/json.hpp>

#include "reader.hpp"

namespace
{

struct Nlohmann {
    using json = nlohmann::json;
    using Value = const json *;
    using Object = const json *;

    json document;

    bool parse(bench_text body, Value &root)
    {
        document = json::parse(body.ptr, body.ptr + body.len, nullptr, false);
        root = &document;
        return !document.is_discarded();
    }

    void release()
    {
        document = nullptr;
    }

    template <typename Type, typename Slot> static bool take(const Type *found, Slot &slot)
    {
        if (found == nullptr)
            return false;
        slot = *found;
        return true;
    }

    bool text(Value value, std::string_view &slot)
    {
        return take(value->get_ptr<const json::string_t *>(), slot);
    }
    bool integer(Value value, int64_t &slot)
    {
        return take(value->get_ptr<const json::number_integer_t *>(), slot);
    }
    bool boolean(Value value, bool &slot)
    {
        return take(value->get_ptr<const json::boolean_t *>(), slot);
    }

    bool object(Value value, Object &slot)
    {
        slot = value;
        return value->is_object();
    }

    template <size_t Size> bool find(Object &object, const char (&key)[Size], Value &slot)
    {
        auto member = object->find(key);
        if (member == object->end())
            return false;
        slot = &*member;
        return true;
    }

    template <typename Visit> bool each_element(Value value, Visit &&visit)
    {
        if (!value->is_array())
            return false;
        for (const json &element : *value)
            if (Value pointer = &element; !visit(pointer))
                return false;
        return true;
    }

    template <typename Visit> bool each_member(Value, Visit &&)
    {
        return false;
    }
};

} // namespace

extern "C" int bench_nlohmann(int family, int, const bench_text *bodies, size_t count, uint64_t *checksum)
{
    static Nlohmann nlohmann;
    return run_family(nlohmann, true, family, bodies, count, checksum);
}
