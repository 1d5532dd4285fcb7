"""Training ends in a whole bundle or in nothing."""

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from slatewright.core.clock import instant
from slatewright.core.errors import BadBundle, BadInput, NotThere
from slatewright.events.schema import conform
from slatewright.lifecycle.training import train
from slatewright.pipeline import Request
from slatewright.pipeline.opening import open_pipeline
from slatewright.store.shelf import Shelf
from slatewright.store.shop import Shop
from slatewright.testing.shops import QUICK_RECIPE, town_shop

NOW = instant("2026-01-01")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return town_shop(tmp_path / "shop")


def test_the_first_bundle_goes_live_and_later_ones_wait(shop: Shop) -> None:
    shelf = Shelf(shop.bundles)
    first = train(shop, now=NOW)
    assert shelf.live() == first
    second = train(shop, now=NOW, as_of=instant("2024-02-10"))
    assert (shelf.live(), set(shelf.versions())) == (first, {first, second})
    assert train(shop, now=NOW, as_of=instant("2024-02-10"), promote=True) == second
    assert shelf.live() == second


def test_equal_logs_and_recipes_give_equal_versions(shop: Shop) -> None:
    assert train(shop, now=NOW) == train(shop, now=NOW + 1)
    assert len(Shelf(shop.bundles).versions()) == 1


def test_nothing_at_or_after_as_of_is_known(shop: Shop) -> None:
    as_of = instant("2024-02-10")
    world = open_pipeline(shop, train(shop, now=NOW, as_of=as_of)).world
    assert world.as_of == as_of
    assert world.known.histories.times.max() < as_of
    later = open_pipeline(shop, train(shop, now=NOW)).world
    assert len(later.known.histories.items) > len(world.known.histories.items)


def test_the_opened_pipeline_answers_as_the_card_says(shop: Shop) -> None:
    version = train(shop, now=NOW)
    pipeline, card = open_pipeline(shop), Shelf(shop.bundles).card(version)
    assert card.golden
    slate = pipeline.ask(Request(10, card.as_of, card.golden[0]["request"]["user_id"]))
    assert list(slate.item_ids) == card.golden[0]["item_ids"]
    assert card.models["taste"]["knobs"]["embedding_dim"] == 4
    assert card.counts == {"users": 60, "items": 24, "events": len(pipeline.world.known.histories.items)}
    assert pipeline.world.version == version


@pytest.mark.parametrize("damage", [False, True], ids=["Ctrl-C", "damaged"])
def test_a_bundle_that_is_not_checked_is_not_on_the_shelf(shop: Shop, damage: bool) -> None:
    def meddle(step: str, done: int, total: int) -> None:
        if step == "check the bundle":
            (card,) = shop.bundles.glob(".writing-*/card.json")
            if not damage:
                raise KeyboardInterrupt
            next(card.parent.rglob("*.npy")).write_bytes(b"")

    with pytest.raises(BadBundle if damage else KeyboardInterrupt):
        train(shop, now=NOW, progress=meddle)
    shelf = Shelf(shop.bundles)
    assert (shelf.versions(), shelf.live()) == ([], None)
    assert not list(shop.bundles.glob(".writing-*"))


def test_a_damaged_bundle_is_made_anew_once_it_was_removed(shop: Shop) -> None:
    version = train(shop, now=NOW)
    folder = Shelf(shop.bundles).folder(version)
    next(folder.rglob("*.npy")).write_bytes(b"")
    with pytest.raises(BadBundle, match=f"{version}, of an earlier training, is damaged; remove it, train again: "):
        train(shop, now=NOW)
    shutil.rmtree(folder)
    assert train(shop, now=NOW) == version == open_pipeline(shop).world.version


def test_metrics_are_kept_on_the_card(shop: Shop) -> None:
    version = train(shop, now=NOW, metrics={"recall": 0.25})
    assert Shelf(shop.bundles).card(version).metrics == {"recall": 0.25}


def test_weights_come_from_the_settings(shop: Shop) -> None:
    settings = shop.root / "slatewright.toml"
    settings.write_text("[weights]\nview = 2.5\n")
    world = open_pipeline(Shop.open(shop.root), train(Shop.open(shop.root), now=NOW)).world
    assert set(world.known.histories.weights.tolist()) == {2.5}
    settings.write_text('[weights]\nview = "much"\n')
    with pytest.raises(BadInput, match=r"slatewright\.toml \[weights\] view must be a finite number, got 'much'"):
        train(Shop.open(shop.root), now=NOW)


