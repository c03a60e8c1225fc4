"""What an import adds to the start of an interpreter."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time


def _start(statement: str) -> int:
    begun = time.perf_counter_ns()
    subprocess.run([sys.executable, "-c", statement], check=True)
    return time.perf_counter_ns() - begun


def over_an_empty_start(module: str, seconds: float) -> float:
    """Nanoseconds, the median of starts in turn, at least seven of each."""
    _start(f"import {module}")
    end = time.monotonic() + seconds
    added = []
    while len(added) < 7 or time.monotonic() < end:
        empty = _start("pass")
        added.append(_start(f"import {module}") - empty)
    return statistics.median(added)
