"""What nobody foresaw becomes an answer."""

import logging
import traceback
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from slatewright.serve.refusing import BROKEN, refusal

log = logging.getLogger("slatewright.serve")


@dataclass(frozen=True, slots=True)
class LastResort:
    """A bug becomes a 500 of our shape and a line in the log; the connection lives on.

    The log names the route, the kinds of error and the lines of code. What an error says, and the path, may name
    people: they are left out unless ``log_details``.
    """

    app: ASGIApp
    log_details: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception as error:
            if scope["type"] != "http":
                raise
            log.error("%s", self._told(scope, error))
            if started:
                raise RuntimeError("the answer had begun when it broke") from None  # cuts the connection
            await refusal(500, BROKEN)(scope, receive, send)

    def _told(self, scope: Scope, error: BaseException) -> str:
        if self.log_details:
            return f"{scope['method']} {scope['path']} broke\n{''.join(traceback.format_exception(error))}"
        route = getattr(scope.get("route"), "path", "unmatched")
        return "\n".join([f"{scope['method']} {route} broke", *without_words(error)])


def without_words(error: BaseException) -> list[str]:
    """An error and what caused it: where it happened and of what kind it is, without its message."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = [] if cause is None else [*without_words(cause), "then:"]
    lines = "".join(traceback.format_tb(error.__traceback__)).rstrip("\n")
    return [*before, lines, f"{type(error).__module__}.{type(error).__qualname__}"]
