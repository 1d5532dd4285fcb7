"""Learning curves of models that are known to learn too much, too little, or from too few."""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import polars as pl
import pytest

from slatewright.core.errors import BadKnob
from slatewright.core.knobs import Knob, check_knobs, knobs_of
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.data.splits import GlobalTime, KFold
from slatewright.evaluate.diagnosis.curves import Curve, Point, learning_curve, values_of
from slatewright.evaluate.diagnosis.verdict import Fit, verdict_of
from slatewright.metrics.bootstrap import Interval
from slatewright.models import ALS, BiasedMF, ItemKNN, Model, Popularity
from slatewright.simulate import Simulation, simulate
from slatewright.testing.worlds import two_tastes

TASTES = next(GlobalTime(test_share=0.3).split(dataset_of(two_tastes(200, 60))))


def ratings() -> Dataset:
    """Noisy ratings of a world with one taste."""
    rng = np.random.default_rng(2)
    users, items = rng.normal(size=80), rng.normal(size=50)
    pairs = [(u, i) for u in range(80) for i in rng.permutation(50)[:20]]
    rows = [(f"u{u}", f"i{i}", 3 + users[u] * items[i] + rng.normal(0, 0.8)) for u, i in pairs]
    frame = pl.DataFrame(rows, schema=["user_id", "item_id", "value"], orient="row")
    return dataset_of(frame.with_columns(kind=pl.lit("rating"), time=pl.int_range(pl.len())))


RATED = next(KFold(4, validation_share=0).split(ratings()))


def test_a_model_that_learns_by_heart_over_fits_and_the_knobs_are_named() -> None:
    curve = learning_curve(ALS(embedding_dim=48, reg=1e-4), TASTES, over="embedding_dim", values=(1, 2, 8, 24, 48))
    assert [point.value for point in curve.points] == [1, 2, 8, 24, 48]
    learned = [point.learned.value for point in curve.points]
    assert learned[-1] > learned[0]
    verdict = verdict_of(curve)
    assert verdict.fit is Fit.OVER
    assert verdict.knobs[0] == ("embedding_dim", -1)
    assert ("reg", 1) in verdict.knobs
    assert "lower embedding_dim, or lower epochs, or raise reg" in verdict.sentence
    assert "what it learned it knows ever better (" in verdict.sentence


@pytest.mark.parametrize("higher", [True, False])
def test_nobody_is_told_that_what_was_learned_is_known_better_where_it_is_not(higher: bool) -> None:
    way = 1 if higher else -1
    points = tuple(
        Point(float(at), Interval(way * learned, 0, 0), Interval(way * unseen, 0, 0), None)
        for at, learned, unseen in ((1, 0.9, 0.8), (2, 0.7, 0.5))
    )
    behind = (Interval(0, 0, 0), Interval(0.3, 0.2, 0.4))
    metric = "ndcg" if higher else "rmse"
    curve = Curve("ALS", ("epochs",), "epochs", metric, higher, 9, points, best=0, behind=behind, at=2.0)
    verdict = verdict_of(curve)
    assert verdict.fit is Fit.OVER
    assert "and what it learned it knows no better (" in verdict.told


def test_a_model_that_is_held_too_short_under_fits() -> None:
    curve = learning_curve(BiasedMF(embedding_dim=4, epochs=1, rng=1), RATED, values=(1, 4, 30))
    verdict = verdict_of(curve)
    assert (curve.metric, curve.higher_is_better) == ("rmse", False)
    assert verdict.fit is Fit.UNDER
    assert verdict.knobs[0] == ("epochs", 1)


def test_a_penalty_is_read_the_other_way_round() -> None:
    curve = learning_curve(
        BiasedMF(embedding_dim=32, epochs=40, reg=0.01, rng=1), RATED, over="reg", values=(0.01, 1, 9)
    )
    verdict = verdict_of(curve)
    assert verdict.fit is Fit.OVER
    assert verdict.knobs[0] == ("reg", 1)


