"""Outbound: a Client configures callbacks over Tencent's REST API."""

from __future__ import annotations

from ctypes import c_char_p

from ._arguments import encoded, enumerator, instance, listed, unsigned, wrong_type
from ._handle import Handle, result_of
from ._header import tc_callback_config, tc_response, tc_str
from ._interruptible import interruptible, signals_are_handled_here
from ._library import library
from ._memory import text
from ._options import make
from .errors import UsageError
from .words import Change, Command, Product, Region, Status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypeVar

    from ._log import Log

    Result = TypeVar("Result")

__all__ = ["CallbackConfig", "Cancel", "Client", "Response", "product_commands"]


class CallbackConfig:
    """A callback configuration as Tencent has it."""

    __slots__ = ("attempts", "commands", "http_status", "request_id", "url")

    url: str
    """Where callbacks are posted."""
    commands: tuple[str, ...]
    """The command words, as Tencent lists them."""
    http_status: int
    """HTTP status of the answer."""
    attempts: int
    """How many requests were sent."""
    request_id: str | None
    """Tencent's `RequestId`: quote it to their support."""

    def __init__(self, config: tc_callback_config) -> None:
        listed = (tc_str * config.command_count).from_address(config.commands) if config.command_count else ()
        self.url = text(config.url) or ""
        self.commands = tuple(text(command) or "" for command in listed)
        self.http_status = config.http_status
        self.attempts = config.attempts
        self.request_id = text(config.request_id)

    def __repr__(self) -> str:
        return f"CallbackConfig(url={self.url!r}, commands={self.commands!r})"


class Response:
    """What an operation did."""

    __slots__ = ("attempts", "change", "http_status", "previous", "request_id", "tencent_code", "tencent_info")

    change: Change
    """What it changed."""
    http_status: int
    """HTTP status of the last answer."""
    attempts: int
    """How many requests were sent."""
    tencent_code: int
    """Tencent's `ErrorCode`: 0, unless the operation had nothing left to do."""
    tencent_info: str | None
    """Tencent's `ErrorInfo`."""
    request_id: str | None
    """Tencent's `RequestId`: quote it to their support."""
    previous: CallbackConfig | None
    """The configuration before `ensure_callback`; None if there was none, and for other operations."""

    def __init__(self, response: tc_response) -> None:
        self.change = Change(response.change)
        self.http_status = response.http_status
        self.attempts = response.attempts
        self.tencent_code = response.tencent_code
        self.tencent_info = text(response.tencent_info)
        self.request_id = text(response.request_id)
        self.previous = CallbackConfig(tc_callback_config.from_address(response.previous)) if response.previous else None

    def __repr__(self) -> str:
        return f"Response(change={self.change!r}, request_id={self.request_id!r}, previous={self.previous!r})"


class Cancel(Handle):
    """Gives up the operations of the clients made with it by `Client.with_cancel`. Once requested it stays so: each operation that
    is to be given up on its own takes a new one."""

    def __init__(self) -> None:
        self._own(library.tc_cancel_new(), library.tc_cancel_free)

    def request(self) -> None:
        """Gives them up, those under way and those to come. Any thread may do so; it does not wait for them."""
        owned = self._use()
        library.tc_cancel_request(owned.pointer)


