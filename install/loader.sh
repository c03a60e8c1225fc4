#!/bin/sh
# After an installation: the loader looks up libraries in a list of its own, which has to be made anew. Where that takes another user, or the
# folder is not one of its, says how a program finds the library.
set -eu
libdir=$1
PATH=$PATH:/usr/sbin:/sbin
known=$(ldconfig -v -N 2>/dev/null | sed -n 's/^\(\/[^:]*\):.*/\1/p' | while read -r folder; do readlink -m "$folder"; done) || true
if ! printf '%s\n' "$known" | grep -qxF "$(readlink -m "$libdir")"; then
    echo "The loader does not look in $libdir: link programs with -Wl,-rpath,$libdir, or start them with LD_LIBRARY_PATH=$libdir"
elif ! ldconfig 2>/dev/null; then
    echo "Programs find the library after: sudo ldconfig"
fi
