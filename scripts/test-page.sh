#!/usr/bin/env bash
# The page that `tc-callback emulate` serves, in Debian's Chromium without a window. Ends with pytest's own summary.
# `make build` before it. TC_CALLBACK names another tc-callback; PYTHON another interpreter; arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=${CARGO_TARGET_DIR:-target}/page
wanted=tests/page/requirements.txt

skip() {
    echo "skipped: $1 (tests of the emulator's page)"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
}

"${PYTHON:-python3}" -c 'import sys; sys.exit(sys.version_info < (3, 10))' || skip "Python 3.9 has no Playwright any more"
CHROMIUM=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || skip "Chromium is not installed"
"$CHROMIUM" --version >/dev/null 2>&1 || skip "$CHROMIUM does not start on this machine"
export CHROMIUM
"${PYTHON:-python3}" -c 'import venv, ensurepip' 2>/dev/null || skip "python3 has no venv (Debian: python3-venv)"
scripts/venv.sh "$venv" "$wanted"

export PYTHONDONTWRITEBYTECODE=1
"$venv/bin/pytest" --quiet -p no:cacheprovider tests/page "$@"
