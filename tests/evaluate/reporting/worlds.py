"""A small judged world: the town of two tastes, with titles, categories and ratings."""

from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl

from slatewright.core.arrays import Frame
from slatewright.data.dataset import dataset_of
from slatewright.data.splits import Fold, GlobalTime
from slatewright.evaluate import Asked, By, Judged, judge, summarise
from slatewright.evaluate.diagnosis.curves import learning_curve
from slatewright.evaluate.questions import NEW_ITEMS
from slatewright.evaluate.reporting import Made, Report, gather
from slatewright.metrics.bootstrap import Bootstrap
from slatewright.models import BiasedMF, ItemKNN
from slatewright.models.neural.epochs import EpochCurve
from slatewright.testing.worlds import two_tastes

EVIL = '<script>alert("1")</script>&'
MADE = Made(EVIL, "20240101T000000-evaluate", f"slatewright report --user {EVIL}")
K = 5


def facts(title: str = "Thing") -> Frame:
    items = [f"i{at:03d}" for at in range(24)]
    return pl.DataFrame(
        {
            "item_id": items,
            "title": [f"{title} {item}" for item in items],
            "category": [("even", "odd")[at % 2] for at in range(24)],
        }
    )


def fold_of(title: str = "Thing", *, ratings: bool = False) -> Fold:
    events = two_tastes(120)
    if ratings:
        values = np.random.default_rng(0).integers(1, 6, len(events))
        events = events.with_columns(kind=pl.lit("rating"), value=pl.Series(values, dtype=pl.Float64))
    users = pl.DataFrame({"user_id": [f"u{at:03d}" for at in range(120)], "side": ["left", "right"] * 60})
    dataset = dataset_of(events, item_facts=facts(title), user_facts=users)
    return next(GlobalTime(test_share=0.3).split(dataset))


@cache
def judged_world(title: str = "Thing", *, ratings: bool = False) -> Judged:
    fold = fold_of(title, ratings=ratings)
    models = {"pipeline": ItemKNN().fit(fold.train), "blunt": ItemKNN(n_neighbors=1).fit(fold.train)}
    return judge(models | ({"stars": BiasedMF().fit(fold.train)} if ratings else {}), fold, k=K)


def asked_of(judged: Judged) -> Asked:
    asked = judged.asked(NEW_ITEMS)
    assert asked is not None
    return asked


@cache
def report_of(title: str = "Thing", *, ratings: bool = False) -> Report:
    judged = judged_world(title, ratings=ratings)
    evaluation = summarise(judged, bootstrap=Bootstrap(resamples=100), by=By(("history_length",), ("popularity",)))
    fold = judged.fold.validation
    assert fold is not None
    curves = [learning_curve(ItemKNN(), fold, over="data", values=(0.5, 1.0))]
    found = gather(judged, evaluation, MADE, curves=curves, missing=[EVIL])
    return replace(found, epochs={EVIL: EpochCurve((0.7, 0.5, 0.4), (0.1, 0.3, 0.2)), "bare": EpochCurve((0.7, 0.5))})
