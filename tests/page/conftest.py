"""An emulator, a server that it sends events to, and the page in a browser without a window."""

import json
import os
import shutil
import socket
import subprocess
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
COMMAND = os.environ.get("TC_CALLBACK", str(ROOT / "build/bin/tc-callback"))
APP = 1400000000
KEY = "the key of these tests"
TOKEN = "the token of these tests"
ENTER = "Room.CallbackAfterMemberEnter"
RIGHT = '{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}'
WRONG = '{"ActionStatus":"FAIL","ErrorInfo":"<b>no</b>","ErrorCode":1}'


class Host:
    """A server that keeps what it receives; `reply` answers a body with a status and a body."""

    def __init__(self):
        self.received = []
        self.reply = lambda body: (200, RIGHT)
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                host.received.append((self.path, body))
                status, reply = host.reply(body)
                if not status:
                    self.close_connection = True
                    return
                self.send_response(status)
                self.end_headers()
                self.wfile.write(reply.encode())

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/callback"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


class Emulator:
    """`tc-callback emulate`, and the other subcommands for it."""

    def __init__(self, *arguments, listen="127.0.0.1:0"):
        self.environment = {**os.environ, "TC_SECRET_KEY": KEY, "TC_TOKEN": TOKEN}
        self.process = subprocess.Popen(
            [COMMAND, "emulate", "--listen", listen, *arguments], env=self.environment, stdout=subprocess.PIPE, text=True
        )
        self.url = self.process.stdout.readline().split()[-1]
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        self.environment |= {"TC_ENDPOINT": self.url, "TC_SDK_APP_ID": str(APP)}

    def run(self, *arguments):
        return subprocess.run([COMMAND, *arguments], env=self.environment, capture_output=True, text=True)

    def register(self, host, product="conference"):
        assert self.run("config", "ensure", product, "--all", "--url", host.url).returncode == 0

    def post(self, path, content):
        request = urllib.request.Request(
            f"{self.url}/inspector/{path}", json.dumps(content).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request) as response:
            return json.loads(response.read() or "null")

    def send(self, body="{}", command=ENTER, **more):
        return self.post("trigger", {"sdk_app_id": APP, "command": command, "body": body, "sign": "token", **more})

    def end(self):
        self.process.terminate()
        self.process.wait()


class Proxy:
    """Stands between the browser and the emulator, and can cut every connection."""

    def __init__(self, url):
        self.target = ("127.0.0.1", int(url.rsplit(":", 1)[1]))
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.open = []
        self.is_open = True
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            client, _ = self.listener.accept()
            if not self.is_open:
                client.close()
                continue
            server = socket.create_connection(self.target)
            self.open += [client, server]
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._copy, args=(source, sink), daemon=True).start()

    @staticmethod
    def _copy(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass

    def cut(self):
        self.is_open = False
        for connection in self.open:
            connection.shutdown(socket.SHUT_RDWR)
        self.open.clear()


@pytest.fixture
def host():
    host = Host()
    yield host
    host.server.shutdown()


@pytest.fixture
def emulator():
    emulator = Emulator()
    yield emulator
    emulator.end()


@pytest.fixture(scope="session")
def tab():
    """One tab for all tests: a new one for each takes longer than most of them."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    arguments = ["--disable-dev-shm-usage"] + (["--no-sandbox"] if os.geteuid() == 0 else [])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
        tab = context.new_page()
        tab.set_default_timeout(10_000)
        expect.set_options(timeout=10_000)
        yield tab
        browser.close()


@pytest.fixture
def open_page(tab, emulator):
    """Opens the page. At the end nothing may have been asked of another host, and no error may have shown in the console."""
    asked, errors = set(), []
    listeners = {
        "request": lambda request: asked.add(request.url.split("/")[2]),
        "pageerror": lambda error: errors.append(str(error)),
        "console": lambda message: message.type == "error" and errors.append(message.text),
    }

    def open_page(path="/", *, width=1280, height=800, theme="light", url=emulator.url) -> Page:
        tab.set_viewport_size({"width": width, "height": height})
        tab.emulate_media(color_scheme=theme, reduced_motion="reduce")
        for event, listener in listeners.items():
            tab.on(event, listener)
        asked.add(url.split("/")[2])
        tab.goto(url + path)
        tab.locator("#connection", has_text="Live").wait_for()
        return tab

    yield open_page
    tab.goto("about:blank")
    for event, listener in listeners.items():
        tab.remove_listener(event, listener)
    assert len(asked) == 1, f"asked of other hosts: {asked}"
    # What the browser itself says of a connection that was cut and of a request that was refused.
    assert [error for error in errors if "Failed to load resource" not in error] == []
