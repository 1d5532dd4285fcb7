"""Slates: for a user, for a visitor without a name, like an item."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from slatewright.core.clock import wall_clock
from slatewright.pipeline.request import Request
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


@router.get("/recommend/{user_id}", summary="The slate of a user")
def recommend(user_id: PathId, wishes: Wished, service: Serving) -> SlateOut:
    """The slate of a user. Anybody gets one: a user nobody knows gets a fallback, and its source says so."""
    bundle, slate = service.answer(wishes.request(service, user_id), offset=wishes.offset)
    return SlateOut.of(bundle, slate, user_id, service.serving.image_hosts)


@router.post("/session/recommend", summary="The slate of a visitor without a name")
def recommend_session(body: SessionIn, service: Serving) -> SlateOut:
    """The slate of a visitor without a name, from what was looked at in this session and what is known of them."""
    request = Request(
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
    bundle, slate = service.answer(request)
    return SlateOut.of(bundle, slate, None, service.serving.image_hosts)


@router.get("/item-to-item/{item_id}", summary="Items like an item")
def item_to_item(item_id: PathId, wishes: Wished, service: Serving) -> SlateOut:
    """Items like one item, best first; the item itself is never among them."""
    bundle, slate = service.answer_like(wishes.request(service, None), item_id, offset=wishes.offset)
    return SlateOut.of(bundle, slate, None, service.serving.image_hosts)


def checked(k: int, offset: int, service: Service) -> int:
    """k and offset together; a page that goes beyond the longest slate of the settings ends there."""
    most = service.serving.max_k
    if k > most:
        raise BadField("k", f"must be at most {most}", k)
    return min(k + offset, most)
