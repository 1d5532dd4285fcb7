"""A factorisation with a map for warm items: the kit, the town, and what cannot be mapped."""

import numpy as np
import pytest

from slatewright.core.errors import BadKnob
from slatewright.models import ALS, BPR, Balanced, FactMapped, Popularity
from slatewright.models.costs import STEPS, Size
from slatewright.testing.estimators import EstimatorKit
from slatewright.testing.town import town


class TestFactMapped(EstimatorKit):
    estimator = FactMapped(ALS(embedding_dim=4, epochs=4))


class TestFactMappedBPR(EstimatorKit):
    estimator = FactMapped(BPR(embedding_dim=4, epochs=4), reg=1.0)


def test_warm_items_are_liked_by_those_who_like_their_like() -> None:
    model = FactMapped(ALS(embedding_dim=4, epochs=8), reg=1.0).fit(town())
    scores = model.score(town().histories())[:60, 24]
    assert scores[::2].min() > scores[1::2].max()


def test_only_factors_can_be_mapped() -> None:
    with pytest.raises(BadKnob, match=r"FactMapped\.estimator must learn Factors, got Popularity: ItemScores"):
        FactMapped(Popularity())
    with pytest.raises(BadKnob, match=r"must be estimators .*, got <class"):
        FactMapped(ALS)  # type: ignore[arg-type]
    with pytest.raises(BadKnob, match="got Balanced: ItemScores"):
        FactMapped(Balanced(Popularity())).fit(town())


def test_the_cost_is_that_of_the_factorisation_and_more() -> None:
    size = Size.of(town())
    assert FactMapped().cost(size).memory > 0
    assert FactMapped(reg=1.0).cost(size).work[STEPS] < FactMapped().cost(size).work[STEPS]
    assert np.isfinite(FactMapped().cost(size).memory)