def test_progress_tells_every_step(shop: Shop) -> None:
    told: list[tuple[str, int, int]] = []
    train(shop, now=NOW, progress=lambda *step: told.append(step))
    assert [step for step, _, _ in told][:3] == ["read the log", "fit taste", "fit together"]
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert told[-1] == ("done", 6, 6)


TWO_STAGES = """
from slatewright.features import Count, HistoryCount
from slatewright.models import ItemKNN, Popularity
from slatewright.models.rankers import LambdaRank
from slatewright.pipeline import LearnedScore, Lessons, ModelSays, ModelSource, PopularSource, Recipe, SourceRank

recipe = Recipe(
    estimators={"together": ItemKNN(n_neighbors=20), "popular": Popularity()},
    sources=(ModelSource("together"), PopularSource(half_life_days=None)),
    score=LearnedScore(
        features=(ModelSays("together"), SourceRank(), Count("impression"), HistoryCount("view")),
        ranker=LambdaRank(n_trees=5, min_rows=5),
        lessons=Lessons(least_questions=20),
    ),
)
"""


def test_both_stages_are_trained_from_visits_and_slates(tmp_path: Path) -> None:
    shop = town_shop(tmp_path / "shop", recipe=TWO_STAGES)
    show_slates(shop)
    told: list[tuple[str, int, int]] = []
    version = train(shop, now=NOW, progress=lambda *step: told.append(step))
    assert [step for step, _, _ in told][1:6] == [
        "fit together to the earlier part",
        "fit popular to the earlier part",
        "fit to the earlier part",
        "teach the score",
        "fit together",
    ]
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert told[-1] == ("done", 8, 8)
    counts = Shelf(shop.bundles).card(version).counts
    assert counts["taught_visits"] > 50
    assert counts["taught_slates"] == 60
    slate = open_pipeline(shop).ask(Request(5, NOW, "u000"))
    assert not slate.trace.notes
    assert len(slate.items) == 5


def show_slates(shop: Shop) -> None:
    """Late in the town everybody is shown four items, and those who drink tea take the first."""
    users = [f"u{at:03d}" for at in range(60)]
    time = pl.Series([instant("2024-02-18") + at for at in range(60)]).cast(pl.Datetime("us", "UTC"))
    shown = pl.DataFrame({"event_id": users, "slate_id": users, "user_id": users, "time": time}).with_columns(
        item_ids=pl.lit(["i000", "i001", "i002", "i003"], dtype=pl.List(pl.String))
    )
    shop.log.append("impressions", conform(shown, "impressions"))
    taken = shown[::2].select("event_id", "slate_id", "user_id", "time", kind=pl.lit("view"), item_id=pl.lit("i000"))
    shop.log.append("interactions", conform(taken.with_columns(event_id="c" + pl.col("event_id")), "interactions"))


def test_a_catalogue_with_one_item_is_learned_and_shown(tmp_path: Path) -> None:
    (tmp_path / "slatewright.toml").write_text("")
    (tmp_path / "recipe.py").write_text(QUICK_RECIPE)
    shop = Shop.open(tmp_path)
    days = pl.datetime_range(pl.datetime(2024, 1, 1), pl.datetime(2024, 1, 3), "1d", time_zone="UTC", eager=True)
    events = pl.DataFrame({"event_id": ["1", "2", "3"], "user_id": ["a", "b", "c"], "item_id": "only", "time": days})
    shop.log.append("interactions", conform(events.with_columns(kind=pl.lit("view")), "interactions"))
    train(shop, now=NOW)
    pipeline = open_pipeline(shop)
    for k in (1, 10, 10**9):
        assert list(pipeline.ask(Request(k, NOW, "stranger")).item_ids) == ["only"]
    assert list(pipeline.ask(Request(5, NOW, "a")).item_ids) == []  # seen, and there is no other


def test_an_empty_log_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "slatewright.toml").write_text("")
    (tmp_path / "recipe.py").write_text(QUICK_RECIPE)
    with pytest.raises(BadInput, match="import events first"):
        train(Shop.open(tmp_path), now=NOW)
    assert not (tmp_path / "bundles").exists()


