"""A shop's recipe and bundles, judged by what its log knows later."""

import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from slatewright.core.clock import MICROSECONDS_PER_DAY as DAY
from slatewright.core.errors import BadInput
from slatewright.data.splits import GlobalTime, LastN
from slatewright.events.schema import conform
from slatewright.lifecycle.evaluating import PIPELINE, evaluate_bundle, evaluate_shop
from slatewright.lifecycle.folds import fold_of_shop
from slatewright.lifecycle.training import train
from slatewright.store.shop import Shop
from slatewright.testing.worlds import START

from .towns import town

RECIPE = """
from slatewright.models import ItemKNN, Popularity
from slatewright.pipeline import ModelScore, ModelSource, Recipe
estimators = {"together": ItemKNN(), "popular": Popularity()}
recipe = Recipe(estimators, (ModelSource("together"),), score=ModelScore("together"))
"""
CUT = "2024-02-10"
MAIN = "users with a new item"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """The town of two tastes over 50 days, split at the cut."""
    return town(tmp_path, '[weights]\npurchase = 2.0\n[split]\nat = "2024-02-10"\n', RECIPE)


def test_the_pipeline_knows_the_town_and_its_reports_lie_in_the_shop(shop: Shop) -> None:
    found = evaluate_shop(shop, shop.knobs("split", GlobalTime), k=12)
    group = found.group(MAIN)
    assert [one.name for one in group.measured] == ["popularity", PIPELINE, "together alone", "popular alone"]
    alone = {name: one for name, one in group.of("together alone").metrics.items() if name != "auc"}
    assert group.of(PIPELINE).metrics == alone  # a pipeline ranks candidates only, so it has no AUC
    assert group.of(PIPELINE).lead["recall"].low > 0
    assert json.loads((shop.reports / "evaluation.json").read_text()) == json.loads(json.dumps(found.as_dict()))
    assert f"before {CUT}" in (shop.reports / "evaluation.md").read_text()


def test_a_shop_that_has_imported_nothing_is_told_to(tmp_path: Path) -> None:
    (tmp_path / "slatewright.toml").write_text("")
    for split in (GlobalTime(), LastN()):
        with pytest.raises(BadInput, match="no events to judge by; import some first: slatewright import"):
            fold_of_shop(Shop.open(tmp_path), split)


def test_a_bundle_is_judged_as_the_recipe_that_made_it(shop: Shop) -> None:
    cut = START + 40 * DAY  # 2024-02-10
    train(shop, now=cut, as_of=cut, promote=True)
    found = evaluate_bundle(shop, k=12)
    assert found.protocol.knobs["at"] == "2024-02-10T00:00:00+00:00"
    again = evaluate_shop(shop, GlobalTime(at=CUT), k=12)
    assert replace(found, protocol=again.protocol) == again


def test_a_bundle_that_knows_everything_cannot_be_judged(shop: Shop) -> None:
    version = train(shop, now=START)
    with pytest.raises(BadInput, match="nothing to judge by"):
        evaluate_bundle(shop, version)


def test_validation_ends_where_the_test_begins(shop: Shop) -> None:
    test = fold_of_shop(shop, GlobalTime(at=CUT, validation_share=0.25))
    validation = fold_of_shop(shop, GlobalTime(at=CUT, validation_share=0.25), on_validation=True)
    assert validation.train.as_of < test.train.as_of
    assert validation.train.interactions.time.max() < validation.train.as_of
    held_out = validation.test.n_relevant().sum() + validation.test.unknown.sum()
    assert held_out == len(test.train.interactions) - len(validation.train.interactions)
    with pytest.raises(BadInput, match="validation_share is 0"):
        fold_of_shop(shop, GlobalTime(at=CUT, validation_share=0), on_validation=True)


def test_training_knows_nothing_of_a_return_that_came_later(shop: Shop) -> None:
    first = shop.log.scan("interactions").sort("time").head(1).collect()
    later = pl.lit(START + 45 * DAY).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    back = first.with_columns(event_id=pl.lit("back"), kind=pl.lit("return"), time=later)
    sizes = [len(fold_of_shop(shop, GlobalTime(at=at)).train.interactions) for at in (CUT, "2024-02-18")]
    shop.log.append("interactions", conform(back, "interactions"))
    again = [len(fold_of_shop(shop, GlobalTime(at=at)).train.interactions) for at in (CUT, "2024-02-18")]
    assert [size - other for size, other in zip(sizes, again, strict=True)] == [0, 1]
