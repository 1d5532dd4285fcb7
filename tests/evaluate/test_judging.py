"""Evaluation against lists with known answers."""

import json

import numpy as np
import polars as pl
import pytest

from slatewright.core.errors import BadInput, BadKnob, Leak, NotThere
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.data.splits import ByUser, Cases, Fold, GlobalTime, cases_of
from slatewright.evaluate import QUESTIONS, evaluate, evaluate_estimators
from slatewright.evaluate.baseline import popularity
from slatewright.evaluate.questions import EVERYONE, NEW_ITEMS, STRANGERS
from slatewright.metrics.bootstrap import Bootstrap
from slatewright.models import ALS, ItemKNN, ItemLists, Popularity

QUICK = Bootstrap(resamples=50)


def town(users: int = 60) -> Dataset:
    """Even users take even items, odd users odd ones; each takes eight of ten, in an order of its own."""
    rng = np.random.default_rng(5)
    rows = [
        (f"u{u:02}", f"i{2 * i + u % 2:02}", t) for u in range(users) for t, i in enumerate(rng.permutation(10)[:8])
    ]
    return dataset_of(pl.DataFrame(rows, schema=["user_id", "item_id", "time"], orient="row"))


FOLD = next(GlobalTime(at="1970-01-01T00:00:00.000006").split(town()))


def oracle(cases: Cases, k: int) -> ItemLists:
    """Exactly the right items."""
    items = np.zeros((len(cases), k), dtype=np.int32)
    counts = np.minimum(cases.n_relevant(), k)
    for case in range(len(cases)):
        items[case, : counts[case]] = cases.relevant_of(case)[:k]
    return ItemLists(items, np.zeros(items.shape, np.float32), counts)


def nothing(cases: Cases, k: int) -> ItemLists:
    return ItemLists(
        np.zeros((len(cases), k), np.int32), np.zeros((len(cases), k), np.float32), np.zeros(len(cases), int)
    )


def test_the_right_list_scores_one_and_an_empty_one_nothing() -> None:
    group = evaluate({"oracle": oracle, "nothing": nothing}, FOLD, k=5, bootstrap=QUICK).group(NEW_ITEMS.name)
    best, worst = group.of("oracle").metrics, group.of("nothing").metrics
    for metric in ("recall", "ndcg", "map", "mrr", "hit_rate"):
        assert (best[metric].low, best[metric].value, best[metric].high) == (1, 1, 1)
    assert {one.value for one in worst.values()} == {0}
    assert best["precision"].value == pytest.approx(2 / 5)
    assert best["coverage"].value == 1


def test_models_learn_the_town_and_lead_popularity_for_sure() -> None:
    found = evaluate_estimators({"als": ALS(embedding_dim=2), "knn": ItemKNN()}, FOLD, k=4)
    group = found.group(NEW_ITEMS.name)
    assert [one.name for one in group.measured] == ["popularity", "als", "knn"]
    for name in ("als", "knn"):
        assert group.of(name).metrics["recall"].value == 1  # four items of its taste are left
        assert group.of(name).lead["recall"].low > 0.2
    assert group.of("popularity").lead == {}


def test_popularity_of_the_same_run_is_the_same_popularity() -> None:
    group = evaluate({"again": popularity(FOLD.train)}, FOLD, bootstrap=QUICK).group(NEW_ITEMS.name)
    assert group.of("again").metrics == group.of("popularity").metrics
    assert all((lead.low, lead.value, lead.high) == (0, 0, 0) for lead in group.of("again").lead.values())


def test_strangers_are_reported_apart() -> None:
    fold = next(ByUser(test_share=0.5, history_share=0.75, validation_share=0).split(town(200)))
    found = evaluate({"knn": ItemKNN().fit(fold.train)}, fold, k=4, bootstrap=QUICK)
    assert found.group(NEW_ITEMS.name).users == fold.test.trained.sum()
    assert found.group(STRANGERS.name).users == (~fold.test.trained).sum()
    assert found.group(STRANGERS.name).of("knn").metrics["recall"].value == 1  # folded in from the history it brings


