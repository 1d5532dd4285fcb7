"""The shape of sparse item vectors: fading, some items, likeness; its estimators are tested in their own places."""

from dataclasses import replace

import numpy as np
import pytest

from slatewright.core.clock import MICROSECONDS_PER_DAY
from slatewright.data.histories import Histories
from slatewright.models import Content
from slatewright.testing.town import AS_OF, town


def test_an_old_event_of_the_history_counts_half() -> None:
    model = Content(prior_weight=0.5).fit(town())
    fading = replace(model, half_life_days=np.array([10.0]))
    old = [AS_OF - 10 * MICROSECONDS_PER_DAY]
    halved = model.score(Histories.of([[2]], weights=[[0.5]]))
    np.testing.assert_allclose(fading.score(Histories.of([[2]], times=[old])), halved, rtol=1e-6)


def test_the_features_that_are_shared_are_named() -> None:
    model = Content().fit(town())
    shared = model.shared_features(Histories.of([[0]]), 24)
    assert shared["feature"].to_list()[0] == "category=tea"
    assert (shared["part"] > 0).all()
    assert model.shared_features(Histories.of([[]]), 24).height == 0


def test_similar_items_are_compared_by_cosine() -> None:
    model = Content().fit(town())
    rows = model.rows.matrix(model.space.n_features).toarray()
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    others, likeness = model.similar(np.array([4], dtype=np.int32), 24)
    np.testing.assert_allclose(likeness[0], (unit @ unit[4])[others[0]], atol=1e-5)


def test_priors_lean_only_where_facts_are_known() -> None:
    model = Content().fit(town())
    assert model.priors(Histories.of([[], []])).shape == (1, 25)
    some = model.priors(Histories.of([[], []], facts=town().user_facts[:2]), np.array([3, 1], dtype=np.int32))
    assert some.shape == (2, 2)
    assert some[0] == pytest.approx(model.priors(Histories.of([[]], facts=town().user_facts[:1]))[0, [3, 1]], abs=1e-6)
