"""What the tests share: servers that really listen, and a small HTTP client."""

from __future__ import annotations

import json
import os
import queue
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tc_callback.testing import Emulator, SignedRequest

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
ROOT = PROJECT.parent.parent
TOKEN = "a token for tests"
PATIENCE_S = 60
# What is refused as a key or a token, and what is taken.
SECRETS = json.loads((ROOT / "tests" / "fixtures" / "secrets.json").read_bytes())

collect_ignore = ["test_match.py"] if sys.version_info < (3, 10) else []


class Server:
    """A server in a process of its own, with everything that it prints."""

    def __init__(self, command: list[str], environment: dict[str, str], cwd: Path = HERE / "apps") -> None:
        self.process = subprocess.Popen(
            command,
            cwd=cwd,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        # uWSGI says "bound to TCP address 127.0.0.1:1234".
        address = re.search(r"127\.0\.0\.1:\d+", self.says(r"(?i)(listening|running) (on|at:?) http://|bound to tcp address"))[0]
        self.url = f"http://{address}"

    def _read(self) -> None:
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def says(self, pattern: str) -> str:
        """Waits for a line in which this is found."""
        while True:
            line = self._lines.get(timeout=PATIENCE_S)
            assert line is not None, f"it ended without saying {pattern!r}:\n" + "\n".join(self.said)
            self.said.append(line)
            if re.search(pattern, line):
                return line

    def end(self) -> int:
        self.process.terminate()
        try:
            return self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


@pytest.fixture
def serve(tc_emulator: Emulator):
    """Starts servers that know the emulator and the token."""
    servers: list[Server] = []

    def start(*command: str, **options: object) -> Server:
        environment = {**tc_emulator.environment, "TC_TOKEN": TOKEN}
        server = Server([sys.executable, *command], environment, **options)
        servers.append(server)
        return server

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.end()


def post(url: str, request: SignedRequest, method: str = "POST") -> tuple[int, bytes]:
    """Status and body of the answer."""
    sent = urllib.request.Request(f"{url}?{request.query}", request.body, request.headers, method=method)
    try:
        with urllib.request.urlopen(sent, timeout=PATIENCE_S) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def pytest_terminal_summary(terminalreporter) -> None:
    passed = [report for report in terminalreporter.stats.get("passed", []) if "test_vectors.py" in report.nodeid]
    terminalreporter.write_line(f"{len(passed)} vectors")
    rows = [
        value for report in terminalreporter.stats.get("passed", []) for name, value in report.user_properties if name == "worker"
    ]
    if rows:
        terminalreporter.write_line("| " + " | ".join(rows[0]) + " |")
        terminalreporter.write_line("|---" * len(rows[0]) + "|")
    for row in rows:
        terminalreporter.write_line("| " + " | ".join(map(str, row.values())) + " |")
    for name in collect_ignore:
        terminalreporter.write_line(f"skipped: {name}: Python 3.9 has no match statement")
