"""Which connection each process uses, seen by the server that it calls."""

from __future__ import annotations

import http.server
import json
import multiprocessing
import threading

import pytest

from tc_callback import Client, Product

FORKS = 20
ANSWER = json.dumps(
    {
        "ActionStatus": "OK",
        "ErrorCode": 0,
        "ErrorInfo": "",
        "RequestId": "Id-get",
        "Response": {"Url": "https://example.com/", "CallbackCommandList": ["Any"]},
    }
).encode()


class Api(http.server.BaseHTTPRequestHandler):
    """Plays Tencent's REST API, and remembers from which port which service was asked for."""

    protocol_version = "HTTP/1.1"
    # Head and body go out as one packet.
    wbufsize = -1

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path.split("/")[2], self.client_address[1]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def api():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Api) as server:
        server.daemon_threads = True
        server.seen = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def ask(client: Client, answers) -> None:
    answers.put([client.get_callback(Product.CONFERENCE).url for _ in range(2)])


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="skipped: this system cannot fork")
def test_a_child_never_uses_a_connection_of_its_parent(api):
    context = multiprocessing.get_context("fork")
    endpoint = f"http://127.0.0.1:{api.server_address[1]}"
    client = Client(1400000000, key="a key for tests", endpoint=endpoint, rate_limit=0)
    client.get_callback(Product.CALL)
    for _ in range(FORKS):
        answers = context.SimpleQueue()
        child = context.Process(target=ask, args=(client, answers))
        child.start()
        client.get_callback(Product.CALL)
        child.join(60)
        assert child.exitcode == 0
        assert answers.get() == ["https://example.com/"] * 2

    parent, children = ({port for path, port in api.seen if path == name} for name in ("call_config", "room_config"))
    assert len(children) == FORKS, "each child opens one connection, and keeps it"
    assert len(parent) == 1
    assert parent.isdisjoint(children)
