"""Worker of `make bench` for Python: worker.py BODIES_FOLDER [SERVER_HOST:PORT]

Wants the package tc_callback and requirements.txt. ../src/worker.rs has the protocol.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import families
import requests
import startup
import TLSSigAPIv2
from checksum import fold, fold_text

SDK_APP_ID = 1400000000
KEY = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e"
EXPIRE_S = 86400


@dataclass
class Candidate:
    """One who runs in a row. `run` takes seconds and gives nanoseconds per operation."""

    name: str
    row: str
    run: Callable[[float], float]
    checksum: int = 0


def repeated(operation: Callable[[], object], count: int = 1, clock: Callable[[], int] = time.perf_counter_ns):
    """Runs an operation, which counts for so many, for about so long."""

    def run(seconds: float) -> float:
        end = time.monotonic() + seconds
        begun, done = clock(), 0
        while time.monotonic() < end:
            operation()
            done += count
        return (clock() - begun) / done

    return run


def parsers(folder: Path) -> list[Candidate]:
    found = []
    for row, candidate, read in families.readers():
        bodies = families.bodies(folder, row)

        def operation(read=read, bodies=bodies) -> None:
            for body in bodies:
                read(body)

        checksum = families.checksum(map(read, bodies))
        found.append(Candidate(candidate, f"python/{row}", repeated(operation, len(bodies)), checksum))
    return found


def signer() -> Candidate:
    """Tencent's own library."""
    sign = TLSSigAPIv2.TLSSigAPIv2(SDK_APP_ID, KEY).gen_sig
    identifiers = [f"user_{index}" for index in range(64)]
    return Candidate("tencent-python", "usersig/fresh", repeated(lambda: [sign(one, EXPIRE_S) for one in identifiers], 64))


def requester(server: str) -> Candidate:
    """get_callback over a connection that is kept open, with a UserSig that was signed before."""
    usersig = TLSSigAPIv2.TLSSigAPIv2(SDK_APP_ID, KEY).gen_sig("administrator", EXPIRE_S)
    session = requests.Session()
    session.headers["Content-Type"] = "application/json"
    parameters = {"sdkappid": SDK_APP_ID, "identifier": "administrator", "usersig": usersig, "contenttype": "json"}

    def request() -> int:
        url = f"http://{server}/v4/room_config/get_callback"
        answer = session.post(url, params={**parameters, "random": time.monotonic_ns() & 0xFFFFFFFF}, data="{}", timeout=10)
        answer.raise_for_status()
        config = answer.json()
        if config["ErrorCode"] != 0:
            raise ValueError(answer.text)
        texts = config["Response"]["CallbackCommandList"]
        hashed = fold(fold_text(0, config["Response"]["Url"]), len(texts))
        for text in texts:
            hashed = fold_text(hashed, text)
        return hashed

    return Candidate("requests", "rest/cpu-1", repeated(request, clock=time.thread_time_ns), request())


def importers() -> list[Candidate]:
    return [
        Candidate(module, "import/python", lambda seconds, module=module: startup.over_an_empty_start(module, seconds))
        for module in ("tc_callback", "requests")
    ]


def candidates(folder: Path, server: str | None) -> dict[tuple[str, str], Candidate]:
    found = [*parsers(folder), signer(), *importers(), *([requester(server)] if server else [])]
    return {(one.name, one.row): one for one in found}


def answer(runs: dict[tuple[str, str], Candidate], line: str) -> str:
    try:
        _, name, row, milliseconds = line.split()
        candidate = runs[name, row]
        return f"{candidate.run(int(milliseconds) / 1000):.1f} {candidate.checksum}"
    except Exception as error:
        return f"error {line.strip()}: {type(error).__name__}: {error}".replace("\n", " ")


def main() -> None:
    try:
        runs = candidates(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
    except Exception as error:
        print(f"error {type(error).__name__}: {error}".replace("\n", " "), flush=True)
        raise SystemExit(1) from error
    for name, row in runs:
        print("has", name, row)
    print("ready", flush=True)
    for line in sys.stdin:
        print(answer(runs, line), flush=True)


if __name__ == "__main__":
    main()
