"""Calls that wait, made so that Ctrl-C and other signals take effect while they do."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    Result = TypeVar("Result")

# A wait for a lock cannot be interrupted everywhere.
SLICE_S = 0.1
# The library notices within 50 ms that it is to give up.
GIVING_UP_S = 0.15


def signals_are_handled_here() -> bool:
    """Whether this thread runs the handlers of signals: Python's main thread does, and no other."""
    # Importing this package is to load nothing heavy.
    import threading

    return threading.current_thread() is threading.main_thread()


def interruptible(work: Callable[[], Result], give_up: Callable[[], None]) -> Result:
    """Does work of the main thread that waits inside the library. What the handler of a signal raises meanwhile, such as
    KeyboardInterrupt, is raised at once, and the work is cancelled.

    Python does not run handlers while its main thread is inside the library. So the work is done on a thread of its own.
    """
    import threading

    done = threading.Event()
    results: list[Result] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)
        finally:
            done.set()

    thread = threading.Thread(target=run, name="tc_callback call", daemon=True)
    try:
        try:
            thread.start()
        except RuntimeError:
            if thread.ident is not None:
                raise
            # No more threads can be had, or Python is ending.
            return work()
        while not done.wait(SLICE_S):
            pass
    except BaseException:
        give_up()
        done.wait(GIVING_UP_S)
        raise
    thread.join()
    if errors:
        raise errors[0]
    return results[0]
