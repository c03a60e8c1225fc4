"""What is wrong with an argument is said by its name, before anything else happens."""

from __future__ import annotations

import inspect

import pytest
from test_usersig import KEY

import tc_callback
from tc_callback import AsyncClient, Client, Product, Receiver, UsageError, sign_private_map_key, sign_usersig, verify_usersig
from tc_callback.testing import callback

REQUEST = callback("Room.CallbackAfterCreateRoom")
LONE = "\ud800"
PARSED = {"CallbackCommand": "Room.CallbackAfterCreateRoom"}


class Calls:
    """Every function of the package with arguments that are right, by name, so that each can be made wrong on its own."""

    @staticmethod
    def receiver(sdk_app_id=1, **options):
        return Receiver(sdk_app_id, **options)

    @staticmethod
    def handle(query=REQUEST.query, body=REQUEST.body, now_s=None):
        return Receiver(1400000000).handle(query, body, now_s=now_s)

    @staticmethod
    def parse_event(query=REQUEST.query, body=REQUEST.body):
        return tc_callback.parse_event(query, body)

    @staticmethod
    def json(pointer=""):
        return tc_callback.parse_event("", REQUEST.body).json(pointer)

    @staticmethod
    def sign_usersig(sdk_app_id=1, key=KEY, identifier="ann", expire_s=60, now_s=1000, userbuf=b""):
        return sign_usersig(sdk_app_id, key, identifier, expire_s=expire_s, now_s=now_s, userbuf=userbuf)

    @staticmethod
    def sign_private_map_key(sdk_app_id=1, key=KEY, identifier="ann", room=7, privileges=255, expire_s=60, now_s=1000):
        return sign_private_map_key(sdk_app_id, key, identifier, room, privileges, expire_s=expire_s, now_s=now_s)

    @staticmethod
    def verify_usersig(sdk_app_id=1, key=KEY, usersig=None, identifier="ann", now_s=1000):
        usersig = sign_usersig(1, KEY, "ann", now_s=1000) if usersig is None else usersig
        return verify_usersig(sdk_app_id, key, usersig, identifier=identifier, now_s=now_s)

    @staticmethod
    def client(sdk_app_id=1, key=KEY, **options):
        return Client(sdk_app_id, key=key, **options)

    @staticmethod
    def with_timeout_ms(timeout_ms=1):
        return Client(1, key=KEY).with_timeout_ms(timeout_ms)

    @staticmethod
    def with_cancel(cancel=None):
        return Client(1, key=KEY).with_cancel(cancel or tc_callback.Cancel())

    @staticmethod
    def set_callback(product=Product.CALL, url="http://127.0.0.1", commands=("Call.CallbackAfterEndCall",)):
        return Client(1, key=KEY, endpoint="http://127.0.0.1:1", attempts=1).set_callback(product, url, commands)

    @staticmethod
    def get_callback(product=Product.CALL):
        return Client(1, key=KEY, endpoint="http://127.0.0.1:1", attempts=1).get_callback(product)

    @staticmethod
    def product_commands(product=Product.CALL):
        return tc_callback.product_commands(product)

    @staticmethod
    def callback(command="Room.CallbackAfterCreateRoom", changes=None, **options):
        return callback(command, changes, **options)


STRINGS = {
    "json": ["pointer"],
    "sign_usersig": ["key", "identifier"],
    "sign_private_map_key": ["key", "identifier"],
    "verify_usersig": ["key", "usersig", "identifier"],
    "client": ["key", "usersig", "administrator", "endpoint", "ca_file", "crl_file", "proxy", "user_agent"],
    "set_callback": ["url"],
    "callback": ["command", "token", "client_ip", "platform"],
}
UNSIGNED = {
    "receiver": ["sdk_app_id", "sign_tolerance_s", "max_body_bytes", "max_depth", "max_elements"],
    "sign_usersig": ["sdk_app_id"],
    "sign_private_map_key": ["sdk_app_id", "room", "privileges"],
    "verify_usersig": ["sdk_app_id"],
    "client": ["sdk_app_id", "connect_timeout_ms", "timeout_ms", "attempts", "rate_limit", "usersig_lifetime_s"],
    "with_timeout_ms": ["timeout_ms"],
    "callback": ["sdk_app_id"],
}
SIGNED = {
    "handle": ["now_s"],
    "sign_usersig": ["expire_s", "now_s"],
    "sign_private_map_key": ["expire_s", "now_s"],
    "verify_usersig": ["now_s"],
    "callback": ["now_s"],
}
PRODUCTS = {"set_callback": ["product"], "get_callback": ["product"], "product_commands": ["product"]}


def of(table: dict[str, list[str]]):
    return pytest.mark.parametrize(("call", "name"), [(call, name) for call, names in table.items() for name in names])


@pytest.mark.parametrize("call", [name for name in vars(Calls) if not name.startswith("_")])
def test_the_arguments_that_are_made_wrong_here_are_right_before(call):
    try:
        getattr(Calls, call)()
    except tc_callback.UnreachableError:
        # Nobody listens there.
        assert call in ("set_callback", "get_callback")


