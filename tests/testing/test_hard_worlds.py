"""The hard worlds are as hard as their names say, and the kit sees who does not survive them."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from slatewright.core.errors import BadInput
from slatewright.data.dataset import Dataset
from slatewright.models import Popularity
from slatewright.models.shapes import ItemScores
from slatewright.testing.estimators import EstimatorKit
from slatewright.testing.hard_worlds import HARD_WORLDS


@dataclass(frozen=True)
class Careless:
    """Divides by the sum of all weights."""

    def fit(self, dataset: Dataset) -> ItemScores:
        model = Popularity().fit(dataset)
        with np.errstate(all="ignore"):
            return replace(model, item_scores=model.item_scores / dataset.interactions.weight.sum())


@dataclass(frozen=True)
class Careful(Careless):
    def fit(self, dataset: Dataset) -> ItemScores:
        if not dataset.interactions.weight.any():
            raise BadInput("Careful needs events that weigh something, got none")
        return super().fit(dataset)


def _judge(estimator: Careless, name: str) -> None:
    kit = EstimatorKit()
    kit.estimator = estimator  # type: ignore[misc]
    kit.test_hard_data_gives_a_clear_error_or_a_finite_model(name)


def test_a_silent_nan_is_found_and_a_clear_error_passes() -> None:
    with pytest.raises(AssertionError):
        _judge(Careless(), "all weights zero")
    _judge(Careful(), "all weights zero")


def test_hard_worlds_are_what_they_are_called() -> None:
    worlds = {name: make() for name, make in HARD_WORLDS.items()}
    assert worlds["nothing at all"].n_users == worlds["nothing at all"].n_items == 0
    assert len(worlds["items that nobody took"].interactions) == 0
    assert worlds["one user"].n_users == 1
    assert worlds["one item"].n_items == 1
    assert len(worlds["one event"].interactions) == 1
    assert np.unique(worlds["all values equal"].interactions.value).tolist() == [3]
    assert (worlds["negative weights"].interactions.weight < 0).any()
    assert worlds["weights of 1e12"].interactions.weight.max() == np.float32(1e12)
    lonely = worlds["a user and an item without events"]
    assert (lonely.histories().lengths() == 0).sum() == 1
    assert (np.bincount(lonely.interactions.item, minlength=lonely.n_items) == 0).sum() == 1
