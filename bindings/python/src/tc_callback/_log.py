"""The client's log. The functions that C calls live as long as the process, so none can be collected while C may call it."""

from __future__ import annotations

from itertools import count

from ._arguments import wrong_type
from ._header import tc_drop_fn, tc_log_fn
from .words import Level

TYPE_CHECKING = False
if TYPE_CHECKING:
    import logging
    from collections.abc import Callable
    from typing import Any, Union

    Log = Union[Callable[[Level, str], object], logging.Logger]

# What C holds is a number; what it stands for is here until C drops it.
_held: dict[int, Callable[[Level, str], object]] = {}
_numbers = count(1)


def _write(level: int, line: bytes, number: int) -> None:
    _held[number](Level(level), line.decode())


def _drop(number: int) -> None:
    del _held[number]


_write_c = tc_log_fn(_write)
_drop_c = tc_drop_fn(_drop)


def setter_arguments(log: Log) -> tuple[Any, int, Any]:
    """The arguments of tc_client_options_set_log, which must be called with them."""
    if not callable(log) and not hasattr(log, "log"):
        raise wrong_type("log", "a logging.Logger or a function of (Level, str)", log)
    function = log if callable(log) else _of_logger(log)
    number = next(_numbers)
    _held[number] = function
    return _write_c, number, _drop_c


def _of_logger(logger: logging.Logger) -> Callable[[Level, str], None]:
    levels = {Level.WARN: 30, Level.INFO: 20, Level.DEBUG: 10}
    return lambda level, line: logger.log(levels.get(level, 10), "%s", line)
