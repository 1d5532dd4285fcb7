"""A model that encodes histories, whole: from the indices of items to the scores of all items."""

from dataclasses import dataclass
from types import SimpleNamespace

from slatewright.models.neural.engine.choosing import keras_engine
from slatewright.models.neural.networks import AroundNetwork, Spec
from slatewright.models.neural.task import Network, Tensor, Tensors


@dataclass(frozen=True, slots=True)
class HistoryScores(AroundNetwork):
    """``items`` int32 (n, length) in: the latest of each history, oldest first, and ``n_items`` in the places before.

    ``vectors`` float32 (n, d) and ``scores`` float32 (n, n_items) out. Tables: ``rows`` float32 (n_items + 1, d), the
    last one that of the start token, and ``columns`` float32 (d, n_items).
    """

    def answer(self, network: Network, inputs: Tensors) -> tuple[Tensor, Tensor]:
        ops = keras_engine().ops
        items, rows = inputs["items"], inputs["rows"]
        length, n_items = items.shape[1], rows.shape[0] - 1
        places = ops.reshape(ops.arange(length, dtype="int32"), (1, length))
        count = ops.sum(ops.cast(items != n_items, "int32"), axis=1, keepdims=True)
        start = ops.maximum(length - 1 - count, 0)  # where the start token stands
        read = {
            "vectors": ops.take(rows, items, axis=0),
            "segments": ops.cast(places >= start, "int32"),
            "places": ops.maximum(places - start, 0),
            "seeds": items[:, 0],
        }
        vectors = network(read, training=False)[:, -1]
        return vectors, ops.matmul(vectors, inputs["columns"])


@dataclass(frozen=True, slots=True)
class PairHistories(AroundNetwork):
    """A network over the row of a user and those of items, for known users and for everybody else.

    ``user`` int32 (n,) in: an index, or the number of users for somebody unknown, whose row is mapped from the history:
    ``items`` int32 (n, window), with ``weights`` float32 (n, window) that are 0 where there is no event.
    ``scores`` float32 (n, n_items) out. Tables: ``users``, ``map`` and ``typical`` of ``Owners``, ``rows`` of items.
    """

    def answer(self, network: Network, inputs: Tensors) -> Tensor:
        return network([_row(inputs), inputs["rows"][None]], training=False)


@dataclass(frozen=True, slots=True)
class FactorHistories:
    """The same where a score is an inner product: also ``vectors`` float32 (n, d) out, before the scores."""

    spec: Spec

    def network(self) -> Network:
        return SimpleNamespace(variables=[])  # nothing but tables

    def answer(self, network: Network, inputs: Tensors) -> tuple[Tensor, Tensor]:
        row = _row(inputs)
        return row, keras_engine().ops.matmul(row, inputs["columns"])


@dataclass(frozen=True, slots=True)
class TowerHistories(AroundNetwork):
    """``items`` int32 (n, window) in: the items of each history, each once, ``n_items`` where there are no more; and
    ``facts`` float32 (n, M) where the tower reads any.

    ``vectors`` float32 (n, D) and ``scores`` float32 (n, n_items) out. Tables: ``rows`` and ``content`` with a row of
    zeros at their ends, ``longest`` (how many items say as much as can be said), and ``columns``.
    """

    def answer(self, network: Network, inputs: Tensors) -> tuple[Tensor, Tensor]:
        ops, items = keras_engine().ops, inputs["items"]
        count = ops.sum(ops.cast(items != inputs["columns"].shape[1], "float32"), axis=1, keepdims=True)
        share = 1.0 / ops.maximum(count, 1.0)
        length = ops.sqrt(ops.minimum(count, inputs["longest"]))
        read = {"profile": ops.sum(ops.take(inputs["rows"], items, axis=0), axis=1) * share * length}
        if "content" in inputs:
            read["tastes"] = ops.sum(ops.take(inputs["content"], items, axis=0), axis=1) * share
        if "facts" in inputs:
            read["facts"] = inputs["facts"]
        vectors = network.get_layer("person")(read, training=False)
        return vectors, ops.matmul(vectors, inputs["columns"])


@dataclass(frozen=True, slots=True)
class FactRows(AroundNetwork):
    """Rows of a network over facts: a person and an item each, as the rows of tables that they look up.

    ``fields`` int32 (n, F) in, and where the network reads them ``wide`` int32 (n, W), ``history`` int32 (n, L) and
    what goes with these, see ``Layout.inputs``. ``scores`` float32 (n,) out. Tables: ``field_rows``, ``wide_rows``.
    """

    def answer(self, network: Network, inputs: Tensors) -> Tensor:
        tables = {"fields": "field_rows", "history": "field_rows", "wide": "wide_rows"}
        read = {name: one for name, one in inputs.items() if name not in tables.values()}
        for role, table in tables.items():
            if role in read:
                read[role] = keras_engine().ops.take(inputs[table], read[role], axis=0)
        return network(read, training=False)


def _row(inputs: Tensors) -> Tensor:
    """The row of each user, float32 (n, d); see ``Owners.rows``."""
    ops, users = keras_engine().ops, inputs["users"]
    weights, n_users = ops.maximum(inputs["weights"], 0.0), users.shape[0] - 1
    total = ops.sum(weights, axis=1, keepdims=True)
    shares = weights / ops.maximum(total, 1e-30)
    means = ops.sum(ops.take(inputs["rows"], inputs["items"], axis=0) * shares[..., None], axis=1)
    mapped = ops.matmul(means, inputs["map"][1:]) + inputs["map"][0]
    row = ops.where(total > 0, mapped, inputs["typical"][None])
    user = inputs["user"]
    return ops.where((user < n_users)[:, None], ops.take(users, user, axis=0), row)
