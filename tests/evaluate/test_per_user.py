"""Every metric moves when the lists get better, and says nothing where there is nothing to say."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from slatewright.data.dataset import dataset_of
from slatewright.data.splits import Fold, cases_of
from slatewright.evaluate import judge
from slatewright.evaluate.per_user import BEYOND
from slatewright.evaluate.questions import EVERYONE
from slatewright.metrics.ranking import METRICS
from slatewright.metrics.registry import MEANINGS
from slatewright.models import ItemLists

TAKEN = {"a": "pqr", "b": "pqs", "c": "pt", "d": "uq"}  # p and q sell best, r to u once each, v never
THEN = {"a": "u", "b": "t", "c": "q", "d": "p"}
FACTS = pl.DataFrame({"item_id": list("pqrstuv"), "category": ["Bath", "Toys", "Bath", "Toys", "Bath", "Toys", "Pets"]})


def rows(taken: dict[str, str], start: int) -> pl.DataFrame:
    pairs = [(user, item, start) for user, items in taken.items() for item in items]
    return pl.DataFrame(pairs, schema=["user_id", "item_id", "time"], orient="row")


def fold(facts: pl.DataFrame | None = FACTS) -> Fold:
    train = dataset_of(rows(TAKEN, 1), item_facts=facts, as_of=5)
    later = dataset_of(pl.concat([rows(TAKEN, 1), rows(THEN, 9)]), item_facts=facts)
    return Fold(train, cases_of(train, later, later.interactions.time >= 5, as_of=5)).allowing("k")


def of(shown: list[str], facts: pl.DataFrame | None = FACTS) -> dict[str, float]:
    """The means of a recommender that shows each of the four users a list, written as letters."""
    where = fold(facts)
    items = np.zeros((4, 2), dtype=np.int32)
    for user, letters in enumerate(shown):
        items[user, : len(letters)] = where.train.items.locate(list(letters))[0]
    lists = ItemLists(items, np.zeros(items.shape, np.float32), np.array([len(one) for one in shown]))
    judged = judge({"shown": lambda cases, k: lists}, where, k=2)
    asked = judged.asked(EVERYONE)
    assert asked is not None
    return {name: float(np.nanmean(each)) for name, each in judged.per_user("shown", asked).items()}


MOVES = {
    "novelty": (["pq"] * 4, ["rs"] * 4),
    "diversity": (["pr"] * 4, ["pq"] * 4),
    "taste_diversity": (["pq"] * 4, ["ru"] * 4),
    "popularity": (["rs"] * 4, ["pq"] * 4),
    "popularity_lift": (["rs"] * 4, ["pq"] * 4),
    "tail_share": (["pq"] * 4, ["vu"] * 4),
    "gini": (["pq", "rs", "tu", "vp"], ["pq"] * 4),
}


@pytest.mark.parametrize("name", MOVES)
def test_it_moves(name: str) -> None:
    lower, higher = MOVES[name]
    assert of(lower)[name] < of(higher)[name]


def test_serendipity_counts_what_best_sellers_do_not_show() -> None:
    assert of(["us", "tr", "qr", "ps"])["serendipity"] > of(["st", "tr", "qr", "ps"])["serendipity"]


def test_the_own_mix_is_better_calibrated() -> None:
    assert of(["pq", "pq", "pr", "uq"])["miscalibration"] < of(["qs", "pr", "qs", "pr"])["miscalibration"]


def test_every_one_is_in_the_list_of_metrics() -> None:
    assert set(of(["pq"] * 4)) == set(METRICS) | set(BEYOND)
    assert set(BEYOND) <= set(MEANINGS)


def test_without_categories_there_is_no_diversity_of_them() -> None:
    assert set(BEYOND) - set(of(["pq"] * 4, FACTS.select("item_id"))) == {"diversity", "miscalibration"}


def test_empty_lists_find_nothing_and_show_nothing() -> None:
    found = of(["p", "", "", ""])
    assert found["novelty"] == pytest.approx(-np.log2(3 / 4))
    assert found["recall"] == 0
    assert "gini" not in of(["", "", "", ""])


def test_a_judgement_without_popularity_has_no_serendipity() -> None:
    judged = judge({}, fold(), k=2)
    alone = replace(judged, lists={"other": judged.lists["popularity"]}, models={})
    asked = alone.asked(EVERYONE)
    assert asked is not None
    assert "serendipity" not in alone.per_user("other", asked)
