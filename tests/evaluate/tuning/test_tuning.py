"""A whole search: it finds what is best, gives the same trials, survives what goes wrong, and leaves the test alone."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from slatewright.core.errors import BadInput, BadKnob
from slatewright.data.dataset import dataset_of
from slatewright.data.splits import GlobalTime, KFold
from slatewright.evaluate import rating_errors
from slatewright.evaluate.rated import rated
from slatewright.evaluate.tuning import Search, Trial, Tuned, tune
from slatewright.evaluate.tuning.deriving import Given
from slatewright.models import ALS, BiasedMF, Popularity

from ...models.ratings.worlds import made_ratings
from ..test_judging import town
from ..test_ratings import viewed_too
from .worlds import FOLD, TOWN, Peak

QUICK = Search(trials=12, k=4)
OUT_OF_MEMORY = "its process was ended by SIGKILL: most likely the machine had run out of memory"
ONLY_REG = {"reg": None}


def told(tuned: Tuned) -> list[tuple[object, ...]]:
    return [(t.number, t.knobs, t.state, t.values, [s.values for s in t.steps]) for t in tuned.trials]


def test_the_best_is_found_and_the_estimator_as_it_was_is_the_first_trial() -> None:
    tuned = tune(Peak(), FOLD, space=ONLY_REG, search=replace(QUICK, trials=25))
    first = tuned.trials[0]
    assert first.usual
    assert first.state == "complete"
    assert len(tuned.trials) == 25
    assert tuned.best.values[0] > first.values[0]
    assert 0.2 < float(tuned.knobs_of(tuned.best)["reg"]) < 5
    assert tuned.line == f"Peak(reg={tuned.knobs_of(tuned.best)['reg']!r})"
    assert tuned.estimator == Peak(reg=tuned.knobs_of(tuned.best)["reg"])


def test_a_class_will_do_and_every_knob_with_a_range_is_searched() -> None:
    tuned = tune(Popularity, FOLD, search=replace(QUICK, trials=3))
    assert set(tuned.setup.space.ranges) == {"half_life_days"}


@pytest.mark.parametrize("sampler", ["tpe", "random", "grid"])
def test_a_seed_gives_the_same_trials_and_another_seed_others(sampler: str) -> None:
    search = replace(QUICK, sampler=sampler, trials=14)
    one, again = (tune(TOWN, FOLD, space={"reg": (1e-4, 1), "epochs": (1, 8)}, search=search) for _ in range(2))
    other = tune(TOWN, FOLD, space={"reg": (1e-4, 1), "epochs": (1, 8)}, search=replace(search, rng=1))
    assert told(one) == told(again)
    assert [t.knobs for t in one.trials[1:4]] != [t.knobs for t in other.trials[1:4]]


def test_a_shorter_search_is_the_beginning_of_a_longer_one() -> None:
    long, short = (tune(Peak(), FOLD, space=ONLY_REG, search=replace(QUICK, trials=n)) for n in (16, 12))
    assert told(long)[:12] == told(short)


def test_two_processes_find_what_one_finds(tmp_path: Path) -> None:
    space = {"reg": (0.01, 100.0), "weighting": ["fine", "kill"]}
    alone = tune(Peak(), FOLD, space={"reg": (0.01, 100.0)}, search=replace(QUICK, trials=8))
    both = tune(Peak(), FOLD, space={"reg": (0.01, 100.0)}, search=replace(QUICK, trials=8, workers=2))
    assert told(alone) == told(both)
    killed = tune(Peak(), FOLD, space=space, search=replace(QUICK, trials=6, workers=1), record=tmp_path / "r.db")
    failed = [trial for trial in killed.trials if trial.state == "failed"]
    assert failed
    assert all(trial.reason == OUT_OF_MEMORY and trial.knobs["weighting"] == "kill" for trial in failed)
    assert len(killed.trials) == 6


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("raise", "ZeroDivisionError: a bug"),
        ("room", "NoRoom: this would need 900 GB"),
        ("memory", "MemoryError"),
        ("diverge", "Diverged: lower learning_rate"),
    ],
)
def test_a_trial_that_goes_wrong_is_recorded_with_its_reason_and_the_search_goes_on(wrong: str, reason: str) -> None:
    space = {"reg": (0.01, 100.0), "weighting": ["fine", wrong]}
    tuned = tune(Peak(), FOLD, space=space, search=QUICK)
    failed = [trial for trial in tuned.trials if trial.state == "failed"]
    assert failed
    assert {trial.reason for trial in failed} == {reason}
    assert len(tuned.trials) == QUICK.trials
    assert tuned.best.state == "complete"


def test_where_every_trial_goes_wrong_the_first_reason_is_told_and_how_to_begin_anew(tmp_path: Path) -> None:
    wrong, record = Peak(weighting="raise"), tmp_path / "search.db"
    with pytest.raises(BadInput, match=r"12 of 12 trials failed.*trial 0: ZeroDivisionError: a bug$"):
        tune(wrong, FOLD, space=ONLY_REG, search=QUICK)
    with pytest.raises(BadInput, match=r"a bug\. Once that is mended, begin anew: .* without .*search\.db$"):
        tune(wrong, FOLD, space=ONLY_REG, search=QUICK, record=record)


def test_the_watcher_hears_of_every_trial_from_beginning_to_end() -> None:
    heard: list[Trial] = []
    tune(Peak(), FOLD, space=ONLY_REG, search=replace(QUICK, trials=3), watch=heard.append)
    assert [(t.number, t.state) for t in heard if t.state != "running"] == [(n, "complete") for n in range(3)]
    assert [t.number for t in heard if t.state == "running" and not t.steps] == [0, 1, 2]


def test_no_trial_is_begun_when_the_minutes_are_over() -> None:
    with pytest.raises(BadInput, match="no trial got to its end in the time there was"):
        tune(Peak(), FOLD, space=ONLY_REG, search=replace(QUICK, minutes=1e-9))


def test_few_possible_knobs_are_each_tried_once() -> None:
    tuned = tune(Peak(), FOLD, space={"shrinkage": [0, 1, 2]}, search=replace(QUICK, sampler="grid", trials=50))
    assert sorted(str(trial.knobs) for trial in tuned.trials[1:]) == [str({"shrinkage": n}) for n in range(3)]
    again = tune(Peak(), FOLD, space={"shrinkage": [0, 1]}, search=replace(QUICK, trials=50))
    assert len(again.trials) == 3


def test_errors_of_ratings_are_made_small() -> None:
    tuned = tune(BiasedMF(embedding_dim=2, epochs=4), FOLD, objective=("rmse",), space={"reg": (0.1, 10)}, search=QUICK)
    values = [trial.values[0] for trial in tuned.complete]
    assert tuned.best.values[0] == min(values)
    with pytest.raises(BadInput, match="must have predict"):
        tune(TOWN, FOLD, objective=("mae",), space={"reg": (0.1, 10)}, search=QUICK)


def test_two_objectives_have_a_front() -> None:
    tuned = tune(
        TOWN, FOLD, objective=("ndcg", "coverage"), space={"reg": (1e-4, 10), "embedding_dim": [1, 2]}, search=QUICK
    )
    front = tuned.pareto
    assert front[0] == tuned.best
    for trial in tuned.complete:
        beaten = [one for one in front if all(a >= b for a, b in zip(one.values, trial.values, strict=True))]
        assert beaten
    for one in front:
        others = [o for o in tuned.complete if o is not one]
        assert not any(all(a > b for a, b in zip(o.values, one.values, strict=True)) for o in others)


def test_metrics_beyond_accuracy_can_be_searched_for() -> None:
    names = ("novelty:higher", "serendipity", "auc", "gini:lower")
    tuned = tune(TOWN, FOLD, objective=names, space=ONLY_REG, search=replace(QUICK, trials=3))
    assert [one.higher for one in tuned.setup.objectives] == [True, True, True, False]
    assert len({trial.values for trial in tuned.complete}) > 1
    assert tuned.trials[0].values[2] > 0.8  # the town is learned: what is taken next ranks high


@pytest.mark.parametrize(
    ("space", "complaint"),
    [
        ({"reg": (1.0, 1.0)}, "there is nothing to choose, only one set of knobs is possible: reg"),
        ({"nonsense": (1, 2)}, "ALS has no knob 'nonsense' to search; it has embedding_dim, reg"),
        ({"reg": (-1, 1)}, "ALS.reg must be > 0, got -1"),
        ({"reg": (2, 1)}, r"must be \(low, high\) with low <= high"),
        ({"reg": [1, 1]}, "must be different ones"),
        ({"reg": "much"}, "must be a tuple of two numbers or a list of values"),
        ({"rng": (1, 2)}, "has no knob 'rng'"),
        ({"embedding_dim": [8, "many"]}, "ALS.embedding_dim must be a whole number, got 'many'"),
        ({}, "there is nothing to choose"),
    ],
)
def test_a_space_that_makes_no_sense_is_refused(space: dict[str, Any], complaint: str) -> None:
    with pytest.raises(BadKnob, match=complaint):
        tune(TOWN, FOLD, space=space, search=QUICK)


def test_what_cannot_be_judged_is_refused() -> None:
    with pytest.raises(BadInput, match="there is no objective 'happiness'; there are recall, ndcg"):
        tune(TOWN, FOLD, objective=("happiness",), search=QUICK)
    with pytest.raises(BadInput, match="which gini is better is a matter of taste: say gini:higher or gini:lower"):
        tune(TOWN, FOLD, objective=("gini",), search=QUICK)
    with pytest.raises(BadInput, match="different ones, at least one, got ndcg, ndcg"):
        tune(TOWN, FOLD, objective=("ndcg", "ndcg"), search=QUICK)
    with pytest.raises(BadInput, match="cannot be searched together: ndcg, rmse"):
        tune(TOWN, FOLD, objective=("ndcg", "rmse"), search=QUICK)
    with pytest.raises(BadInput, match="no validation part to tune on"):
        tune(TOWN, replace(FOLD, validation=None), search=QUICK)
    with pytest.raises(BadInput, match="the validation part has nobody in 'strangers'"):
        tune(TOWN, FOLD, search=replace(QUICK, question="strangers"))
    with pytest.raises(BadKnob, match="Peak, which has no epochs"):
        tune(Peak(), FOLD, search=replace(QUICK, budget="epochs"))
    with pytest.raises(BadKnob, match=r"Search\.sampler must be one of 'tpe'"):
        Search(sampler="magic")


def test_the_test_part_is_not_read_before_the_look() -> None:
    plain = tune(TOWN, FOLD, space=ONLY_REG, search=QUICK)
    elsewhere = replace(FOLD, test=FOLD.test.take(FOLD.test.unknown[:0]))
    assert told(tune(TOWN, elsewhere, space=ONLY_REG, search=QUICK)) == told(plain)


def test_the_first_look_is_the_first_and_a_look_with_other_knobs_is_counted(tmp_path: Path) -> None:
    record = tmp_path / "search.db"
    tuned = tune(TOWN, FOLD, space=ONLY_REG, search=QUICK, record=record)
    look = tuned.look_at_test()
    assert (look.nth, look.users, look.trial) == (1, len(FOLD.test), tuned.best.number)
    assert look.gain["ndcg"].value == pytest.approx(
        look.metrics["tuned"]["ndcg"].value - look.metrics["as it was"]["ndcg"].value
    )
    again = tune(TOWN, FOLD, space=ONLY_REG, search=QUICK, record=record)
    assert again.look_at_test() == look
    other = tune(TOWN, FOLD, space={"embedding_dim": [1, 3]}, search=QUICK, record=record)
    assert other.look_at_test().nth == 2
    later = next(GlobalTime(at="1970-01-01T00:00:00.000007", validation_share=0.25).split(town()))
    assert tune(ALS(embedding_dim=2), later, space=ONLY_REG, search=QUICK, record=record).look_at_test().nth == 1


def test_errors_are_those_of_ratings_whatever_else_happened() -> None:
    fold = next(KFold(5).split(dataset_of(viewed_too())))
    tuned = tune(
        BiasedMF(embedding_dim=1, epochs=2), fold, objective=("rmse",), space={"reg": [0.1, 1.0]}, search=QUICK
    )
    model = tuned.setup.estimator.fit(fold.validation.train)  # type: ignore[union-attr]
    assert tuned.trials[0].values == (rating_errors(model, rated(fold.validation.test)).rmse,)  # type: ignore[union-attr]
    look = tuned.look_at_test()
    assert look.users == (rated(fold.test).n_relevant() > 0).sum()
    assert look.metrics["as it was"]["rmse"].value == pytest.approx(
        rating_errors(tuned.setup.estimator.fit(fold.train), rated(fold.test)).rmse
    )


def test_errors_of_ratings_need_ratings() -> None:
    views = made_ratings().with_columns(kind=pl.lit("view"))
    with pytest.raises(BadInput, match="nobody rated an item that training knows"):
        tune(BiasedMF(), next(KFold(5).split(dataset_of(views))), objective=("rmse",), search=QUICK)


def test_the_winner_taken_into_the_recipe_has_nothing_to_gain_over_itself(tmp_path: Path) -> None:
    record = tmp_path / "search.db"
    space: Given = {"embedding_dim": [1, 2], "reg": [0.01, 9.0]}
    tuned = tune(ALS(embedding_dim=1, reg=9.0), FOLD, space=space, search=QUICK, record=record)
    assert tuned.look_at_test().gain["ndcg"].value != 0
    again = tune(tuned.estimator, FOLD, space=space, search=QUICK, record=record)
    assert again.line == tuned.line
    assert again.look_at_test().gain["ndcg"].value == 0


def test_another_question_is_not_answered_by_an_earlier_look(tmp_path: Path) -> None:
    record, space = tmp_path / "search.db", {"shrinkage": [0, 1]}
    of_new, of_all = (
        tune(Peak(), FOLD, space=space, search=replace(QUICK, question=name), record=record).look_at_test()
        for name in ("users with a new item", "all test users")
    )
    assert of_new.line == of_all.line
    assert (of_all.nth, of_all.question) == (2, "all test users")
