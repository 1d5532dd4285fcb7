"""What was asked for over HTTP."""

from dataclasses import dataclass

from starlette.types import Scope

from slatewright.pipeline.request import Request


@dataclass(frozen=True, slots=True)
class Asked:
    """One slate that somebody asks for: without its first ``offset`` items, and like one item where ``like`` names it.

    ``key`` is the question as it was sent: who asks the same again may get the same answer. None where it is not kept.
    """

    request: Request
    offset: int = 0
    like: str | None = None
    key: str | None = None


def key_of(scope: Scope) -> str:
    """A question without a body as it was sent, to keep its answer under."""
    return f"{scope['path']}?{scope['query_string'].decode('latin-1')}"
