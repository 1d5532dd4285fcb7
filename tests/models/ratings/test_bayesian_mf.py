"""BayesianMF: the kit, and that a mean of many factorisations beats one."""

import numpy as np
import polars as pl
import pytest

from slatewright.data.dataset import dataset_of
from slatewright.metrics.ratings import rmse
from slatewright.models import BayesianMF, BiasedMF
from slatewright.testing.estimators import EstimatorKit

from .worlds import made_ratings, rated_world


class TestBayesianMF(EstimatorKit):
    estimator = BayesianMF(embedding_dim=3, n_sets=4, epochs=8)


class TestBayesianMFOfOneSet(EstimatorKit):
    estimator = BayesianMF(embedding_dim=30, link_reg=None, n_sets=1, epochs=2, rng=1)


def test_the_mean_of_many_beats_the_best_one_whatever_the_width() -> None:
    known, asked = rated_world()
    one = BiasedMF(embedding_dim=12, reg=0.3, epochs=60).fit(known)
    many = BayesianMF(embedding_dim=12, n_sets=16, epochs=60).fit(known)
    histories = known.histories()
    error = rmse(many.predict(histories, asked.users, asked.items), asked.values)
    assert error < rmse(one.predict(histories, asked.users, asked.items), asked.values)
    assert error < 0.2  # the ratings were made with noise of .1


def test_more_sets_than_epochs_keep_each_draw_once() -> None:
    model = BayesianMF(embedding_dim=2, n_sets=50, epochs=4).fit(dataset_of(made_ratings()))
    assert len(model.levels) <= 4


@pytest.mark.parametrize("value", [3.0, 1e12])
def test_equal_ratings_predict_themselves(value: float) -> None:
    events = made_ratings().with_columns(pl.lit(value).alias("value"))
    model = BayesianMF(embedding_dim=2, n_sets=2, epochs=6).fit(dataset_of(events))
    rows = np.zeros(3, np.int32)
    assert model.predict(model.known.histories, rows, np.arange(3, dtype=np.int32)) == pytest.approx(value)
