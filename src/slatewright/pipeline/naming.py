"""Stages name estimators of the recipe; a name that it does not have, or not of that use, is refused before any fit."""

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import is_dataclass
from itertools import chain
from typing import Any

from slatewright.core.errors import BadInput, NotThere
from slatewright.core.knobs import KnobField, knobs_of
from slatewright.models.model import learned_by, may_learn


def check_names(stages: Iterable[object], estimators: Mapping[str, object]) -> None:
    """Let pass what names estimators that are known and learn what the stage can use.

    Raises:
        NotThere: a stage names another; the message has those there are.
        BadInput: what the estimator learns is of no use to the stage.
    """
    for stage in chain.from_iterable(map(_with_inner, stages)):
        for field, name in _named(stage):
            asked_by = f"{type(stage).__name__}({field.name}={getattr(stage, field.name)!r})"
            if name not in estimators:
                raise unknown(name, estimators, asked_by)
            _check_learned(estimators[name], field.knob.learns, asked_by)


def _with_inner(stage: object) -> Iterator[object]:
    """A stage, the source inside of one that limits it, the score behind another, its columns, its terms."""
    yield stage
    for name in ("source", "otherwise"):
        if hasattr(inner := getattr(stage, name, None), "bind"):
            yield from _with_inner(inner)
    for name in ("columns", "terms"):
        inside = getattr(stage, name, ())
        yield from inside if isinstance(inside, tuple) else ()


def _check_learned(estimator: object, useful: tuple[type, ...], asked_by: str) -> None:
    """What is declared too widely to tell is looked at once it is fitted."""
    if not useful or may_learn(estimator, useful):
        return
    wanted, got = (" or ".join(one.__name__ for one in shapes) for shapes in (useful, learned_by(estimator)))
    raise BadInput(
        f"{asked_by} must name an estimator that learns {wanted}, got {type(estimator).__name__}, which learns {got}"
    )


def unknown(name: str, known: Collection[str], asked_by: str) -> NotThere:
    """The error for a name that no estimator has."""
    alike = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {alike[0]!r}?" if alike else ""
    names = ", ".join(sorted(known)) or "none"
    return NotThere(f"{asked_by} asks for the model {name!r}; the recipe has these estimators: {names}{hint}")


def _named(stage: Any) -> Iterator[tuple[KnobField, str]]:
    """Each knob of a stage that names estimators, with each name; a stage without knobs is other people's business."""
    for field in _knobs(type(stage)):
        if field.knob.names_estimators:
            value = getattr(stage, field.name)
            for name in (value,) if isinstance(value, str) else value or ():
                yield field, name


def _knobs(kind: type) -> tuple[KnobField, ...]:
    try:
        return knobs_of(kind) if is_dataclass(kind) else ()
    except NameError:  # a stage of somebody's own, whose types only a type checker sees
        return ()
