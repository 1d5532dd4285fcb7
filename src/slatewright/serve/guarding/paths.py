"""Routes match the path as it was sent."""

from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class EncodedPaths:
    """Route on the path as it was sent, so that an id may hold ``/``; whoever reads a path parameter decodes it."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope.get("raw_path"):
            scope = {**scope, "path": scope["raw_path"].decode("ascii", errors="replace").partition("?")[0]}
        await self.app(scope, receive, send)
