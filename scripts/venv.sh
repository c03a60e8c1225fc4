#!/bin/sh
# A Python environment with exactly what a file pins; made anew when the file has changed.
#
#     scripts/venv.sh FOLDER REQUIREMENTS.txt      PYTHON is another interpreter
set -eu
folder=$1 wanted=$2 python=${PYTHON:-python3}
! cmp -s "$wanted" "$folder/installed.txt" || exit 0
"$python" -m venv --clear "$folder"
install() { "$folder/bin/pip" install --quiet --disable-pip-version-check --require-hashes --no-build-isolation -r "$1"; }
# What comes as sources is built with the setuptools that is pinned, which has to be there first.
sed -n '/^setuptools==/,/[^\\]$/p' "$wanted" >"$folder/setuptools.txt"
[ ! -s "$folder/setuptools.txt" ] || install "$folder/setuptools.txt"
install "$wanted"
cp "$wanted" "$folder/installed.txt"
