// yyjson, in situ: a padded copy of each body, and one pool of fixed size for every document.
#pragma once

#include <yyjson.h>

#include <vector>

#include "reader.hpp"

struct Yyjson {
    using Value = yyjson_val *;
    using Object = yyjson_obj_iter;

    std::vector<char> padded = std::vector<char>(64 * 1024);
    std::vector<char> memory = std::vector<char>(1024 * 1024);
    yyjson_alc pool;
    yyjson_doc *document = nullptr;

    bool parse(bench_text body, Value &root)
    {
        if (body.len + YYJSON_PADDING_SIZE > padded.size())
            return false;
        std::memcpy(padded.data(), body.ptr, body.len);
        std::memset(padded.data() + body.len, 0, YYJSON_PADDING_SIZE);
        yyjson_alc_pool_init(&pool, memory.data(), memory.size());
        document = yyjson_read_opts(padded.data(), body.len, YYJSON_READ_INSITU, &pool, nullptr);
        root = yyjson_doc_get_root(document);
        return document != nullptr;
    }

    void release()
    {
        yyjson_doc_free(document);
    }

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

    bool object(Value value, Object &slot)
    {
        return yyjson_obj_iter_init(value, &slot);
    }

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
