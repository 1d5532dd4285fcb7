"""slatewright simulate"""

from pathlib import Path
from typing import Annotated

import typer

from slatewright.cli.console import print_json, say
from slatewright.cli.options import AsJson
from slatewright.simulate import Simulation
from slatewright.simulate import simulate as simulated


def run(
    folder: Annotated[Path, typer.Argument(help="Where to write events.csv, items.csv and users.csv.")],
    users: Annotated[int, typer.Option(help="People who visit.")] = 2000,
    items: Annotated[int, typer.Option(help="Items in the catalogue.")] = 600,
    days: Annotated[int, typer.Option(help="Days of events.")] = 180,
    dirt: Annotated[float, typer.Option(help="Share of rows that each kind of dirt touches.")] = 0.005,
    seed: Annotated[int, typer.Option(help="Another seed, another shop.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Write the events of a simulated shop as CSV files, as a real shop would export them."""
    shop = simulated(Simulation(users=users, items=items, days=days, dirt=dirt, rng=seed))
    paths = shop.write(folder)
    rows = [shop.events.height, shop.items.height, shop.users.height]
    if as_json:
        print_json(
            {"files": {str(path): n for path, n in zip(paths, rows, strict=True)}, "dirt": dict(shop.truth.dirt)}
        )
        return
    for path, n in zip(paths, rows, strict=True):
        say(f"{n:>9,} rows  {path}")
    if shop.truth.dirt:
        say("dirt: " + ", ".join(f"{count:,} {name}" for name, count in shop.truth.dirt.items()))
