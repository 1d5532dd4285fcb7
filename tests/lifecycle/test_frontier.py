"""What variety cost is written down, so that it can be found out again."""

from pathlib import Path

from slatewright.core.clock import instant
from slatewright.data.splits import GlobalTime
from slatewright.lifecycle.frontier import draw_frontier
from slatewright.lifecycle.recording import Recorder
from slatewright.lifecycle.reproducing import reproduce
from slatewright.store.runs import Runs
from slatewright.testing.shops import town_shop

NOW = instant("2026-03-01")
RECORDER = Recorder(NOW, lambda: NOW + 1, lambda message: None)
SPLIT = GlobalTime(at="2024-02-10")


def test_a_frontier_is_recorded_and_comes_out_the_same(tmp_path: Path) -> None:
    shop = town_shop(tmp_path / "shop")
    found = draw_frontier(shop, SPLIT, k=7, recorder=RECORDER)
    run = Runs(shop.runs).read("last")
    assert run.kind == "frontier"
    assert set(run.metrics) == {point.name for point in found.points}
    assert run.headline["ndcg@7"] == found.points[0].metrics["ndcg"].value
    shop.recipe.write_text("recipe = None")
    assert reproduce(shop, run, recorder=RECORDER).same
