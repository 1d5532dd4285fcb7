"""What nobody foresaw becomes an answer."""

import logging
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from slatewright.serve.refusing import BROKEN, refusal

log = logging.getLogger("slatewright.serve")


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