def test_a_model_that_stands_at_its_best_is_left_alone() -> None:
    curve = learning_curve(ALS(embedding_dim=2), TASTES, over="embedding_dim", values=(1, 2))
    assert verdict_of(curve).fit is Fit.GOOD
    assert verdict_of(curve).knobs == ()


def test_more_data_helps_until_it_does_not() -> None:
    events = simulate(Simulation(users=500, items=80, days=60)).events
    fold = next(GlobalTime(test_share=0.3).split(dataset_of(events)))
    hungry = learning_curve(ItemKNN(), fold, over="data", values=(0.02, 1.0))
    assert verdict_of(hungry).fit is Fit.HUNGRY
    fed = learning_curve(Popularity(), fold, over="data", values=(0.8, 1.0))
    assert verdict_of(fed).fit is Fit.FED
    assert fed.points[-1].value == 1.0


def test_more_data_only_helps_where_all_of_it_is_better_than_any_part() -> None:
    sure, level = Interval(0.1, 0.05, 0.2), Interval(0.01, -0.1, 0.1)
    points = tuple(Point(share, level, level, sure) for share in (0.1, 0.5, 1.0))
    curve = Curve("ALS", (), "data", "ndcg", True, 9, points, 2, (sure, sure, Interval(0, 0, 0)), 1.0)
    assert verdict_of(curve).fit is Fit.HUNGRY
    assert verdict_of(replace(curve, behind=(level, sure, Interval(0, 0, 0)))).fit is Fit.FED
    assert verdict_of(replace(curve, best=1, behind=(sure, Interval(0, 0, 0), sure))).fit is Fit.FED


def test_what_is_hardly_better_is_no_reason_to_turn_a_knob() -> None:
    slight = Interval(0.0005, 0.0001, 0.001)
    points = tuple(Point(value, slight, Interval(0.1, 0.09, 0.11), None) for value in (1.0, 2.0))
    curve = Curve("ALS", ("epochs",), "epochs", "ndcg", True, 9, points, 1, (slight, Interval(0, 0, 0)), 1.0)
    assert verdict_of(curve).fit is Fit.GOOD
    much = Interval(0.05, 0.01, 0.09)
    assert verdict_of(replace(curve, behind=(much, Interval(0, 0, 0)))).short == "under-fitting: turn epochs up"


def test_the_same_twice_is_the_same_curve() -> None:
    estimator = ALS(embedding_dim=4, epochs=2)
    assert learning_curve(estimator, TASTES, values=(1, 2)) == learning_curve(estimator, TASTES, values=(1, 2))


def test_values_lie_in_the_range_of_the_knob_and_hold_where_it_stands() -> None:
    fields = {field.name: field for field in knobs_of(ALS)}
    assert values_of(fields["epochs"], 16) == (4, 6, 8, 11, 16, 23, 32)
    low, *_, high = values_of(fields["reg"], 0.02)
    assert (low, high) == (1e-4, 10)
    assert 0.02 in values_of(fields["reg"], 0.02)


def test_what_cannot_be_turned_is_refused() -> None:
    with pytest.raises(BadKnob, match="ItemKNN has no knob 'epochs'; it has n_neighbors"):
        learning_curve(ItemKNN(), TASTES)
    with pytest.raises(BadKnob, match="weighting is 'bm25'"):
        learning_curve(ItemKNN(), TASTES, over="weighting")
    with pytest.raises(BadKnob, match="above 0 and at most 1, got 2"):
        learning_curve(ItemKNN(), TASTES, over="data", values=(0.5, 2))


@dataclass(frozen=True)
class Nameless:
    """An estimator with a knob that has no range."""

    width: Annotated[int, Knob("how wide", least=1)] = 3

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, dataset: Dataset) -> Model:
        return Popularity().fit(dataset)


def test_a_knob_without_a_range_needs_values() -> None:
    with pytest.raises(BadKnob, match="width has no range"):
        learning_curve(Nameless(), TASTES, over="width")
    curve = learning_curve(replace(Nameless(), width=2), TASTES, over="width", values=(1, 2))
    assert verdict_of(curve).fit is Fit.GOOD
