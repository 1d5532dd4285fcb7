"""From a data set to a network over the ids and facts of users and items."""

from dataclasses import replace
from itertools import product

import numpy as np

from slatewright.core.arrays import Frame, Index, Mask, Scores
from slatewright.core.randomness import generator
from slatewright.data.dataset import Dataset
from slatewright.models.model import Known
from slatewright.models.neural.facts.fact_net import FactNet
from slatewright.models.neural.facts.fields import FieldReader
from slatewright.models.neural.facts.layout import Layout, Rows
from slatewright.models.neural.facts.pair_task import FactPairTask
from slatewright.models.neural.facts.recipe import FactRecipe
from slatewright.models.neural.facts.samples import Samples
from slatewright.models.neural.facts.vectors import VectorReader
from slatewright.models.neural.pairs.drawing import Negatives
from slatewright.models.neural.sequences.held_out import HeldOut
from slatewright.models.neural.training import train
from slatewright.models.shapes.fact_network import FactNetwork


def fit_pairs(recipe: FactRecipe, dataset: Dataset) -> FactNetwork:
    """Learn who takes what.

    Raises:
        MissingExtra, Diverged, NoRoom: as ``train`` does.
    """
    rng = generator(recipe.rng)
    held_out, left = HeldOut.of(dataset.histories(), recipe.validation_share, rng)
    samples = Samples.of(left, dataset.n_items)
    model = _fresh(recipe, dataset, samples, rng)
    return learned(replace(recipe, rng=rng), model, dataset.user_facts, samples, held_out)


def learned(recipe: FactRecipe, model: FactNetwork, people: Frame, samples: Samples, held_out: HeldOut) -> FactNetwork:
    """The model once it has learned the samples; ``people`` are the facts of all users.

    Raises:
        MissingExtra, Diverged, NoRoom: as ``train`` does.
    """
    places, numbers = model.reader.read(people, len(model.user_ids))
    rows = Rows.plain(np.hstack([model.user_ids[:, None], places]), numbers)
    task = FactPairTask(
        model, rows, samples, Negatives.of(samples.taken, recipe.negative_exponent), recipe.n_negatives,
        recipe.id_dropout, recipe.positive_weight, recipe.batch_size, held_out, recipe.tables,
    )  # fmt: skip
    trained = train(task, recipe, generator(recipe.rng))
    return replace(model, net=model.net.trained(trained.weights, task.tables), learning_curve=trained.learning_curve)


def _fresh(recipe: FactRecipe, dataset: Dataset, samples: Samples, rng: np.random.Generator) -> FactNetwork:
    """Before it has learned; users and items have a place for their id where they teach."""
    users, sold = samples.who_took, samples.is_sold
    reader = recipe.fields.learn(dataset.user_facts, users if dataset.user_facts.height else None)
    there = sold if dataset.item_facts.height else None
    item_reader = recipe.fields.learn(dataset.item_facts, there)
    item_vectors = recipe.vectors.learn(dataset.item_facts, there)
    places, numbers = item_rows(_numbered(sold), dataset.item_facts, item_reader, item_vectors)
    layout = _layout(recipe, dataset, reader, item_reader, numbers.shape[1])
    return FactNetwork(
        Known(dataset.users, dataset.items, dataset.histories()),
        FactNet.fresh(recipe.spec_of(layout), layout, recipe.embedding_dim, rng),
        reader,
        item_reader,
        item_vectors,
        places,
        numbers,
        _numbered(users & recipe.user_ids),
        np.zeros((0, 2), np.float32),
    )


def _layout(recipe: FactRecipe, dataset: Dataset, reader: FieldReader, items: FieldReader, numbers: int) -> Layout:
    """Fields of users, then of items; ``numbers`` are those of items."""
    mine, theirs = (["user", *(f"user.{name}" for name in reader.names)],
                    ["item", *(f"item.{name}" for name in items.names)])  # fmt: skip
    ids = 1 + dataset.n_users if recipe.user_ids else 1
    layout = Layout(
        (ids, *reader.sizes, 1 + dataset.n_items, *items.sizes),
        reader.n_numbers + numbers,
        history=recipe.longest_history,
        item=len(mine),
    )
    usual = [(one, len(mine) + other) for one, other in product(range(len(mine)), range(len(theirs))) if one or other]
    return recipe.laid_out(layout, (*mine, *theirs), usual if recipe.user_ids else [one for one in usual if one[0]])


def _numbered(there: Mask) -> Index:
    """The place of each id, int32 (n,): from 1 in their order, 0 where it has none."""
    return np.where(there, np.arange(1, 1 + len(there)), 0).astype(np.int32)


def item_rows(ids: Index, facts: Frame, reader: FieldReader, vectors: VectorReader) -> tuple[Index, Scores]:
    """What is read of items: the places of their ``ids`` and facts, and their numbers, texts and lists among them."""
    places, numbers = reader.read(facts, len(ids))
    content = vectors.read(facts, len(ids)) * np.float32(max(1, vectors.width) ** 0.5)
    return np.hstack([ids[:, None], places]), np.hstack([numbers, content])
