/* What the runner gives to a candidate in C or C++, and how a checksum is made. */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bench_text {
    const char *ptr;
    size_t len;
} bench_text;

enum bench_family { FAMILY_A, FAMILY_B, FAMILY_C, FAMILY_D };
enum bench_shape { SHAPE_COMPACT, SHAPE_PRETTY, SHAPE_SHUFFLED, SHAPE_UNKNOWN };

static inline uint64_t bench_fold(uint64_t hash, uint64_t value)
{
    return hash * 31 + value;
}

static inline uint64_t bench_fold_text(uint64_t hash, const char *text, size_t len)
{
    uint64_t value = 0;
    if (len != 0)
        value = len + ((uint64_t)(unsigned char)text[0] << 8) + ((uint64_t)(unsigned char)text[len - 1] << 16);
    return bench_fold(hash, value);
}

#ifdef __cplusplus
}
#endif

#endif
