"""Lists from pools, and NCF's published lists as such pools."""

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import polars as pl
import pytest

from slatewright.core.errors import BadInput, Leak
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.data.splits import Cases, Fold, LastN, Order, Protocol, SampledNegatives, cases_of
from slatewright.data.splits.cases import Pools
from slatewright.data.splits.sampling import with_pools
from slatewright.evaluate import evaluate, markdown
from slatewright.evaluate.pools import best_of_pools
from slatewright.evaluate.questions import EVERYONE, NEW_ITEMS
from slatewright.metrics.bootstrap import Bootstrap
from slatewright.models import EASE, ItemKNN, ItemLists, Known, Popularity
from slatewright.models.shapes.item_scores import ItemScores
from slatewright.pipeline import ModelScore, ModelSource, Recipe
from slatewright.pipeline.pipeline import Pipeline
from slatewright.testing.worlds import two_tastes

DATASET = dataset_of(two_tastes())
FOLD = next(SampledNegatives(LastN(1), negatives=6).split(DATASET))
QUICK = Bootstrap(resamples=50)


def constant(train: Dataset) -> ItemScores:
    """The same score for every item."""
    return ItemScores(Known(train.users, train.items, train.histories()), np.ones(train.n_items, np.float32))


def test_a_list_holds_the_best_of_its_pool_in_order() -> None:
    scores = np.array([3, 1, 2, 9, 2], dtype=np.float32)
    world = dataset_of(pl.DataFrame({"user_id": ["a"] * 5, "item_id": [f"i{i}" for i in range(5)], "time": range(5)}))
    model = ItemScores(Known(world.users, world.items, world.histories()), scores)
    cases = cases_of(world, world, np.ones(5, dtype=np.bool_))
    pools = Pools(np.array([0, 4]), np.array([4, 0, 2, 1], np.int32))
    lists = best_of_pools(model, cases, pools, 3)
    assert lists.items.tolist() == [[0, 4, 2]]  # of equal scores the one that stands earlier
    assert lists.counts.tolist() == [3]
    assert best_of_pools(model, cases, pools, 9).items.tolist() == [[0, 4, 2, 1]]


def test_everything_says_that_negatives_were_sampled() -> None:
    found = evaluate({"knn": ItemKNN().fit(FOLD.train)}, FOLD, k=3, bootstrap=QUICK)
    assert (found.protocol.negatives, found.protocol.drawn) == (6, "uniform")
    (said,) = [one for one in found.audit if one.check == "k"]
    assert said.outcome == "warned"
    assert "ranked among 6 sampled items (uniform)" in said.reason
    assert "auc" not in found.group(NEW_ITEMS.name).of("knn").metrics
    assert "SAMPLED NEGATIVES" in markdown(found)
    assert "every item is ranked" not in markdown(found).lower()


def test_a_model_that_says_the_same_of_all_items_finds_nothing() -> None:
    found = evaluate({"constant": constant(FOLD.train)}, FOLD, k=6, bootstrap=QUICK)
    assert found.group(NEW_ITEMS.name).of("constant").metrics["hit_rate"].value == 0


def test_a_list_as_long_as_the_negatives_says_nothing() -> None:
    with pytest.raises(Leak, match="lists of 7 hold all of 6 sampled negatives"):
        evaluate({}, FOLD, k=7)


def test_functions_must_choose_from_the_pools_and_pipelines_cannot() -> None:
    def others(cases: Cases, k: int) -> ItemLists:
        items = np.tile(np.arange(k, dtype=np.int32), (len(cases), 1))
        return ItemLists(items, items.astype(np.float32), np.full(len(cases), k))

    with pytest.raises(BadInput, match=r"must choose from cases\.pools"):
        evaluate({"others": others}, FOLD, k=3)
    recipe = Recipe({"popular": Popularity()}, (ModelSource("popular"),), score=ModelScore("popular"))
    with pytest.raises(BadInput, match="a pipeline chooses its own candidates"):
        evaluate({"shop": Pipeline.fit(recipe, FOLD.train)}, FOLD, k=3)


@pytest.fixture
def ncf() -> ModuleType:
    """The protocol as the benchmark has it, written on its own."""
    spec = importlib.util.spec_from_file_location("ncf_protocol", Path(__file__).parents[2] / "bench/ncf_protocol.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.data
@pytest.mark.long
def test_the_published_lists_of_ncf_give_the_numbers_of_the_benchmark(
    data_dir: Path, ncf: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ncf_protocol", ncf)
    task = ncf.load(data_dir)
    users = pl.Series([f"{at:05d}" for at in range(ncf.USERS)])
    held_out = pl.DataFrame({"user_id": users, "item_id": task.train.items.names_of(task.positive), "time": 1})
    later = dataset_of(held_out)
    cases = cases_of(task.train, later, np.ones(len(users), dtype=np.bool_), as_of=1)
    offsets = np.arange(0, ncf.USERS * ncf.NEGATIVES + 1, ncf.NEGATIVES)
    pooled = with_pools(cases, Pools(offsets, task.negatives.astype(np.int32).ravel()))
    fold = Fold(task.train, pooled, protocol=Protocol("ncf", "", Order.USER, negatives=99, drawn="as published"))
    with pytest.raises(Leak, match="ids: 2 items"):  # two movies of the published test rows are in no training row
        evaluate({}, fold, k=10)
    for model in (EASE(reg=500.0).fit(task.train), ItemKNN().fit(task.train)):
        theirs = ncf.judged(model, task)
        ours = (
            evaluate({"model": model}, fold.allowing("ids"), k=10, bootstrap=QUICK)
            .group(EVERYONE.name)
            .of("model")
            .metrics
        )
        assert ours["hit_rate"].value == pytest.approx(theirs["hr@10"], abs=1e-12)
        assert ours["ndcg"].value == pytest.approx(theirs["ndcg@10"], abs=1e-12)
