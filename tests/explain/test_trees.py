from collections.abc import Callable, Mapping
from typing import Any

import lightgbm
import numpy as np
import pytest
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LinearRegression

from slatewright.core.errors import BadInput
from slatewright.explain.feature_table import FeatureTable
from slatewright.explain.rankers import scoring_of
from slatewright.explain.trees import Shapley, trees_of

from .planted import labels, ranker, rows

TABLE = FeatureTable.of(rows())
FORESTS: Mapping[str, Callable[[], Any]] = {
    "ranker": ranker,
    "booster": lambda: ranker().booster_,
    "forest": lambda: RandomForestRegressor(5, random_state=0).fit(TABLE.values, labels()),
    "boosted classes": lambda: GradientBoostingClassifier(n_estimators=5).fit(TABLE.values, labels()),
    "forest of classes": lambda: RandomForestClassifier(5, random_state=0).fit(TABLE.values, labels()),
}


def shapley(model: Any, table: FeatureTable) -> Shapley:
    trees = trees_of(model)
    assert trees is not None
    return trees.shapley(table)


@pytest.mark.parametrize("name", FORESTS)
def test_base_and_values_add_up_to_the_raw_score(name: str) -> None:
    model = FORESTS[name]()
    found = shapley(model, TABLE)
    sums = found.base + found.values.sum(axis=1)
    np.testing.assert_allclose(sums, scoring_of(model)(TABLE.values), atol=1e-4)
    assert np.ptp(sums) > 0.1


def test_the_values_are_those_that_lightgbm_itself_finds() -> None:
    theirs = ranker().booster_.predict(TABLE.values, pred_contrib=True)
    found = shapley(ranker(), TABLE)
    np.testing.assert_allclose(found.values, theirs[:, :-1], atol=1e-9)
    np.testing.assert_allclose(found.base, theirs[:, -1], atol=1e-9)


def test_a_ranker_that_stopped_early_is_explained_with_the_trees_that_it_uses() -> None:
    noise = np.random.default_rng(0).normal(size=len(TABLE))
    stop = lightgbm.early_stopping(2, verbose=False)
    model = lightgbm.LGBMRegressor(n_estimators=60, n_jobs=1, verbose=-1)
    model.fit(TABLE.values, labels() + noise, eval_X=TABLE.values[:50], eval_y=noise[:50], callbacks=[stop])
    assert model.best_iteration_ < 60
    found = shapley(model, TABLE)
    np.testing.assert_allclose(found.base + found.values.sum(axis=1), model.predict(TABLE.values), atol=1e-6)


def test_what_has_no_trees_is_told() -> None:
    assert trees_of(LinearRegression().fit(TABLE.values, labels())) is None
    assert trees_of(lambda values: values[:, 0]) is None


@pytest.mark.parametrize("model", [lightgbm.LGBMRanker(), RandomForestRegressor()])
def test_what_is_not_fitted_is_refused(model: object) -> None:
    with pytest.raises(BadInput, match=f"{type(model).__name__} must be fitted before it can be explained"):
        trees_of(model)


def test_several_scores_a_row_are_refused() -> None:
    model = RandomForestClassifier(3, random_state=0).fit(TABLE.values, np.arange(len(TABLE)) % 3)
    with pytest.raises(BadInput, match="RandomForestClassifier gives 3 scores a row"):
        shapley(model, TABLE)
