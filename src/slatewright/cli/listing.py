"""slatewright list"""

from typing import Any

from rich.table import Table
from rich.text import Text

from slatewright.cli.console import answers, note, print_json
from slatewright.cli.options import HERE, AsJson, ShopFolder
from slatewright.core.clock import iso
from slatewright.core.errors import BadBundle
from slatewright.store.shelf import Shelf
from slatewright.store.shop import Shop


def run(shop: ShopFolder = HERE, as_json: AsJson = False) -> None:
    """List the bundles, oldest data first, and show which one is live."""
    shelf = Shelf(Shop.open(shop).bundles)
    live = shelf.live()
    rows = [_row(shelf, version, version == live) for version in shelf.versions()]
    if as_json:
        print_json(rows)
    elif not rows:
        note("no bundle yet; make one with: slatewright train")
    else:
        answers.print(_table(rows))


def _row(shelf: Shelf, version: str, live: bool) -> dict[str, Any]:
    """One bundle; a damaged one is listed with what is wrong, so that it hides no other."""
    try:
        card = shelf.card(version)
    except BadBundle as error:
        return {"version": version, "live": live, "damaged": str(error)}
    counts = dict(card.counts)
    row = {"version": version, "live": live, "as_of": iso(card.as_of), "models": list(card.models), "counts": counts}
    return row if card.parent is None else {**row, "parent": card.parent}


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    table.add_column("version", no_wrap=True, min_width=max(len(row["version"]) for row in rows))  # to be copied whole
    table.add_column("as of", no_wrap=True)
    table.add_column("models", overflow="fold")
    table.add_column("users", justify="right")
    table.add_column("items", justify="right")
    if related := any("parent" in row for row in rows):
        table.add_column("parent", overflow="fold")
    for row in rows:
        mark = "[green]live[/]" if row["live"] else ""
        if "damaged" in row:
            table.add_row(mark, row["version"], "[red]damaged[/]", Text(row["damaged"]))
            continue
        counts = [f"{row['counts'].get(name, 0):,}" for name in ("users", "items")]
        parent = [row.get("parent", "")] if related else []
        table.add_row(mark, row["version"], row["as_of"][:10], ", ".join(row["models"]), *counts, *parent)
    return table
