"""The kit finds what is broken: estimators with one fault each."""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import pytest

from slatewright.core.arrays import Index, Scores
from slatewright.core.knobs import Knob
from slatewright.data.dataset import Dataset
from slatewright.data.histories import Histories
from slatewright.models import Estimator, Popularity
from slatewright.models.shapes import ItemScores
from slatewright.testing.estimators import EstimatorKit


@dataclass(frozen=True)
class Strange:
    lr: Annotated[float, Knob("a word that the glossary does not have")] = 0.1

    def fit(self, dataset: Dataset) -> ItemScores:
        return Popularity().fit(dataset)


@dataclass(frozen=True)
class Restless:
    rng: Annotated[int, Knob("not heeded")] = 0

    def fit(self, dataset: Dataset) -> ItemScores:
        model = Popularity().fit(dataset)
        return replace(model, item_scores=np.random.default_rng().random(dataset.n_items, dtype=np.float32))


@dataclass(frozen=True)
class Wide(ItemScores):
    def score(self, histories: Histories, items: Index | None = None) -> Scores:
        return super().score(histories, items).astype(np.float64)


@dataclass(frozen=True)
class Doubled:
    def fit(self, dataset: Dataset) -> ItemScores:
        model = Popularity().fit(dataset)
        return Wide(model.known, model.item_scores)


def kit(fault: Estimator) -> EstimatorKit:
    made = EstimatorKit()
    made.estimator = fault  # type: ignore[misc]
    return made


def test_a_knob_outside_the_glossary_is_found() -> None:
    with pytest.raises(AssertionError, match="lr"):
        kit(Strange()).test_knobs_are_frozen_and_use_the_words_of_the_glossary()


def test_a_fit_that_differs_from_the_last_is_found() -> None:
    with pytest.raises(AssertionError, match="item_scores"):
        kit(Restless()).test_fitting_again_gives_the_same_model()


def test_scores_of_the_wrong_type_are_found() -> None:
    with pytest.raises(AssertionError):
        kit(Doubled()).test_scores_have_a_row_per_history_and_a_column_per_item()


def test_a_sound_estimator_passes() -> None:
    kit(Popularity()).test_fitting_again_gives_the_same_model()
