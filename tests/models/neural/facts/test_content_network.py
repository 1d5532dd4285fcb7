"""The content network: the kit, and vectors of items that nobody took near those of items like them."""

import numpy as np
import polars as pl
import pytest

from slatewright.core.errors import BadKnob
from slatewright.data.dataset import dataset_of
from slatewright.models import ALS, ContentNetwork, ItemKNN
from slatewright.models.neural.facts.content_network import FLOOR, metric_of
from slatewright.testing.estimators import EstimatorKit
from slatewright.testing.worlds import two_tastes

SMALL = ContentNetwork(estimator=ALS(embedding_dim=4), layers=(8,), epochs=20, batch_size=32, learning_rate=0.02)


class TestContentNetwork(EstimatorKit):
    estimator = SMALL


def test_items_that_nobody_took_are_scored_as_those_like_them() -> None:
    names = [f"i{at:03d}" for at in range(24)] + ["new-0", "new-1"]
    facts = pl.DataFrame({"item_id": names, "taste": [f"t{int(name[-1]) % 2}" for name in names]})
    dataset = dataset_of(two_tastes(), item_facts=facts)
    model = SMALL.fit(dataset)
    scores = model.score(dataset.histories(), model.known.items.positions(["new-0", "new-1"]))
    assert (scores[::2, 0] > scores[::2, 1]).all()
    assert (scores[1::2, 1] > scores[1::2, 0]).all()
    hot = model.known.items.positions(names[:24])
    plain, kept = (one.item_factors[hot] for one in (ALS(embedding_dim=4).fit(dataset), model))
    np.testing.assert_allclose(kept @ kept.T, plain @ plain.T, atol=1e-4)  # turned, but for that as they were


def test_an_error_counts_by_how_much_users_differ_in_its_direction() -> None:
    users = np.random.default_rng(0).standard_normal((50, 3)).astype(np.float32) * np.array([1, 2, 0.1], np.float32)
    crowd = users.T @ users
    error = np.array([0.3, -0.2, 0.5])
    by_hand = np.square(users @ error).sum() / (np.trace(crowd) / 3) + FLOOR * np.square(error).sum()
    assert np.square(error @ metric_of(crowd)).sum() == pytest.approx(by_hand, rel=1e-4)


def test_what_gives_no_factors_is_refused() -> None:
    with pytest.raises(BadKnob, match=r"ContentNetwork\.estimator must learn Factors, got ItemKNN"):
        ContentNetwork(estimator=ItemKNN())
