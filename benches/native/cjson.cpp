// cJSON: members are a linked list, gone through once.
#include <cjson/cJSON.h>

#include "reader.hpp"

namespace
{

struct Cjson {
    using Value = const cJSON *;
    using Object = const cJSON *;

    cJSON *document = nullptr;

    bool parse(bench_text body, Value &root)
    {
        root = document = cJSON_ParseWithLength(body.ptr, body.len);
        return document != nullptr;
    }

    void release()
    {
        cJSON_Delete(document);
    }

    bool text(Value value, std::string_view &slot)
    {
        if (!cJSON_IsString(value))
            return false;
        slot = value->valuestring;
        return true;
    }

    bool integer(Value value, int64_t &slot)
    {
        slot = static_cast<int64_t>(value->valuedouble);
        return cJSON_IsNumber(value);
    }

    bool boolean(Value value, bool &slot)
    {
        slot = cJSON_IsTrue(value);
        return cJSON_IsBool(value);
    }

    bool object(Value value, Object &slot)
    {
        slot = value->child;
        return cJSON_IsObject(value);
    }

    template <size_t Size> bool find(Object &next, const char (&key)[Size], Value &slot)
    {
        for (; next != nullptr; next = next->next)
            if (std::strcmp(next->string, key) == 0) {
                slot = next;
                next = next->next;
                return true;
            }
        return false;
    }

    template <typename Visit> bool each_element(Value value, Visit &&visit)
    {
        for (Value element = value->child; element != nullptr; element = element->next)
            if (!visit(element))
                return false;
        return cJSON_IsArray(value);
    }

    template <typename Visit> bool each_member(Value value, Visit &&visit)
    {
        for (Value member = value->child; member != nullptr; member = member->next)
            if (!visit(member->string, member))
                return false;
        return cJSON_IsObject(value);
    }
};

} // namespace

extern "C" int bench_cjson(int family, int shape, const bench_text *bodies, size_t count, uint64_t *checksum)
{
    static Cjson cjson;
    return run_family(cjson, shape != SHAPE_SHUFFLED, family, bodies, count, checksum);
}
