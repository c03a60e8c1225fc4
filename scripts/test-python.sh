#!/usr/bin/env bash
# The Python binding: installed into an environment of its own, checked and tested there. Ends with pytest's own summary.
# `make build` before it saves building again. PYTHON names another interpreter; arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
mkdir -p "${CARGO_TARGET_DIR:-target}/python"
# One for each interpreter.
venv=$(cd "${CARGO_TARGET_DIR:-target}/python" && pwd)/$("$python" -c 'import sys; print(sys.implementation.cache_tag)')
wanted=bindings/python/requirements-test.txt

if ! cmp -s "$wanted" "$venv/installed.txt"; then
    "$python" -m venv "$venv"
    # One by one if need be: the tests of what cannot be had are skipped, and say so.
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$wanted" ||
        while read -r requirement; do
            "$venv/bin/pip" install --quiet --disable-pip-version-check "$requirement" || echo "not to be had: $requirement" >&2
        done <"$wanted"
    cp "$wanted" "$venv/installed.txt"
fi
"$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-build-isolation --force-reinstall ./bindings/python

cd bindings/python
export PYTHONDONTWRITEBYTECODE=1
"$venv/bin/pytest" --quiet -p no:cacheprovider "$@"
