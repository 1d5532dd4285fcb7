"""Why an item stands in a slate, and why not."""

from typing import Any

from fastapi import APIRouter
from fastapi import Request as Sent

from slatewright.explain import why
from slatewright.pipeline.request import Request
from slatewright.serve.requests import PathId
from slatewright.serve.responses import ReasonsOut
from slatewright.serve.routes import Serving, looked
from slatewright.serve.routes.slates import Wished
from slatewright.serve.service import Service

router = APIRouter(prefix="/api", tags=["reasons"])


@router.get("/why/{user_id}/{item_id}", response_model=ReasonsOut, summary="Why an item is shown")
async def get_why(user_id: PathId, item_id: PathId, wishes: Wished, service: Serving, sent: Sent) -> dict[str, Any]:
    """Why an item stands in a user's slate: who proposed it, what in the history speaks for it, what moved it."""
    return await _told(sent, service, wishes.request(service, user_id), item_id)


@router.get("/why-not/{user_id}/{item_id}", response_model=ReasonsOut, summary="Why an item is not shown")
async def get_why_not(user_id: PathId, item_id: PathId, wishes: Wished, service: Serving, sent: Sent) -> dict[str, Any]:
    """Why an item does not stand in a user's slate: which filter dropped it, or what was better."""
    return await _told(sent, service, wishes.request(service, user_id), item_id)


async def _told(sent: Sent, service: Service, request: Request, item_id: str) -> dict[str, Any]:
    """Both questions have one answer: where the item stands, or what keeps it out."""

    def work() -> dict[str, Any]:
        bundle = service.bundle()
        return why(bundle.pipeline, service.query(bundle, request), item_id).as_dict()

    return await looked(sent, work)
