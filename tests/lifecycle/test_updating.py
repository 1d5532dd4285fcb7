"""The models of a bundle learn on and become a bundle that names its parent."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from slatewright.core.clock import instant
from slatewright.core.errors import BadInput, BadKnob, NotThere
from slatewright.lifecycle.recording import Recorder
from slatewright.lifecycle.reproducing import reproduce
from slatewright.lifecycle.training import train
from slatewright.lifecycle.updating import Wish, update_bundle
from slatewright.models import Updating
from slatewright.pipeline.opening import open_pipeline
from slatewright.store.runs import Runs
from slatewright.store.shelf import Shelf
from slatewright.store.shop import Shop
from slatewright.testing.shops import town_shop

NOW, FEBRUARY = instant("2026-01-01"), instant("2024-02-10")
RECIPE = """
from slatewright.models import ItemKNN, MF, Popularity
from slatewright.pipeline import ModelScore, ModelSource, PopularSource, Recipe

recipe = Recipe(
    estimators={
        "taste": MF(embedding_dim=4, epochs=4, batch_size=64, n_negatives=2),
        "together": ItemKNN(n_neighbors=5),
    },
    sources=[ModelSource("taste"), ModelSource("together"), PopularSource()],
    score=ModelScore("taste"),
)
"""


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """With a live bundle of what happened until February; tests get copies."""
    shop = town_shop(tmp_path_factory.mktemp("updating") / "shop", recipe=RECIPE)
    train(shop, now=NOW, as_of=FEBRUARY)
    return shop


@pytest.fixture
def shop(trained: Shop, tmp_path: Path) -> Shop:
    return Shop.open(Path(shutil.copytree(trained.root, tmp_path / "shop")))


def test_the_new_version_names_its_parent_and_what_the_update_did(shop: Shop) -> None:
    shelf = Shelf(shop.bundles)
    parent = shelf.live()
    made = update_bundle(shop, Wish(how=Updating(judged_share=0.5)), now=NOW)
    assert (made.parent, shelf.live()) == (parent, parent)
    card, report = shelf.card(made.version), made.reports["taste"]
    assert card.parent == parent
    assert card.models["taste"]["update"]["older"]["before"] == report.older.before
    assert report.n_recent > 0
    assert report.older.n > 0
    assert "update" not in card.models["together"]
    assert shelf.card(made.parent).parent is None
    world, before = open_pipeline(shop, made.version).world, open_pipeline(shop).world
    assert world.as_of > before.as_of == FEBRUARY
    assert len(world.known.histories.items) > len(before.known.histories.items)


def test_equal_updates_are_one_version_and_promotion_makes_it_live(shop: Shop) -> None:
    first = update_bundle(shop, Wish(), now=NOW).version
    again = update_bundle(shop, Wish(names=("taste",)), now=NOW, promote=True)
    assert again.version == first == Shelf(shop.bundles).live()
    with pytest.raises(BadInput, match="nothing happened since 2024-"):
        update_bundle(shop, Wish(), now=NOW)
    with pytest.raises(BadInput, match="nothing happened since"):
        update_bundle(shop, Wish(again.parent, as_of=FEBRUARY), now=NOW)


def test_an_update_is_a_run_that_can_be_done_again(shop: Shop) -> None:
    told = list[str]()
    recorder = Recorder(NOW, lambda: NOW, told.append)
    made = update_bundle(shop, Wish(how=Updating(epochs=2)), now=NOW, recorder=recorder)
    run = Runs(shop.runs).read("last")
    assert (run.kind, run.headline) == ("update", {"bundle": made.version, "from": made.parent})
    assert run.arguments["how"]["epochs"] == 2
    again = reproduce(shop, run, recorder=recorder)
    assert again.same


def test_what_a_generator_draws_is_not_recorded(shop: Shop) -> None:
    how = Updating(rng=np.random.default_rng(0))
    with pytest.raises(BadKnob, match=r"Updating.rng must be a seed where the run is recorded, got a Generator"):
        update_bundle(shop, Wish(how=how), now=NOW, recorder=Recorder(NOW, lambda: NOW, lambda _: None))
    assert update_bundle(shop, Wish(how=how), now=NOW).version in Shelf(shop.bundles).versions()


@pytest.mark.parametrize("step", ["read the log", "fit together", "write the bundle", "check the bundle"])
def test_stopping_it_leaves_everything_as_it_was(shop: Shop, step: str) -> None:
    def stop(what: str, done: int, total: int) -> None:
        assert 0 <= done <= total
        if what == step:
            raise KeyboardInterrupt

    shelf = Shelf(shop.bundles)
    before, live = shelf.versions(), shelf.live()
    with pytest.raises(KeyboardInterrupt):
        update_bundle(shop, Wish(), now=NOW, promote=True, progress=stop)
    assert (shelf.versions(), shelf.live()) == (before, live)
    assert not list(shop.bundles.glob(".writing-*"))


def test_what_cannot_learn_on_is_refused_with_what_can(shop: Shop) -> None:
    with pytest.raises(BadInput, match=r"'together' is of ItemKNN, .* only MF, .*SASRec.* can \(here: taste\)"):
        update_bundle(shop, Wish(names=("together",)), now=NOW)
    with pytest.raises(NotThere, match="no estimator 'nobody'; it has taste, together"):
        update_bundle(shop, Wish(names=("nobody",)), now=NOW)
