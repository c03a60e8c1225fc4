/* For programs that define the C library's own functions anew, and call the originals. Include it first. */
#ifndef INTERPOSE_H
#define INTERPOSE_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>

/* The C library's own function of this name. */
#define NEXT(type, name)                                                                                               \
    static type next;                                                                                                  \
    if (next == NULL) {                                                                                                \
        void *found = dlsym(RTLD_NEXT, name);                                                                          \
        memcpy(&next, &found, sizeof next);                                                                            \
    }

typedef void *(*one_size)(size_t);
typedef void *(*two_sizes)(size_t, size_t);
typedef void *(*resizes)(void *, size_t);
typedef int (*aligns)(void **, size_t, size_t);
typedef void (*releases)(void *);

#endif
