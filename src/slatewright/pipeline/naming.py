"""Stages name estimators of the recipe; a name that it does not have is refused before anything is fitted."""

import difflib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import is_dataclass
from typing import Any

from slatewright.core.errors import NotThere
from slatewright.core.knobs import KnobField, knobs_of


def check_names(stages: Iterable[object], known: Collection[str]) -> None:
    """Let pass what names estimators that are known.

    Raises:
        NotThere: a stage names another; the message has those there are.
    """
    for stage in stages:
        for knob, name in _named(stage):
            if name not in known:
                raise unknown(name, known, f"{type(stage).__name__}({knob}={getattr(stage, knob)!r})")


def unknown(name: str, known: Collection[str], asked_by: str) -> NotThere:
    """The error for a name that no estimator has."""
    alike = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {alike[0]!r}?" if alike else ""
    names = ", ".join(sorted(known)) or "none"
    return NotThere(f"{asked_by} asks for the model {name!r}; the recipe has these estimators: {names}{hint}")


def _named(stage: Any) -> Iterator[tuple[str, str]]:
    """Each knob of a stage that names estimators, with each name; a stage without knobs is other people's business."""
    for field in _knobs(type(stage)):
        if field.knob.names_estimators:
            value = getattr(stage, field.name)
            for name in (value,) if isinstance(value, str) else value or ():
                yield field.name, name


def _knobs(kind: type) -> tuple[KnobField, ...]:
    try:
        return knobs_of(kind) if is_dataclass(kind) else ()
    except NameError:  # a stage of somebody's own, whose types only a type checker sees
        return ()
