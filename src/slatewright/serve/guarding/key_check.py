"""Who may ask what."""

import secrets
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from slatewright.serve.refusing import refusal

LOCKED, OPEN = "/api/", "/api/health/"


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
