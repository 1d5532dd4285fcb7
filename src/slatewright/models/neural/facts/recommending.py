"""From a data set to a network over the ids and facts of users and items."""

from dataclasses import replace
from itertools import product

import numpy as np

from slatewright.core.arrays import Index, Scores
from slatewright.core.randomness import generator
from slatewright.data.dataset import Dataset
from slatewright.models.model import Known
from slatewright.models.neural.facts.fact_net import FactNet
from slatewright.models.neural.facts.layout import Layout, Rows
from slatewright.models.neural.facts.pair_task import FactPairTask
from slatewright.models.neural.facts.recipe import PairRecipe
from slatewright.models.neural.knobs import NeuralKnobs
from slatewright.models.neural.pairs.drawing import Negatives, taken_pairs
from slatewright.models.neural.sequences.held_out import HeldOut
from slatewright.models.neural.training import train
from slatewright.models.shapes.fact_network import FactNetwork


def fit_pairs(recipe: PairRecipe, knobs: NeuralKnobs, dataset: Dataset) -> FactNetwork:
    """Learn who takes what; ``recipe`` and ``knobs`` are the same estimator."""
    rng = generator(knobs.rng)
    held_out, left = HeldOut.of(dataset.histories(), knobs.validation_share, rng)
    taken, _, _ = taken_pairs(left.matrix(dataset.n_items))
    users, items = np.diff(taken.indptr) > 0, np.bincount(taken.indices, minlength=dataset.n_items) > 0
    reader = recipe.fields.learn(dataset.user_facts, users if dataset.user_facts.height else None)
    places, numbers, names, sizes = _items(recipe, dataset, items)
    people = reader.read(dataset.user_facts, dataset.n_users)
    mine = ["user", *(f"user.{name}" for name in reader.names)]
    layout = Layout(
        (1 + dataset.n_users if recipe.user_ids else 1, *reader.sizes, *sizes),
        reader.n_numbers + numbers.shape[1],
        history=recipe.longest_history,
        item=len(mine),
    )
    usual = [(one, len(mine) + other) for one, other in product(range(len(mine)), range(len(names))) if one or other]
    layout = recipe.laid_out(layout, (*mine, *names), usual if recipe.user_ids else [one for one in usual if one[0]])
    net = FactNet.fresh(recipe.spec_of(layout), layout, recipe.embedding_dim, rng)
    known = Known(dataset.users, dataset.items, dataset.histories())
    model = FactNetwork(known, net, reader, places, numbers, np.array([recipe.user_ids]), np.zeros((0, 2), np.float32))
    ids = np.where(users & recipe.user_ids, np.arange(1, 1 + dataset.n_users), 0).astype(np.int32)
    rows = Rows.plain(np.hstack([ids[:, None], people[0]]), people[1])
    task = FactPairTask(
        model, rows, Negatives.of(taken, recipe.negative_exponent), recipe.n_negatives, recipe.id_dropout,
        recipe.positive_weight, knobs.batch_size, held_out,
    )  # fmt: skip
    trained = train(task, replace(knobs, rng=rng))
    return replace(model, net=net.trained(trained.weights, task.tables), learning_curve=trained.learning_curve)


def _items(
    recipe: PairRecipe, dataset: Dataset, sold: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
) -> tuple[Index, Scores, list[str], tuple[int, ...]]:
    """Places and numbers of all items, the names of their fields and the sizes of these."""
    facts, n = dataset.item_facts, dataset.n_items
    rows = sold if facts.height else None
    reader, vectors = recipe.fields.learn(facts, rows), recipe.vectors.learn(facts, rows)
    ids = np.where(sold, np.arange(1, 1 + n), 0).astype(np.int32)
    places, numbers = reader.read(facts, n)
    content = vectors.read(facts, n) * np.float32(max(1, vectors.width) ** 0.5)
    names = ["item", *(f"item.{name}" for name in reader.names)]
    return np.hstack([ids[:, None], places]), np.hstack([numbers, content]), names, (1 + n, *reader.sizes)
