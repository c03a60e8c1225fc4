# find_package(tc_callback) gives tc_callback::shared and tc_callback::static, each if its library is installed.
# Nothing in it names a prefix: the tree may be moved.

set(tc_callback_FOUND FALSE)
get_filename_component(tc_callback_PREFIX "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

foreach(folder IN ITEMS "lib/${CMAKE_LIBRARY_ARCHITECTURE}" lib64 lib)
    set(folder "${tc_callback_PREFIX}/${folder}")
    # pkg-config's file comes with either library, and says what the static one is to be linked with.
    if(NOT tc_callback_FOUND AND EXISTS "${folder}/pkgconfig/tc_callback.pc")
        set(tc_callback_FOUND TRUE)
        set(tc_callback_LIBDIR "${folder}")
    endif()
endforeach()

if(NOT tc_callback_FOUND)
    set(tc_callback_NOT_FOUND_MESSAGE "no lib/pkgconfig/tc_callback.pc in ${tc_callback_PREFIX}")
    return()
endif()

set(tc_callback_SHARED "${tc_callback_LIBDIR}/libtc_callback.so")
if(NOT TARGET tc_callback::shared AND EXISTS "${tc_callback_SHARED}")
    add_library(tc_callback::shared SHARED IMPORTED)
    set_target_properties(tc_callback::shared PROPERTIES
        IMPORTED_LOCATION "${tc_callback_SHARED}"
        INTERFACE_INCLUDE_DIRECTORIES "${tc_callback_PREFIX}/include")
endif()

set(tc_callback_STATIC "${tc_callback_LIBDIR}/libtc_callback.a")
if(NOT TARGET tc_callback::static AND EXISTS "${tc_callback_STATIC}")
    file(STRINGS "${tc_callback_LIBDIR}/pkgconfig/tc_callback.pc" tc_callback_LIBS REGEX "^Libs.private:")
    string(REGEX REPLACE "^Libs.private: *" "" tc_callback_LIBS "${tc_callback_LIBS}")
    separate_arguments(tc_callback_LIBS)
    add_library(tc_callback::static STATIC IMPORTED)
    set_target_properties(tc_callback::static PROPERTIES
        IMPORTED_LOCATION "${tc_callback_STATIC}"
        INTERFACE_INCLUDE_DIRECTORIES "${tc_callback_PREFIX}/include"
        INTERFACE_LINK_LIBRARIES "${tc_callback_LIBS}")
endif()
