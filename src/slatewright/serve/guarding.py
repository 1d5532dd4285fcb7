"""What every request passes on its way in and every answer on its way out."""

import logging
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from slatewright.serve.metrics import Metrics
from slatewright.serve.refusing import BROKEN, refusal

log = logging.getLogger("slatewright.serve")

LOCKED, OPEN = "/api/", "/api/health/"


@dataclass(frozen=True, slots=True)
class EncodedPaths:
    """Route on the path as it was sent, so that an id may hold ``/``; whoever reads a path parameter decodes it."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope.get("raw_path"):
            scope = {**scope, "path": scope["raw_path"].decode("ascii", errors="replace").partition("?")[0]}
        await self.app(scope, receive, send)


@dataclass(frozen=True, slots=True)
class BodyLimit:
    """Refuse a body that is too long with 413, before it is read when it says so and while it is read when it lies."""

    app: ASGIApp
    max_bytes: int

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        declared = Headers(scope=scope).get("content-length", "") if scope["type"] == "http" else ""
        if declared.isdecimal() and int(declared) > self.max_bytes:
            await refusal(413, self._problem())(scope, receive, send)
        else:
            await self.app(scope, self._counted(receive) if scope["type"] == "http" else receive, send)

    def _counted(self, receive: Receive) -> Receive:
        taken = 0

        async def counting() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.max_bytes:
                raise HTTPException(413, self._problem())
            return message

        return counting

    def _problem(self) -> str:
        return f"the body must not be longer than {self.max_bytes:,} bytes; send the events in smaller batches"


@dataclass(frozen=True, slots=True)
class LastResort:
    """A bug becomes a 500 of our shape and a line in the log; the connection lives on."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception:
            if started or scope["type"] != "http":
                raise
            log.exception("%s %s broke", scope["method"], scope["path"])
            await refusal(500, BROKEN)(scope, receive, send)


@dataclass(frozen=True, slots=True)
class SafeHeaders:
    """Tell browsers to run nothing that is not ours."""

    app: ASGIApp
    image_hosts: Sequence[str] = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers().items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, sending if scope["type"] == "http" else send)

    def _headers(self) -> dict[str, str]:
        images = " ".join(("'self'", *self.image_hosts))
        policy = (
            f"default-src 'none'; script-src 'self'; style-src 'self'; img-src {images}; connect-src 'self'; "
            "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        return {
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
        }


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """Ask for ``X-API-Key`` on everything below ``/api`` but the health answers."""

    app: ASGIApp
    key: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"] if scope["type"] == "http" else ""
        if not path.startswith(LOCKED) or path.startswith(OPEN) or self._fits(scope):
            await self.app(scope, receive, send)
        else:
            await refusal(401, "the header X-API-Key is missing or wrong")(scope, receive, send)

    def _fits(self, scope: Scope) -> bool:
        given = Headers(scope=scope).get("x-api-key", "")
        return secrets.compare_digest(given.encode("latin-1"), self.key.encode())


@dataclass(frozen=True, slots=True)
class Timing:
    """Count and time every request by its route, never by its path: ids would make one series each."""

    app: ASGIApp
    metrics: Metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 500
        started = time.perf_counter()

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, sending)
        finally:
            route = getattr(scope.get("route"), "path", "unmatched")
            self.metrics.saw(scope["method"], route, status, time.perf_counter() - started)
