"""Builds the library and the tc-callback command with cargo and puts them into the package."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

HERE = Path(__file__).resolve().parent
# The Rust sources: in a source distribution they are beside this file.
ROOT = HERE / "rust" if (HERE / "rust").is_dir() else HERE.parent.parent
MANIFEST = (ROOT / "Cargo.toml").read_text("utf-8")
VERSION = re.search(r'^version = "(.*)"', MANIFEST, re.MULTILINE)[1]
NAME = {"darwin": "libtc_callback.dylib", "win32": "tc_callback.dll"}.get(sys.platform, "libtc_callback.so")
COMMAND = "tc-callback.exe" if sys.platform == "win32" else "tc-callback"
SAMPLES = [ROOT / "tests" / "fixtures" / product for product in ("conference", "call")]


def sources() -> list[Path]:
    """What cargo needs: the workspace and its members, and the samples."""
    members = re.findall(r'"(.*?)"', re.search(r"members = \[(.*?)\]", MANIFEST, re.DOTALL)[1])
    names = ["Cargo.toml", "Cargo.lock", "build.rs", "cbindgen.toml", "src", "tests/fixtures", *members]
    return [ROOT / name for name in names if name != "."]


def built(made: str, *arguments: str) -> Path:
    """What `make build` left, if it is newer than the sources; otherwise what cargo makes of them."""
    files = [file for source in sources() for file in (source.rglob("*") if source.is_dir() else [source])]
    if (ROOT / made).exists() and (ROOT / made).stat().st_mtime >= max(file.stat().st_mtime for file in files):
        return ROOT / made
    return next(file for file in reversed(cargo(*arguments)) if file.name == Path(made).name)


def cargo(*arguments: str) -> list[Path]:
    """Builds, and returns the files that came of it."""
    if shutil.which("cargo") is None:
        sys.exit(
            "tc-callback is built with Rust 1.85 or later, and cargo is not found: install it from https://rustup.rs, and try again"
        )
    command = ["cargo", *arguments, "--release", "--locked", "--message-format=json-render-diagnostics"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed in {ROOT}")
    messages = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    artifacts = [message for message in messages if message["reason"] == "compiler-artifact"]
    return [Path(file) for artifact in artifacts for file in artifact["filenames"]]


class Build(build_py):
    """The Python modules, and beside them the library, the command and the samples."""

    def run(self) -> None:
        # What an earlier build left there would go into the wheel.
        shutil.rmtree(self.build_lib, ignore_errors=True)
        super().run()
        package = HERE / "src" / "tc_callback" if self.editable_mode else Path(self.build_lib, "tc_callback")
        (package / "bin").mkdir(parents=True, exist_ok=True)
        (package / "samples").mkdir(exist_ok=True)
        # The command's build would overwrite the library with one that is not optimised as a whole.
        shutil.copy2(built(f"build/lib/{NAME}", "rustc", "--lib", "--crate-type", "cdylib"), package / NAME)
        shutil.copy2(built(f"build/bin/{COMMAND}", "build", "-p", "tc-callback-cli"), package / "bin")
        for file in (file for folder in SAMPLES for file in folder.glob("*.Callback*.json")):
            shutil.copy2(file, package / "samples")


class Wheel(bdist_wheel):
    """One wheel for every Python 3 of a platform: the library is loaded by ctypes."""

    def get_tag(self) -> tuple[str, str, str]:
        return ("py3", "none", super().get_tag()[2])


class Source(sdist):
    """The Rust sources too, so that a wheel can be built from it."""

    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        super().make_release_tree(base_dir, files)
        for source in sources():
            target = Path(base_dir, "rust", source.relative_to(ROOT))
            if source.is_dir():
                shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("target"))
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)


class Platform(Distribution):
    def has_ext_modules(self) -> bool:
        return True


setup(version=VERSION, distclass=Platform, cmdclass={"build_py": Build, "bdist_wheel": Wheel, "sdist": Source})
