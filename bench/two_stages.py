"""Two stages against one: the default recipe, and a learned score over its sources, beside blends of its models.

    python bench/two_stages.py [shop] [online_retail]

``shop`` simulates one: the blend is chosen among several on the validation part, and both are judged on the test part,
which nothing else has looked at. ``online_retail`` is the default recipe on the split of docs/online-retail.md. Figures
and 95 % intervals (bootstrap over users) are appended to bench/results/two_stages.json.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from harness import record

from slatewright.core.clock import instant
from slatewright.data.dataset import dataset_of
from slatewright.data.splits import GlobalTime
from slatewright.data.splits.fold import Fold
from slatewright.evaluate import evaluate
from slatewright.features import (
    Activity,
    Count,
    HistoryCount,
    HistoryRecency,
    HistoryShare,
    Newness,
    Price,
    PriceAgainstHabit,
    Recency,
    Together,
    Trend,
)
from slatewright.lifecycle.folds import fold_since
from slatewright.lifecycle.training import facts_of
from slatewright.pipeline import BlendScore, LearnedScore, Lessons, ModelSays, Pipeline, Recipe, SourceRank
from slatewright.pipeline.teaching.besides import Besides
from slatewright.simulate.shop import Simulation, simulate
from slatewright.store.founding import found
from slatewright.store.importing import import_shop

ROOT = Path(__file__).parents[1]
BAR = {"recall": 0.080, "ndcg": 0.092}
ONE_STAGE = replace(Recipe.default(), score=BlendScore({"taste": 1.0, "together": 1.0, "popular": 0.5}))
COLUMNS = (ModelSays("taste"), ModelSays("together"), ModelSays("popular"), SourceRank())
SHOP = (Count(half_life_days=7), Count(half_life_days=30), Count(half_life_days=180), Trend(), Newness(), Recency())
USER = (Activity(), Together())
KINDS = (
    Count("purchase", 30), HistoryShare(by="category"), HistoryShare(half_life_days=14, by="category"),
    HistoryCount(half_life_days=30, by="brand"), HistoryRecency(by="category"), PriceAgainstHabit(), Price(),
)  # fmt: skip
BLENDS: Mapping[str, Mapping[str, float]] = {
    "taste alone": {"taste": 1.0},
    "together alone": {"together": 1.0},
    "1, .5, .2": {"taste": 1.0, "together": 0.5, "popular": 0.2},
    ".5, 1, .2": {"taste": 0.5, "together": 1.0, "popular": 0.2},
    ".5, 1, .5": {"taste": 0.5, "together": 1.0, "popular": 0.5},
    "1, 1, .5 (where the default cannot learn)": {"taste": 1.0, "together": 1.0, "popular": 0.5},
    "1, 1, 1": {"taste": 1.0, "together": 1.0, "popular": 1.0},
}


def judged(recipe: Recipe, fold: Fold, besides: Besides | None = None) -> dict[str, Any]:
    """Recall and NDCG of a recipe trained on a fold, with their intervals, and the seconds of the training."""
    start = time.perf_counter()
    pipeline = Pipeline.fit(recipe, fold.train, besides=besides)
    seconds = time.perf_counter() - start
    group = evaluate({"pipeline": pipeline}, fold, k=20).groups[0]
    measured = group.of("pipeline").metrics
    taught = pipeline.world.taught
    return {
        "users": group.users,
        **{
            name: [round(x, 4) for x in (one.value, one.low, one.high)] for name, one in measured.items() if name in BAR
        },
        "seconds": round(seconds, 1),
        **({} if taught is None else {"columns": len(taught.columns), **taught.told}),
    }


def learned(features: tuple[Any, ...], lessons: Lessons) -> Recipe:
    """The default recipe with a score that learns."""
    score = LearnedScore(features=features, lessons=lessons, otherwise=ONE_STAGE.score)
    return replace(ONE_STAGE, score=score)


def simulated(users: int, wanted: str | None = None) -> dict[str, Any]:
    """The best blend on the validation part, or the one that was best in another shop, and the learned score."""
    made = simulate(Simulation(users=users, items=800, days=150, visits_per_user=12))
    weights = {"view": 1.0, "cart": 2.0, "purchase": 3.0}
    dataset = dataset_of(made.events, item_facts=made.items, user_facts=made.users, weights=weights)
    fold = next(iter(GlobalTime(test_share=0.1, validation_share=0.1).split(dataset)))
    assert fold.validation is not None
    chosen = {}
    for name, blend in BLENDS.items() if wanted is None else ():
        chosen[name] = judged(replace(ONE_STAGE, score=BlendScore(blend)), fold.validation)
        print("validation", name, chosen[name], flush=True)
    best = wanted or max(chosen, key=lambda name: float(chosen[name]["ndcg"][0]))
    one = judged(replace(ONE_STAGE, score=BlendScore(BLENDS[best])), fold)
    print("test", best, one, flush=True)
    two = judged(learned((*COLUMNS, *SHOP, *USER, *KINDS), Lessons(n_questions=10_000, each="visit")), fold)
    print("test", "learned", two, flush=True)
    apart = {name: bool(two[name][1] > one[name][2]) for name in BAR}
    return {
        "what": f"simulated shop, {len(dataset.interactions):,} events of {users:,} people, new items, k = 20",
        "validation": chosen, "best blend": best, "one stage": one, "two stages": two, "intervals apart": apart,
    }  # fmt: skip


def online_retail(data: Path) -> dict[str, Any]:
    """Both recipes on the orders from October 2011 on."""
    with tempfile.TemporaryDirectory() as folder:
        shop = found(Path(folder) / "shop", [str(data / "*.parquet")]).shop
        import_shop(shop, now=instant("2012-01-01"))
        fold, besides = fold_since(shop, instant("2011-10-01"), ()), Besides(facts=facts_of(shop.log))
        one = judged(ONE_STAGE, fold)
        print("one stage", one, flush=True)
        two = judged(Recipe.default(), fold, besides)
        print("two stages", two, flush=True)
    return {"what": "Online Retail, users with a new item, k = 20", "bar": BAR, "one stage": one, "two stages": two}


def main() -> None:
    """Run what was asked for, both where nothing was."""
    default = Path(os.environ.get("SLATEWRIGHT_DATA", ROOT.parent / "shared" / "data")) / "online_retail"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", help="shop, online_retail or both (default)")
    parser.add_argument("--blend", choices=list(BLENDS), help="do not choose again on the validation part")
    parser.add_argument("--users", type=int, default=24_000)
    parser.add_argument("--data", type=Path, default=default)
    given = parser.parse_args()
    if not given.what or "online_retail" in given.what:
        record("two_stages", online_retail(given.data))
    if not given.what or "shop" in given.what:
        record("two_stages", simulated(given.users, given.blend))


if __name__ == "__main__":
    main()
