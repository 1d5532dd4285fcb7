"""slatewright slates"""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from slatewright.cli.console import answers, note, print_json, say
from slatewright.cli.options import HERE, AsJson, ShopFolder
from slatewright.core.clock import iso
from slatewright.explain.answered import Answered, answered, kept_in
from slatewright.explain.four_stages import FourStages, Marked
from slatewright.explain.words import FALLBACKS, digits_of
from slatewright.pipeline.opening import open_pipeline
from slatewright.store.files import replace_bytes
from slatewright.store.kept_slates import Entry, KeptSlates
from slatewright.store.shop import Shop


def run(
    slate: Annotated[str | None, typer.Argument(help="A slate_id; none lists the latest answers.")] = None,
    shop: ShopFolder = HERE,
    why: Annotated[str | None, typer.Option(help="Say of this item why it was shown, or why not.")] = None,
    user: Annotated[str | None, typer.Option(help="List the answers to this user only.")] = None,
    last: Annotated[int, typer.Option(min=1, help="List so many.")] = 20,
    page: Annotated[Path | None, typer.Option(help="Write the four stages side by side as a page.")] = None,
    as_json: AsJson = False,
) -> None:
    """Tell how an answer of the server came about, from its slate_id: four stages, as they were then."""
    place = Shop.open(shop)
    slates = KeptSlates(kept_in(place.root), 0)
    if slate is None:
        _list(slates.latest(last, user), as_json)
        return
    found = answered(slates, slate, lambda version: open_pipeline(place, version))
    if page is not None:
        replace_bytes(page, found.page(why).encode())
        note(f"the four stages are in {page}")
    if why is not None:
        _tell_why(found, why, as_json)
    elif as_json:
        print_json(
            {
                "slate_id": slate,
                "version": found.pipeline.world.version,
                "policy": found.policy,
                **found.stages.as_dict(),
            }
        )
    elif page is None:
        _tell(found)


def _list(entries: list[Entry], as_json: bool) -> None:
    if as_json:
        print_json([entry._asdict() | {"time": iso(entry.time)} for entry in entries])
        return
    if not entries:
        note("no answer is kept yet; slatewright serve keeps those it gives")
        return
    table = _table("slate", "time", "user", "bundle")
    for column, width in zip(table.columns[:2], (max(len(one.slate_id) for one in entries), 19), strict=True):
        column.min_width, column.no_wrap = width, True  # an id is there to be copied whole
    for entry in entries:
        table.add_row(*map(Text, (entry.slate_id, iso(entry.time)[:19], entry.user_id or "", entry.version)))
    answers.print(table)


def _tell_why(found: Answered, item_id: str, as_json: bool) -> None:
    reasons = found.why(item_id)
    if as_json:
        print_json(reasons.as_dict())
        return
    for sentence in reasons.sentences:
        say(sentence)


def _tell(found: Answered) -> None:
    told = found.stages
    whose = "a visitor without a name" if told.user_id is None else told.user_id
    say(f"Slate {found.slate_id} for {whose} at {iso(told.now)}, by bundle {found.pipeline.world.version}")
    if told.fallback is not None:
        note(FALLBACKS.get(told.fallback, told.fallback))
    for problem in told.notes:
        note(f"Broke, and was passed over: {problem}")
    for part in (_sources(told), _filters(told), _slate(told)):
        answers.print()
        answers.print(part)
    if found.policy:
        answers.print()
        say("The shop's rules, as they were then:")
        answers.print(Text(found.policy.rstrip()))


def _sources(told: FourStages) -> Table:
    table = _table("source", "proposed", "in the slate")
    for one in told.sources:
        shown = sum(offer.position is not None for offer in one.first)
        table.add_row(*map(Text, (one.source, f"{one.proposed:,}", f"{shown}")))
    return table


def _filters(told: FourStages) -> Table:
    table = _table("filter", "dropped")
    for one in told.filters:
        table.add_row(*map(Text, (one.filter, f"{one.dropped:,}")))
    table.add_row(Text(f"left of {told.candidates:,}", style="dim"), Text(f"{told.survivors:,}", style="dim"))
    return table


def _slate(told: FourStages) -> Table:
    """The slate with the mark of each item and the place that the marks alone would give it."""
    table = _table("", "item", "title", "mark", "by mark", "made of")
    marked = {one.item.item_id: one for one in told.marked}
    for position, item in enumerate(told.slate, start=1):
        one = marked.get(item.item_id)
        cells = ("", "", "") if one is None else marked_cells(one)
        table.add_row(*map(Text, (f"{position}", item.item_id, item.title, *cells)))
    return table


def marked_cells(one: Marked) -> tuple[str, str, str]:
    """The mark, the place that it alone would give, and its parts with digits enough to tell them apart."""
    digits = digits_of((one.mark, *one.parts.values()))
    parts = ", ".join(f"{name} {part:+.{digits}f}" for name, part in one.parts.items())
    return f"{one.mark:.{max(3, digits)}f}", f"{one.place}", parts


def _table(*heads: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads:
        right = head in {"", "proposed", "in the slate", "dropped", "mark", "by mark"}
        table.add_column(head, justify="right" if right else "left", overflow="fold")
    return table
