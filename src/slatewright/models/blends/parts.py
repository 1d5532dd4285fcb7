"""What all blends check and do with the estimators they are made of."""

from collections.abc import Sequence
from dataclasses import is_dataclass

import numpy as np

from slatewright.core.errors import BadKnob
from slatewright.data.dataset import Dataset
from slatewright.models.costs import Cost, Costed, Size
from slatewright.models.model import Estimator, Model

LEARNED = 0.25  # what a model holds of what its fit holds at its peak, in the mean of the estimators of the house


def check_estimators(owner: object, estimators: Sequence[object]) -> None:
    """At least one, each a dataclass with ``fit``.

    Raises:
        BadKnob: naming the blend and what it got.
    """
    name = f"{type(owner).__name__}.estimators"
    if not estimators:
        raise BadKnob(f"{name} must be one estimator or more, got none")
    for one in estimators:
        if isinstance(one, type) or not is_dataclass(one) or not hasattr(one, "fit"):
            raise BadKnob(f"{name} must be estimators (dataclasses with fit), got {one!r}")


def check_lengths(owner: object, lengths: Sequence[int], *, exactly: int | None = None) -> None:
    """Whole numbers from 1 on, rising; ``exactly`` so many of them.

    Raises:
        BadKnob: naming the blend and what it got.
    """
    whole = all(isinstance(one, int) and not isinstance(one, bool) and one >= 1 for one in lengths)
    if not whole or any(np.diff(np.array(lengths, dtype=np.int64)) <= 0):
        raise BadKnob(f"{type(owner).__name__}.lengths must be whole numbers >= 1 that rise, got {tuple(lengths)!r}")
    if exactly is not None and len(lengths) != exactly:
        raise BadKnob(
            f"{type(owner).__name__}.lengths must have one number for each estimator but the first ({exactly}), "
            f"got {tuple(lengths)!r}"
        )


def fitted(estimators: Sequence[Estimator], dataset: Dataset) -> tuple[Model, ...]:
    """The models of all, equal estimators fitted once."""
    models: list[Model] = []
    for at, one in enumerate(estimators):
        first = next((before for before in range(at) if estimators[before] == one), None)
        models.append(one.fit(dataset) if first is None else models[first])
    return tuple(models)


def sum_of_costs(estimators: Sequence[Estimator], size: Size, times: int = 1) -> Cost:
    """What all parts cost, one after the other; parts that cannot say count as nothing.

    The dearest sets the peak; of the others what they learned is held.
    """
    costs = [one.cost(size) for one in estimators if isinstance(one, Costed)]
    work: dict[str, float] = {}
    for cost in costs:
        for kind, amount in cost.work.items():
            work[kind] = work.get(kind, 0.0) + times * amount
    dearest = max((cost.memory for cost in costs), default=0.0)
    return Cost(dearest + LEARNED * (sum(cost.memory for cost in costs) - dearest), work)
