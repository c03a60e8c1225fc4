# Compatible with what asks for the same major version, and not for a newer release. The header has the version.

file(STRINGS "${CMAKE_CURRENT_LIST_DIR}/../../../include/tc_callback.h" PACKAGE_VERSION REGEX "^#define TC_VERSION_STRING ")
string(REGEX REPLACE ".*\"(.*)\".*" "\\1" PACKAGE_VERSION "${PACKAGE_VERSION}")
string(REGEX REPLACE "[.].*" "" tc_callback_MAJOR "${PACKAGE_VERSION}")

set(PACKAGE_VERSION_COMPATIBLE FALSE)
set(PACKAGE_VERSION_EXACT FALSE)
if("${PACKAGE_FIND_VERSION_MAJOR}" STREQUAL "${tc_callback_MAJOR}" AND NOT PACKAGE_FIND_VERSION VERSION_GREATER PACKAGE_VERSION)
    set(PACKAGE_VERSION_COMPATIBLE TRUE)
    if(PACKAGE_FIND_VERSION VERSION_EQUAL PACKAGE_VERSION)
        set(PACKAGE_VERSION_EXACT TRUE)
    endif()
endif()
