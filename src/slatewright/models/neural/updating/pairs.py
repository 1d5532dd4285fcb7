"""Models of pairs that learn on: new users and items get rows, and pairs are learned as in a fit."""

from dataclasses import replace
from typing import TypeAlias

import numpy as np

from slatewright.core.arrays import Index, Mask, Scores
from slatewright.data.dataset import Dataset
from slatewright.data.histories import Histories
from slatewright.models.model import Known, Model
from slatewright.models.neural.pairs.gmf import GMF
from slatewright.models.neural.pairs.learning import Learned, task_of
from slatewright.models.neural.pairs.mf import MF
from slatewright.models.neural.pairs.mlp import MLP
from slatewright.models.neural.pairs.neumf import NeuMF
from slatewright.models.neural.pairs.unknown import Owners
from slatewright.models.neural.training import train
from slatewright.models.neural.updating.lesson import Lesson
from slatewright.models.shapes.owned_factors import OwnedFactors
from slatewright.models.shapes.pair_network import PairNetwork

Pairs: TypeAlias = MF | GMF | MLP | NeuMF
Fitted: TypeAlias = OwnedFactors | PairNetwork


def grown(model: Fitted, dataset: Dataset, histories: Histories) -> Fitted:
    """The same model over the ids of a data set: a new user gets the row that a stranger gets, from the history; a new
    item gets one in the same way, from the rows of who took it. Ids that the data set does not have are dropped."""
    users = model.known.users.positions(dataset.users.names)
    items = model.known.items.positions(dataset.items.names)
    old = model.item_factors if isinstance(model, OwnedFactors) else model.item_rows
    user_rows = _user_rows(model.owners, old, users, items, histories)
    item_rows = _item_rows(old[items], items >= 0, user_rows, histories)
    known = Known(dataset.users, dataset.items, dataset.histories())
    owners = replace(model.owners, users=user_rows)
    if isinstance(model, OwnedFactors):
        return replace(model, known=known, owners=owners, item_factors=item_rows)
    return replace(model, known=known, owners=owners, item_rows=item_rows)


def _user_rows(owners: Owners, old: Scores, users: Index, items: Index, histories: Histories) -> Scores:
    """The row of each user of the data set; a history counts by the items that the model has."""
    rows = owners.users[users]
    new = np.flatnonzero(users < 0).astype(np.int32)
    theirs = histories.take(new)
    theirs = theirs.only(items[theirs.items] >= 0)
    rows[new] = owners.rows(replace(theirs, items=items[theirs.items], owners=None), old)
    return rows


def _item_rows(rows: Scores, known: Mask, users: Scores, histories: Histories) -> Scores:
    """The rows of the items; those that are not known are filled in."""
    if known.all():
        return rows
    by_item = histories.matrix(len(rows)).T.tocsr()
    indices, offsets = by_item.indices.astype(np.int32), by_item.indptr.astype(np.int64)
    takers = Histories(offsets, indices, by_item.data, np.zeros(len(indices), dtype=np.int64))
    old, new = np.flatnonzero(known).astype(np.int32), np.flatnonzero(~known).astype(np.int32)
    rows[new] = Owners.learned(takers.take(old), users, rows[old]).rows(takers.take(new), users)
    return rows


def learned_on(knobs: Pairs, model: Model, dataset: Dataset, lesson: Lesson, rng: np.random.Generator) -> Model:
    """The model after the lesson.

    Raises:
        BadInput: the model is of another estimator or size.
    """
    start = knobs.begun(model)
    taught = lesson.histories.only(lesson.teaches).matrix(dataset.n_items)
    trained = train(task_of(lesson.taken, knobs, start, lambda _: None, taught), knobs, rng)
    users, items = (np.ascontiguousarray(one.rows) for one in (start.users, start.items))
    return knobs.fitted(dataset, Learned(users, items, trained))