class Client(Handle):
    """Configures callbacks over Tencent's REST API.

        with Client(1400000000, key=key) as client:
            product = Product.CONFERENCE
            client.ensure_callback(product, "https://example.com/callback", product_commands(product))

    key: the application's SecretKey, from the vendor's console: the client signs UserSigs with it. Either this or `usersig` is
        needed. Kept in memory that is cleared, and never shown.
    usersig: a UserSig of the administrator, for a host that may not hold the key. The client cannot renew it.
    administrator: UserID of the App administrator in whose name the client calls. Default "administrator".
    region: the data centre of the application. Default Region.SINGAPORE.
    endpoint: any other host in place of a region: "host", "https://host:port", or "http://127.0.0.1:9000" for the emulator.
    connect_timeout_ms: how long a new connection may take, name look-up and TLS included. Default 3000.
    timeout_ms: the deadline of a whole operation, with its retries and waits. Default 10000.
    attempts: how often one request may be sent at most: 1 to 10. Default 3.
    rate_limit: requests a second that the client sends at most to each API. Default 200, Tencent's own limit. 0: no limit.
    usersig_lifetime_s: how long a UserSig that the client signs is valid. Default 86400. It is renewed before it ends.
    ca_file: a PEM file with the certificate authorities to trust, in place of the system's: for a proxy that opens TLS.
    crl_file: a PEM file with lists of revoked certificates (X.509 CRLs), which are then refused; so are those of which no list
        there speaks, or one that has run out. Make another client when there are newer lists. By default revocation is not checked.
    proxy: "http://[user:password@]host:port", or https for one that is itself reached in TLS. Environment variables are not read.
    user_agent: the User-Agent header. Default "tc-callback/VERSION".
    allow_unknown_commands: whether to send command words that this release does not know, or that are of another product.
    log: a logging.Logger, or a function of (Level, str), for a line about each attempt, retry and renewed UserSig: never a key, a
        UserSig or a URL's query. It runs on the thread that called the client or, for a call of the main thread, on a helper
        thread.

    Raises UsageError with Status.INVALID_OPTION. Nothing is sent before the first operation. Any number of threads may use one
    client, and so may processes that are forked after it was made.

    Each call blocks its thread, but no other, until its deadline at most. Ctrl-C, and whatever else the handler of a signal
    raises, ends a call of the main thread at once (what was sent may have been carried out all the same). An event loop must not
    be blocked: with asyncio use AsyncClient; with gevent, `gevent.get_hub().threadpool.apply(client.ensure_callback, (product,
    url, commands))`.
    """

    def __init__(
        self,
        sdk_app_id: int,
        *,
        key: str | None = None,
        usersig: str | None = None,
        administrator: str | None = None,
        region: Region | None = None,
        endpoint: str | None = None,
        connect_timeout_ms: int | None = None,
        timeout_ms: int | None = None,
        attempts: int | None = None,
        rate_limit: int | None = None,
        usersig_lifetime_s: int | None = None,
        ca_file: str | None = None,
        crl_file: str | None = None,
        proxy: str | None = None,
        user_agent: str | None = None,
        allow_unknown_commands: bool | None = None,
        log: Log | None = None,
    ) -> None:
        pointer = make(
            "client",
            sdk_app_id,
            [
                ("set_key", key),
                ("set_usersig", usersig),
                ("set_administrator", administrator),
                ("set_region", None if region is None else enumerator("region", region, Region)),
                ("set_endpoint", endpoint),
                ("set_connect_timeout_ms", connect_timeout_ms),
                ("set_timeout_ms", timeout_ms),
                ("set_attempts", attempts),
                ("set_rate_limit", rate_limit),
                ("set_usersig_lifetime_s", usersig_lifetime_s),
                ("set_ca_file", ca_file),
                ("set_crl_file", crl_file),
                ("set_proxy", proxy),
                ("set_user_agent", user_agent),
                ("set_allow_unknown_commands", _flag("allow_unknown_commands", allow_unknown_commands)),
                ("set_log", log),
            ],
        )
        self._own(pointer, library.tc_client_free)

    def with_timeout_ms(self, timeout_ms: int) -> Client:
        """The same client with an earlier deadline for its operations, for a caller whose own differs from call to call.

        They share connections, rate limit and UserSig; it costs next to nothing, and either may be closed first.
        """
        owned = self._use()
        derived = Client.__new__(Client)
        pointer = result_of(library.tc_client_with_timeout_ms, owned.pointer, unsigned("timeout_ms", timeout_ms, 64))
        derived._own(pointer, library.tc_client_free)
        return derived

    def with_cancel(self, cancel: Cancel) -> Client:
        """The same client, whose operations another thread can give up by `cancel.request()`: UnreachableError with
        Status.CANCELLED within 50 ms. They are not tried again; what was sent may have been carried out all the same.

        They share connections, rate limit and UserSig; it costs next to nothing, and any of the three may be closed first.
        """
        owned, requested = self._use(), instance("cancel", "a Cancel", cancel, Cancel)._use()
        derived = Client.__new__(Client)
        derived._own(result_of(library.tc_client_with_cancel, owned.pointer, requested.pointer), library.tc_client_free)
        return derived

    def set_callback(self, product: Product, url: str, commands: Iterable[Command | str]) -> Response:
        """Creates the callback configuration of a product: where Tencent posts, and which commands.

        `commands` becomes the whole list; `product_commands(product)` is all of them.
        Conference refuses with Status.ALREADY_EXISTS if there is one; Call replaces it. `ensure_callback` does what is needed
        in either case. Raises UsageError before anything is sent, UnreachableError if Tencent could not be asked (the write may
        have succeeded after Status.TIMEOUT or Status.CONNECTION), RefusedError if it said no.
        """
        return self._write(library.tc_set_callback, product, url, commands)

    def update_callback(self, product: Product, url: str, commands: Iterable[Command | str]) -> Response:
        """Replaces the callback configuration of a product. RefusedError with Status.NOT_FOUND if there is none. Call has no such
        operation: UsageError with Status.UNSUPPORTED_OPERATION before anything is sent. Otherwise like `set_callback`."""
        return self._write(library.tc_update_callback, product, url, commands)

    def ensure_callback(self, product: Product, url: str, commands: Iterable[Command | str]) -> Response:
        """Makes the callback configuration of a product what it should be, whatever it is now: what a deployment calls.

        Reads it, compares (the order of commands and their older spellings do not count), writes only what differs. `change` of
        the response says what was done, `previous` what was there before. Several hosts may call it at once. All of it happens
        within one deadline. Otherwise like `set_callback`.
        """
        return self._write(library.tc_ensure_callback, product, url, commands)

    def get_callback(self, product: Product) -> CallbackConfig:
        """Reads the callback configuration of a product. RefusedError with Status.NOT_FOUND if there is none."""
        number = enumerator("product", product, Product)
        return self._waiting(_config, library.tc_get_callback, number)

    def delete_callback(self, product: Product) -> Response:
        """Deletes the callback configuration of a product. That there is none is success, with Change.UNCHANGED if Tencent says
        so."""
        number = enumerator("product", product, Product)
        return self._waiting(_response, library.tc_delete_callback, number)

    def _write(self, function: Any, product: Product, url: str, commands: Iterable[Command | str]) -> Response:
        number = enumerator("product", product, Product)
        words = _words(commands)
        return self._waiting(_response, function, number, encoded("url", url), words, len(words))

    def _waiting(self, read: Callable[[int], Result], function: Any, *arguments: Any) -> Result:
        """Calls a function of the library that waits, and reads its result."""
        if not signals_are_handled_here():
            owned = self._use()
            return read(result_of(function, owned.pointer, *arguments))
        cancel = Cancel()
        owned = self.with_cancel(cancel)._use()
        return interruptible(lambda: read(result_of(function, owned.pointer, *arguments)), cancel.request)


