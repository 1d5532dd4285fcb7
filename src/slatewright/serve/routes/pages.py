"""Whole pages: titled rows of slates, in which no item stands twice."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi import Request as Sent
from pydantic import Field

from slatewright.core.clock import wall_clock
from slatewright.pipeline.composing.page import HOME
from slatewright.pipeline.request import Request
from slatewright.serve.page_responses import PageOut
from slatewright.serve.requests import Id, PathId, SessionIn, Word
from slatewright.serve.routes import Serving
from slatewright.serve.routes.slates import Count, checked, request_of

router = APIRouter(prefix="/api", tags=["pages"])


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


@router.get("/page/{user_id}", response_model=PageOut, summary="The page of a user")
async def get_page(user_id: PathId, wishes: Annotated[PageWishes, Depends()], service: Serving, sent: Sent) -> Response:
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
    return await _answer(sent, request, wishes.page)


@router.post("/session/page", response_model=PageOut, summary="The page of a visitor without a name")
async def post_page(body: VisitIn, service: Serving, sent: Sent) -> Response:
    """The page of a visitor without a name, from what was looked at in this session and what is known of them."""
    return await _answer(sent, request_of(body, service), body.page)


async def _answer(sent: Sent, request: Request, page: str) -> Response:
    body: bytes = await sent.app.state.answering.page(request, page)
    return Response(body, media_type="application/json")
