"""What a fold knows of slates that were shown: before its cut, and only where the split is by time."""

from pathlib import Path

import polars as pl
import pytest

from slatewright.core.clock import MICROSECONDS_PER_DAY as DAY
from slatewright.core.clock import instant
from slatewright.data.splits import Chosen, GlobalTime, LastN, SampledNegatives
from slatewright.events.schema import conform
from slatewright.features import Ignored
from slatewright.lifecycle.folds import besides_of, fold_of_shop
from slatewright.models import Popularity
from slatewright.models.rankers import LambdaRank
from slatewright.pipeline import LearnedScore, Lessons, Pipeline, PopularSource, Recipe, SeenFilter, SourceRank
from slatewright.store.shop import Shop

from .towns import town

CUT = "2024-02-10"
SPLIT = GlobalTime(at=CUT)
ITEMS = ("i000", "i001", "i002", "i003")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """The town of two tastes, where all were shown the first items an hour before the cut, others later."""
    made = town(tmp_path, "[weights]\npurchase = 2.0\n", "")
    cut, users = instant(CUT), [f"u{at:03d}" for at in range(60)]
    parts = [(ITEMS, cut - DAY // 24), (("i004",), cut), (("i005",), cut + DAY), (("i006",), cut - 40 * DAY)]
    slates = pl.concat(
        pl.DataFrame(
            {
                "event_id": [f"{user} {at}" for user in users],
                "slate_id": [f"{user} {at}" for user in users],
                "user_id": users,
                "item_ids": [list(items)] * len(users),
                "time": [time] * len(users),
            }
        )
        for at, (items, time) in enumerate(parts)
    )
    made.log.append("impressions", conform(slates, "impressions"))
    return made


@pytest.mark.parametrize("split", [SPLIT, SampledNegatives(base=SPLIT)])
def test_a_case_knows_what_its_user_had_been_shown_before_the_cut(shop: Shop, split: Chosen) -> None:
    fold = fold_of_shop(shop, split)
    shown = fold.test.histories.shown
    assert shown is not None
    assert len(shown) == len(fold.test)
    for at in range(len(fold.test)):
        assert fold.test.items.names_of(shown.one(at).items).to_list() == list(ITEMS)
    recipe = Recipe({}, (PopularSource(),), filters=(SeenFilter(kinds=("impression",)),))
    lists = Pipeline.fit(recipe, fold.train).best_items(fold.test.histories, 20)
    assert not set(lists.items[0][: lists.counts[0]].tolist()) & set(shown.one(0).items.tolist())


def test_the_last_of_each_user_tells_of_no_slate(shop: Shop) -> None:
    fold = fold_of_shop(shop, LastN())
    assert fold.test.histories.shown is None
    assert besides_of(shop, LastN(), fold).shown is None
    assert besides_of(shop, LastN(), fold).facts is not None


def test_a_score_that_is_judged_learns_from_slates_as_one_that_is_trained(shop: Shop) -> None:
    fold = fold_of_shop(shop, SPLIT)
    known = besides_of(shop, SPLIT, fold)
    assert known.shown is not None
    windows = list(known.shown.slates.windows((), None, instant("2025-01-01")))
    times = pl.concat([window.slates for window in windows])["time"]
    assert times.max() == instant(CUT) - DAY // 24
    score = LearnedScore(
        features=(SourceRank(), Ignored(None)),
        ranker=LambdaRank(n_trees=5, min_rows=5),
        lessons=Lessons(least_questions=20),
    )
    taught = Pipeline.fit(Recipe({"popular": Popularity()}, (PopularSource(),), score=score), fold.train, besides=known)
    assert taught.world.taught is not None
    assert taught.world.taught.told["slates"] > 0
