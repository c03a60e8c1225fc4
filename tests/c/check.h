/* What every test in C needs: a check that says where it failed. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tc_callback.h"

#define CHECK(condition) check((condition) ? 1 : 0, #condition, __FILE__, __LINE__)

/* The text is this one; NULL for an absent one. */
#define CHECK_TEXT(text, expected) check_text(text, expected, #text, __FILE__, __LINE__)

/* The call fails with this status, and its error has this word. `call` writes to `error`, a tc_error *. */
#define CHECK_FAILS(expected, word, error, call)                                                                       \
    do {                                                                                                               \
        const tc_status came_to = (call);                                                                              \
        check_error(came_to, expected, error, word, #call, __FILE__, __LINE__);                                        \
        tc_error_free(error);                                                                                          \
        error = NULL;                                                                                                  \
    } while (0)

static inline void check(int holds, const char *what, const char *file, int line)
{
    if (!holds) {
        fprintf(stderr, "%s:%d: %s\n", file, line, what);
        exit(1);
    }
}

static inline void check_text(tc_str text, const char *expected, const char *what, const char *file, int line)
{
    int same;
    if (expected == NULL) {
        same = text.ptr == NULL && text.len == 0;
    } else {
        same = text.ptr != NULL && text.len == strlen(expected) && memcmp(text.ptr, expected, text.len + 1) == 0;
    }
    if (!same) {
        fprintf(stderr, "%s:%d: %s is \"%s\", not \"%s\"\n", file, line, what, text.ptr != NULL ? text.ptr : "(absent)",
                expected != NULL ? expected : "(absent)");
        exit(1);
    }
}

static inline void check_error(tc_status status, tc_status expected, const tc_error *error, const char *word,
                               const char *what, const char *file, int line)
{
    if (status != expected || error == NULL || error->status != expected || strstr(error->message.ptr, word) == NULL) {
        fprintf(stderr, "%s:%d: %s: status %d (%s), not %d: %s\n", file, line, what, (int)status,
                tc_status_text(status), (int)expected, error != NULL ? error->message.ptr : "(no error)");
        exit(1);
    }
}

/* A request with this query and body. */
static inline tc_request request_of(const char *query, const char *body)
{
    tc_request request;
    memset(&request, 0, sizeof request);
    request.struct_size = sizeof request;
    request.query = query;
    request.query_len = strlen(query);
    request.body = body;
    request.body_len = strlen(body);
    return request;
}

/* A whole file, NUL-terminated; freed by the caller. */
static inline char *read_file(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    char *text = (char *)malloc(1 << 20);
    CHECK(file != NULL && text != NULL);
    *len = fread(text, 1, (1 << 20) - 1, file);
    text[*len] = '\0';
    fclose(file);
    return text;
}

#endif
