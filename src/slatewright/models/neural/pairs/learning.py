"""What the estimators of pairs share: their task, its training, and what that costs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from scipy import sparse

from slatewright.core.arrays import Array, Scores
from slatewright.core.errors import BadInput
from slatewright.core.randomness import generator
from slatewright.data.dataset import Dataset
from slatewright.models.costs import FLOPS, GATHERS, Cost, Size
from slatewright.models.model import Model
from slatewright.models.neural.knobs import NeuralKnobs
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.pairs.drawing import Negatives, taken_pairs
from slatewright.models.neural.pairs.knobs import PairKnobs
from slatewright.models.neural.pairs.networks import with_equal_products
from slatewright.models.neural.pairs.objective import PairObjective
from slatewright.models.neural.pairs.task import PairTask
from slatewright.models.neural.sequences.held_out import HeldOut
from slatewright.models.neural.tables import Table
from slatewright.models.neural.training import Trained, train

FIRST = 0.1  # spread of the first numbers of a row of up to 16; of longer ones it is smaller

Scoring: TypeAlias = Callable[[Scores, Scores, Sequence[Array]], Scores]  # rows of users, of items, weights


def other_model(estimator: object, model: Model) -> BadInput:
    """The error where an estimator shall learn on from a model that it did not fit."""
    name = type(estimator).__name__
    return BadInput(
        f"{name} learns on only from a model of {name} with the same sizes, got another {type(model).__name__}; "
        "name the estimator and the knobs that fitted it"
    )


@dataclass(frozen=True)
class Start:
    """A network, its first weights, and the first rows of users and items, float32 (n, d)."""

    spec: Spec
    weights: Sequence[Array]
    users: Table
    items: Table

    @classmethod
    def drawn(cls, spec: Spec, dataset: Dataset, width: int, knobs: NeuralKnobs) -> Self:
        """Rows of normal numbers, whose products are small, and weights as the network begins."""
        spread, rng = FIRST * min(1.0, (16 / width) ** 0.5), generator(knobs.rng)
        sizes = dataset.n_users, dataset.n_items
        users, items = (Table.drawn(n, width, rng, spread, folder=knobs.tables) for n in sizes)
        return cls(spec, with_equal_products(spec.network(), spec.initial(rng)), users, items)

    @classmethod
    def of(cls, spec: Spec, weights: Sequence[Array], users: Scores, items: Scores, folder: str | None = None) -> Self:
        """From what was learned before; it stays as it is. ``folder`` as in ``Table.of``."""
        return cls(spec, [np.array(one) for one in weights], Table.of(users, folder), Table.of(items, folder))


@dataclass(frozen=True)
class Learned:
    """Rows of users and items, float32 (n, d), the weights of the network, and the curve."""

    users: Scores
    items: Scores
    trained: Trained


def learn(dataset: Dataset, knobs: PairKnobs, start: Start, scoring: Scoring) -> Learned:
    """Train a model of pairs; ``scoring`` says the scores of all pairs of some rows, for the validation.

    Who hands over ``start`` and keeps no name for it has the memory of its tables back.

    Raises:
        MissingExtra, Diverged, NoRoom: as ``train`` does.
    """
    rng = generator(knobs.rng)
    held_out, left = HeldOut.of(dataset.histories(), knobs.validation_share, rng)

    def judge(now: Sequence[Array]) -> float | None:
        return held_out.judged(lambda some: scoring(start.users.rows[some.owners], start.items.rows, now))

    trained = train(task_of(left.matrix(dataset.n_items), knobs, start, judge), knobs, rng)
    return Learned(np.ascontiguousarray(start.users.rows), np.ascontiguousarray(start.items.rows), trained)


def task_of(
    matrix: sparse.csr_matrix,
    knobs: PairKnobs,
    start: Start,
    judge: Callable[[Sequence[Array]], float | None],
    taught: sparse.csr_matrix | None = None,
) -> PairTask:
    """The task of summed weights, CSR float32 (n_users, n_items); ``taught``: only these of them are learned."""
    taken, users, weights = taken_pairs(matrix)
    samples = taken
    if taught is not None:
        samples, users, weights = taken_pairs(taught)
    return PairTask(
        {"users": start.users, "items": start.items},
        start.weights,
        PairObjective(start.spec, knobs.loss, knobs.negatives_from, knobs.n_negatives, knobs.reg),
        Negatives.of(taken, 1.0 if knobs.negatives_from == "batch" else knobs.negative_exponent),
        users,
        samples.indices,
        weights,
        knobs.batch_size,
        knobs.unobserved_weight,
        judge,
    )


def pair_cost(size: Size, knobs: PairKnobs, width: int, weights: float, hidden: float | None = None) -> Cost:
    """Three numbers per number of a row, the pairs several times over; each multiplied weight three times a pass.

    ``hidden`` numbers of a sample are held at once (none: the root of ``weights``). Of ``shared`` negatives each row
    travels once a batch; what is multiplied is as much as with others.
    """
    negatives, batch = float(knobs.n_negatives), min(knobs.batch_size, max(1, size.n_pairs))
    rows = 2.0 + negatives / batch if knobs.negatives_from == "shared" else 1.0 + negatives  # of a taken pair
    taken = knobs.epochs * size.n_pairs
    return Cost(
        knobs.held(width * (size.n_users + size.n_items))
        + 48.0 * size.n_pairs
        + 16.0 * batch * (rows * width + (1.0 + negatives) * (hidden or weights**0.5)),
        {FLOPS: 6.0 * taken * (1.0 + negatives) * weights, GATHERS: 12.0 * taken * rows * width},
    )
