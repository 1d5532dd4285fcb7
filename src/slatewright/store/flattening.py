"""Nested values as one row of names and values, and where two such rows differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from slatewright.store.run import Json

ABSENT = "-"


@dataclass(frozen=True, slots=True)
class Change:
    """One name whose value differs; None where it is not there at all."""

    name: str
    before: Json
    after: Json


def flat(nested: Json) -> dict[str, Json]:
    """``{"a": {"b": [1, 2]}}`` as ``{"a/b/0": 1, "a/b/1": 2}``; empty parts are left out."""
    return dict(_leaves("", nested))


def flat_metrics(metrics: Mapping[str, Json]) -> dict[str, Json]:
    """Metrics by name; an interval gives its value under the name itself, then ``name/low`` and ``name/high``."""
    return {name.removesuffix("/value"): value for name, value in flat(metrics).items()}


def changes(before: Mapping[str, Json], after: Mapping[str, Json]) -> tuple[Change, ...]:
    """The names whose values differ in the least, in the order of ``before``, then those that are new."""
    names = [*before, *(name for name in after if name not in before)]
    return tuple(
        Change(name, before.get(name), after.get(name))
        for name in names
        if not _same(before.get(name), after.get(name))
    )


def _same(one: Json, other: Json) -> bool:
    """Equal to the last digit, and of one kind: True is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)


def _leaves(path: str, value: Json) -> Iterator[tuple[str, Json]]:
    if isinstance(value, Mapping):
        parts = ((str(name), one) for name, one in value.items())
    elif isinstance(value, list | tuple):
        parts = ((str(at), one) for at, one in enumerate(value))
    else:
        yield path, value
        return
    for name, one in parts:
        yield from _leaves(f"{path}/{name}" if path else name, one)
