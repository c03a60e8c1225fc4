// yyjson: one pool of fixed size for every document.
#include <yyjson.h>

#include <vector>

#include "reader.hpp"

namespace {

struct Yyjson {
    using Value = yyjson_val *;
    using Object = yyjson_obj_iter;

    std::vector<char> memory = std::vector<char>(1024 * 1024);
    yyjson_alc pool;
    yyjson_doc *document = nullptr;

    bool parse(bench_text body, Value &root)
    {
        yyjson_alc_pool_init(&pool, memory.data(), memory.size());
        document = yyjson_read_opts(const_cast<char *>(body.ptr), body.len, YYJSON_READ_NOFLAG, &pool, nullptr);
        root = yyjson_doc_get_root(document);
        return document != nullptr;
    }

    void release() { yyjson_doc_free(document); }

    bool text(Value value, std::string_view &slot)
    {
        slot = {yyjson_get_str(value), yyjson_get_len(value)};
        return yyjson_is_str(value);
    }

    bool integer(Value value, int64_t &slot)
    {
        slot = yyjson_get_sint(value);
        return yyjson_is_int(value);
    }

    bool boolean(Value value, bool &slot)
    {
        slot = yyjson_get_bool(value);
        return yyjson_is_bool(value);
    }

    bool object(Value value, Object &slot) { return yyjson_obj_iter_init(value, &slot); }

    template <size_t Size> bool find(Object &object, const char (&key)[Size], Value &slot)
    {
        slot = yyjson_obj_iter_getn(&object, key, Size - 1);
        return slot != nullptr;
    }

    template <typename Visit> bool each_element(Value value, Visit &&visit)
    {
        yyjson_arr_iter elements;
        if (!yyjson_arr_iter_init(value, &elements))
            return yyjson_is_arr(value);
        while (Value element = yyjson_arr_iter_next(&elements))
            if (!visit(element))
                return false;
        return true;
    }

    template <typename Visit> bool each_member(Value value, Visit &&visit)
    {
        yyjson_obj_iter members;
        if (!yyjson_obj_iter_init(value, &members))
            return false;
        while (Value key = yyjson_obj_iter_next(&members)) {
            Value member = yyjson_obj_iter_get_val(key);
            if (!visit(std::string_view(yyjson_get_str(key), yyjson_get_len(key)), member))
                return false;
        }
        return true;
    }
};

} // namespace

extern "C" int bench_yyjson(int family, int shape, const bench_text *bodies, size_t count, uint64_t *checksum)
{
    static Yyjson yyjson;
    return run_family(yyjson, shape != SHAPE_SHUFFLED, family, bodies, count, checksum);
}
