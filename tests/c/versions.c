/* The header's version macros are those of the library. */
#include "check.h"

#if TC_VERSION_NUMBER != TC_VERSION_MAJOR * 10000 + TC_VERSION_MINOR * 100 + TC_VERSION_PATCH
#error "TC_VERSION_NUMBER is not made of its parts"
#endif

int main(void)
{
    char parts[64];
    snprintf(parts, sizeof parts, "%d.%d.%d", TC_VERSION_MAJOR, TC_VERSION_MINOR, TC_VERSION_PATCH);
    CHECK(strcmp(parts, TC_VERSION_STRING) == 0);
    CHECK(strcmp(tc_version(), TC_VERSION_STRING) == 0);
    CHECK(tc_abi_version() == TC_ABI_VERSION);
    printf("%s %d\n", TC_VERSION_STRING, TC_ABI_VERSION);
    return 0;
}
