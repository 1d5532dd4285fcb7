"""Diagnosing a model of a shop's recipe, and doing it again."""

import json
from pathlib import Path

import polars as pl
import pytest

from slatewright.core.clock import instant
from slatewright.core.errors import BadInput, NotThere
from slatewright.data.splits import GlobalTime
from slatewright.evaluate import By
from slatewright.evaluate.diagnosis.curves import DATA
from slatewright.evaluate.diagnosis.diagnosing import Diagnosing
from slatewright.events.log import EventLog
from slatewright.lifecycle.diagnosing import diagnose_shop
from slatewright.lifecycle.recording import Recorder
from slatewright.lifecycle.reproducing import reproduce
from slatewright.store.runs import Runs
from slatewright.store.shop import Shop
from slatewright.testing.shops import town_shop

RECORDER = Recorder(0, lambda: 1, lambda message: None)
SPLIT = GlobalTime(at="2024-02-10")
QUICK = Diagnosing(over=("reg", DATA), k=5)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return town_shop(tmp_path / "shop")


def test_the_first_model_of_the_recipe_is_looked_at_on_validation_data(shop: Shop) -> None:
    found = diagnose_shop(shop, SPLIT, how=QUICK)
    assert (found.name, found.estimator, found.k) == ("taste", "ALS", 5)
    later = diagnose_shop(shop, SPLIT, model="together", how=Diagnosing(over=(DATA,)), on_test=True)
    assert later.name == "together"
    assert found.as_of < later.as_of


def test_page_markdown_and_json_lie_in_the_reports(shop: Shop) -> None:
    found = diagnose_shop(shop, SPLIT, how=QUICK)
    assert json.loads((shop.reports / "diagnosis.json").read_bytes()) == json.loads(json.dumps(found.as_dict()))
    assert found.verdict in (shop.reports / "diagnosis.md").read_text(encoding="utf-8")
    assert "taste of town, diagnosed" in (shop.reports / "diagnosis.html").read_text(encoding="utf-8")


def test_a_diagnosis_is_a_run_that_is_done_again_to_the_last_digit(shop: Shop) -> None:
    how = Diagnosing(over=("reg",), k=7, by=By(("history_length",)), residuals=False)
    found = diagnose_shop(shop, SPLIT, how=how, recorder=RECORDER)
    run = Runs(shop.runs).read("last")
    assert run.kind == "diagnose"
    assert run.headline["verdict"] == found.verdict
    shop.recipe.write_text("recipe = None")
    again = reproduce(shop, run, recorder=RECORDER)
    assert again.same
    assert again.again.arguments == run.arguments


def test_what_is_not_there_is_named(shop: Shop) -> None:
    with pytest.raises(NotThere, match="has no model 'svd'; it has taste, together, popular"):
        diagnose_shop(shop, SPLIT, model="svd")
    with pytest.raises(BadInput, match="no validation part"):
        diagnose_shop(shop, GlobalTime(at="2024-02-10", validation_share=0.0))
    with pytest.raises(BadInput, match="predicts ratings"):
        diagnose_shop(shop, SPLIT, how=Diagnosing(residuals=True))


def test_events_without_times_of_their_own_are_told_to_be_split_otherwise(shop: Shop) -> None:
    log = shop.log.scan("interactions").with_columns(time=pl.lit(instant("2024-01-01")).cast(pl.Datetime("us", "UTC")))
    undated = Shop(shop.root / "undated", {}, EventLog(shop.root / "undated" / "log"))
    undated.log.append("interactions", log.collect())
    undated.recipe.write_bytes(shop.recipe.read_bytes())
    for on_test in (False, True):
        with pytest.raises(BadInput, match=r"the training part of the split is empty: .* --protocol k-fold"):
            diagnose_shop(undated, GlobalTime(), on_test=on_test)


def test_what_stops_halfway_leaves_no_report_and_no_run(shop: Shop) -> None:
    def stop(step: str, done: int, total: int) -> None:
        if done > 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        diagnose_shop(shop, SPLIT, how=QUICK, progress=stop, recorder=RECORDER)
    assert not list(shop.reports.glob("diagnosis*"))
    assert not list(Runs(shop.runs).ids())
