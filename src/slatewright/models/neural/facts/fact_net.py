"""A network over facts with its tables: what is stored of it, and how it marks rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from slatewright.core.arrays import Array, Arrays, Index, Scores
from slatewright.models.neural.engine.choosing import keras_engine
from slatewright.models.neural.facts.layout import Layout, Rows
from slatewright.models.neural.kept import kept_weights, weights_kept
from slatewright.models.neural.networks import AroundNetwork, Spec
from slatewright.models.neural.runtime import Fitted, Graph
from slatewright.models.neural.tables import Table
from slatewright.models.neural.task import Network, Tensor, Tensors

SHAPES = (64, 512, 4096)  # rows that are marked at once: so many shapes an engine compiles


@dataclass(frozen=True, slots=True)
class Marks(AroundNetwork):
    """See ``Call``: one number per row."""

    def answer(self, network: Network, inputs: Tensors) -> Tensor:
        """The mark of each row, (n,)."""
        return network(dict(inputs), training=False)


@dataclass(frozen=True, slots=True)
class BinaryLoss(AroundNetwork):
    """See ``Objective``: binary cross-entropy of what the network says, before the logistic function."""

    def loss(self, network: Network, vectors: Tensors, inputs: Tensors, training: bool) -> Tensor:
        """``log(1 + exp(mark)) - label x mark`` of each row, (n,)."""
        ops = keras_engine().ops
        others = {name: one for name, one in inputs.items() if name != "label"}
        mark = network({**vectors, **others}, training=training)
        return ops.softplus(mark) - inputs["label"] * mark


@dataclass(frozen=True)
class FactNet:
    """``fields`` float32 (places of all fields, d), ``wide`` float32 (rows, 1); see ``Layout``.

    ``graph`` is the network once more, for ONNX Runtime.
    """

    spec: Spec
    layout: Layout
    weights: tuple[Array, ...]
    fields: Scores
    wide: Scores
    graph: Graph | None = None

    @classmethod
    def fresh(cls, spec: Spec, layout: Layout, dim: int, rng: np.random.Generator) -> Self:
        """Before it has learned: small vectors, but nothing at all for what is not known, and no weight is wide."""
        fields = rng.standard_normal((layout.n_fields, dim), dtype=np.float32) * np.float32(dim**-0.5)
        fields[layout.offsets[:-1]] = 0
        return cls(spec, layout, tuple(spec.initial(rng)), fields, np.zeros((layout.n_wide, 1), dtype=np.float32))

    def tables(self, folder: str | None = None) -> dict[str, Table]:
        """Its tables, to be trained; see ``Table.of``."""
        wide = {"wide": Table.of(self.wide, folder)} if self.layout.wide else {}
        return {"fields": Table.of(self.fields, folder), **wide}

    def trained(self, weights: Sequence[Array], tables: Mapping[str, Table]) -> Self:
        """The same with other weights and tables."""
        wide = np.array(tables["wide"].rows) if self.layout.wide else self.wide
        return type(self)(self.spec, self.layout, tuple(weights), np.array(tables["fields"].rows), wide)

    def grown(self, sizes: Sequence[int], gone: Sequence[Index]) -> Self:
        """The same with so many places of each field, as many or more. A new one begins as what is not known, and one
        among those that are ``gone`` of each field is that again."""
        parts = []
        for start, old, new, left in zip(self.layout.offsets, self.layout.sizes, sizes, gone, strict=False):
            own = np.where(np.arange(new) < old, np.arange(new), 0)
            own[left] = 0
            parts.append(start + own)
        at = np.concatenate(parts)
        wide = (
            self.wide[np.append(at, np.arange(self.layout.n_fields, len(self.wide)))] if self.layout.wide else self.wide
        )
        return replace(self, layout=replace(self.layout, sizes=tuple(sizes)), fields=self.fields[at], wide=wide)

    def marks(self, rows: Rows) -> Scores:
        """What the network says of each row, float32 (n,)."""
        out = np.empty(len(rows), dtype=np.float32)
        for start in range(0, len(rows), SHAPES[-1]):
            part = np.arange(start, min(len(rows), start + SHAPES[-1]))
            room = next(one for one in SHAPES if one >= len(part))
            out[part] = self._block(rows.take(np.resize(part, room)))[: len(part)]
        return out

    def _block(self, rows: Rows) -> Scores:
        return Fitted(self.spec, self.weights, self.graph).answer(Marks, self.asked(rows))

    def asked(self, rows: Rows) -> dict[str, Array]:
        """What the network is asked about some rows: what they look up, and their numbers."""
        looked_up = {role: (self.wide if role == "wide" else self.fields)[ids]
                     for role, ids in self.layout.ids(rows).items()}  # fmt: skip
        return {**looked_up, **self.layout.inputs(rows)}

    def arrays(self) -> Arrays:
        """Everything, as named arrays."""
        return {"spec": self.spec.array(), "layout": self.layout.array(), "fields": self.fields, "wide": self.wide,
                **kept_weights(self.weights), **(self.graph.arrays() if self.graph else {})}  # fmt: skip

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        """The network again, from arrays that may be memory-mapped."""
        spec, layout = Spec.from_array(arrays["spec"]), Layout.from_array(arrays["layout"])
        weights, graph = tuple(weights_kept(arrays)), Graph.from_arrays(arrays)
        return cls(spec, layout, weights, arrays["fields"], arrays["wide"], graph)
