#!/usr/bin/env bash
# What takes minutes, or other ecosystems, and so is not in `make test`. Run by `make test-all`; ONLY="native …" names parts.
# Each part is a script of scripts/test-all, whose last line is "N passed, N failed, N skipped": to add one, add a file. Together they may
# take 40 minutes on two cores.
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/suite.sh

parts=("$@")
[ $# -gt 0 ] || mapfile -t parts < <(basename -s .sh scripts/test-all/*.sh)
start_ticker
for part in "${parts[@]}"; do script "scripts/test-all/$part.sh"; done
summary
