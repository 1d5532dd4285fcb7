"""Options that say how knobs are searched: one for every knob of a search, declared where the knob is."""

from collections.abc import Callable, Iterator, Mapping
from inspect import Parameter
from typing import Annotated, Any

import typer

from slatewright.cli.knob_options import option_of, with_options
from slatewright.core.knobs import KnobField, knobs_of
from slatewright.evaluate.tuning import Search

PANEL = "Search"
RENAMED = {"judged_users": ("--users",), "rng": ("--seed",), "k": ("--k", "-k")}  # what other commands call it
WORKERS, USERS = "workers", "judged_users"
ONE_PROCESS = 1  # a fit that dies must not end the command


def with_search_options(run: Callable[..., None]) -> Callable[..., None]:
    """The same command, with an option per knob of a search; ``run`` gets them as keywords."""
    return with_options(run, list(_options()))


def search_of(given: Mapping[str, Any]) -> Search:
    """The search that was asked for.

    Raises:
        BadKnob: a knob is out of its range.
    """
    return Search(**{**given, USERS: given[USERS] or None})


def _options() -> Iterator[Parameter]:
    for knob in knobs_of(Search):
        names = RENAMED.get(knob.name, ("--" + knob.name,))
        default = ONE_PROCESS if knob.name == WORKERS else knob.default
        option = typer.Option(*names, help=_help(knob), show_default=default is not None, rich_help_panel=PANEL)
        yield option_of(knob.name, Annotated[knob.type, option], default)


def _help(knob: KnobField) -> str:
    doc = knob.knob.doc.replace("none: ", "0: ") if knob.name == USERS else knob.knob.doc
    choices = f": {', '.join(knob.knob.choices)}" if knob.knob.choices else ""
    return f"{doc[:1].upper()}{doc[1:]}{choices}."
