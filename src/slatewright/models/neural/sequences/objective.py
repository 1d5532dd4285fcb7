"""What a sequence model is taught: every place of every row says what comes next."""

from dataclasses import dataclass

from slatewright.models.neural.engine.choosing import keras_engine
from slatewright.models.neural.networks import AroundNetwork
from slatewright.models.neural.task import Network, Tensor, Tensors

LOSSES = ("softmax", "gbce")
READ = ("segments", "places", "seeds")


@dataclass(frozen=True)
class NextEvent(AroundNetwork):
    """The mean over the places of a row; for ``gbce``, ``share`` is the share of all items that a row draws."""

    kind: str
    share: float = 1.0
    calibration: float = 0.0

    def loss(self, network: Network, vectors: Tensors, inputs: Tensors, training: bool) -> Tensor:
        """``vectors``: history, targets (rows, length, d), negatives (n, d) or (rows, n, d); see ``SequenceTask``."""
        from slatewright.models.neural.sequences.losses import gbce, gbce_start, ops, sampled_softmax, scores_of

        read = {"vectors": vectors["history"], **{name: inputs[name] for name in READ}}
        hidden = network(read, training=training)
        ids = inputs["target_ids"], inputs["negative_ids"]
        positive, negative = scores_of(hidden, vectors["targets"], vectors["negatives"], *ids)
        if self.kind == "gbce":
            start = gbce_start(negative.shape[-1], self.share, self.calibration)
            losses = gbce(positive + start, negative + start, self.share, self.calibration)
        else:
            losses = sampled_softmax(positive, negative, inputs["correction"])
        weights = inputs["weights"]
        return ops.sum(losses * weights, axis=1) / ops.maximum(ops.sum(weights, axis=1), 1e-9)


@dataclass(frozen=True)
class Reading(AroundNetwork):
    """The vectors of chosen places: what a history says of what comes next."""

    def answer(self, network: Network, inputs: Tensors) -> Tensor:
        """Inputs of the network, and ``ends`` int32 (m,), places counted through all rows: float32 (m, d)."""
        ops = keras_engine().ops
        hidden = network({name: inputs[name] for name in ("vectors", *READ)}, training=False)
        return ops.take(ops.reshape(hidden, (-1, hidden.shape[-1])), inputs["ends"], axis=0)
