"""The loss of deep matrix factorisation: a cosine is the chance that a pair was taken."""

from dataclasses import dataclass

from slatewright.models.neural.engine.choosing import keras_engine
from slatewright.models.neural.networks import AroundNetwork
from slatewright.models.neural.task import Network, Tensor, Tensors

LEAST = 1e-6  # of a chance: a cosine below 0 is none


@dataclass(frozen=True, slots=True)
class CosineLoss(AroundNetwork):
    """See ``Objective``. The first n of a batch's items are those of its n samples, the others were drawn for all."""

    n_negatives: int

    def loss(self, network: Network, vectors: Tensors, inputs: Tensors, training: bool) -> Tensor:
        """The cross-entropy of the cosine of each pair that was taken, and of those drawn for it, (n,).

        The drawn items that the user took as well are no negatives; what is left counts as ``n_negatives`` items.
        """
        ops = keras_engine().ops
        read = {
            "profile": ops.sum(vectors["history"] * inputs["history_shares"][:, :, None], axis=1),
            "item": ops.sum(vectors["audience"] * inputs["audience_shares"][:, :, None], axis=1),
        }
        people, items = network(read, training=training)
        n = ops.shape(people)[0]
        own = ops.sum(people * items[:n], axis=1)
        drawn = ops.matmul(people, ops.transpose(items[n:]))
        free = 1.0 - inputs["hits"][:, n:]
        missed = -ops.log(1.0 - ops.clip(drawn, LEAST, 1.0 - LEAST)) * free
        mean = ops.sum(missed, axis=1) / ops.maximum(ops.sum(free, axis=1), 1.0)
        return self.n_negatives * mean - ops.log(ops.clip(own, LEAST, 1.0 - LEAST))
