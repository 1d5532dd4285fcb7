"""Who may ask what, and how often."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from anyio import to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from slatewright.serve.guarding.locked_page import locked_page, opens_with_a_key
from slatewright.serve.keys import Key, Keyring, needed
from slatewright.serve.keys.key import Scope as KeyScope
from slatewright.serve.refusing import refusal

SHOP_PAGE = "/"  # a browser cannot keep a secret, so there is no page where keys are asked for
BEARER = b"bearer "


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """Ask for a key on everything below ``/api`` but the health answers, once there are keys.

    ``administered`` hears of every administrative call: the key, the method and route, the status.
    """

    app: ASGIApp
    ring: Keyring
    administered: Callable[[Key, str, int], None]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scoped = needed(scope["method"], scope["path"]) if scope["type"] == "http" and self.ring.locked else None
        if scoped is not None:
            await self._with_key(scoped, scope, receive, send)
        elif scope["type"] == "http" and self.ring.locked and scope["path"] == SHOP_PAGE:
            await refusal(404, "Not Found")(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _with_key(self, scoped: KeyScope, scope: Scope, receive: Receive, send: Send) -> None:
        given = _given(scope)
        held = None if given is None else self.ring.find(given)
        if given is None and opens_with_a_key(scope):
            await locked_page()(scope, receive, send)
        elif held is None:
            problem = "the header X-API-Key is missing or wrong"
            await refusal(401, problem, headers={"WWW-Authenticate": "Bearer"})(scope, receive, send)
        elif not held.key.may(scoped):
            await refusal(403, f"this key lacks the scope {scoped}")(scope, receive, send)
        elif (wait := held.wait(time.monotonic())) > 0:
            seconds = {"Retry-After": str(math.ceil(wait))}
            await refusal(429, "this key asks too often", headers=seconds)(scope, receive, send)
        elif scoped is KeyScope.ADMIN:
            await self._noted(held.key, scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _noted(self, key: Key, scope: Scope, receive: Receive, send: Send) -> None:
        status = 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, sending)
        finally:
            route = getattr(scope.get("route"), "path", "unmatched")
            await to_thread.run_sync(self.administered, key, f"{scope['method']} {route}", status)


def _given(scope: Scope) -> str | None:
    """The key of a request: ``X-API-Key: KEY`` or ``Authorization: Bearer KEY``."""
    for name, value in scope["headers"]:
        if name == b"x-api-key":
            return str(value.decode("utf-8", "surrogateescape"))
        if name == b"authorization" and value[: len(BEARER)].lower() == BEARER:
            return str(value[len(BEARER) :].strip().decode("utf-8", "surrogateescape"))
    return None
