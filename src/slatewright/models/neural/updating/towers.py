"""Towers that learn on: new ids begin with vectors that say nothing, so that content and history speak for them."""

from dataclasses import replace
from typing import TypeAlias

import numpy as np

from slatewright.core.arrays import Index, Scores
from slatewright.data.dataset import Dataset
from slatewright.models.model import Known
from slatewright.models.neural.facts import towers
from slatewright.models.neural.facts.dmf import DMF
from slatewright.models.neural.facts.samples import Samples
from slatewright.models.neural.facts.two_tower import TwoTower
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.sequences.held_out import HeldOut
from slatewright.models.neural.updating.doors import check_same, check_told
from slatewright.models.shapes.two_towers import TwoTowers

TowerRecipes: TypeAlias = TwoTower | DMF


def check(knobs: TowerRecipes, model: TwoTowers, dataset: Dataset) -> None:
    """Let pass a model of the estimator's towers, and a data set with facts that they read.

    Raises:
        BadInput: the model has other towers than the estimator, or the data set none of its facts.
    """
    check_same(knobs, knobs.spec_of(model.content.shape[1], model.reader.width), Spec.from_array(model.spec))
    check_told("users", model.reader.names, dataset.user_facts)
    check_told("items", model.item_reader.names, dataset.item_facts)


def grown(knobs: TowerRecipes, model: TwoTowers, dataset: Dataset, samples: Samples) -> TwoTowers:
    """The same model over the ids and facts of a data set."""
    users = model.known.users.positions(dataset.users.names)
    items = model.known.items.positions(dataset.items.names)
    item_reader = model.item_reader.forgetting(dataset.item_facts, dataset.n_items)
    larger = replace(
        model,
        reader=model.reader.forgetting(dataset.user_facts, dataset.n_users),
        item_reader=item_reader,
        known=Known(dataset.users, dataset.items, dataset.histories()),
        rows=_kept(model.rows, items),
        thing_rows=_kept(model.thing_rows, users if isinstance(knobs, DMF) else items),
        content=item_reader.read(dataset.item_facts, dataset.n_items),
    )
    task = knobs.task(larger, dataset, samples, HeldOut.nothing(dataset.histories()))
    return task.trained(larger.network)


def learned_on(knobs: TowerRecipes, model: TwoTowers, dataset: Dataset, samples: Samples) -> TwoTowers:
    """The model after the samples."""
    return towers.learned(knobs.task(model, dataset, samples, HeldOut.nothing(dataset.histories())), knobs)


def _kept(rows: Scores, at: Index) -> Scores:
    """The row of each id, ``at`` a place of ``rows``; zeros where it has none."""
    if not len(rows):
        return np.zeros((len(at), rows.shape[1]), dtype=np.float32)
    kept: Scores = np.where(at[:, None] >= 0, rows[at], 0).astype(np.float32)
    return kept
