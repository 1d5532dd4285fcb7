"""Why an item stands in a slate, and why not."""

from typing import Any

from fastapi import APIRouter

from slatewright.explain import why, why_not
from slatewright.serve.requests import PathId
from slatewright.serve.responses import ReasonsOut
from slatewright.serve.routes import Serving
from slatewright.serve.routes.slates import Wished

router = APIRouter(prefix="/api", tags=["reasons"])


@router.get("/why/{user_id}/{item_id}", response_model=ReasonsOut, summary="Why an item is shown")
def get_why(user_id: PathId, item_id: PathId, wishes: Wished, service: Serving) -> dict[str, Any]:
    """Why an item stands in a user's slate: who proposed it, what in the history speaks for it, what moved it."""
    bundle = service.bundle()
    query = service.query(bundle, wishes.request(service, user_id))
    return why(bundle.pipeline, query, item_id).as_dict()


@router.get("/why-not/{user_id}/{item_id}", response_model=ReasonsOut, summary="Why an item is not shown")
def get_why_not(user_id: PathId, item_id: PathId, wishes: Wished, service: Serving) -> dict[str, Any]:
    """Why an item does not stand in a user's slate: which filter dropped it, or what was better."""
    bundle = service.bundle()
    query = service.query(bundle, wishes.request(service, user_id))
    return why_not(bundle.pipeline, query, item_id).as_dict()
