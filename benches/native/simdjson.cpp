// simdjson, On-Demand: one parser reused, a padded copy of each body.
#include <simdjson.h>

#include <vector>

#include "reader.hpp"

namespace
{

using namespace simdjson;

struct Simdjson {
    using Value = ondemand::value;
    using Object = ondemand::object;

    ondemand::parser parser;
    ondemand::document document;
    std::vector<char> padded = std::vector<char>(64 * 1024);

    bool parse(bench_text body, Value &root)
    {
        if (body.len + SIMDJSON_PADDING > padded.size())
            return false;
        std::memcpy(padded.data(), body.ptr, body.len);
        return parser.iterate(padded.data(), body.len, padded.size()).get(document) == SUCCESS &&
               document.get_value().get(root) == SUCCESS;
    }

    void release()
    {
    }

    bool text(Value &value, std::string_view &slot)
    {
        return value.get_string().get(slot) == SUCCESS;
    }
    bool integer(Value &value, int64_t &slot)
    {
        return value.get_int64().get(slot) == SUCCESS;
    }
    bool boolean(Value &value, bool &slot)
    {
        return value.get_bool().get(slot) == SUCCESS;
    }
    bool object(Value &value, Object &slot)
    {
        return value.get_object().get(slot) == SUCCESS;
    }

    template <size_t Size> bool find(Object &object, const char (&key)[Size], Value &slot)
    {
        return object.find_field(std::string_view(key, Size - 1)).get(slot) == SUCCESS;
    }

    template <typename Visit> bool each_element(Value &value, Visit &&visit)
    {
        ondemand::array array;
        if (value.get_array().get(array) != SUCCESS)
            return false;
        for (auto result : array) {
            Value element;
            if (std::move(result).get(element) != SUCCESS || !visit(element))
                return false;
        }
        return true;
    }

    template <typename Visit> bool each_member(Value &value, Visit &&visit)
    {
        Object object;
        if (value.get_object().get(object) != SUCCESS)
            return false;
        for (auto result : object) {
            ondemand::field field;
            if (std::move(result).get(field) != SUCCESS || !visit(field.escaped_key(), field.value()))
                return false;
        }
        return true;
    }
};

} // namespace

extern "C" int bench_simdjson(int family, int shape, const bench_text *bodies, size_t count, uint64_t *checksum)
{
    static Simdjson simdjson;
    return run_family(simdjson, shape != SHAPE_SHUFFLED, family, bodies, count, checksum);
}