def test_a_line_in_a_file_of_users_makes_nobody_known() -> None:
    events = pl.DataFrame({"user_id": ["a", "b", "a", "late"], "item_id": ["x", "y", "y", "x"], "time": [1, 2, 9, 9]})
    facts = pl.DataFrame({"user_id": ["a", "b", "late"], "country": ["NL", "BE", "NL"]})
    train, whole = dataset_of(events[:2], user_facts=facts), dataset_of(events)
    cases = cases_of(train, whole, whole.interactions.time == 9, as_of=9)
    assert cases.trained.all()  # the newcomer too has an index, by the fact
    found = evaluate({"oracle": oracle}, Fold(train, cases), k=1, bootstrap=QUICK)
    assert [found.group(one.name).users for one in (NEW_ITEMS, STRANGERS, EVERYONE)] == [1, 1, 2]


def test_items_that_training_never_saw_count_as_missed_among_all_test_users() -> None:
    events = pl.DataFrame({"user_id": ["a", "b", "a", "a"], "item_id": ["x", "y", "y", "new"], "time": [1, 2, 9, 9]})
    fold = next(GlobalTime(at="1970-01-01T00:00:00.000009", validation_share=0).split(dataset_of(events)))
    found = evaluate({"oracle": oracle}, fold, k=2, bootstrap=QUICK)
    assert found.group(NEW_ITEMS.name).of("oracle").metrics["recall"].value == 1
    assert found.group(EVERYONE.name).of("oracle").metrics["recall"].value == 0.5
    assert found.group(EVERYONE.name).of("popularity").metrics["recall"].value == 0.5
    with pytest.raises(NotThere, match="no users were judged in 'strangers'"):
        found.group(STRANGERS.name)


def test_k_beyond_the_catalogue_still_divides_by_k() -> None:
    with pytest.raises(Leak, match="lists of 1000 hold the whole catalogue of 20 items"):
        evaluate({"oracle": oracle}, FOLD, k=1000)
    said = evaluate({"oracle": oracle}, FOLD.allowing("k"), k=1000, bootstrap=QUICK)
    assert [one.check for one in said.audit if one.outcome == "allowed"] == ["k"]
    found = said.group(NEW_ITEMS.name)
    assert found.of("popularity").metrics["recall"].value == 1
    assert found.of("popularity").metrics["precision"].value == pytest.approx(2 / 1000)


@pytest.mark.parametrize("k", [0, -1])
def test_k_below_one_is_refused(k: int) -> None:
    with pytest.raises(BadKnob, match="k must be a whole number >= 1"):
        evaluate({}, FOLD, k=k)


def test_a_model_of_other_items_is_refused() -> None:
    other = dataset_of(pl.DataFrame({"user_id": ["a"], "item_id": ["x"]}))
    with pytest.raises(BadInput, match="fitted on 1 items and the cases were made for 20 others"):
        evaluate({"other": Popularity().fit(other)}, FOLD)


def test_popularity_cannot_be_replaced() -> None:
    with pytest.raises(BadInput, match="'popularity' is measured in every evaluation"):
        evaluate({"popularity": nothing}, FOLD)


def test_nobody_to_judge_by_is_an_error() -> None:
    with pytest.raises(BadInput, match="no test user has a right item"):
        evaluate({}, Fold(FOLD.train, FOLD.test.take(np.empty(0, dtype=np.int64))))


def test_equal_runs_give_equal_numbers_and_they_go_through_json() -> None:
    first, second = (evaluate({"oracle": oracle}, FOLD, k=3, bootstrap=QUICK) for _ in range(2))
    assert first == second
    plain = json.loads(json.dumps(first.as_dict()))
    assert plain["groups"][0]["measured"][1]["metrics"]["recall"]["value"] == 1
    assert plain["as_of"] == "1970-01-01T00:00:00.000006+00:00"


def test_progress_names_each_recommender() -> None:
    heard: list[tuple[str, int, int]] = []
    evaluate({"oracle": oracle}, FOLD, bootstrap=QUICK, progress=lambda *step: heard.append(step))
    assert heard == [("ask popularity", 0, 2), ("ask oracle", 1, 2), ("judge", 2, 2)]


def test_every_question_says_what_it_means() -> None:
    assert len({question.name for question in QUESTIONS}) == len(QUESTIONS)
    assert all(question.meaning.endswith(".") for question in QUESTIONS)
