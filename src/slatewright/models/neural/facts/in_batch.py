"""The loss of retrieval: each sample's item shall win against the items of the whole batch."""

from dataclasses import dataclass

from slatewright.models.neural.engine.choosing import keras_engine
from slatewright.models.neural.networks import AroundNetwork
from slatewright.models.neural.task import Network, Tensor, Tensors

FORBIDDEN = -1e9  # a score that is as good as none


def in_batch_softmax(scores: Tensor, log_chances: Tensor, hits: Tensor, hardness: float) -> Tensor:
    """Cross-entropy of sample i's own item, column i of ``scores`` (n, m), against all m columns, (n,).

    Each score is corrected by how often its item gets into a batch, ``log_chances`` (m,) (Yi et al.: Sampling-Bias-
    Corrected Neural Modeling, RecSys 2019). Where ``hits`` (n, m) is 1 the item is one that the user took as well: no
    negative. Negatives count by exp(``hardness`` x score), with a mean of 1 (Robinson et al.: Contrastive Learning with
    Hard Negative Samples, ICLR 2021).
    """
    ops = keras_engine().ops
    n, m = ops.shape(scores)
    corrected = scores - log_chances[None, :]
    own = ops.eye(n, m)
    positive = ops.sum(corrected * own, axis=1)
    barred = ops.maximum(hits, own) * FORBIDDEN
    negative = corrected + barred
    if hardness:
        harder = hardness * scores + barred
        counted = ops.maximum(ops.sum(1.0 - ops.maximum(hits, own), axis=1), 1.0)
        mean = ops.logsumexp(harder, axis=1, keepdims=True) - ops.log(counted)[:, None]
        negative = negative + ops.stop_gradient(ops.maximum(harder - mean, FORBIDDEN))
    return ops.logsumexp(ops.concatenate([positive[:, None], negative], axis=1), axis=1) - positive


@dataclass(frozen=True, slots=True)
class InBatch(AroundNetwork):
    """See ``Objective``. The first n of a batch's m items are those of its n samples; the others were drawn for all."""

    hardness: float = 0.0

    def loss(self, network: Network, vectors: Tensors, inputs: Tensors, training: bool) -> Tensor:
        """The loss of each sample, (n,)."""
        ops = keras_engine().ops
        read = {name: inputs[name] for name in ("tastes", "facts", "content") if name in inputs}
        read["profile"] = ops.sum(vectors["history"] * inputs["history_shares"][:, :, None], axis=1)
        read["item"] = vectors["item"] * inputs["known"][:, None]
        people, items = network(read, training=training)
        scores = ops.matmul(people, ops.transpose(items))
        return in_batch_softmax(scores, inputs["log_chances"], inputs["hits"], self.hardness)


@dataclass(frozen=True, slots=True)
class Vectors(AroundNetwork):
    """See ``Call``: what one tower says, ``person`` or ``thing``."""

    side: str

    def answer(self, network: Network, inputs: Tensors) -> Tensor:
        """The vectors, (n, D + C + 1)."""
        return network.get_layer(self.side)(dict(inputs), training=False)
