"""Whole pages: titled rows of slates, in which no item stands twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from slatewright.core.clock import wall_clock
from slatewright.pipeline.composing.page import HOME
from slatewright.pipeline.request import Request
from slatewright.pipeline.slate import TitledSlate
from slatewright.serve.live_bundle import LiveBundle
from slatewright.serve.requests import Id, PathId, SessionIn, Word
from slatewright.serve.responses import SlateOut
from slatewright.serve.routes import Serving
from slatewright.serve.routes.slates import Count, checked

router = APIRouter(prefix="/api", tags=["pages"])


@dataclass(slots=True)
class RowOut:
    """One row of a page."""

    title: Annotated[str, Field(description="What stands above it.")]
    slot: Annotated[str, Field(description="The place on the page; send it with impressions.")]
    slate: SlateOut


@dataclass(slots=True)
class PageOut:
    """A page: its rows, top down. An item stands in one of them."""

    page: str
    user_id: str | None
    rows: list[RowOut]
    version: Annotated[str, Field(description="The bundle that answered.")]

    @classmethod
    def of(
        cls, page: str, bundle: LiveBundle, rows: Sequence[TitledSlate], user_id: str | None, hosts: Sequence[str]
    ) -> Self:
        """The rows, ready for a browser."""
        told = [RowOut(row.title, row.slot, SlateOut.of(bundle, row.slate, user_id, hosts)) for row in rows]
        return cls(page, user_id, told, bundle.version)


class VisitIn(SessionIn):
    """A visitor without a name who opens a page; ``k`` items in each row."""

    page: Annotated[Word, Field(description="A page of the recipe.")] = HOME


@dataclass(frozen=True, slots=True)
class PageWishes:
    """The query parameters that a page understands."""

    page: Annotated[Word, Query(description="A page of the recipe.")] = HOME
    k: Count = None
    category: Annotated[list[Word] | None, Query(description="Only these categories.")] = None
    exclude_category: Annotated[tuple[Word, ...], Query(description="None of these categories.")] = ()
    exclude: Annotated[tuple[Id, ...], Query(description="None of these items.")] = ()
    surface: Annotated[Word, Query(description="The page that asks; default: the page's name.")] = ""


@router.get("/page/{user_id}", summary="The page of a user")
def get_page(user_id: PathId, wishes: Annotated[PageWishes, Depends()], service: Serving) -> PageOut:
    """The page of a user: titled rows, each a slate with a slate_id of its own. Anybody gets one.

    Rows with too little to show are left out. A page that the recipe does not have is a 404.
    """
    request = Request(
        checked(wishes.k or 10, 0, service),
        wall_clock(),
        user_id=user_id,
        exclude=wishes.exclude,
        categories=frozenset(wishes.category) if wishes.category else None,
        exclude_categories=frozenset(wishes.exclude_category),
        surface=wishes.surface,
    )
    bundle, rows = service.compose(request, wishes.page)
    return PageOut.of(wishes.page, bundle, rows, user_id, service.serving.image_hosts)


@router.post("/session/page", summary="The page of a visitor without a name")
def post_page(body: VisitIn, service: Serving) -> PageOut:
    """The page of a visitor without a name, from what was looked at in this session and what is known of them."""
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
    bundle, rows = service.compose(request, body.page)
    return PageOut.of(body.page, bundle, rows, None, service.serving.image_hosts)
