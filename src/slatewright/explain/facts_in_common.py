"""What the facts of an item have in common with those of a history, in words."""

from collections.abc import Iterator, Mapping

import polars as pl

from slatewright.explain.explanation import Shared
from slatewright.models.model import Model
from slatewright.models.shapes.blend import Blend
from slatewright.models.shapes.item_vectors import ItemVectors
from slatewright.pipeline.contracts import Query

MOST_SHARED = 4


def shared_facts(
    models: Mapping[str, Model], query: Query, item: int, parts: Mapping[str, float]
) -> tuple[str | None, tuple[Shared, ...]]:
    """The largest things in common, by the model of facts that adds most to the score, alone or inside a blend."""
    for name in sorted((name for name in parts if parts[name] > 0), key=lambda name: -parts[name]):
        for model in _of_facts(models[name], query) if name in models else ():
            found = _in_common(model, query, item)
            if found:
                return name, found
    return None, ()


def _of_facts(model: Model, query: Query) -> Iterator[ItemVectors]:
    if isinstance(model, ItemVectors):
        yield model
    if isinstance(model, Blend):
        for weight, part in zip(model.weights_of(query.history)[0], model.parts, strict=True):
            if weight > 0:
                yield from _of_facts(part, query)


def _in_common(model: ItemVectors, query: Query, item: int) -> tuple[Shared, ...]:
    table = model.shared_features(query.history, item).group_by("words").agg(pl.col("part").sum())
    speaking = table.filter(pl.col("part") > 0).sort("part", "words", descending=[True, False])
    total = float(speaking["part"].sum())
    rows = speaking.head(MOST_SHARED).iter_rows()
    return tuple(Shared(words, part / total) for words, part in rows if part >= 0.01 * total)
