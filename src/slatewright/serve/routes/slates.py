"""Slates: for a user, for a visitor without a name, like an item."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi import Request as Sent

from slatewright.core.clock import wall_clock
from slatewright.pipeline.request import Request
from slatewright.serve.asked import Asked, key_of
from slatewright.serve.requests import BadField, Id, PathId, SessionIn, Word
from slatewright.serve.responses import SlateOut
from slatewright.serve.routes import Serving
from slatewright.serve.service import Service

router = APIRouter(prefix="/api", tags=["slates"])

Count = Annotated[int | None, Query(ge=1, description="How many items; at most max_k of the settings.")]


@dataclass(frozen=True, slots=True)
class Wishes:
    """The query parameters that every slate understands."""

    k: Count = None
    n: Annotated[int | None, Query(ge=1, description="Another name for k.")] = None
    offset: Annotated[int, Query(ge=0, description="Leave out so many of the best: the next page.")] = 0
    category: Annotated[tuple[Word, ...], Query(description="Only these categories.")] = ()
    exclude_category: Annotated[tuple[Word, ...], Query(description="None of these categories.")] = ()
    exclude: Annotated[tuple[Id, ...], Query(description="None of these items.")] = ()
    surface: Annotated[Word, Query(description="The page that asks.")] = ""
    slot: Annotated[Word, Query(description="The place on it.")] = ""

    def request(self, service: Service, user_id: str | None) -> Request:
        """The request in the pipeline's words."""
        k = self.k or self.n or 10
        return Request(
            checked(k, self.offset, service),
            wall_clock(),
            user_id=user_id,
            exclude=self.exclude,
            categories=frozenset(self.category) if self.category else None,
            exclude_categories=frozenset(self.exclude_category),
            surface=self.surface,
            slot=self.slot,
        )


Wished = Annotated[Wishes, Depends()]


@router.get("/recommend/{user_id}", response_model=SlateOut, summary="The slate of a user")
async def recommend(user_id: PathId, wishes: Wished, service: Serving, sent: Sent) -> Response:
    """The slate of a user. Anybody gets one: a user nobody knows gets a fallback, and its source says so."""
    return await _answer(sent, Asked(wishes.request(service, user_id), wishes.offset, key=key_of(sent.scope)))


@router.post("/session/recommend", response_model=SlateOut, summary="The slate of a visitor without a name")
async def recommend_session(body: SessionIn, service: Serving, sent: Sent) -> Response:
    """The slate of a visitor without a name, from what was looked at in this session and what is known of them."""
    return await _answer(sent, Asked(request_of(body, service)))


@router.get("/item-to-item/{item_id}", response_model=SlateOut, summary="Items like an item")
async def item_to_item(item_id: PathId, wishes: Wished, service: Serving, sent: Sent) -> Response:
    """Items like one item, best first; the item itself is never among them."""
    asked = Asked(wishes.request(service, None), wishes.offset, like=item_id, key=key_of(sent.scope))
    return await _answer(sent, asked)


async def _answer(sent: Sent, asked: Asked) -> Response:
    body: bytes = await sent.app.state.answering.body(asked)
    return Response(body, media_type="application/json")


def request_of(body: SessionIn, service: Service) -> Request:
    """The request of a visitor without a name in the pipeline's words."""
    return Request(
        checked(body.k, 0, service),
        wall_clock(),
        items=body.item_ids,
        exclude=body.exclude,
        categories=None if body.category is None else frozenset(body.category),
        exclude_categories=frozenset(body.exclude_category),
        facts=body.facts,
        surface=body.surface,
        slot=body.slot,
    )


def checked(k: int, offset: int, service: Service) -> int:
    """k and offset together; a page that goes beyond the longest slate of the settings ends there."""
    most = service.serving.max_k
    if k > most:
        raise BadField("k", f"must be at most {most}", k)
    return min(k + offset, most)
