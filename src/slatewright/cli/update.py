"""slatewright update"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from inspect import Parameter
from typing import Annotated, Any

import typer
from rich.table import Table

from slatewright.cli.acting import enter
from slatewright.cli.console import answers, note, print_json, progress_bar, say
from slatewright.cli.knob_options import option_of, with_options
from slatewright.cli.options import HERE, AsJson, ShopFolder
from slatewright.cli.recording import recorder_of
from slatewright.core.clock import instant
from slatewright.core.knobs import knobs_of
from slatewright.lifecycle.updating import UpdatedBundle, Wish, update_bundle
from slatewright.models.neural.updating.report import Judged, UpdateReport
from slatewright.models.neural.updating.update import Updating
from slatewright.store.shelf import Shelf
from slatewright.store.shop import Shop

PANEL, SEED = "Learning", "rng"


def _options() -> Iterator[Parameter]:
    """An option for every knob of an update."""
    for knob in knobs_of(Updating):
        names = ("--seed",) if knob.name == SEED else ("--" + knob.name.replace("_", "-"),)
        doc = "seed of what is held out, replayed and drawn" if knob.name == SEED else knob.knob.doc
        option = typer.Option(
            *names, help=f"{doc[:1].upper()}{doc[1:]}.", show_default=knob.default is not None, rich_help_panel=PANEL
        )
        yield option_of(knob.name, Annotated[int if knob.name == SEED else knob.type, option], knob.default)


def _run(
    models: Annotated[
        list[str] | None,
        typer.Argument(help="Names of neural models in the recipe.", show_default="all that can learn on"),
    ] = None,
    shop: ShopFolder = HERE,
    bundle: Annotated[str | None, typer.Option(help="The version to go on from.", show_default="live")] = None,
    as_of: Annotated[str | None, typer.Option(help="Know nothing at or after this time, ISO-8601.")] = None,
    promote: Annotated[bool, typer.Option("--promote/--no-promote", help="Make it live.")] = False,
    as_json: AsJson = False,
    **given: Any,
) -> None:
    """Teach the neural models of a bundle what came since it was trained, and put the result into a new bundle.

    Everything else in the recipe is fitted again. Stopping it leaves everything as it was.
    """
    place = Shop.open(shop)
    recorder = recorder_of(place)
    until = None if as_of is None else instant(as_of)
    wish = Wish(bundle, tuple(models or ()), until, Updating(**given))
    with progress_bar() as bar:
        bar("open the bundle", 0, None)
        made = update_bundle(place, wish, now=recorder.started, promote=promote, progress=bar, recorder=recorder)
    if promote:
        enter(place, "promote", version=made.version)
    _show(made, Shelf(place.bundles).live(), as_json)


run = with_options(_run, list(_options()))


def _show(made: UpdatedBundle, live: str | None, as_json: bool) -> None:
    if as_json:
        told = {name: asdict(one) | {"forgotten": one.forgotten} for name, one in made.reports.items()}
        print_json({"version": made.version, "parent": made.parent, "live": live, "models": told})
        return
    answers.print(_table(made.reports))
    for name, report in made.reports.items():
        learned, _, _, _, *remarks = str(report).splitlines()  # between them lies the table
        note(f"{name}: {' '.join([learned, *remarks])}")
    say(
        f"bundle {made.version} goes on from {made.parent}; "
        + ("it is live" if live == made.version else f"make it live with: slatewright promote {made.version}")
    )


def _table(reports: Mapping[str, UpdateReport]) -> Table:
    """How well older and newer events are found, before and after."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("model", "NDCG@10 of"):
        table.add_column(name)
    for name in ("before", "after", "events"):
        table.add_column(name, justify="right")
    for name, report in reports.items():
        table.add_row(name, "older events", *_cells(report.older))
        table.add_row("", "newer events", *_cells(report.newer))
    return table


def _cells(judged: Judged) -> tuple[str, str, str]:
    before, after = ("-" if one is None else f"{one:.4f}" for one in (judged.before, judged.after))
    return before, after, f"{judged.n:,}"
