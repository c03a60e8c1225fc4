#!/bin/sh
# After an uninstallation: removes folders that hold nothing any more, up to the prefix, but for those that /usr and /usr/local always have.
#
#     install/empty-folders.sh DESTDIR PREFIX FOLDER...
set -eu
destdir=$1 prefix=$2
shift 2
for folder in "$@"; do
    folder=${folder%/}
    while [ -n "$folder" ]; do
        case $folder in
        /usr | /usr/local | /usr/bin | /usr/lib | /usr/include | /usr/share | /usr/share/man) break ;;
        /usr/local/bin | /usr/local/lib | /usr/local/include | /usr/local/share | /usr/local/share/man) break ;;
        esac
        [ ! -d "$destdir$folder" ] || rmdir "$destdir$folder" 2>/dev/null || break
        [ "$folder" != "$prefix" ] || break
        folder=${folder%/*}
    done
done
