"""Slates that were answered: the latest ones, and how each of them came about, as it was then."""

import base64
import hashlib
from html import escape
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi import Request as Sent
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import HTMLResponse

from slatewright.core.clock import iso
from slatewright.data.report.markup import section
from slatewright.data.report.whole_page import whole_page
from slatewright.explain.answered import Answered, answered
from slatewright.pipeline.opening import open_pipeline
from slatewright.pipeline.pipeline import Pipeline
from slatewright.serve.requests import Id, PathId
from slatewright.serve.responses import ReasonsOut
from slatewright.serve.routes import Serving, looked
from slatewright.serve.service import Service
from slatewright.store.kept_slates import Entry

router = APIRouter(prefix="/api/slates", tags=["reasons"])
page = APIRouter(include_in_schema=False)

Last = Annotated[int, Query(ge=1, le=1000, description="So many of the latest.")]


class KeptOut(BaseModel):
    """One slate that was answered."""

    slate_id: str
    user_id: str | None
    time: str = Field(description="When, ISO-8601, UTC.")
    version: str = Field(description="The bundle that answered.")


class StagesOut(BaseModel):
    """How a slate came about; besides these fields, everything that the four stages said."""

    model_config = ConfigDict(extra="allow")

    slate_id: str
    version: str
    user_id: str | None
    fallback: str | None
    policy: str = Field(description="The shop's rules as they were then: the text of its policy.toml.")


@router.get("", summary="The latest slates")
async def latest(
    service: Serving,
    sent: Sent,
    last: Last = 20,
    user_id: Annotated[Id | None, Query(description="Only those of this user.")] = None,
) -> list[KeptOut]:
    """The slates that were answered last, newest first; as many are kept as the settings have room for."""
    entries = await looked(sent, lambda: service.kept.latest(last, user_id))
    return [KeptOut(**{**entry._asdict(), "time": iso(entry.time)}) for entry in entries]


@router.get("/{slate_id}", response_model=StagesOut, summary="How a slate came about")
async def stages(slate_id: PathId, service: Serving, sent: Sent) -> dict[str, Any]:
    """What each of the four stages said when this slate was answered. A slate that is not kept any more is a 404."""

    def work() -> dict[str, Any]:
        found = _answered(service, slate_id)
        about = {"slate_id": slate_id, "version": found.pipeline.world.version, "policy": found.policy}
        return {**about, **found.stages.as_dict()}

    return await looked(sent, work)


@router.get("/{slate_id}/why/{item_id}", response_model=ReasonsOut, summary="Why an item was shown, or not")
async def why(slate_id: PathId, item_id: PathId, service: Serving, sent: Sent) -> dict[str, Any]:
    """Why an item stood in this slate when it was answered, or why it did not."""
    return await looked(sent, lambda: _answered(service, slate_id).why(item_id).as_dict())


@page.get("/slates")
async def list_page(service: Serving, sent: Sent, last: Last = 100, user_id: Id | None = None) -> HTMLResponse:
    """The latest slates, each a link to how it came about."""
    entries = await looked(sent, lambda: service.kept.latest(last, user_id))
    body = "".join(map(_row, entries)) or "<tr><td>None yet.</td></tr>"
    table = (
        f'<div class="wrap"><table class="slates"><thead><tr>{_HEADS}</tr></thead><tbody>{body}</tbody></table></div>'
    )
    lead = "How each of them came about, as it was then."
    return _page(whole_page("The latest slates", lead, [section("", "", table)], footer="Slatewright.", style=_STYLE))


@page.get("/slates/{slate_id}")
async def stages_page(slate_id: PathId, service: Serving, sent: Sent, item: Id | None = None) -> HTMLResponse:
    """The four stages of one slate side by side."""
    here = f"/slates/{quote(slate_id, safe='')}"
    return await looked(
        sent, lambda: _page(_answered(service, slate_id).page(item, lambda one: f"{here}?item={quote(one, safe='')}"))
    )


_NAMES = ("slate", "time", "user", "bundle")
_HEADS = "".join(f"<th>{name}</th>" for name in _NAMES)
_STYLE = """
.slates td { overflow-wrap: anywhere; }
@media (min-width: 901px) { .slates td:not([data-name=user]) { white-space: nowrap; } }
@media (max-width: 900px) {
  .slates, .slates tbody, .slates tr, .slates td { display: block; }
  .slates thead { display: none; }
  .slates tr { padding: .5rem 0; border-bottom: 1px solid var(--line); }
  .slates tr:last-child { border-bottom: 0; }
  .slates td { padding: 0; border: 0; }
  .slates td:empty { display: none; }
  .slates td[data-name]::before { content: attr(data-name) " "; color: var(--faint); }
}
"""  # on a phone a slate is a few short lines


def _row(entry: Entry) -> str:
    cells = (iso(entry.time)[:19].replace("T", " "), entry.user_id or "", entry.version)
    link = f'<a href="/slates/{quote(entry.slate_id, safe="")}">{escape(entry.slate_id)}</a>'
    told = (f'<td data-name="{name}">{escape(cell)}</td>' for name, cell in zip(_NAMES[1:], cells, strict=True))
    return f"<tr><td>{link}</td>{''.join(told)}</tr>"


def _page(html: str) -> HTMLResponse:
    """A page without a script; its one style sheet is allowed by its sum."""
    sheet = html.partition("<style>")[2].partition("</style>")[0]
    allowed = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'"
    return HTMLResponse(html, headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"})


def _answered(service: Service, slate_id: str) -> Answered:
    def pipeline_of(version: str) -> Pipeline:
        live = service.pointer.bundle
        return live.pipeline if live is not None and live.version == version else open_pipeline(service.shop, version)

    return answered(service.kept, slate_id, pipeline_of)
