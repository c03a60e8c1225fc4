"""What a newcomer reads when the library cannot be loaded."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import tc_callback
from tc_callback._header import TC_ABI_VERSION
from tc_callback._library import BUNDLED, MACHINES, NAME, SONAME

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="skipped: these libraries are made for Linux")


def importing(package: Path | None = None, **environment: str) -> str:
    """The last line but the advice of the traceback, or "ok"."""
    path = {"PYTHONPATH": str(package.parent)} if package else {}
    code = "import tc_callback; print('ok', tc_callback._library.library._name)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **path, **environment},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or done.stderr.partition("LibraryError: ")[2].strip()


@pytest.fixture
def package(tmp_path):
    """A copy of the package without its library."""
    return shutil.copytree(Path(tc_callback.__file__).parent, tmp_path / "tc_callback", ignore=shutil.ignore_patterns(NAME))


def a_library(path: Path, *functions: str) -> str:
    """A library that has these functions only."""
    path.with_suffix(".c").write_text("\n".join(functions))
    subprocess.run(["cc", "-shared", "-fPIC", "-o", path, path.with_suffix(".c")], check=True)
    return str(path)


def test_the_bundled_library_is_loaded():
    assert importing() == f"ok {BUNDLED}"


def test_a_variable_names_another_library(tmp_path):
    other = shutil.copy(BUNDLED, tmp_path / "other.so")
    assert importing(TC_CALLBACK_LIBRARY=str(other)) == f"ok {other}"


def test_without_a_bundled_library_the_loader_searches(package, tmp_path):
    shutil.copy(BUNDLED, tmp_path / SONAME)
    assert importing(package, LD_LIBRARY_PATH=str(tmp_path)) == f"ok {SONAME}"


def test_a_library_that_is_not_found_names_every_path_tried(package):
    assert importing(package).splitlines() == [
        "tc_callback cannot load its library. Tried:",
        f"  {package / NAME}: no such file",
        f"  {SONAME}: not found by the system's loader",
        "Install this package again on this machine (`pip install --force-reinstall tc-callback`; from the source, "
        f"`pip install ./bindings/python`), or set TC_CALLBACK_LIBRARY to the path of a {NAME}.",
    ]


def test_a_variable_that_points_nowhere_is_the_only_path_tried(tmp_path):
    missing = str(tmp_path / "missing.so")
    assert importing(TC_CALLBACK_LIBRARY=missing).splitlines() == [
        "tc_callback cannot load its library. Tried:",
        f"  {missing}: no such file",
        f"Point TC_CALLBACK_LIBRARY at a {NAME} for this machine, or unset it to use the one that is installed with this package.",
    ]


@pytest.mark.skipif(platform.machine() not in MACHINES.values(), reason="skipped: an architecture that ELF's table here lacks")
def test_a_library_for_another_processor_names_both(tmp_path):
    foreign, name = next(one for one in {183: "aarch64", 62: "x86_64"}.items() if one[1] != platform.machine())
    image = bytearray(Path(BUNDLED).read_bytes())
    image[18:20] = foreign.to_bytes(2, "little")
    path = tmp_path / NAME
    path.write_bytes(image)
    expected = f"  {path}: wrong architecture: it was built for {name}, and this Python runs on {platform.machine()}"
    assert importing(TC_CALLBACK_LIBRARY=str(path)).splitlines()[1] == expected


def test_a_file_that_is_no_library_is_told_in_the_loaders_words(tmp_path):
    path = tmp_path / NAME
    path.write_text("not a library" * 100)
    assert "invalid ELF header" in importing(TC_CALLBACK_LIBRARY=str(path))


def test_an_abi_mismatch_names_both_versions(tmp_path):
    abi = TC_ABI_VERSION + 1
    functions = f"unsigned tc_abi_version(void) {{ return {abi}; }}", 'const char *tc_version(void) { return "9.8.7"; }'
    path = a_library(tmp_path / NAME, *functions)
    assert importing(TC_CALLBACK_LIBRARY=path) == (
        f"ABI mismatch: {path} (version 9.8.7) has ABI {abi}, and this package (version {tc_callback.__version__}) needs "
        f"ABI {TC_ABI_VERSION}. Install the package and the library in the same version, or unset TC_CALLBACK_LIBRARY to use "
        "the library that is installed with the package."
    )


def test_an_older_library_names_what_it_lacks(tmp_path):
    functions = f"unsigned tc_abi_version(void) {{ return {TC_ABI_VERSION}; }}", 'const char *tc_version(void) { return "0.0.9"; }'
    path = a_library(tmp_path / NAME, *functions)
    assert f"{path} (version 0.0.9) is older than this package" in importing(TC_CALLBACK_LIBRARY=path)


def test_another_library_is_told_apart(tmp_path):
    path = a_library(tmp_path / NAME, "int nothing;")
    assert importing(TC_CALLBACK_LIBRARY=path) == f"{path} is not the library of tc-callback: it has no function tc_abi_version."
