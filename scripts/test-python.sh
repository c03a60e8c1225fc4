#!/usr/bin/env bash
# The Python binding: installed into an environment of its own, checked and tested there. Ends with pytest's own summary.
# `make build` before it saves building again. PYTHON names another interpreter; arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
skip() {
    echo "skipped: $1 (tests of bindings/python)"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
}
command -v "$python" >/dev/null || skip "no $python"
"$python" -c 'import venv, ensurepip' 2>/dev/null || skip "$python has no venv (Debian: python3-venv)"
mkdir -p "${CARGO_TARGET_DIR:-target}/python"
# One for each interpreter.
venv=$(cd "${CARGO_TARGET_DIR:-target}/python" && pwd)/$("$python" -c 'import sys; print(sys.implementation.cache_tag)')
PYTHON=$python scripts/venv.sh "$venv" bindings/python/requirements-test.txt
"$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-build-isolation --force-reinstall ./bindings/python

cd bindings/python
export PYTHONDONTWRITEBYTECODE=1
"$venv/bin/pytest" --quiet -p no:cacheprovider "$@"
