"""The tc-callback command that is installed with this package."""

from __future__ import annotations

import os
import sys

VARIABLE = "TC_CALLBACK_CLI"
BUNDLED = os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "bin", "tc-callback" + (".exe" if sys.platform == "win32" else "")
)


def find() -> str:
    """Its path: what TC_CALLBACK_CLI names, the one in this package, without that the one in this package."""
    chosen = os.environ.get(VARIABLE)
    path = chosen or BUNDLED
    if os.access(path, os.X_OK):
        return path
    raise FileNotFoundError(
        f"the tc-callback command is not at {path}. Set {VARIABLE} to its path, or unset it and install this package again"
    )


def main() -> None:
    """Runs it in place of this process."""
    os.execv(find(), ["tc-callback", *sys.argv[1:]])
