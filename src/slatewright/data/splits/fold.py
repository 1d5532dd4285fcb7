"""One fold: a training set and the cases that judge it."""

import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from slatewright.core.arrays import Frame, Mask
from slatewright.core.errors import BadInput
from slatewright.data.dataset import Dataset
from slatewright.data.idmap import IdMap
from slatewright.data.splits.cases import Cases, cases_of
from slatewright.data.splits.protocol import BY_HAND, Protocol, check_names


@dataclass(frozen=True)
class Fold:
    """What may be learned from, and what it is judged by.

    ``validation`` is a fold made inside ``train``: choose knobs with ``validation.train`` and ``validation.test``, then
    fit once more on ``train`` and look at ``test``. No row of ``test`` can be reached from ``validation``. ``protocol``
    says how the fold came about. ``allowed`` are checks of the audit that may fail, and ``transforms`` what else was
    fitted on the training part, by name, for the audit to look at.
    """

    train: Dataset
    test: Cases
    validation: "Fold | None" = None
    protocol: Protocol = BY_HAND
    allowed: tuple[str, ...] = ()
    transforms: Mapping[str, object] = field(default_factory=dict)

    def allowing(self, *checks: str) -> "Fold":
        """The same fold, with checks of the audit that may fail: the evaluation goes on, and says so.

        Raises:
            BadKnob: there is no such check.
        """
        check_names(checks)
        inner = None if self.validation is None else self.validation.allowing(*checks)
        return replace(self, allowed=(*self.allowed, *checks), validation=inner)

    def declaring(self, **transforms: object) -> "Fold":
        """The same fold, with what else was fitted: an encoder (``FactsModel``), or the ids that one was fitted on."""
        return replace(self, transforms={**self.transforms, **transforms})


class Split(typing.Protocol):
    """A frozen dataclass of knobs with one verb."""

    def split(self, dataset: Dataset) -> Iterator[Fold]:
        """The folds of a data set, one or more; the same data set and knobs give the same folds."""


def fold_of(
    dataset: Dataset,
    train: Mask,
    answers: Mask,
    *,
    as_of: int | None = None,
    history: Mask | None = None,
    inner: Split | None = None,
    protocol: Protocol = BY_HAND,
) -> Fold:
    """A fold from two masks over the rows; ``inner`` splits the training part once more, for validation.

    Raises:
        BadInput: one of the two parts is empty.
    """
    for part, rows in (("training", train), ("test", answers)):
        if not rows.any():
            raise BadInput(f"the {part} part of the split is empty: {len(rows)} events, {_span(dataset)}")
    known = part_of(dataset, train, dataset.as_of if as_of is None else as_of)
    test = cases_of(known, dataset, answers, as_of=as_of, history=history)
    return Fold(known, test, None if inner is None else next(iter(inner.split(known))), protocol)


def part_of(dataset: Dataset, rows: Mask, as_of: int) -> Dataset:
    """The data set as if only these rows had happened.

    Users and items whose every event lies outside get no index; those that never had an event stay, known by their
    facts. Facts themselves carry no time here: read the log with ``as_of`` where they change.
    """
    table = dataset.interactions
    users, user_index = _remaining(dataset.users, table.user, rows)
    items, item_index = _remaining(dataset.items, table.item, rows)
    part = table.take(rows)
    return Dataset(
        IdMap(dataset.users.names.filter(users)),
        IdMap(dataset.items.names.filter(items)),
        replace(part, user=user_index[part.user], item=item_index[part.item]),
        as_of,
        _facts(dataset.item_facts, items),
        _facts(dataset.user_facts, users),
        f"{dataset.version} part".strip(),
        dataset.facts_until,
    )


def _remaining(ids: IdMap, index: np.ndarray, rows: Mask) -> tuple[Mask, np.ndarray]:
    """Which ids stay, bool (n,), and the new index of each that does, int32 (n,)."""
    inside = np.bincount(index[rows], minlength=len(ids)) > 0
    anywhere = np.bincount(index, minlength=len(ids)) > 0
    stay = inside | ~anywhere
    return stay, (np.cumsum(stay) - 1).astype(np.int32)


def _facts(facts: Frame, stay: Mask) -> Frame:
    return facts.filter(stay) if facts.height else facts


def _span(dataset: Dataset) -> str:
    times = dataset.interactions.time
    if not len(times):
        return "none at all"
    first, last = (np.datetime_as_string(np.datetime64(int(t), "us"), unit="D") for t in (times.min(), times.max()))
    return f"from {first} to {last}"
