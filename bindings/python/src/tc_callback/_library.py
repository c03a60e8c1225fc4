"""Finds the library, loads it, and says in a sentence what is wrong if that fails."""

from __future__ import annotations

import os
import sys
from ctypes import CDLL

from ._header import FUNCTIONS, TC_ABI_VERSION, TC_VERSION_STRING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

IS_CPYTHON = sys.implementation.name == "cpython"
VARIABLE = "TC_CALLBACK_LIBRARY"
NAMES = {"darwin": "libtc_callback.dylib", "win32": "tc_callback.dll"}
NAME = NAMES.get(sys.platform, "libtc_callback.so")
BUNDLED = os.path.join(os.path.dirname(os.path.abspath(__file__)), NAME)
# What the loader searches for: on Linux the name of the ABI, which a distribution installs without its development files.
SONAME = f"{NAME}.{TC_ABI_VERSION}" if NAME.endswith(".so") else NAME
# e_machine of ELF, and how platform.machine() calls it.
MACHINES = {3: "i386", 22: "s390x", 21: "ppc64le", 40: "arm", 62: "x86_64", 183: "aarch64", 243: "riscv64", 258: "loongarch64"}


class LibraryError(ImportError):
    """The library could not be loaded; the message has every path that was tried, and what to do."""


def load() -> CDLL:
    """The library that TC_CALLBACK_LIBRARY names; without that the one in this package, then what the system's loader finds."""
    chosen = os.environ.get(VARIABLE)
    tried = []
    for path in [chosen] if chosen else [BUNDLED, SONAME]:
        try:
            library = CDLL(path)
        except OSError as error:
            tried.append(f"  {path}: {_reason(path, error)}")
            continue
        return _checked(library, path)
    advice = (
        f"Point {VARIABLE} at a {NAME} for this machine, or unset it to use the one that is installed with this package."
        if chosen
        else "Install this package again on this machine (`pip install --force-reinstall tc-callback`; from the source, "
        f"`pip install ./bindings/python`), or set {VARIABLE} to the path of a {NAME}."
    )
    raise LibraryError("tc_callback cannot load its library. Tried:\n" + "\n".join(tried) + "\n" + advice)


def _reason(path: str, error: OSError) -> str:
    try:
        with open(path, "rb") as file:
            start = file.read(20)
    except FileNotFoundError:
        return "no such file" if os.path.dirname(path) else "not found by the system's loader"
    except OSError as failure:
        return failure.strerror or str(failure)
    import platform

    machine = platform.machine()
    if start[:4] == b"\x7fELF":
        found = MACHINES.get(int.from_bytes(start[18:20], "little" if start[5] == 1 else "big"), "another processor")
        if found != machine and machine in MACHINES.values():
            return f"wrong architecture: it was built for {found}, and this Python runs on {machine}"
    return str(error)


def _checked(library: CDLL, path: str) -> CDLL:
    try:
        abi = library.tc_abi_version()
    except AttributeError:
        raise LibraryError(f"{path} is not the library of tc-callback: it has no function tc_abi_version.") from None
    library.tc_version.restype = FUNCTIONS["tc_version"][0]
    version = library.tc_version().decode()
    if abi != TC_ABI_VERSION:
        raise LibraryError(
            f"ABI mismatch: {path} (version {version}) has ABI {abi}, and this package (version {TC_VERSION_STRING}) needs "
            f"ABI {TC_ABI_VERSION}. Install the package and the library in the same version, or unset {VARIABLE} to use "
            "the library that is installed with the package."
        )
    for name, (result, parameters) in FUNCTIONS.items():
        try:
            function = getattr(library, name)
        except AttributeError:
            raise LibraryError(
                f"{path} (version {version}) is older than this package (version {TC_VERSION_STRING}): it has no function "
                f"{name}. Install a library of version {TC_VERSION_STRING} or later."
            ) from None
        function.restype = result
        function.argtypes = parameters
    return library


library = load()

# Up to so many bytes of query and body are parsed in microseconds, for which other threads need not be let in.
QUICK_BYTES = 16 << 10


def without_letting_others_in(name: str, result: Any, parameters: list[Any] | None = None) -> Any:
    """A function of the library for which other threads are not let in, since it is quick or makes objects. Without types of its
    parameters, which take longer than all else in a short call, lengths go in as C's int."""
    if not IS_CPYTHON:
        return getattr(library, name)
    from ctypes import PyDLL

    function: Any = PyDLL(None, handle=library._handle)[name]
    function.restype = result
    if parameters is not None:
        function.argtypes = parameters
    return function
