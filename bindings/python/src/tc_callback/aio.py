"""The client for asyncio."""

from __future__ import annotations

import asyncio

from .client import Cancel, Client

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypeVar

    from .client import CallbackConfig, Response
    from .words import Command, Product

    T = TypeVar("T")

__all__ = ["AsyncClient"]


class AsyncClient:
    """A Client whose operations are awaited: they run on the event loop's threads, and the loop goes on.

        async with AsyncClient(1400000000, key=key) as client:
            product = Product.CONFERENCE
            await client.ensure_callback(product, "https://example.com/callback", product_commands(product))

    Takes the options of Client, or a Client in place of the SDKAppID, which then stays its owner's to close. An operation whose
    task is cancelled is given up in its thread within 50 ms; a write that was sent may have succeeded.
    """

    def __init__(self, client: Client | int, **options: Any) -> None:
        self._is_borrowed = isinstance(client, Client)
        if self._is_borrowed and options:
            raise TypeError(f"{', '.join(options)}: a Client has its options already; give them to it, or an SDKAppID in its place")
        self._client = client if isinstance(client, Client) else Client(client, **options)

    async def set_callback(self, product: Product, url: str, commands: Iterable[Command | str]) -> Response:
        """Client.set_callback, awaited."""
        return await self._run(Client.set_callback, product, url, commands)

    async def update_callback(self, product: Product, url: str, commands: Iterable[Command | str]) -> Response:
        """Client.update_callback, awaited."""
        return await self._run(Client.update_callback, product, url, commands)

    async def ensure_callback(self, product: Product, url: str, commands: Iterable[Command | str]) -> Response:
        """Client.ensure_callback, awaited."""
        return await self._run(Client.ensure_callback, product, url, commands)

    async def get_callback(self, product: Product) -> CallbackConfig:
        """Client.get_callback, awaited."""
        return await self._run(Client.get_callback, product)

    async def delete_callback(self, product: Product) -> Response:
        """Client.delete_callback, awaited."""
        return await self._run(Client.delete_callback, product)

    async def _run(self, operation: Callable[..., T], *arguments: Any) -> T:
        cancel = Cancel()
        try:
            return await asyncio.to_thread(operation, self._client.with_cancel(cancel), *arguments)
        finally:
            cancel.request()

    def close(self) -> None:
        """Closes the client. Operations that are running come to their end first."""
        if not self._is_borrowed:
            self._client.close()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        self.close()
