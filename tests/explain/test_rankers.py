import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier

from slatewright.core.arrays import Array
from slatewright.core.errors import BadInput
from slatewright.explain.rankers import name_of, scoring_of

from .planted import labels, ranker, rows

VALUES = rows().to_numpy()


def test_lightgbm_gives_its_raw_score() -> None:
    np.testing.assert_allclose(scoring_of(ranker())(VALUES), ranker().booster_.predict(VALUES))


def test_classes_give_the_margin_or_the_chance_of_the_last() -> None:
    boosted = GradientBoostingClassifier(n_estimators=3).fit(VALUES, labels())
    np.testing.assert_allclose(scoring_of(boosted)(VALUES), boosted.decision_function(VALUES))
    forest = RandomForestClassifier(3, random_state=0).fit(VALUES, labels())
    np.testing.assert_allclose(scoring_of(forest)(VALUES), forest.predict_proba(VALUES)[:, 1])


def test_xgboost_is_asked_for_margins_and_its_booster_with_its_own_matrix(monkeypatch: pytest.MonkeyPatch) -> None:
    def predict(self: Any, values: Any, output_margin: bool) -> Array:
        assert output_margin
        return np.asarray(values if isinstance(self, Plain) else values.inside)[:, 0]

    class Plain:
        __module__ = "xgboost.sklearn"

    class Booster:
        __module__ = "xgboost.core"

    Plain.predict = Booster.predict = predict  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "xgboost", SimpleNamespace(DMatrix=lambda given: SimpleNamespace(inside=given)))
    for model in (Plain(), Booster()):
        np.testing.assert_array_equal(scoring_of(model)(VALUES), VALUES[:, 0])


def test_any_function_will_do() -> None:
    np.testing.assert_array_equal(scoring_of(lambda values: values[:, [2]])(VALUES), VALUES[:, 2])


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (lambda values: values, r"one finite number for each of 600 rows, got an array \(600, 5\)$"),
        (lambda values: values[:, 0] * np.nan, r"got an array \(600,\) with numbers that are not finite"),
    ],
)
def test_what_is_no_score_is_refused(score: Any, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        scoring_of(score)(VALUES)


def test_what_cannot_be_asked_is_refused() -> None:
    with pytest.raises(BadInput, match="a ranker must have predict or be callable, got SimpleNamespace"):
        scoring_of(SimpleNamespace())


def test_names() -> None:
    assert name_of(ranker()) == "LGBMRanker"
    assert name_of(np.sum) == "sum"
