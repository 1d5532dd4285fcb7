"""Samples of a network over facts: what was taken and what was not, without the item among what is told of the user."""

import numpy as np
import polars as pl

from slatewright.data.dataset import Dataset, dataset_of
from slatewright.models import WideAndDeep
from slatewright.models.neural.facts.layout import Rows
from slatewright.models.neural.facts.pair_task import FactPairTask
from slatewright.models.neural.facts.recommending import _fresh
from slatewright.models.neural.facts.samples import Samples
from slatewright.models.neural.pairs.drawing import Negatives
from slatewright.models.neural.sequences.held_out import HeldOut

TAKEN = {"a": [0, 1], "b": [1, 2, 3], "all": [0, 1, 2, 3, 4]}
POSITIVE = 3.0


def shop() -> Dataset:
    rows = [(user, f"i{item}", at) for user, items in TAKEN.items() for at, item in enumerate(items)]
    return dataset_of(pl.DataFrame(rows, schema=["user_id", "item_id", "time"], orient="row"))


def task(id_dropout: float) -> FactPairTask:
    recipe, dataset = WideAndDeep(embedding_dim=2, layers=(2,), longest_history=3), shop()
    samples = Samples.of(dataset.histories(), dataset.n_items)
    model = _fresh(recipe, dataset, samples, np.random.default_rng(0))
    people = Rows.plain(model.user_ids[:, None], np.zeros((dataset.n_users, 0), np.float32))
    negatives, nothing = Negatives.of(samples.taken, 0.0), HeldOut.nothing(dataset.histories())
    return FactPairTask(model, people, samples, negatives, 2, id_dropout, POSITIVE, 12, nothing)


def test_each_pair_is_taught_with_negatives_but_for_who_took_everything() -> None:
    dataset, made = shop(), task(0.0)
    taught = np.zeros((dataset.n_users, dataset.n_items))
    missed = np.zeros_like(taught)
    for batch in made.epoch(np.random.default_rng(0)):
        user, item = batch.ids["fields"].T - made.model.net.layout.offsets[:-1, None] - 1
        is_taken = batch.inputs["label"] > 0
        np.add.at(taught, (user[is_taken], item[is_taken]), batch.weights[is_taken])
        np.add.at(missed, (user[~is_taken], item[~is_taken]), batch.weights[~is_taken])
        history = batch.ids["history"] - made.model.net.layout.offsets[1] - 1
        assert not ((history == item[:, None]) & (batch.inputs["history_shares"] > 0)).any()
    has = dataset.matrix().toarray() > 0
    np.testing.assert_array_equal(taught, POSITIVE * has)
    assert not missed[has].any()
    assert missed.sum(axis=1).tolist() == [2.0 * (n if n < 5 else 0) for n in has.sum(axis=1)]


def test_ids_are_hidden_as_often_as_is_said() -> None:
    made = task(0.5)
    ids = [batch.ids["fields"] for at in range(40) for batch in made.epoch(np.random.default_rng(at))]
    hidden = np.concatenate(ids) == made.model.net.layout.offsets[:-1]
    np.testing.assert_allclose(hidden.mean(axis=0), 0.5, atol=0.05)
    np.testing.assert_allclose(hidden.all(axis=1).mean(), 0.25, atol=0.05)
