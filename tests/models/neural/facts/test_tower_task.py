"""Batches of two towers: hits, how often items are in a batch, and tastes without the item that is asked about."""

import numpy as np
from scipy import sparse

from slatewright.models import TwoTower
from slatewright.models.neural.facts.samples import Samples
from slatewright.models.neural.facts.tower_task import TowerTask, hits_of
from slatewright.models.neural.sequences.held_out import HeldOut

from .test_two_tower import world


def test_hits_are_the_items_that_a_user_took() -> None:
    taken = sparse.csr_matrix(np.array([[1, 0, 1], [0, 1, 0]]))
    items = np.array([2, 0, 2, 1], np.int32)
    found = hits_of(taken, np.array([1, 0, 0], np.int32), items)
    np.testing.assert_array_equal(found, taken.toarray()[[1, 0, 0]][:, items])


def task() -> TowerTask:
    knobs, dataset = TwoTower(embedding_dim=2, layers=(2,), batch_size=32, n_negatives=5, id_dropout=0.3), world()
    samples, nothing = Samples.of(dataset.histories(), dataset.n_items), HeldOut.nothing(dataset.histories())
    return knobs.task(knobs.fresh(dataset, samples, np.random.default_rng(0)), dataset, samples, nothing)


def test_items_are_corrected_by_how_often_they_are_in_a_batch() -> None:
    made = task()
    often = np.bincount(made.samples.items, minlength=26)
    expected = 32 * often / often.sum() + 5 * (often > 0) / np.count_nonzero(often)
    batches = [batch for at in range(30) for batch in made.epoch(np.random.default_rng(at))]
    for batch in batches[:3]:
        np.testing.assert_allclose(np.exp(batch.inputs["log_chances"]), expected[batch.ids["item"]], rtol=1e-5)
    counted = np.bincount(np.concatenate([batch.ids["item"] for batch in batches]), minlength=26) / len(batches)
    np.testing.assert_allclose(counted, expected, atol=0.25)
    known = np.concatenate([batch.inputs["known"] for batch in batches])
    assert abs(known.mean() - 0.7) < 0.02


def test_tastes_are_the_mean_content_of_what_else_was_taken() -> None:
    made = task()
    content, taken = made.model.content, made.samples.taken.toarray() > 0
    user_of = {tuple(np.flatnonzero(row).tolist()): row for row in taken}
    batch = next(made.epoch(np.random.default_rng(0)))
    hits = batch.inputs["hits"][:, :32] > 0
    for at, own in enumerate(batch.ids["item"][:32].tolist()):
        assert hits[at, at]
        told = [row for row in user_of.values() if row[own] and (row[batch.ids["item"][:32]] == hits[at]).all()]
        means = [content[row & (np.arange(26) != own)].mean(axis=0) for row in told if row.sum() > 1]
        nothing = np.zeros(content.shape[1], np.float32)
        assert min(np.abs(batch.inputs["tastes"][at] - one).max() for one in (*means, nothing)) < 1e-5
    assert (np.abs(batch.inputs["tastes"]).max(axis=1) > 0).mean() > 0.8