@pytest.mark.parametrize(
    ("recipe", "complaint"),
    [
        ("recipe = 1", r"must define recipe = Recipe\(\.\.\.\), got int"),
        ("x = 1\n1 / 0\n", r"does not run: ZeroDivisionError: division by zero \(line 2\)"),
        ("recipe = (", "does not run: SyntaxError"),
        (QUICK_RECIPE.replace('ModelSource("taste")', 'ModelSource("nope")'), "asks for the model 'nope'"),
        (QUICK_RECIPE.replace('"taste": ALS', '"../taste": ALS'), "a name must be letters"),
    ],
)
def test_a_recipe_that_does_not_run_leaves_the_shelf_as_it_was(shop: Shop, recipe: str, complaint: str) -> None:
    live = train(shop, now=NOW)
    shop.recipe.write_text(recipe)
    with pytest.raises((BadInput, NotThere), match=complaint):
        train(shop, now=NOW)
    shelf = Shelf(shop.bundles)
    assert (shelf.live(), shelf.versions()) == (live, [live])
    open_pipeline(shop)


CHILD = """
import sys
from slatewright.lifecycle.training import train
from slatewright.store.shop import Shop
shop = Shop.open(sys.argv[1])
print("ready", flush=True)
try:
    train(shop, now=0, promote=True)
except KeyboardInterrupt:
    sys.exit(130)
print("trained", flush=True)
"""


def _more(shop: Shop, number: int) -> None:
    """A few more events, so that the next bundle is another one."""
    row = {"event_id": f"more-{number}", "user_id": "u000", "item_id": "i000", "kind": "view"}
    frame = pl.DataFrame({name: [value] for name, value in row.items()})
    time_column = pl.lit(instant("2024-06-01") + number).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    shop.log.append("interactions", conform(frame.with_columns(time=time_column), "interactions"))


def _stop_when(shop: Shop, stop: signal.Signals, sign: str) -> subprocess.Popen[str]:
    """Train in a process of its own and stop it as soon as ``sign`` is seen in its writing folder."""
    command = [sys.executable, "-c", CHILD, str(shop.root)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    deadline = time.monotonic() + 60
    while child.poll() is None and time.monotonic() < deadline:
        if any(shop.bundles.glob(f".writing-*/{sign}")):
            child.send_signal(stop)
            break
        time.sleep(0.0005)
    child.wait(60)
    child.stdout.close()
    return child


SIGNS = ("arrays", "arrays/models/taste/*", "card.json")


@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGINT], ids=["SIGKILL", "Ctrl-C"])
def test_stopping_a_training_leaves_the_shelf_and_live_as_they_were(shop: Shop, stop: signal.Signals) -> None:
    live, shelf, stopped = train(shop, now=NOW), Shelf(shop.bundles), 0
    whole = {live}
    for number, sign in enumerate(SIGNS):
        _more(shop, number)
        child = _stop_when(shop, stop, sign)
        after = shelf.live()
        if child.returncode == 0:  # it was faster than the signal
            whole |= {str(after)}
            live = str(after)
            continue
        stopped += 1
        assert child.returncode == (-signal.SIGKILL if stop == signal.SIGKILL else 130)
        assert after in whole | set(shelf.versions())
        for version in shelf.versions():
            open_pipeline(shop, version)
        if stop == signal.SIGINT:
            assert not list(shop.bundles.glob(".writing-*"))
    assert stopped >= 1
    last = train(shop, now=NOW, promote=True)
    assert shelf.live() == last
    assert not list(shop.bundles.glob(".writing-*"))


OWN_RECIPE = """
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from slatewright.core.knobs import Knob
from slatewright.models import Brought, Popularity
from slatewright.pipeline import ModelScore, ModelSource, Recipe


class Together(Brought):
    shape = "together_of_our_own"
    window = 5

    def answer(self, history):
        return self.learned["counts"][history].sum(axis=1)


@dataclass(frozen=True)
class Counting:
    most: Annotated[float, Knob("no count is higher", above=0)] = 100.0

    def fit(self, dataset) -> Together:
        taken = dataset.matrix().toarray() > 0
        counts = np.minimum(taken.T.astype(np.float32) @ taken, self.most)
        return Together.of(dataset, {"counts": np.vstack([counts, np.zeros((1, len(counts)))]).astype(np.float32)})


recipe = Recipe(
    estimators={"own": Counting(), "popular": Popularity()}, sources=(ModelSource("own"),), score=ModelScore("own")
)
"""


def test_a_model_of_the_shops_own_is_found_again_by_its_recipe(tmp_path: Path) -> None:
    shop = town_shop(tmp_path / "shop", recipe=OWN_RECIPE)
    card = Shelf(shop.bundles).card(train(shop, now=NOW))
    assert (card.models["own"]["shape"], card.models["own"]["knobs"]) == ("together_of_our_own", {"most": 100.0})
    slate = open_pipeline(shop).ask(Request(5, card.as_of, "u000"))
    assert slate.item_ids
    assert all(int(item[1:]) % 2 == 0 for item in slate.item_ids)
