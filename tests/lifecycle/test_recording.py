"""A run is written down with all that is needed to do it again, and nothing that opens a door."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from slatewright.core.clock import instant
from slatewright.core.errors import BadInput, Unreachable
from slatewright.data.content import content_sum
from slatewright.data.splits import GlobalTime
from slatewright.lifecycle.evaluating import PIPELINE, evaluate_bundle, evaluate_shop
from slatewright.lifecycle.folds import fold_of_shop
from slatewright.lifecycle.recording import Recorder
from slatewright.lifecycle.training import train
from slatewright.pipeline.recipe import recipe_digest
from slatewright.store.run import Run
from slatewright.store.runs import Runs
from slatewright.store.shop import Shop
from slatewright.testing.shops import town_shop

NOW = instant("2026-03-01")
SPLIT = GlobalTime(at="2024-02-10")
SECRET = "hunter2"  # noqa: S105 (planted)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    made = town_shop(tmp_path / "shop")
    (made.root / "slatewright.toml").write_text(
        f'[events]\nfiles = ["postgresql://ann:{SECRET}@db/shop"]\n[weights]\nview = 2.0\n'
        f'[tracking]\nmlflow = "http://ann:{SECRET}@127.0.0.1:1"\n'
    )
    return Shop.open(made.root)


def recorder(told: list[str]) -> Recorder:
    return Recorder(NOW, lambda: NOW + 2_500_000, told.append)


def test_an_evaluation_is_recorded_with_its_data_knobs_recipe_and_numbers(shop: Shop) -> None:
    told: list[str] = []
    found = evaluate_shop(shop, SPLIT, k=7, recorder=recorder(told))
    run = Runs(shop.runs).read("last")
    assert told == [f"recorded as run {run.id}"]
    assert (run.kind, run.started, run.seconds, run.arguments["k"]) == ("evaluate", NOW, 2.5, 7)
    fold = fold_of_shop(shop, SPLIT)
    assert run.data.tables == {"interactions": 0, "impressions": None, "item_updates": None, "user_updates": None}
    assert (run.data.as_of, run.data.content) == (fold.train.as_of, content_sum(fold))
    assert run.data.counts["events"] == len(fold.train.interactions)
    assert run.recipes == {"recipe.py": recipe_digest(shop.recipe.read_bytes())}
    assert (shop.recipes / f"{run.recipes['recipe.py']}.py").read_bytes() == shop.recipe.read_bytes()
    assert run.knobs["estimators"]["taste"]["embedding_dim"] == 4
    assert run.knobs["sources"][0] == {"class": "ModelSource", "model": "taste", "limit": 300}
    assert run.settings == {"weights": {"view": 2.0}}
    measured = found.groups[0].of(PIPELINE).metrics["ndcg"]
    assert run.metrics[found.groups[0].name][PIPELINE]["ndcg"] == {
        "value": measured.value,
        "low": measured.low,
        "high": measured.high,
    }
    assert run.headline["ndcg@7"] == measured.value
    assert set(run.files) >= {"evaluation.json", "evaluation.md", "metrics.svg"}
    assert b"<svg" in (shop.runs / run.id / "metrics.svg").read_bytes()


def test_no_password_and_no_user_is_in_a_record(shop: Shop) -> None:
    evaluate_shop(shop, SPLIT, k=7, recorder=recorder([]))
    written = b"".join(path.read_bytes() for path in shop.runs.rglob("*") if path.is_file())
    assert SECRET.encode() not in written
    assert b"postgresql" not in written
    for name in (*shop.weighing().read(shop.log).users, str(shop.root)):
        assert name.encode() not in written


def test_a_training_and_a_judged_bundle_are_recorded_too(shop: Shop) -> None:
    version = train(shop, now=NOW, as_of=instant("2024-02-10"), recorder=recorder([]))
    evaluate_bundle(shop, version, k=7, recorder=recorder([]))
    trained, judged = (Runs(shop.runs).read(name) for name in ("last~1", "last"))
    assert (trained.kind, trained.metrics["bundle"], trained.headline) == ("train", version, {"bundle": version})
    expected = {"bundle": version, "k": 7, "kinds": [], "by": {"users": [], "items": []}}
    assert (judged.kind, judged.arguments) == ("evaluate", expected)


def test_without_a_recorder_nothing_is_recorded(shop: Shop) -> None:
    evaluate_shop(shop, SPLIT)
    assert not shop.runs.exists()


def test_a_run_that_fails_is_not_recorded(shop: Shop) -> None:
    with pytest.raises(BadInput):
        evaluate_shop(shop, GlobalTime(at="2030-01-01"), recorder=recorder([]))
    assert not shop.runs.exists()


class Kept:
    """A tracker that remembers, or is down."""

    def __init__(self, *, down: bool) -> None:
        self.down, self.files = down, dict[str, bytes]()

    def keep(self, run: Run, files: Mapping[str, bytes]) -> None:
        if self.down:
            raise Unreachable("the tracker does not answer")
        self.files = dict(files)


def test_a_tracker_gets_the_run_with_its_recipe_and_files(shop: Shop) -> None:
    kept = Kept(down=False)
    evaluate_shop(shop, SPLIT, recorder=replace(recorder([]), tracker=kept))
    assert kept.files["recipes/recipe.py"] == shop.recipe.read_bytes()
    assert set(kept.files) == {"recipes/recipe.py", *Runs(shop.runs).read("last").files}


def test_a_tracker_that_is_down_costs_a_note_and_not_the_run(shop: Shop) -> None:
    told: list[str] = []
    evaluate_shop(shop, SPLIT, recorder=replace(recorder(told), tracker=Kept(down=True)))
    assert len(Runs(shop.runs).ids()) == 1
    assert told[1] == "the tracker does not answer; the run is recorded here all the same"
