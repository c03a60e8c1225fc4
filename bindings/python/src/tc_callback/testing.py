"""For your own tests: requests as Tencent sends them, and an emulator of Tencent's side.

    def test_rooms_are_greeted():
        request = callback("Room.CallbackAfterCreateRoom", {"RoomInfo": {"RoomName": "Stand-up"}}, token="a token")
        answer = client.post("/callback", query_string=request.query, data=request.body, headers=request.headers)
        assert answer.status_code == 200

pytest finds the fixture `tc_emulator` by itself once this package is installed:

    def test_callbacks_are_registered(tc_emulator):
        start_my_server(endpoint=tc_emulator.endpoint, key=tc_emulator.key)
        tc_emulator.trigger("Room.CallbackAfterCreateRoom")

and `tc_emulators`, which makes as many as a test needs, with faults:

    def test_a_lost_answer_is_survived(tc_emulators):
        emulator = tc_emulators(drop="20%", fail="room_config/set_callback=100001:30%", seed=7)
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

from . import _command
from ._arguments import encoded, listed, signed, unsigned, wrong_type

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, Union

    Repeatable = Union[str, Iterable[str]]

__all__ = ["Emulator", "SignedRequest", "callback", "sample"]

SDK_APP_ID = 1400000000


class SignedRequest:
    """A request as Tencent sends it: POST `body` with `headers` to your URL and `query`."""

    method = "POST"

    def __init__(self, query: str, body: bytes) -> None:
        self.query = query
        self.body = body
        self.headers = {"Content-Type": "application/json"}


def sample(command: str) -> dict[str, Any]:
    """The vendor's sample of an event, by its command word. KeyError for a word that has none."""
    path = Path(__file__).with_name("samples") / f"{command}.json"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in path.parent.glob("*.json")))
        raise KeyError(f"there is no sample of {command}; there is one of {known}")
    body: dict[str, Any] = json.loads(path.read_bytes())
    return body


def callback(
    command: str,
    changes: Mapping[str, Any] | None = None,
    *,
    token: str | None = None,
    sdk_app_id: int = SDK_APP_ID,
    now_s: int | None = None,
    client_ip: str = "127.0.0.1",
    platform: str = "RESTAPI",
) -> SignedRequest:
    """The vendor's sample of an event with changes, such as {"RoomInfo": {"RoomName": "Stand-up"}}, as a request.

    EventTime is now, unless it is among the changes. With a token the request is signed at `now_s` (seconds since 1970; by
    default now). A command without a sample is sent with the changes alone.
    """
    texts = {"command": command, "client_ip": client_ip, "platform": platform, **({} if token is None else {"token": token})}
    for name, text in texts.items():
        encoded(name, text)
    unsigned("sdk_app_id", sdk_app_id, 32)
    now = int(time.time()) if now_s is None else signed("now_s", now_s)
    try:
        body = sample(command)
    except KeyError:
        body = {"CallbackCommand": command}
    body["EventTime"] = now * 1000
    if changes is not None:
        if not isinstance(changes, Mapping):
            raise wrong_type("changes", "a dict", changes)
        _merge(body, changes)
    query = {
        "SdkAppid": str(sdk_app_id),
        "CallbackCommand": command,
        "contenttype": "json",
        "ClientIP": client_ip,
        "OptPlatform": platform,
    }
    if token is not None:
        query["Sign"] = hashlib.sha256(f"{token}{now}".encode()).hexdigest()
        query["RequestTime"] = str(now)
    return SignedRequest(urlencode(query), json.dumps(body).encode())


def _merge(target: dict[str, Any], changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        if isinstance(value, dict) and isinstance(target.get(name), dict):
            _merge(target[name], value)
        else:
            target[name] = value


class Emulator:
    """Tencent's side on this machine: the REST API at `endpoint`, for `sdk_app_id` with `key`, and the sender of events.

        with Emulator() as emulator:
            client = Client(emulator.sdk_app_id, key=emulator.key, endpoint=emulator.endpoint)

    Faults are written as for `tc-callback emulate`, and each can be several, or for one API only:

    - fail="100001:10%" refuses 10 % of the requests with an error code; fail="room_config/set_callback=100001:10%" of one API
    - latency="50ms..2s" answers later; the request is carried out at once
    - drop="5%" carries the request out, and closes the connection without an answer; drop_before="5%" without carrying it out
    - http="502:10%" answers with a proxy's HTML page

    With a seed the n-th request meets the same faults every time. A state file keeps the configurations after its end.

    The command is the one that is installed with this package; the environment variable TC_CALLBACK_CLI names another.
    """

    endpoint: str
    """Base URL of the REST API."""

    def __init__(
        self,
        *,
        sdk_app_id: int = SDK_APP_ID,
        key: str | None = None,
        rate_limit: int = 200,
        fail: Repeatable = (),
        latency: Repeatable = (),
        drop: Repeatable = (),
        drop_before: Repeatable = (),
        http: Repeatable = (),
        seed: int | None = None,
        state: str | os.PathLike[str] | None = None,
    ) -> None:
        self.sdk_app_id = sdk_app_id
        self.key = secrets.token_hex(32) if key is None else key
        command = [_command.find(), "--color=never", "emulate", "--quiet", "--listen=127.0.0.1:0"]
        command += [f"--sdk-app-id={sdk_app_id}", f"--rate-limit={rate_limit}"]
        faults = {"fail": fail, "latency": latency, "drop": drop, "drop-before": drop_before, "http": http}
        for option, values in faults.items():
            command += [f"--{option}={value}" for value in ([values] if isinstance(values, str) else listed(f"{option}s", values))]
        if seed is not None:
            command.append(f"--seed={seed}")
        if state is not None:
            command.append(f"--state={os.fspath(state)}")
        environment = {**os.environ, "TC_SECRET_KEY": self.key}
        self._process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert self._process.stdout is not None
        first = self._process.stdout.readline()
        if "http://" not in first:
            self.close()
            raise RuntimeError(f"the emulator did not start: {first.strip()}")
        self.endpoint = first.split()[-1]

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which the tc-callback command and the examples find it: TC_ENDPOINT, TC_SDK_APP_ID, TC_SECRET_KEY."""
        return {"TC_ENDPOINT": self.endpoint, "TC_SDK_APP_ID": str(self.sdk_app_id), "TC_SECRET_KEY": self.key}

    def trigger(self, command: str, *options: str, token: str | None = None) -> str:
        """Posts an event to the URL that is registered for it (or to that of the option "--to=http://..."), and returns what
        `tc-callback trigger` says about the answer; it has these options: "--set=RoomInfo.RoomName=Stand-up" and more.

        AssertionError if the answer is not what Tencent asks for: HTTP 200 with ActionStatus OK within 2 seconds, or what the
        option "--expect=403" names.
        """
        environment = {name: value for name, value in os.environ.items() if name != "TC_TOKEN"}
        environment.update(self.environment)
        if token is not None:
            environment["TC_TOKEN"] = token
        line = [_command.find(), "--color=never", "trigger", command, *options]
        done = subprocess.run(line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(line[1:])}:\n{done.stdout}")
        return done.stdout

    def close(self) -> None:
        """Ends it."""
        self._process.terminate()
        self._process.communicate()

    def __enter__(self) -> Emulator:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()
