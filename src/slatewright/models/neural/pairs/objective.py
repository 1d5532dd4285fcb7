"""What a model of pairs learns from: an item that was taken against items that were not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slatewright.models.neural.engine.choosing import keras_engine
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.task import Network, Tensor

LOSSES = ("bce", "mse", "bpr", "softmax")
NEGATIVES = ("drawn", "hard", "batch", "shared")


@dataclass(frozen=True, slots=True)
class PairObjective:
    """``vectors``: ``user`` (n, d) and ``item`` (n, 1 + negatives, d), what was taken first.

    With ``negative`` "batch" and "shared" ``item`` is (n, 1, d); the negatives of a sample are what ``n_negatives``
    others of the batch took, or ``vectors["negatives"]`` (negatives, d), the same for all. "hard" uses the negative
    that scores best (Zhang et al.: Optimizing Top-N Collaborative Filtering via Dynamic Negative Item Sampling, SIGIR
    2013). ``inputs["free"]`` (n, negatives) is 0 where a negative was taken after all, ``inputs["surplus"]`` what the
    softmax takes from a negative's score for being drawn often, (n, negatives) or (negatives,) (Bengio and Senécal:
    Adaptive Importance Sampling to Accelerate Training of a Neural Probabilistic Language Model, IEEE TNN 2008).
    """

    spec: Spec
    loss_name: str
    negative: str
    n_negatives: int
    reg: float

    def network(self) -> Network:
        return self.spec.network()

    def loss(
        self, network: Network, vectors: Mapping[str, Tensor], inputs: Mapping[str, Tensor], training: bool
    ) -> Tensor:
        ops = keras_engine().ops
        user, item = vectors["user"], vectors["item"]
        if self.negative == "batch":
            item = ops.concatenate([ops.roll(item, -at, axis=0) for at in range(self.n_negatives + 1)], axis=1)
        scores = ops.cast(network([user, item], training=training), "float32")
        taken, others = scores[:, 0], scores[:, 1:]
        if self.negative == "shared":
            others = ops.cast(network([user, vectors["negatives"][None]], training=training), "float32")
        losses = self._of_scores(ops, taken, others, inputs)
        if self.reg:
            lengths = ops.sum(ops.square(user), axis=-1) + ops.mean(ops.sum(ops.square(item), axis=-1), axis=1)
            losses = losses + 0.5 * self.reg * lengths
        return losses

    def _of_scores(self, ops: Any, taken: Tensor, others: Tensor, inputs: Mapping[str, Tensor]) -> Tensor:
        """The loss of each sample, from scores (n,) and (n, negatives)."""
        free = ops.cast(inputs["free"], "float32")
        if self.loss_name == "softmax":
            others = others - inputs["surplus"]
        if self.negative == "hard":
            others = ops.max(others - FAR * (1.0 - free), axis=1, keepdims=True)
            free = ops.max(free, axis=1, keepdims=True)
        count = 1.0 + free.shape[1]
        if self.loss_name == "bce":
            return (ops.softplus(-taken) + ops.sum(free * ops.softplus(others), axis=1)) / count
        if self.loss_name == "mse":
            return (ops.square(taken - 1.0) + ops.sum(free * ops.square(others), axis=1)) / count
        if self.loss_name == "bpr":
            return ops.sum(free * ops.softplus(others - taken[:, None]), axis=1) / free.shape[1]
        every = ops.concatenate([taken[:, None], others - FAR * (1.0 - free)], axis=1)
        return ops.logsumexp(every, axis=1) - taken


FAR = 1e9  # below every score
