"""Routes, one file per matter."""

import time
from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from slatewright.events.journal import Events
from slatewright.serve.intake import Intake, Taken
from slatewright.serve.service import Service
from slatewright.serve.turns import Turns

T = TypeVar("T")
MOST_WARNINGS = 20  # about facts, in one answer
PATIENCE = 30.0  # seconds after which nobody waits any more for what looks at how things came about


async def service_of(request: Request) -> Service:
    """The service of the app that answers."""
    service: Service = request.app.state.service
    return service


Serving = Annotated[Service, Depends(service_of)]


async def taken(sent: Request, read: Callable[[], Events], events: int) -> Taken:
    """What ``read`` makes of a request that brings events, and what became of them."""
    intake: Intake = sent.app.state.intake
    return await intake.take(read, events, len(await sent.body()))


async def looked(sent: Request, work: Callable[[], T]) -> T:
    """What ``work`` returns, one at a time: who looks how things are takes nothing from slates and events.

    Raises:
        Crowded: too many look already.
        TooLate: it hangs.
    """
    looking: Turns = sent.app.state.looking
    return await looking.take(work, time.monotonic() + PATIENCE)
