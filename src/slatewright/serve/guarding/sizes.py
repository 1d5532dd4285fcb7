"""No body is longer than the settings allow."""

from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from slatewright.serve.refusing import refusal


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
