"""slatewright report"""

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from slatewright.cli.console import note, print_json, progress_bar, say
from slatewright.cli.options import HERE, AsJson, Bundle, Inside, Judged, ShopFolder
from slatewright.cli.recording import recorder_of
from slatewright.cli.split_options import refuse_for_bundle, with_split_options
from slatewright.core.errors import BadInput
from slatewright.evaluate import By
from slatewright.evaluate.diagnosis.curves import DATA
from slatewright.evaluate.reporting import Report
from slatewright.evaluate.reporting.headline import headline
from slatewright.lifecycle.folds import kinds_of, split_of_shop
from slatewright.lifecycle.reporting import USUAL_BY, View, report_bundle, report_shop
from slatewright.store.shop import Shop

Names: TypeAlias = list[str] | None
Users: TypeAlias = Annotated[
    Names, typer.Option(help="Apart by a fact of users; may be given again.", show_default="history_length")
]
Items: TypeAlias = Annotated[
    Names, typer.Option(help="Apart by a fact of items; may be given again.", show_default="popularity")
]
User: TypeAlias = Annotated[
    Names, typer.Option(help="Show the slates of this user; may be given again.", show_default="three histories")
]
Slates: TypeAlias = Annotated[
    bool, typer.Option("--slates/--no-slates", help="Show what single people had, were offered and took.")
]
Curve: TypeAlias = Annotated[
    Names,
    typer.Option(help="Draw learning curves over this knob, or `data`; may be given again.", show_default="data"),
]
Curves: TypeAlias = Annotated[
    bool, typer.Option("--curves/--no-curves", help="Fit each model several times for its learning curves.")
]


@with_split_options
def run(
    shop: ShopFolder = HERE,
    k: Judged = 20,
    validation: Inside = False,
    bundle: Bundle = None,
    by: Users = None,
    by_item: Items = None,
    user: User = None,
    slates: Slates = True,
    curve: Curve = None,
    curves: Curves = True,
    as_json: AsJson = False,
    **given: object,
) -> None:
    """Evaluate as `slatewright evaluate` does, and draw it: one HTML page to look at instead of reading."""
    place = Shop.open(shop)
    recorder = recorder_of(place)
    split = split_of_shop(place, **given)
    refuse_for_bundle(bundle, given)
    if user and not slates:
        raise BadInput("--user says whose slates are shown, --no-slates that none are: give one of them")
    segments = By(tuple(by or USUAL_BY.users), tuple(by_item or USUAL_BY.items))
    users, over = tuple(user or ()) if slates else None, tuple(curve or (DATA,)) if curves else ()
    view = View(k, validation, segments, users, over)
    options = {"k": k, "validation": validation, "bundle": bundle, "by": by, "by-item": by_item, "user": user}
    command = _typed({**options, "no-slates": not slates, "curve": curve, "no-curves": not curves, **given})
    with progress_bar() as bar:
        if bundle is None:
            found, page = report_shop(place, split, view, command=command, progress=bar, recorder=recorder)
        else:
            version, kinds = None if bundle == "live" else bundle, kinds_of(split)
            found, page = report_bundle(
                place, version, view, kinds=kinds, command=command, progress=bar, recorder=recorder
            )
    _show(found, page, as_json)


def _show(found: Report, page: Path, as_json: bool) -> None:
    sentences = list(headline(found))
    if as_json:
        print_json({"page": str(page), "says": sentences, "evaluation": found.evaluation.as_dict()})
        return
    for sentence in sentences:
        say(f"- {sentence}")
    note(f"the page: {page}")


def _typed(options: Mapping[str, object]) -> str:
    """The command as it could be typed."""
    return shlex.join(["slatewright", "report", *_words(options)])


def _words(options: Mapping[str, object]) -> Iterator[str]:
    """Options as they are typed: flags alone, lists again and again, nothing of what was not given."""
    for name, value in options.items():
        option = f"--{name.replace('_', '-')}"
        if value is True:
            yield option
        elif isinstance(value, list | tuple):
            yield from (word for one in value for word in (option, str(one)))
        elif value is not None and value is not False:
            yield from (option, str(value))
