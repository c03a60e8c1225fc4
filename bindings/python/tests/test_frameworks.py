"""Real servers, real HTTP, events from the emulator's sender."""

from __future__ import annotations

import importlib.util
import threading
import urllib.request

import pytest
from conftest import PATIENCE_S, TOKEN

CREATE = "Room.CallbackAfterCreateRoom"


def needs(*modules: str) -> None:
    for module in modules:
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"skipped: {module} is not installed: pip could not have it")


def loaded(server):
    """A server that listens before it has loaded its application, which may take longer than an event is waited for."""
    text_of(server.url)
    return server


def gunicorn(serve, app: str, *options: str, workers: int = 1):
    needs("gunicorn")
    command = ["-m", "gunicorn", "--bind=127.0.0.1:0", f"--workers={workers}", *options, app]
    return loaded(serve(*command))


def uwsgi(serve, app: str, *options: str, workers: int = 1):
    """A master, which loads the application, and workers that it forks after that."""
    needs("pyuwsgi")
    listen = ("--http-socket=127.0.0.1:0", "--master", f"--processes={workers}", "--need-app", "--die-on-term")
    return loaded(serve("-c", "import pyuwsgi; pyuwsgi.run()", *listen, *options, f"--module={app}"))


def text_of(url: str) -> str:
    with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
        return answer.read().decode()


def takes_events(server, emulator, path: str = "/callback") -> None:
    """An event arrives, a forged one does not, and so with a broken one."""
    to = f"--to={server.url}{path}"
    emulator.trigger(CREATE, to, "--set=RoomInfo.RoomId=r1", token=TOKEN)
    assert server.says("RoomCreated").endswith("RoomCreated r1 https://example.com/before-fork")
    emulator.trigger(CREATE, to, "--bad-sign", "--expect=403", token=TOKEN)
    emulator.trigger(CREATE, to, "--truncate", "--expect=400", token=TOKEN)
    emulator.trigger("Call.CallbackAfterEndCall", to, token=TOKEN)
    server.says("CallEnded")


@pytest.mark.parametrize("options", [(), ("--threads=4",), ("--preload",), ("--preload", "--threads=4")])
def test_flask_under_gunicorn(serve, tc_emulator, options):
    needs("flask")
    server = gunicorn(serve, "flask_app:app", *options)
    takes_events(server, tc_emulator)
    assert text_of(server.url) == "Flask is here"


@pytest.mark.parametrize("options", [(), ("--threads=4",)])
def test_flask_under_uwsgi(serve, tc_emulator, options):
    needs("flask")
    server = uwsgi(serve, "flask_app:app", *options)
    takes_events(server, tc_emulator)
    assert text_of(server.url) == "Flask is here"


@pytest.mark.parametrize(("under", "options"), [(gunicorn, ("--preload",)), (uwsgi, ())])
def test_handles_survive_the_fork_into_several_workers(serve, tc_emulator, monkeypatch, under, options):
    needs("flask")
    monkeypatch.setenv("WORKERS", "3")
    server = under(serve, "flask_app:app", *options, workers=3)
    senders = [
        threading.Thread(
            target=tc_emulator.trigger,
            args=(CREATE, f"--to={server.url}/callback", f"--set=RoomInfo.RoomId=r{n}"),
            kwargs={"token": TOKEN},
        )
        for n in range(3)
    ]
    for sender in senders:
        sender.start()
    lines = [server.says("RoomCreated") for _ in senders]
    for sender in senders:
        sender.join()
    assert len({line.split()[0] for line in lines}) == 3
    assert str(server.process.pid) not in {line.split()[0] for line in lines}
    assert server.end() == 0


def test_django_under_gunicorn_mounted_and_in_a_view(serve, tc_emulator):
    needs("django")
    server = gunicorn(serve, "django_app:application")
    takes_events(server, tc_emulator)
    assert text_of(server.url) == "Django is here"
    tc_emulator.trigger(CREATE, f"--to={server.url}/view", "--set=RoomInfo.RoomId=r2", token=TOKEN)
    server.says("RoomCreated r2")


@pytest.mark.parametrize(
    ("module", "app", "name"),
    [
        ("starlette", "starlette_app:app", "Starlette"),
        ("fastapi", "fastapi_app:app", "FastAPI"),
        ("django", "django_asgi_app:application", "Django"),
    ],
)
def test_asgi_under_uvicorn(serve, tc_emulator, module, app, name):
    needs("uvicorn", module)
    server = serve("-m", "uvicorn", app, "--host=127.0.0.1", "--port=0")
    takes_events(server, tc_emulator)
    assert text_of(server.url).strip('"') == f"{name} is here"
