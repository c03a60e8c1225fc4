"""The package itself: generated, typed, documented, light, and whole in the wheel and the source distribution."""

from __future__ import annotations

import importlib.util
import inspect
import pydoc
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from conftest import PROJECT, ROOT

import tc_callback
from tc_callback import AsyncClient, Client, Event, Receiver, TcCallbackError, aio, asgi, testing, wsgi
from tc_callback._library import NAME

PACKAGE = PROJECT / "src" / "tc_callback"


def run(*command: object, **options: object) -> str:
    line = [sys.executable, *map(str, command)]
    done = subprocess.run(line, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options)
    assert done.returncode == 0, done.stdout
    return done.stdout


def needs(module: str) -> None:
    if importlib.util.find_spec(module) is None:
        pytest.skip(f"skipped: {module} is not installed: pip could not have it")


def test_what_is_generated_is_what_the_header_says():
    run("generate.py", "--check")


def test_every_function_of_the_library_is_declared():
    exported = (ROOT / "abi" / "exports.txt").read_text().split()
    assert sorted(tc_callback._header.FUNCTIONS) == sorted(exported)


@pytest.mark.parametrize("version", ["3.9", "3.13"])
def test_types_are_strict(version):
    needs("mypy")
    run("-m", "mypy", "--strict", "--python-version", version, PACKAGE)


def test_a_users_types_are_checked(tmp_path):
    needs("mypy")
    use = tmp_path / "use.py"
    use.write_text(
        "import tc_callback as tc\n"
        "receiver = tc.Receiver(1)\n"
        "event = receiver.handle('', b'').event\n"
        "reveal_type(event)\n"
        "if isinstance(event, tc.RoomCreated):\n"
        "    reveal_type(event.room)\n"
        "    reveal_type(event.room.room_name)\n"
        "    reveal_type(event.room.create_time)\n"
        "    reveal_type(event.room.room_type)\n"
        "    reveal_type(event.room.schedule_invitee_accounts)\n"
        "if isinstance(event, tc.SeatsChanged):\n"
        "    reveal_type(event.seats.seats)\n"
        "    reveal_type(event.room)\n"
        "event.room.room_name\n"
    )
    line = [sys.executable, "-m", "mypy", "--strict", "--python-version=3.13", str(use)]
    said = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    for prefix in ("builtins.", "tc_callback.events.", "tc_callback."):
        said = said.replace(prefix, "")
    assert re.findall(r'Revealed type is "(.*?)"', said) == [
        "Event | None",
        "payloads.RoomInfo",
        "str | None",
        "datetime.datetime | None",
        "words.RoomType | None",
        "tuple[str, ...]",
        "tuple[payloads.Seat, ...]",
        "payloads.RoomInfo | None",
    ]
    assert 'Item "None" of "Event | None" has no attribute "room"' in said


def test_style():
    needs("ruff")
    run("-m", "ruff", "check", "--quiet", ".")
    run("-m", "ruff", "format", "--quiet", "--check", ".", ROOT / "examples" / "python")


def test_nothing_needs_a_later_python_than_3_9():
    needs("vermin")
    command = [Path(sys.executable).with_name("vermin"), "--no-tips", "--violations", "--target=3.9-", PACKAGE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "module", [tc_callback, tc_callback.client, aio, asgi, wsgi, testing, tc_callback.events, tc_callback.payloads]
)
def test_everything_public_is_documented(module):
    for name in module.__all__:
        thing = getattr(module, name)
        if isinstance(thing, str):
            continue
        assert inspect.getdoc(thing), name
        for attribute, value in vars(thing).items() if inspect.isclass(thing) else ():
            if not attribute.startswith("_") and (callable(value) or isinstance(value, property)):
                assert inspect.getdoc(value), f"{name}.{attribute}"


@pytest.mark.parametrize("thing", [Client, AsyncClient, Receiver, Event, TcCallbackError, wsgi.App, asgi.App, testing.Emulator])
def test_help_reads_well(thing):
    text = pydoc.plain(pydoc.render_doc(thing))
    assert thing.__doc__.splitlines()[0] in text
    assert len(text.splitlines()) > 20


def test_help_says_what_each_attribute_is():
    text = pydoc.plain(pydoc.render_doc(tc_callback.RoomInfo))
    assert "room_name\n |      str or None: `RoomName`" in text
    assert "room_type\n |      RoomType or None: " in text
    assert "create_time\n |      datetime in UTC or None: " in text
    assert "room\n |      RoomInfo: " in pydoc.plain(pydoc.render_doc(tc_callback.RoomCreated))


def test_dir_shows_everything_public_also_what_is_imported_when_it_is_used():
    fresh = "import tc_callback; print(set(tc_callback.__all__) - set(dir(tc_callback)), 'AsyncClient' in dir(tc_callback))"
    assert run("-c", fresh).split() == ["set()", "True"]


def test_importing_loads_nothing_heavy():
    code = "import sys; before = set(sys.modules); import tc_callback; print(*set(sys.modules) - before)"
    loaded = set(
        run("-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(Path(tc_callback.__file__).parent.parent)!r}); {code}").split()
    )
    assert not loaded & {
        "typing",
        "asyncio",
        "datetime",
        "json",
        "logging",
        "dataclasses",
        "inspect",
        "subprocess",
        "threading",
        "pathlib",
    }


@pytest.fixture(scope="module")
def distributions(tmp_path_factory):
    """A source distribution, and a wheel from this tree."""
    needs("build")
    needs("setuptools")
    out = tmp_path_factory.mktemp("dist")
    for kind in ("--sdist", "--wheel"):
        run("-m", "build", "--no-isolation", kind, "--outdir", out)
    return out


def test_the_wheel_is_for_every_python_3_of_this_platform_and_whole(distributions):
    (wheel,) = distributions.glob("*.whl")
    assert re.fullmatch(r"tc_callback-[\d.]+-py3-none-(?!any)\w+\.whl", wheel.name)
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        command = archive.getinfo("tc_callback/bin/tc-callback")
    assert command.external_attr >> 16 & 0o111
    assert {f"tc_callback/{NAME}", "tc_callback/py.typed"} <= names
    assert {f"tc_callback/{file.name}" for file in PACKAGE.glob("*.py")} == {name for name in names if name.endswith(".py")}
    assert len([name for name in names if name.startswith("tc_callback/samples/")]) == 10
    assert not [name for name in names if name.endswith((".rs", ".c", ".h"))]


def test_the_source_distribution_has_all_that_cargo_needs(distributions, tmp_path):
    (source,) = distributions.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        archive.extractall(tmp_path, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    (root,) = tmp_path.iterdir()
    assert (root / "src" / "tc_callback" / "_header.py").is_file()
    assert not [*root.rglob("*.so"), *root.rglob("test_*.py")]
    members = subprocess.run(
        ["cargo", "metadata", "--offline", "--locked", "--no-deps", "--format-version=1"],
        cwd=root / "rust",
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    assert '"name":"tc-callback-cli"' in members
    # What build.rs and include_str! read.
    for file in (
        "build.rs",
        "cbindgen.toml",
        "src/ffi/header.txt",
        "Cargo.lock",
        "tests/fixtures/call/Call.CallbackAfterEndCall.json",
    ):
        assert (root / "rust" / file).is_file(), file
