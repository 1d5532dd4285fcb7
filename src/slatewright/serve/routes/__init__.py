"""Routes, one file per matter."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request

from slatewright.events.journal import Events
from slatewright.serve.intake import Intake, Taken
from slatewright.serve.service import Service


async def service_of(request: Request) -> Service:
    """The service of the app that answers."""
    service: Service = request.app.state.service
    return service


Serving = Annotated[Service, Depends(service_of)]


async def taken(sent: Request, read: Callable[[], Events], events: int) -> Taken:
    """What ``read`` makes of a request that brings events, and what became of them."""
    intake: Intake = sent.app.state.intake
    return await intake.take(read, events, len(await sent.body()))
