"""slatewright recommend"""

from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from slatewright.cli.asking import facts_of, left_out, open_bundle, query_for
from slatewright.cli.console import answers, note, print_json
from slatewright.cli.options import HERE, AsJson, Length, ShopFolder
from slatewright.core.clock import wall_clock
from slatewright.explain.words import FALLBACKS, digits_of
from slatewright.pipeline.request import Request
from slatewright.pipeline.slate import Slate
from slatewright.serve.live_bundle import LiveBundle
from slatewright.store.shop import Shop


def run(
    user: Annotated[str | None, typer.Argument(help="A user_id, known or not; none: an anonymous visitor.")] = None,
    shop: ShopFolder = HERE,
    k: Length = 10,
    item: Annotated[list[str] | None, typer.Option(help="An item the visitor looked at; repeat, oldest first.")] = None,
    fact: Annotated[list[str] | None, typer.Option(help="What is known of the visitor: name=value; repeat.")] = None,
    category: Annotated[list[str] | None, typer.Option(help="Only this category; repeat.")] = None,
    exclude: Annotated[list[str] | None, typer.Option(help="Not this item; repeat.")] = None,
    exclude_category: Annotated[list[str] | None, typer.Option(help="Not this category; repeat.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show the slate of a user: anybody gets one, and each item names its source."""
    place = Shop.open(shop)
    bundle = open_bundle(place)
    request = Request(
        k,
        wall_clock(),
        user_id=user,
        items=item or (),
        exclude=exclude or (),
        categories=frozenset(category) if category else None,
        exclude_categories=frozenset(exclude_category or ()),
        facts=facts_of(fact or []),
    )
    for sentence in left_out(bundle.world, request):
        note(sentence)
    slate = bundle.pipeline.answer(query_for(place, bundle, request))
    if as_json:
        print_json(_answer(bundle, slate, user))
        return
    if not slate.items:
        note(
            "No item is left: all are seen, sold out, or not what was asked for; slatewright why-not tells of one item."
        )
        return
    answers.print(_table(bundle, slate))
    if slate.fallback:
        note(FALLBACKS.get(slate.fallback, slate.fallback))


def _answer(bundle: LiveBundle, slate: Slate, user: str | None) -> dict[str, Any]:
    items = [{**asdict(placed), "title": _title(bundle, placed.item_id)} for placed in slate.items]
    about = {"slate_id": slate.slate_id, "user_id": user, "fallback": slate.fallback, "version": bundle.version}
    return {**about, "items": items}


def _table(bundle: LiveBundle, slate: Slate) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("", "item", "title", "source", "score"):
        table.add_column(column, justify="right" if column in {"", "score"} else "left", overflow="fold")
    digits = max(3, digits_of(placed.score for placed in slate.items))
    for placed in slate.items:
        title = _title(bundle, placed.item_id)
        cells = (f"{placed.position}", placed.item_id, title, placed.source, f"{placed.score:.{digits}f}")
        table.add_row(*map(Text, cells))
    return table


def _title(bundle: LiveBundle, item_id: str) -> str:
    catalogue = bundle.world.catalogue
    index = catalogue.items.find(item_id)
    return item_id if index is None else catalogue.title(index)
