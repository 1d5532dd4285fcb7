"""The shop page, the page of the API, and what they need."""

from functools import cache
from importlib.resources import files
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Response
from fastapi import Request as Sent
from starlette.responses import HTMLResponse

from slatewright.core.clock import wall_clock
from slatewright.pipeline.request import Request
from slatewright.pipeline.world import World
from slatewright.serve.pictures.drawing import draw
from slatewright.serve.requests import PathId
from slatewright.serve.responses import ItemOut, ShopOut
from slatewright.serve.routes import Serving, looked
from slatewright.serve.service import Service

reference = APIRouter(include_in_schema=False)
router = APIRouter(include_in_schema=False)

EXAMPLES = 6
TELLING = 25  # events of a history that says something and is a person's


@cache
def static_text(name: str) -> str:
    return files("slatewright.serve").joinpath("static", name).read_text(encoding="utf-8")


@reference.get("/docs")
async def api_page() -> HTMLResponse:
    """The API, to read and to try."""
    return HTMLResponse(static_text("docs.html"))


@router.get("/")
async def shop_page() -> HTMLResponse:
    """The shop page."""
    return HTMLResponse(static_text("index.html"))


@router.get("/api/shop")
async def about(service: Serving, sent: Sent) -> ShopOut:
    """What the shop page says about the shop."""
    return await looked(sent, lambda: _about(service))


def _about(service: Service) -> ShopOut:
    bundle = service.bundle()
    world = bundle.world
    return ShopOut(
        name=str(service.shop.section("shop").get("name", "Slatewright shop")),
        version=bundle.version,
        items=len(world.catalogue),
        users=len(world.known.users),
        categories=list(world.catalogue.category_names),
        examples=_examples(world),
    )


@router.get("/api/history/{user_id}")
async def history(
    user_id: PathId, service: Serving, sent: Sent, k: Annotated[int, Query(ge=1, le=100)] = 12
) -> list[ItemOut]:
    """What a user did last, newest first, one entry per item."""
    return await looked(sent, lambda: _history(service, user_id, k))


def _history(service: Service, user_id: str, k: int) -> list[ItemOut]:
    bundle = service.bundle()
    query = service.query(bundle, Request(1, wall_clock(), user_id=user_id))
    newest = dict.fromkeys(query.history.items[::-1].tolist())
    items, hosts = bundle.world.catalogue.items, service.serving.image_hosts
    names = [items.name(item) for item in list(newest)[:k]]
    return [ItemOut.of(bundle, name, hosts, position) for position, name in enumerate(names, start=1)]


@reference.get("/pictures/{item_id}.svg")
async def picture(item_id: PathId, service: Serving) -> Response:
    """A drawn picture of an item; slates name it on every page, so it is there without the shop page too."""
    shown = service.bundle().window(item_id)
    svg = draw(item_id, shown.title, shown.categories[0] if shown.categories else "")
    return Response(svg, media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=3600"})


def _examples(world: World) -> list[str]:
    """Users to show the page with."""
    distance = np.abs(world.known.histories.lengths() - TELLING)
    if len(distance) > EXAMPLES:
        nearest = np.argpartition(distance, EXAMPLES)[:EXAMPLES].tolist()
    else:
        nearest = list(range(len(distance)))
    return [world.known.users.name(user) for user in sorted(nearest, key=lambda user: (distance[user], user))]
