#include "yyjson.hpp"

extern "C" int bench_yyjson(int family, int shape, const bench_text *bodies, size_t count, uint64_t *checksum)
{
    static Yyjson yyjson;
    return run_family(yyjson, shape != SHAPE_SHUFFLED, family, bodies, count, checksum);
}
