"""The fixture `tc_emulator`, which pytest finds by itself once this package is installed."""

from __future__ import annotations

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from .testing import Emulator


@pytest.fixture(scope="session")
def tc_emulator() -> Iterator[Emulator]:
    """Tencent's side on this machine, for the whole session: see tc_callback.testing.Emulator."""
    from .testing import Emulator

    with Emulator() as emulator:
        yield emulator
