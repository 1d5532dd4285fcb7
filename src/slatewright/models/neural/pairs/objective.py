"""What a model of pairs learns from: an item that was taken against items that were not."""

from dataclasses import dataclass
from typing import Any

from slatewright.models.neural.engine.choosing import keras_engine
from slatewright.models.neural.networks import AroundNetwork
from slatewright.models.neural.pairs.networks import product_weights
from slatewright.models.neural.task import Network, Tensor, Tensors

LOSSES = ("bce", "mse", "bpr", "softmax")
NEGATIVES = ("drawn", "hard", "batch", "shared")


@dataclass(frozen=True, slots=True)
class PairObjective(AroundNetwork):
    """``vectors``: ``user`` (n, d) and ``item`` (n, 1 + negatives, d), what was taken first.

    With ``negative`` "batch" and "shared" ``item`` is (n, 1, d); the negatives of a sample are what ``n_negatives``
    others of the batch took, or ``vectors["negatives"]`` (negatives, d), the same for all. "hard" uses the negative
    that scores best (Zhang et al.: Optimizing Top-N Collaborative Filtering via Dynamic Negative Item Sampling, SIGIR
    2013). ``inputs["free"]`` (n, negatives) is 0 where a negative was taken after all, ``inputs["each"]`` (n,) how much
    each negative counts, ``inputs["surplus"]`` what the softmax takes from a negative's score for being drawn often,
    (n, negatives) or (negatives,) (Bengio and Senécal: Adaptive Importance Sampling to Accelerate Training of a Neural
    Probabilistic Language Model, IEEE TNN 2008).
    """

    loss_name: str
    negative: str
    n_negatives: int
    reg: float

    def loss(self, network: Network, vectors: Tensors, inputs: Tensors, training: bool) -> Tensor:
        ops = keras_engine().ops
        user, item, others = vectors["user"], vectors["item"], vectors.get("negatives")
        if self.negative == "batch":
            item = ops.concatenate([ops.roll(item, -at, axis=0) for at in range(self.n_negatives + 1)], axis=1)
        scores = ops.cast(network([user, item], training=training), "float32")
        if others is None:
            return self._of_scores(ops, scores[:, 0], scores[:, 1:], inputs) + self._penalty(ops, network, user, item)
        asked = ops.cast(network([user, others[None]], training=training), "float32")
        losses = self._of_scores(ops, scores[:, 0], asked, inputs)
        return losses + self._shared_penalty(ops, network, user, item, others, inputs["each"])

    def _of_scores(self, ops: Any, taken: Tensor, others: Tensor, inputs: Tensors) -> Tensor:
        """The loss of each sample, from scores (n,) and (n, negatives)."""
        free = ops.cast(inputs["free"], "float32")
        if self.loss_name == "softmax":
            others = others - inputs["surplus"]
        if self.negative == "hard":
            others = ops.max(others - FAR * (1.0 - free), axis=1, keepdims=True)
            free = ops.max(free, axis=1, keepdims=True)
        if self.loss_name == "softmax":
            every = ops.concatenate([taken[:, None], others - FAR * (1.0 - free)], axis=1)
            return ops.logsumexp(every, axis=1) - taken
        if self.loss_name == "bpr":
            return ops.sum(free * ops.softplus(others - taken[:, None]), axis=1) / free.shape[1]
        punished = ops.softplus if self.loss_name == "bce" else ops.square
        own = ops.softplus(-taken) if self.loss_name == "bce" else ops.square(taken - 1.0)
        return (own + inputs["each"] * ops.sum(free * punished(others), axis=1)) / (1.0 + free.shape[1])

    def _penalty(self, ops: Any, network: Network, user: Tensor, item: Tensor) -> Tensor:
        """On the rows of a sample, (n,): half the squared lengths of the user's and of the mean item's.

        What the products of their numbers count is a row as well, as long as it is far from 1: where it could grow at
        no cost, rows would shrink as much, and with them the penalty.
        """
        if not self.reg:
            return 0.0
        lengths = _squared(ops, user) + ops.mean(_squared(ops, item), axis=1)
        return 0.5 * self.reg * (lengths + _beyond_one(ops, network))

    def _shared_penalty(
        self, ops: Any, network: Network, user: Tensor, item: Tensor, others: Tensor, each: Tensor
    ) -> Tensor:
        """The same where every sample meets all negatives, each of which counts ``each`` (n,)."""
        if not self.reg:
            return 0.0
        n = others.shape[0]
        lengths = (1.0 + n * each) * _squared(ops, user) + _squared(ops, item)[:, 0] + _beyond_one(ops, network)
        return 0.5 * self.reg / (1.0 + n) * (lengths + each * ops.sum(_squared(ops, others)))


FAR = 1e9  # below every score


def _squared(ops: Any, rows: Tensor) -> Tensor:
    return ops.sum(ops.square(rows), axis=-1)


def _beyond_one(ops: Any, network: Network) -> Tensor:
    counts = product_weights(network)
    return 0.0 if counts is None else _squared(ops, counts - 1.0)
