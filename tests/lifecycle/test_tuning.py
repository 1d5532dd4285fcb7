"""Tuning an estimator of a shop's recipe."""

from dataclasses import replace
from pathlib import Path

import pytest

from slatewright.core.errors import BadInput, Leak, NotThere
from slatewright.data.splits import GlobalTime
from slatewright.evaluate.tuning import Search, Trial
from slatewright.lifecycle.recording import Recorder
from slatewright.lifecycle.reproducing import reproduce
from slatewright.lifecycle.tuning import RECORD, Wish, tune_shop
from slatewright.store.runs import Runs
from slatewright.store.shop import Shop
from slatewright.testing.shops import town_shop

CUT = GlobalTime(test_share=0.3, validation_share=0.3)
RECIPE = """
from slatewright.models import ALS, ItemKNN
from slatewright.pipeline import ModelScore, ModelSource, Recipe
estimators = {"near": ItemKNN(), "small": ALS(embedding_dim=2, epochs=2), "large": ALS(embedding_dim=4, epochs=2)}
recipe = Recipe(estimators, (ModelSource("near"),), score=ModelScore("near"))
"""
WISH = Wish("small", space={"reg": (0.001, 1.0)}, search=Search(trials=4, k=4))


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """The town, with three models of two classes."""
    return town_shop(tmp_path, recipe=RECIPE)


def test_a_wish_can_be_written_down_and_wished_again() -> None:
    space = {"reg": (0.001, 1.0), "half_life_days": [None, 30], "epochs": None}
    wish = Wish("taste", ("ndcg", "gini:lower"), space, Search(trials=7, minutes=1.5, judged_users=None), look=False)
    assert Wish.from_dict(wish.as_dict()) == wish
    assert Wish.from_dict(Wish().as_dict()) == Wish()


def test_a_model_is_named_as_in_the_recipe_or_by_its_class_where_that_is_clear(shop: Shop) -> None:
    named, _ = tune_shop(shop, CUT, replace(WISH, look=False))
    assert named.setup.estimator.embedding_dim == 2  # type: ignore[attr-defined]
    near = Wish("itemknn", space={"shrinkage": [0, 5]}, search=WISH.search, look=False)
    assert type(tune_shop(shop, CUT, near)[0].setup.estimator).__name__ == "ItemKNN"
    with pytest.raises(BadInput, match="say which model of the recipe to tune: --model small or --model large"):
        tune_shop(shop, CUT, replace(WISH, model="als"))
    with pytest.raises(NotThere, match="has no model 'svd'; it has near, small, large"):
        tune_shop(shop, CUT, replace(WISH, model="svd"))


def test_the_run_is_recorded_as_what_would_do_it_again(shop: Shop) -> None:
    tuned, look = tune_shop(shop, CUT, WISH, recorder=Recorder(0, lambda: 1, lambda message: None))
    assert look is not None
    run = Runs(shop.runs).read("last")
    assert run.kind == "tune"
    assert Wish.from_dict({name: one for name, one in run.arguments.items() if name != "split"}) == WISH
    assert run.metrics["validation"] == {"ndcg": tuned.best.values[0]}
    assert run.metrics["test"]["tuned"]["ndcg"]["value"] == look.metrics["tuned"]["ndcg"].value
    assert (shop.root / RECORD).is_file()


def test_a_search_that_was_stopped_in_the_middle_of_its_winner_to_be_is_done_again_without_it(shop: Shop) -> None:
    wish = replace(WISH, search=replace(WISH.search, trials=9, budget="users"))
    recorder = Recorder(0, lambda: 1, lambda message: None)
    winner = tune_shop(shop, CUT, wish)[0].best.number
    assert winner > 0
    (shop.root / RECORD).unlink()

    def stop(trial: Trial) -> None:
        if trial.number == winner and trial.steps:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tune_shop(shop, CUT, wish, watch=stop)
    over = replace(wish, search=replace(wish.search, minutes=1e-9))
    tuned, _ = tune_shop(shop, CUT, over, recorder=recorder)
    assert [trial.state for trial in tuned.trials][-1] == "running"
    run = Runs(shop.runs).read("last")
    assert run.arguments["unfinished"] == [winner]
    assert reproduce(shop, run, recorder=recorder).same
    assert tune_shop(shop, CUT, wish)[0].best.number == winner  # in the shop it is taken up


def test_a_leak_into_the_test_part_ends_the_search_before_it_begins(shop: Shop) -> None:
    with pytest.raises(Leak, match="k"):
        tune_shop(shop, CUT, replace(WISH, search=replace(WISH.search, k=10_000)))
    assert not (shop.root / RECORD).exists()


def test_without_a_look_the_test_part_is_not_even_read(shop: Shop) -> None:
    tuned, look = tune_shop(shop, CUT, replace(WISH, look=False))
    assert look is None
    assert tuned.setup.fold.test is tuned.setup.validation.test
