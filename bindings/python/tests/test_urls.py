"""URLs that cannot be right are refused, with the part that is wrong and without a password."""

from __future__ import annotations

import json
import pathlib
import socket
import threading

import pytest

from tc_callback import Client, Product, RefusedError, Status, UsageError, product_commands

ROOT = pathlib.Path(__file__).resolve().parents[3]
FIXTURE = json.loads((ROOT / "tests/fixtures/urls.json").read_text(encoding="utf-8"))


def is_refused(code: Status, url: str, says: str, use) -> None:
    with pytest.raises(UsageError) as raised:
        use()
    assert raised.value.code is code, url
    assert says in str(raised.value), url
    assert "secret" not in str(raised.value) + repr(raised.value), url


@pytest.mark.parametrize("option", ["endpoint", "proxy"])
def test_an_option_that_would_be_another_server_is_refused(option):
    kind = {"endpoint": "endpoints", "proxy": "proxies"}[option]
    for url, says in FIXTURE[kind]:
        is_refused(Status.INVALID_OPTION, url, says, lambda url=url: Client(1, key="k", **{option: url}))
    for port in FIXTURE["ports"]:
        url = f"http://127.0.0.1:{port}"
        is_refused(Status.INVALID_OPTION, url, option, lambda url=url: Client(1, key="k", **{option: url}))


def test_a_callback_url_that_nobody_can_post_to_is_refused():
    with Client(1, key="k", endpoint="http://127.0.0.1:1") as client:
        for url, says in FIXTURE["callbacks"]:
            for write in (client.set_callback, client.ensure_callback):
                arguments = Product.CALL, url, product_commands(Product.CALL)
                is_refused(Status.INVALID_URL, url, says, lambda write=write, arguments=arguments: write(*arguments))


def test_control_characters_of_an_answer_are_escaped_in_the_exception():
    hostile = "a\x1b[31m\r\n\x7f\x9b\0b"
    body = json.dumps({"ErrorCode": 100002, "ErrorInfo": hostile}).encode()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

        thread = threading.Thread(target=answer)
        thread.start()
        client = Client(1, key="k", endpoint=f"http://127.0.0.1:{server.getsockname()[1]}")
        with client, pytest.raises(RefusedError) as raised:
            client.get_callback(Product.CALL)
        thread.join()
    assert r"a\u{1b}[31m\r\n\u{7f}\u{9b}\u{0}b" in str(raised.value)
    assert not any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in str(raised.value))
