"""How much a trial gets at first: few epochs, or few users, then more."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from slatewright.core.errors import BadKnob
from slatewright.data.dataset import Dataset
from slatewright.evaluate.tuning.ranges import Choice, Space, Span
from slatewright.evaluate.tuning.search import Search
from slatewright.models import Estimator

EPOCHS, USERS, FULL = "epochs", "users", "full"
SHARES = (1 / 9, 1 / 3, 1.0)  # of the users
EPOCH_RUNGS = 4  # each twice the one before


@dataclass(frozen=True)
class Ladder:
    """Growing budgets, each ``of`` epochs, or of shares of the users; ``keep_best``: more may be worse.

    With ``keep_best`` a trial counts for what it reached at its best budget, else for what it reached at the last.
    """

    of: str
    rungs: tuple[float, ...]
    keep_best: bool = False

    def fitted(self, estimator: Estimator, train: Dataset, rung: int, seed: int) -> tuple[Estimator, Dataset]:
        """The estimator and the data of one rung."""
        if self.of == EPOCHS:
            return replace(estimator, epochs=int(self.rungs[rung])), train  # type: ignore[type-var]
        return estimator, some_users(train, self.rungs[rung], seed)

    def rung_of(self, estimator: Estimator) -> int:
        """Where an estimator as it is stands: the first rung that gives it as much as it has, else the last."""
        has = getattr(estimator, EPOCHS) if self.of == EPOCHS else 1.0
        return next((at for at, rung in enumerate(self.rungs) if rung >= has), len(self.rungs) - 1)

    def settled(self, knobs: dict[str, Any], rung: int) -> dict[str, Any]:
        """The knobs of a trial that was best at a rung."""
        return {**knobs, EPOCHS: int(self.rungs[rung])} if self.of == EPOCHS and self.keep_best else knobs


def ladder_of(estimator: Estimator, space: Space, search: Search) -> tuple[Ladder, Space]:
    """The budgets of a search, and the space without the knob that is a budget now.

    Raises:
        BadKnob: epochs are asked for and the estimator has none.
    """
    has_epochs = hasattr(estimator, EPOCHS)
    if search.budget == EPOCHS and not has_epochs:
        raise BadKnob(f"Search.budget must be users or full for {type(estimator).__name__}, which has no epochs")
    if search.budget == EPOCHS or (search.budget == "auto" and has_epochs and _room_to_grow(estimator, space)):
        rungs = _epochs(space.ranges.get(EPOCHS), getattr(estimator, EPOCHS))
        return Ladder(EPOCHS, rungs, keep_best=EPOCHS in space.ranges), space.without(EPOCHS)
    if search.budget == FULL or search.pruning == "none":
        return Ladder(FULL, (1.0,)), space
    return Ladder(USERS, SHARES), space


def _room_to_grow(estimator: Estimator, space: Space) -> bool:
    return len(_epochs(space.ranges.get(EPOCHS), getattr(estimator, EPOCHS))) > 1 and len(space.without(EPOCHS)) > 0


def _epochs(given: Span | Choice | None, usual: int) -> tuple[float, ...]:
    """The values to choose from; or from the most downwards, each half the one above it."""
    if isinstance(given, Choice):
        return tuple(sorted(float(one) for one in given.values))
    low, high = (1.0, float(usual)) if given is None else (given.low, given.high)
    halves = [round(high / 2**back) for back in range(EPOCH_RUNGS)]
    return tuple(float(one) for one in sorted(set(halves)) if one >= low)


def some_users(dataset: Dataset, share: float, seed: int) -> Dataset:
    """The data set with the events of a share of its users; ids stay. A larger share holds all of a smaller one."""
    if share >= 1:
        return dataset
    order = np.random.default_rng(seed).permutation(dataset.n_users)
    chosen = np.zeros(dataset.n_users, np.bool_)
    chosen[order[: max(1, round(share * dataset.n_users))]] = True
    table = dataset.interactions
    return replace(dataset, interactions=table.take(chosen[table.user]))
