"""Networks over facts that learn on: new ids and new values get places, all others keep theirs."""

from typing import TypeAlias

import numpy as np

from slatewright.core.arrays import Frame, Index, Mask
from slatewright.data.dataset import Dataset
from slatewright.models.model import Known
from slatewright.models.neural.facts.deep_cross import DeepCross
from slatewright.models.neural.facts.fields import FieldReader
from slatewright.models.neural.facts.recommending import item_rows, learned
from slatewright.models.neural.facts.samples import Samples
from slatewright.models.neural.facts.wide_and_deep import WideAndDeep
from slatewright.models.neural.sequences.held_out import HeldOut
from slatewright.models.neural.updating.doors import check_same, check_told
from slatewright.models.shapes.fact_network import FactNetwork

FactRecipes: TypeAlias = WideAndDeep | DeepCross


def check(knobs: FactRecipes, model: FactNetwork, dataset: Dataset) -> None:
    """Let pass a model of the estimator's network, and a data set with facts that it reads.

    Raises:
        BadInput: the model has another network than the estimator, or the data set none of its facts.
    """
    check_same(knobs, knobs.spec_of(model.net.layout), model.net.spec)
    check_told("users", model.reader.names, dataset.user_facts)
    check_told("items", tuple(dict.fromkeys(model.item_reader.names + model.item_vectors.names)), dataset.item_facts)


def grown(knobs: FactRecipes, model: FactNetwork, dataset: Dataset, samples: Samples) -> FactNetwork:
    """The same model over the ids and facts of a data set. What is new begins as what is not known does: a new item is
    scored by its facts, a new user by history and facts. Of what is gone only the weights of crosses stay."""
    layout = model.net.layout
    reader = _grown(model.reader, dataset.user_facts, samples.who_took)
    item_reader = _grown(model.item_reader, dataset.item_facts, samples.is_sold)
    users = model.known.users.positions(dataset.users.names)
    items = model.known.items.positions(dataset.items.names)
    n_users, n_items = layout.sizes[0], layout.sizes[layout.item]
    user_ids = _placed(model.user_ids, users, samples.who_took & knobs.user_ids, n_users)
    item_ids = _placed(model.places[:, 0], items, samples.is_sold, n_items)
    vectors = model.item_vectors.forgetting(dataset.item_facts, dataset.n_items)
    places, numbers = item_rows(item_ids, dataset.item_facts, item_reader, vectors)
    sizes = _size(user_ids, n_users), *reader.sizes, _size(item_ids, n_items), *item_reader.sizes
    gone = _nobodys(user_ids, n_users), *reader.gone, _nobodys(item_ids, n_items), *item_reader.gone
    return FactNetwork(
        Known(dataset.users, dataset.items, dataset.histories()), model.net.grown(sizes, gone), reader, item_reader,
        vectors, places, numbers, user_ids, model.learning_curve,
    )  # fmt: skip


def learned_on(knobs: FactRecipes, model: FactNetwork, dataset: Dataset, samples: Samples) -> FactNetwork:
    """The model after the samples."""
    return learned(knobs, model, dataset.user_facts, samples, HeldOut.nothing(dataset.histories()))


def new_values(model: FactNetwork, larger: FactNetwork) -> int:
    """How many values of facts have places in a model that grew, and had none before."""
    one, other = ((*some.reader.sizes, *some.item_reader.sizes) for some in (model, larger))
    return sum(other) - sum(one)


def _grown(reader: FieldReader, facts: Frame, taught: Mask) -> FieldReader:
    return reader.grown(facts.filter(taught)).forgetting(facts) if facts.height else reader


def _placed(known: Index, at: Index, taught: Mask, size: int) -> Index:
    """The place of each id, int32: where the model has it ``at`` a row of ``known``, that; from ``size`` on for those
    that are ``taught`` and have none."""
    places = np.where(at >= 0, known[at], 0).astype(np.int32) if len(known) else np.zeros(len(at), dtype=np.int32)
    new = np.flatnonzero(taught & (places == 0))
    places[new] = size + np.arange(len(new))
    return places


def _nobodys(ids: Index, size: int) -> Index:
    """Those of the first ``size`` places that no id has any more, int32."""
    return np.setdiff1d(np.arange(1, size, dtype=np.int32), ids)


def _size(ids: Index, size: int) -> int:
    """Places that a field of ids has, ``size`` or more."""
    return max(size, 1 + int(ids.max(initial=0)))