def product_commands(product: Product) -> list[str]:
    """The words of all commands of a product that this release knows: what to pass as `commands` to be told of everything."""
    number = enumerator("product", product, Product)
    count = library.tc_product_commands(number, None, 0)
    words = (c_char_p * count)()
    library.tc_product_commands(number, words, count)
    return [(word or b"").decode() for word in words]


def _flag(name: str, value: bool | None) -> int | None:
    return None if value is None else int(instance(name, "a bool", value, bool))


def _words(commands: Iterable[Command | str]) -> Any:
    if commands is None:
        raise TypeError(f"{wrong_type('commands', 'a list of str', commands)}: product_commands(product) has all of them")
    given = listed("commands", commands)
    if not given:
        message = "the list of commands is empty: product_commands(product) has all of them; delete_callback stops them"
        raise UsageError(message, Status.EMPTY_COMMAND_LIST)
    words = [
        library.tc_command_word(command) if isinstance(command, Command) else encoded(f"commands[{index}]", command)
        for index, command in enumerate(given)
    ]
    return (c_char_p * len(words))(*words)


def _config(pointer: int) -> CallbackConfig:
    try:
        return CallbackConfig(tc_callback_config.from_address(pointer))
    finally:
        library.tc_callback_config_free(pointer)


def _response(pointer: int) -> Response:
    try:
        return Response(tc_response.from_address(pointer))
    finally:
        library.tc_response_free(pointer)
