"""Routes, one file per matter."""

from typing import Annotated

from fastapi import Depends, Request

from slatewright.serve.service import Service


async def service_of(request: Request) -> Service:
    """The service of the app that answers."""
    service: Service = request.app.state.service
    return service


Serving = Annotated[Service, Depends(service_of)]
