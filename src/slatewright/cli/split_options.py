"""Options that say how the log is split: one for every knob of every split, declared where the knob is."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, get_args, get_origin

import typer

from slatewright.cli.knob_options import option_of, with_options
from slatewright.core.errors import BadInput
from slatewright.core.knobs import knobs_of
from slatewright.data.splits import PROTOCOLS, Allowing, SampledNegatives

PANEL = "Split"
RENAMED = {"rng": "--seed"}  # what other commands call it
OWNERS: Mapping[str, type] = {**PROTOCOLS, "sampled negatives": SampledNegatives, "the audit": Allowing}


def with_split_options(run: Callable[..., None]) -> Callable[..., None]:
    """The same command, with ``--protocol`` and an option per knob; ``run`` gets what was given as keywords."""
    options = [option_of(name, annotation) for name, annotation in _annotations().items()]
    return with_options(run, options)


def refuse_for_bundle(bundle: str | None, given: Mapping[str, object]) -> None:
    """Refuse options of a split where a bundle is judged: what it was trained on is settled.

    Raises:
        BadInput: there are some.
    """
    if bundle is not None and given:
        told = ", ".join(f"{name}={value}" for name, value in given.items())
        raise BadInput(f"a bundle is judged by all that happened since it was trained, so it takes no {told}")


def _annotations() -> dict[str, Any]:
    """The type and help of every option, by the name of its knob."""
    about = f"How the log is split: {', '.join(PROTOCOLS)}. What is not given is as in the settings."
    protocol = typer.Option("--protocol", help=about, show_default=False, rich_help_panel=PANEL)
    found: dict[str, Any] = {"protocol": Annotated[str | None, protocol]}
    for knob in {knob.name: knob for owner in OWNERS.values() for knob in knobs_of(owner)}.values():
        option = typer.Option(
            RENAMED.get(knob.name, "--" + knob.name.replace("_", "-")),
            help=_help(knob.name),
            show_default=False,
            rich_help_panel=PANEL,
        )
        found[knob.name] = Annotated[_type(knob.type), option]
    return found


def _help(name: str) -> str:
    """What the knob means, and in which splits; where they differ, each by itself."""
    owners: dict[str, list[str]] = {}
    for owner, kind in OWNERS.items():
        for knob in knobs_of(kind):
            if knob.name == name:
                owners.setdefault(knob.knob.doc, []).append(owner)
    told = "; ".join(f"{doc} ({', '.join(names)})" for doc, names in owners.items())
    return f"{told[:1].upper()}{told[1:]}."


def _type(kind: Any) -> Any:
    """What Typer reads: a list for a tuple of words, nothing given as None."""
    if (get_origin(kind) or kind) is tuple:
        return list[str] | None
    return kind if type(None) in get_args(kind) else kind | None
