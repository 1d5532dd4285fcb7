"""slatewright list"""

from typing import Any

from rich.table import Table

from slatewright.cli.console import answers, note, print_json
from slatewright.cli.options import HERE, AsJson, ShopFolder
from slatewright.core.clock import iso
from slatewright.store.card import Card
from slatewright.store.shelf import Shelf
from slatewright.store.shop import Shop


def run(shop: ShopFolder = HERE, as_json: AsJson = False) -> None:
    """List the bundles, oldest data first, and show which one is live."""
    shelf = Shelf(Shop.open(shop).bundles)
    live = shelf.live()
    rows = [_row(version, shelf.card(version), version == live) for version in shelf.versions()]
    if as_json:
        print_json(rows)
    elif not rows:
        note("no bundle yet; make one with: slatewright train")
    else:
        answers.print(_table(rows))


def _row(version: str, card: Card, live: bool) -> dict[str, Any]:
    counts = dict(card.counts)
    return {"version": version, "live": live, "as_of": iso(card.as_of), "models": list(card.models), "counts": counts}


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    table.add_column("version", no_wrap=True, min_width=max(len(row["version"]) for row in rows))  # to be copied whole
    table.add_column("as of", no_wrap=True)
    table.add_column("models", overflow="fold")
    table.add_column("users", justify="right")
    table.add_column("items", justify="right")
    for row in rows:
        counts = [f"{row['counts'].get(name, 0):,}" for name in ("users", "items")]
        mark = "[green]live[/]" if row["live"] else ""
        table.add_row(mark, row["version"], row["as_of"][:10], ", ".join(row["models"]), *counts)
    return table