@of(STRINGS)
@pytest.mark.parametrize("value", [7, b"bytes", ["list"], True, 1.5])
def test_a_string_of_another_type_is_refused_by_its_name(call, name, value):
    with pytest.raises(TypeError, match=f"^{name} must be a str, not {type(value).__name__}"):
        getattr(Calls, call)(**{name: value})


@of(STRINGS)
def test_a_lone_surrogate_is_refused_by_the_name_of_its_string(call, name):
    with pytest.raises(UsageError, match=f"^{name} is not Unicode text: it holds a lone surrogate$"):
        getattr(Calls, call)(**{name: f"a{LONE}"})


@of(STRINGS)
def test_a_nul_is_refused_by_the_name_of_its_string(call, name):
    with pytest.raises(UsageError, match=f"^{name} holds a NUL$"):
        getattr(Calls, call)(**{name: "a\0b"})


@of(UNSIGNED)
@pytest.mark.parametrize("value", ["86400", b"1", 1.0, True, [1]])
def test_a_number_of_another_type_is_refused_by_its_name(call, name, value):
    if name == "room" and isinstance(value, str):
        # A room may have a string for its name.
        value = [value]
    with pytest.raises(TypeError, match=f"^{name} must be an int.*, not {type(value).__name__}"):
        getattr(Calls, call)(**{name: value})


@of(SIGNED)
@pytest.mark.parametrize("value", ["86400", b"1", 1.0, False, [1]])
def test_a_time_of_another_type_is_refused_by_its_name(call, name, value):
    with pytest.raises(TypeError, match=f"^{name} must be an int, not {type(value).__name__}"):
        getattr(Calls, call)(**{name: value})


@of(UNSIGNED)
@pytest.mark.parametrize("value", [-1, -(1 << 64), 1 << 64])
def test_a_number_that_would_be_cut_off_is_refused_by_its_name(call, name, value):
    with pytest.raises(UsageError, match=f"^{name} is {value}; it must be from 0 to "):
        getattr(Calls, call)(**{name: value})


@of(SIGNED)
@pytest.mark.parametrize("value", [1 << 63, -(1 << 63) - 1])
def test_a_time_that_would_be_cut_off_is_refused_by_its_name(call, name, value):
    with pytest.raises(UsageError, match=f"^{name} is {value}; it must be from -"):
        getattr(Calls, call)(**{name: value})


@of(PRODUCTS)
@pytest.mark.parametrize("value", [2, "Call", None, True, tc_callback.Region.SINGAPORE, tc_callback.Command.CALL_AFTER_END_CALL])
def test_a_product_is_a_product_and_not_its_number_or_name(call, name, value):
    with pytest.raises(TypeError, match=f"^{name} must be a Product, not "):
        getattr(Calls, call)(**{name: value})


@pytest.mark.parametrize(
    ("call", "name"),
    [
        ("receiver", "sdk_app_id"),
        ("json", "pointer"),
        ("sign_usersig", "key"),
        ("sign_usersig", "identifier"),
        ("sign_usersig", "sdk_app_id"),
        ("sign_usersig", "expire_s"),
        ("sign_private_map_key", "room"),
        ("sign_private_map_key", "privileges"),
        ("verify_usersig", "key"),
        ("client", "sdk_app_id"),
        ("with_timeout_ms", "timeout_ms"),
        ("set_callback", "url"),
        ("callback", "command"),
        ("callback", "sdk_app_id"),
        ("handle", "query"),
        ("handle", "body"),
        ("parse_event", "query"),
        ("parse_event", "body"),
    ],
)
def test_none_is_refused_by_name_where_there_is_no_default(call, name):
    with pytest.raises(TypeError, match=f"^{name} must be .*, not None"):
        getattr(Calls, call)(**{name: None})


@pytest.mark.parametrize("call", ["handle", "parse_event"])
@pytest.mark.parametrize("value", [PARSED, [("SdkAppid", "1")], 7, 0, {}])
def test_a_query_that_is_parsed_already_is_refused_as_a_query(call, value):
    with pytest.raises(TypeError) as raised:
        getattr(Calls, call)(query=value)
    found = type(value).__name__
    assert str(raised.value) == f"query must be the query of the URL as it was received, a str or bytes, not {found}"


@pytest.mark.parametrize("call", ["handle", "parse_event"])
@pytest.mark.parametrize("value", [PARSED, "{}", "", 7, {}])
def test_a_body_that_is_parsed_already_is_refused_with_the_way_to_the_bytes(call, value):
    with pytest.raises(TypeError, match=f"^body must be the raw bytes of the request, not {type(value).__name__}. If"):
        getattr(Calls, call)(body=value)


@pytest.mark.parametrize("call", ["handle", "parse_event"])
def test_a_query_with_a_lone_surrogate_is_refused_as_a_query(call):
    with pytest.raises(UsageError, match=r"^query is not Unicode text: it holds a lone surrogate$"):
        getattr(Calls, call)(query=LONE)


def test_a_query_with_a_byte_that_is_no_text_as_pythons_servers_escape_it_is_rejected():
    assert Calls.handle(query="x=\udcff").status is tc_callback.Status.MALFORMED_QUERY
    with pytest.raises(tc_callback.CallbackError, match="the URL query is not UTF-8, at byte 2"):
        Calls.parse_event(query="x=\udcff")


