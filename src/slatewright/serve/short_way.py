"""The short way of the question that is asked most: ``GET /api/recommend/{user_id}`` with plain wishes.

What it does not understand at a glance goes the long way, where each field is checked and each problem is named; so
the API page stays true, and an answer is the same on both ways.
"""

from dataclasses import dataclass
from types import SimpleNamespace
from urllib.parse import unquote, unquote_plus

from starlette.types import ASGIApp, Receive, Scope, Send

from slatewright.core.clock import wall_clock
from slatewright.core.errors import BadInput
from slatewright.pipeline.request import Request
from slatewright.serve.asked import Asked, key_of
from slatewright.serve.refusing import NotReady
from slatewright.serve.requests import LONGEST_ID, LONGEST_WORD

PREFIX = "/api/recommend/"
ROUTE = SimpleNamespace(path="/api/recommend/{user_id}")  # as the routes name it, for the metrics
NUMBERS, WORDS = ("k", "n", "offset"), ("surface", "slot")
MOST_DIGITS = 6
USUAL_K = 10


@dataclass(frozen=True, slots=True)
class ShortWay:
    """Answers plain questions for slates, and hands on everything else."""

    app: ASGIApp
    max_k: int

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = self._asked(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        if asked is None:
            await self.app(scope, receive, send)
            return
        try:
            body = await scope["app"].state.answering.body(asked)
        except (NotReady, BadInput):  # the long way says why
            await self.app(scope, receive, send)
            return
        scope["route"] = ROUTE
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _asked(self, scope: Scope) -> Asked | None:
        path: str = scope["path"]
        user = path.removeprefix(PREFIX)
        if len(user) == len(path) or not 0 < len(user) <= LONGEST_ID or "/" in user:
            return None
        wishes = plain_wishes(scope["query_string"])
        if wishes is None:
            return None
        numbers, words = wishes
        k, offset = numbers.get("k") or numbers.get("n") or USUAL_K, numbers.get("offset", 0)
        if k + offset > self.max_k or 0 in (numbers.get("k"), numbers.get("n")):
            return None
        surface, slot = words.get("surface", ""), words.get("slot", "")
        request = Request(k + offset, wall_clock(), user_id=unquote(user), surface=surface, slot=slot)
        return Asked(request, offset, key=key_of(scope))


def plain_wishes(query: bytes) -> tuple[dict[str, int], dict[str, str]] | None:
    """The numbers and words of a query string; None where it holds anything else."""
    numbers: dict[str, int] = {}
    words: dict[str, str] = {}
    for part in query.decode("ascii", "replace").split("&") if query else ():
        name, _, value = part.partition("=")
        if name in NUMBERS and name not in numbers and value.isascii() and value.isdecimal():
            if len(value) > MOST_DIGITS:
                return None
            numbers[name] = int(value)
        elif name in WORDS and name not in words and len(value) <= LONGEST_WORD:
            words[name] = unquote_plus(value)
        else:
            return None
    return numbers, words
