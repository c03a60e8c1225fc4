"""The fixtures `tc_emulator` and `tc_emulators`, which pytest finds by itself once this package is installed."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from .testing import Emulator


@pytest.fixture(scope="session")
def tc_emulator() -> Iterator[Emulator]:
    """Tencent's side on this machine, for the whole session: see tc_callback.testing.Emulator."""
    from .testing import Emulator

    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def tc_emulators() -> Iterator[Callable[..., Emulator]]:
    """Makes emulators that end with the test: tc_emulators(fail="100001:10%", seed=7). See tc_callback.testing.Emulator."""
    from .testing import Emulator

    with ExitStack() as running:

        def start(**options: Any) -> Emulator:
            return running.enter_context(Emulator(**options))

        yield start
