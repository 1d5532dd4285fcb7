"""SASRec that learns on: new items get vectors, and what followed what is learned from the ends of histories."""

from dataclasses import replace

import numpy as np

from slatewright.core.arrays import Weights
from slatewright.core.errors import BadInput
from slatewright.data.dataset import Dataset
from slatewright.data.histories import Histories
from slatewright.models.model import Known
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.sequences.sasrec import SASRec
from slatewright.models.neural.tables import Table
from slatewright.models.neural.training import train
from slatewright.models.neural.updating.lesson import Lesson
from slatewright.models.shapes.encoded_histories import EncodedHistories


def check(knobs: SASRec, model: EncodedHistories) -> None:
    """Let pass a model of the estimator's network.

    Raises:
        BadInput: the model has another one.
    """
    if not np.array_equal(knobs.spec.array(), model.spec):
        raise BadInput(
            f"SASRec learns on only from a model of the same sizes, {Spec.from_array(model.spec).sizes}, "
            f"got {knobs.spec.sizes}; name the knobs that fitted it"
        )


def grown(model: EncodedHistories, dataset: Dataset) -> EncodedHistories:
    """The same model over the ids of a data set; a new item gets the mean vector of all."""
    items = model.known.items.positions(dataset.items.names)
    rows = np.where(items[:, None] >= 0, model.item_vectors[items], model.item_vectors.mean(axis=0))
    known = Known(dataset.users, dataset.items, dataset.histories())
    return replace(model, known=known, rows=np.append(rows, model.rows[-1:], axis=0))


def learned_on(
    knobs: SASRec, model: EncodedHistories, dataset: Dataset, lesson: Lesson, rng: np.random.Generator
) -> EncodedHistories:
    """The model after the lesson."""
    histories, weights = _read(lesson, knobs.longest_history)
    fresh = knobs.task(histories, dataset.n_items, rng)
    task = replace(
        fresh,
        items=Table.of(model.rows, knobs.tables),
        weights=[np.array(one) for one in model.network],
        pieces=replace(fresh.pieces, weights=weights),
    )
    trained = train(task, knobs, rng)
    rows, network = np.array(task.items.rows), tuple(trained.weights)
    return replace(model, rows=rows, network=network, learning_curve=trained.learning_curve, graph=None)


def _read(lesson: Lesson, length: int) -> tuple[Histories, Weights]:
    """The ends of histories from ``length`` before the first event that teaches, and how much each event teaches.

    Weights are float32 (events,), of mean 1 over those that teach; the others are there to be followed.
    """
    histories, owners = lesson.histories, lesson.owners
    at = np.flatnonzero(lesson.teaches)
    users, firsts = np.unique(owners[at], return_index=True)
    begin = np.full(len(histories), len(owners))
    begin[users] = at[firsts] - length
    ends = histories.only(np.arange(len(owners)) >= begin[owners])
    taught = replace(histories, weights=histories.weights * lesson.teaches)
    weights = taught.only(np.arange(len(owners)) >= begin[owners]).weights
    mean = float(weights[weights > 0].mean(dtype=np.float64)) if len(at) else 1.0
    return ends.take(users.astype(np.int32)), (weights / mean).astype(np.float32)
