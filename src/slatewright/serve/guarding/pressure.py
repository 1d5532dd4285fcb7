"""Too many requests at once are refused, so that those that were let in are answered."""

from starlette.types import ASGIApp, Receive, Scope, Send

from slatewright.serve.metrics import Metrics
from slatewright.serve.refusing import refusal

ALWAYS = ("/api/health/", "/metrics")  # whoever looks after the server must see it when it is busy
# what happened cannot be made again, so questions take no room from it
BRINGING = ("/api/events", "/api/items", "/api/users")


class Pressure:
    """Lets so many questions be open at once, and as many requests that bring events; more get 503 and when to come."""

    def __init__(self, app: ASGIApp, most: int, metrics: Metrics) -> None:
        self.app, self._most, self._metrics = app, most, metrics
        self._open = {True: 0, False: 0}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(ALWAYS):
            await self.app(scope, receive, send)
            return
        bringing = scope["path"] in BRINGING
        if self._open[bringing] >= self._most:
            self._metrics.shed()
            await refusal(503, "too many requests at once; try again soon")(scope, receive, send)
            return
        self._open[bringing] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self._open[bringing] -= 1
