"""A model diagnosed from every side: planted faults are found, what cannot be looked at is refused."""

from dataclasses import replace

import polars as pl
import pytest

from slatewright.core.errors import BadInput, BadKnob, Leak
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.data.splits import GlobalTime, KFold, SampledNegatives
from slatewright.evaluate import By
from slatewright.evaluate.diagnosis.curves import DATA
from slatewright.evaluate.diagnosis.diagnosing import MONTH, Diagnosing, diagnose, usual_knobs
from slatewright.evaluate.diagnosis.diagnosis import Diagnosis
from slatewright.evaluate.diagnosis.verdict import Fit
from slatewright.models import ALS, BPR, BiasedMF, ItemKNN, Popularity
from slatewright.testing.worlds import two_tastes

from .test_residuals import noisy_world

TOWN = two_tastes(160, 50)


def town() -> Dataset:
    """People of two tastes; half of them say where they are from."""
    users = TOWN["user_id"].unique(maintain_order=True)
    countries = pl.DataFrame({"user_id": users, "country": [("NL", "GB")[at % 2] for at in range(len(users))]})
    return dataset_of(TOWN, user_facts=countries)


FOLD = next(GlobalTime(test_share=0.3).split(town()))
BY_HEART = diagnose("taste", ALS(embedding_dim=48, reg=1e-4, epochs=6), FOLD, how=Diagnosing(over=("reg",)))
RATED = next(KFold(4, validation_share=0).split(noisy_world()))
STARS = diagnose("stars", BiasedMF(embedding_dim=1, reg=9.0, epochs=8), RATED, how=Diagnosing(over=("reg", DATA)))


def test_a_model_that_learns_by_heart_is_told_to_turn_its_knob() -> None:
    assert BY_HEART.verdict == "over-fitting: turn reg up"
    assert BY_HEART.chief is BY_HEART.readings[0]
    assert BY_HEART.chief.gain.low > 0
    assert (BY_HEART.name, BY_HEART.estimator, BY_HEART.ratings) == ("taste", "ALS", None)


def test_groups_are_those_of_the_facts_or_of_those_that_were_named() -> None:
    assert {label for one in BY_HEART.user_groups for label, _ in one.labels} >= {"country"}
    only = diagnose("pop", Popularity(), FOLD, how=Diagnosing(over=(DATA,), by=By(("country",), ("popularity",))))
    assert {label for one in only.user_groups for label, _ in one.labels} == {"country"}
    assert {label for one in only.item_groups for label, _ in one.labels} <= {"country", "popularity"}
    with pytest.raises(BadInput, match="got 'shoe'"):
        diagnose("pop", Popularity(), FOLD, how=Diagnosing(by=By(("shoe",))))


def test_a_planted_bias_is_found_through_the_whole_diagnosis() -> None:
    assert STARS.ratings is not None
    assert STARS.ratings.ratings == RATED.test.n_relevant().sum()
    assert abs(STARS.ratings.residual) < 0.1 < STARS.ratings.rmse
    worst = next(one for one in STARS.ratings.biases if one.under_served)
    assert set(worst.group.labels) == {("country", "NL"), ("shelf", "wine")}
    assert any(label == MONTH for one in STARS.ratings.biases for label, _ in one.group.labels)
    assert STARS.readings[0].curve.metric == "rmse"


def test_residuals_are_left_out_or_insisted_on() -> None:
    quick = Diagnosing(over=(DATA,), residuals=False)
    assert diagnose("stars", BiasedMF(epochs=1), RATED, how=quick).ratings is None
    with pytest.raises(BadInput, match="residuals need a model that predicts ratings, ItemScores ranks only"):
        diagnose("pop", Popularity(), RATED, how=replace(quick, residuals=True))


def test_the_usual_knobs_are_those_that_say_how_much_is_learned_by_heart() -> None:
    assert usual_knobs(ALS()) == ("epochs", "embedding_dim", "reg", DATA)
    assert usual_knobs(ItemKNN()) == ("n_neighbors", "shrinkage", DATA)
    assert usual_knobs(Popularity()) == (DATA,)
    assert "learning_rate" not in usual_knobs(BPR())


def test_a_knob_that_says_nothing_of_freedom_is_only_turned_towards_the_best() -> None:
    slow = diagnose("bpr", BPR(embedding_dim=4, epochs=3, learning_rate=1e-4), FOLD, how=Diagnosing(("learning_rate",)))
    (reading,) = slow.readings
    assert reading.verdict.fit is Fit.ASIDE
    assert reading.verdict.knobs == (("learning_rate", 1),)
    assert slow.verdict == "not at its best: turn learning_rate up"


def test_every_fit_is_a_step_of_the_progress() -> None:
    told: list[tuple[int, int]] = []
    how = Diagnosing(over=("n_neighbors", DATA, DATA))
    found = diagnose("knn", ItemKNN(), FOLD, how=how, progress=lambda _, done, total: told.append((done, total)))
    fits = sum(len(one.curve.points) for one in found.readings)
    assert told == [(at, 2 + fits) for at in range(3 + fits)]


def test_what_cannot_be_looked_at_is_refused_before_anything_is_fitted() -> None:
    told: list[str] = []
    with pytest.raises(BadKnob, match="ItemKNN has no knob 'speed'"):
        diagnose("knn", ItemKNN(), FOLD, how=Diagnosing(over=("speed",)), progress=lambda *step: told.append(step[0]))
    drawn = next(SampledNegatives(GlobalTime(test_share=0.3), negatives=5).split(town()))
    with pytest.raises(BadInput, match="leave the sampled negatives out"):
        diagnose("knn", ItemKNN(), drawn)
    with pytest.raises(Leak, match="lists of 500 hold the whole catalogue"):
        diagnose("knn", ItemKNN(), FOLD, how=Diagnosing(k=500), progress=lambda *step: told.append(step[0]))
    nobody = replace(FOLD, test=FOLD.test.take(FOLD.test.n_relevant()[:0]))
    with pytest.raises(BadInput, match="there is nothing to judge by: no test user"):
        diagnose("knn", ItemKNN(), nobody, progress=lambda *step: told.append(step[0]))
    assert told == []


def test_the_same_twice_is_the_same_diagnosis() -> None:
    def again() -> Diagnosis:
        return diagnose("taste", ALS(embedding_dim=4, epochs=2), FOLD, how=Diagnosing(over=("reg",)))

    assert again().as_dict() == again().as_dict()
