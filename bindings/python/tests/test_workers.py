"""Every kind of worker, for real: events arrive once, are answered soon, and none is lost that a handler failed to take.

The ordinary run has one of each server; `pytest -m all_workers` has the whole table, with more events, and prints it."""

from __future__ import annotations

import importlib.util
import signal
import statistics
import time
import urllib.error
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import PATIENCE_S, TOKEN, post

from tc_callback.testing import callback

# By name: the module that is needed, and how it is started.
GUNICORN = ("gunicorn", "-m", "gunicorn", "--bind=127.0.0.1:0", "plain_app:application")
UWSGI = ("pyuwsgi", "-c", "import pyuwsgi; pyuwsgi.run()", "--http-socket=127.0.0.1:0", "--master", "--need-app", "--die-on-term")
UVICORN = ("uvicorn", "-m", "uvicorn", "plain_app:asgi_application", "--host=127.0.0.1")
WORKERS = {
    "gunicorn sync": (*GUNICORN, "--worker-class=sync"),
    "gunicorn sync --preload": (*GUNICORN, "--worker-class=sync", "--preload"),
    "gunicorn gthread": (*GUNICORN, "--worker-class=gthread", "--threads=4"),
    "gunicorn gthread --preload": (*GUNICORN, "--worker-class=gthread", "--threads=4", "--preload"),
    "gunicorn gevent": (*GUNICORN, "--worker-class=gevent"),
    "gunicorn gevent --preload": (*GUNICORN, "--worker-class=gevent", "--preload"),
    "uWSGI --enable-threads": (*UWSGI, "--module=plain_app:application", "--enable-threads"),
    "uWSGI --threads=4": (*UWSGI, "--module=plain_app:application", "--threads=4"),
    "uWSGI": (*UWSGI, "--module=plain_app:application"),
    "uvicorn": (*UVICORN, "--port=0"),
    "uvicorn --workers=2": (*UVICORN, "--port=0", "--workers=2"),
}
# The vendor waits 2 s. An app that waits for its deadline takes 1.5 s for each; a busy machine takes longer than an idle one.
SOON_S = 0.75


def needs(*modules: str) -> None:
    for module in modules:
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"skipped: {module} is not installed: pip could not have it")


def request_for(room: str):
    return callback("Room.CallbackAfterCreateRoom", {"RoomInfo": {"RoomId": room}}, token=TOKEN)


def first_answer(server, request) -> None:
    """A server says where it listens before it does, and before it has loaded its application."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            assert post(server.url, request)[0] == 200
            return
        except urllib.error.URLError:
            assert time.monotonic() < until
            time.sleep(0.05)


def check(serve, folder, monkeypatch, name: str, count: int) -> dict[str, object]:
    """What is said of a worker class in the table."""
    module, *command = WORKERS[name]
    needs(module)
    if "gevent" in name:
        needs("gevent")
    monkeypatch.setenv("FOLDER", str(folder))
    server = serve(*command)

    def send(request) -> tuple[int, float]:
        begun = time.monotonic()
        return post(server.url, request)[0], time.monotonic() - begun

    first_answer(server, request_for("first"))
    rooms = [f"r{index}" for index in range(count)]
    with ThreadPoolExecutor(4) as senders:
        answers = list(senders.map(send, map(request_for, rooms)))
    assert Counter(status for status, _ in answers) == {200: count}

    fails = request_for("fails-1")
    statuses = [send(fails)[0] for _ in range(2)]
    assert statuses == [503, 200]

    late = request_for("late-1")
    assert send(late)[0] == 503
    # Another process would handle a copy.
    is_one_process = "--workers=2" not in command
    until = time.monotonic() + PATIENCE_S
    while is_one_process and send(late)[0] != 200:
        assert time.monotonic() < until, "the handler has ended, and its event still counts as being handled"
        time.sleep(0.2)

    handled = ["first", *rooms, "fails-1", "late-1"]
    for _ in handled:
        server.says("^handled ")
    found = Counter(line.split()[1] for line in server.said if line.startswith("handled "))
    assert found == dict.fromkeys(handled, 1)
    times = sorted(took for _, took in answers)
    assert statistics.median(times) < SOON_S
    # uvicorn ends by the signal that it was sent.
    assert server.end() in (0, -signal.SIGTERM)
    return {
        "events": count,
        "arrived once": len(found) - 3,
        "median ms": round(1000 * statistics.median(times)),
        "slowest ms": round(1000 * times[-1]),
        "fails": " ".join(map(str, statuses)),
        "late": "503, then 200" if is_one_process else "503",
    }


@pytest.mark.parametrize("name", ["gunicorn sync", "gunicorn gevent --preload", "uWSGI --enable-threads", "uvicorn"])
def test_a_worker_hands_each_event_over_once_and_answers_soon(serve, tmp_path, monkeypatch, name):
    check(serve, tmp_path, monkeypatch, name, 80)


def test_uwsgi_without_threads_is_warned_of(serve, tmp_path, monkeypatch):
    needs("pyuwsgi")
    monkeypatch.setenv("FOLDER", str(tmp_path))
    _, *command = WORKERS["uWSGI"]
    server = serve(*command)
    assert "--enable-threads" in server.says("uWSGI runs threads during requests only")
    first_answer(server, request_for("first"))


@pytest.mark.all_workers
@pytest.mark.parametrize("name", WORKERS)
def test_every_kind_of_worker_hands_200_events_over_once_and_answers_soon(serve, tmp_path, monkeypatch, record_property, name):
    record_property("worker", {"worker": name, **check(serve, tmp_path, monkeypatch, name, 200)})