@pytest.mark.parametrize(
    ("call", "name", "value", "told"),
    [
        ("sign_usersig", "userbuf", "text", "userbuf must be bytes, not str$"),
        ("sign_usersig", "userbuf", 7, "userbuf must be bytes, not int$"),
        ("sign_private_map_key", "room", b"room", "room must be an int or a str, not bytes"),
        ("client", "region", 1, "region must be a Region, not int"),
        ("client", "region", "singapore", "region must be a Region, not str"),
        ("client", "region", Product.CALL, "region must be a Region, not Product"),
        ("client", "allow_unknown_commands", 1, "allow_unknown_commands must be a bool, not int"),
        ("client", "allow_unknown_commands", "no", "allow_unknown_commands must be a bool, not str"),
        ("client", "log", "stderr", r"log must be a logging.Logger or a function of \(Level, str\), not str"),
        ("client", "log", True, "log must be a logging.Logger or a function"),
        ("with_cancel", "cancel", 7, "cancel must be a Cancel, not int"),
        ("with_cancel", "cancel", "now", "cancel must be a Cancel, not str"),
        ("receiver", "duplicate_window", 0, "duplicate_window must be a tuple of 2 int, not int"),
        ("receiver", "duplicate_window", (1,), "duplicate_window must be a tuple of 2 int, not tuple"),
        ("receiver", "duplicate_window", (1, 2, 3), "duplicate_window must be a tuple of 2 int"),
        ("receiver", "duplicate_window", (1, "2"), "duplicate_window must be an int, not str"),
        ("receiver", "duplicate_window", (True, 1), "duplicate_window must be an int, not bool"),
        ("set_callback", "commands", 7, "commands must be a list of str, not int"),
        ("set_callback", "commands", tc_callback.Command.CALL_AFTER_END_CALL, "commands must be a list of str, not Command"),
        ("set_callback", "commands", ["Call.CallbackAfterEndCall", 7], r"commands\[1\] must be a str, not int"),
        ("callback", "changes", "RoomId=7", "changes must be a dict, not str"),
        ("callback", "changes", [], "changes must be a dict, not list"),
    ],
)
def test_any_other_wrong_type_is_refused_by_its_name(call, name, value, told):
    with pytest.raises(TypeError, match=f"^{told}"):
        getattr(Calls, call)(**{name: value})


def test_a_duplicate_window_that_is_negative_is_refused_by_its_name():
    for window in ((-1, 1), (1, -1), (1, 1 << 32)):
        with pytest.raises(UsageError, match=r"^duplicate_window is "):
            Receiver(1, duplicate_window=window)


def test_all_commands_are_asked_for_by_name():
    with pytest.raises(TypeError, match=r"commands must be a list of str, not None: product_commands\(product\) has all of them"):
        Calls.set_callback(commands=None)
    with pytest.raises(UsageError, match=r"the list of commands is empty: product_commands\(product\) has all of them") as raised:
        Calls.set_callback(commands=[])
    assert raised.value.code is tc_callback.Status.EMPTY_COMMAND_LIST


def test_a_command_that_is_no_list_or_no_text_is_refused():
    with pytest.raises(UsageError, match=r"commands is a list of commands, not a command: write commands=\[command\]"):
        Calls.set_callback(commands="Call.CallbackAfterEndCall")
    with pytest.raises(UsageError, match=r"commands\[1\] is not Unicode text"):
        Calls.set_callback(commands=["a", LONE])


def test_options_beside_a_client_are_refused():
    with pytest.raises(TypeError, match="key, attempts: a Client has its options already"):
        AsyncClient(Client(1, key=KEY), key="another", attempts=1)


def test_no_secret_is_in_what_is_said():
    for wrong in (f"{KEY}\0", f"{KEY}{LONE}", KEY.encode(), [KEY]):
        with pytest.raises((TypeError, UsageError)) as raised:
            sign_usersig(1, wrong, "ann")
        assert KEY not in str(raised.value)


def test_every_option_and_argument_is_tried_here():
    tried = {name for table in (STRINGS, UNSIGNED, SIGNED, PRODUCTS) for names in table.values() for name in names}
    tried |= {"query", "body", "userbuf", "region", "allow_unknown_commands", "log", "cancel"}
    tried |= {"duplicate_window", "commands", "changes"}
    # Tokens are tried in test_receiver.py, and settle() there too.
    tried |= {"tokens", "settlement"}
    functions = [Receiver, Receiver.handle, tc_callback.Outcome.settle, tc_callback.parse_event, tc_callback.Event.json, Client]
    functions += [Client.with_timeout_ms, Client.with_cancel, Client.set_callback, Client.update_callback, Client.ensure_callback]
    functions += [Client.get_callback, Client.delete_callback, tc_callback.product_commands]
    functions += [sign_usersig, sign_private_map_key, verify_usersig, callback]
    taken = {name for function in functions for name in inspect.signature(function).parameters} - {"self"}
    assert taken == tried
