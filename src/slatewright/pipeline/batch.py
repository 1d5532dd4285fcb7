"""Many slates at once: models score blocks of histories, then every query goes through the same four stages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from slatewright.core.arrays import Scores
from slatewright.data.histories import Histories
from slatewright.models.recommending import ItemLists, Vectored, check_k
from slatewright.pipeline.contracts import Query
from slatewright.pipeline.request import Request, resolve
from slatewright.pipeline.running import run
from slatewright.pipeline.slate import Outcome
from slatewright.pipeline.stages import Stages
from slatewright.pipeline.world import World

BLOCK_SCORES = 1 << 24  # scores of one model held at once: 64 MB


def lists_of_users(stages: Stages, world: World, users: Sequence[str], k: int) -> ItemLists:
    """The slate of each user at the instant of training, in indices."""
    k = check_k(k)
    queries = [resolve(world, Request(k, world.as_of, user_id)) for user_id in users]
    return _lists(stages, world, queries, k)


def lists_of_histories(stages: Stages, world: World, histories: Histories, k: int) -> ItemLists:
    """The slate of each history at the instant of training, in indices."""
    k = check_k(k)
    queries = [Query(k, world.as_of, histories.one(row)) for row in range(len(histories))]
    return _lists(stages, world, queries, k)


def _lists(stages: Stages, world: World, queries: Sequence[Query], k: int) -> ItemLists:
    width = min(k, len(world.catalogue))
    items = np.zeros((len(queries), width), dtype=np.int32)
    scores = np.zeros((len(queries), width), dtype=np.float32)
    counts = np.zeros(len(queries), dtype=np.int64)
    for row, outcome in enumerate(outcomes(stages, world, queries)):
        counts[row] = count = len(outcome.items)
        items[row, :count] = outcome.items
        scores[row, :count] = outcome.marks
    return ItemLists(items, scores, counts)


def outcomes(stages: Stages, world: World, queries: Sequence[Query]) -> Iterator[Outcome]:
    """The outcome of each query; the same as one by one, up to the rounding of float32 sums."""
    return (run(stages, query) for query in answered_by_models(stages, world, queries))


def block_rows(world: World) -> int:
    """How many queries are scored at once."""
    return max(1, BLOCK_SCORES // max(1, len(world.catalogue)))


def answered_by_models(stages: Stages, world: World, queries: Sequence[Query]) -> Iterator[Query]:
    """Each query with what the models say of it: they are asked for blocks of queries."""
    rows = block_rows(world)
    folded = _only_folded(stages, world)
    for start in range(0, len(queries), rows):
        block = queries[start : start + rows]
        histories = Histories.end_to_end([query.history for query in block])
        vectors = {name: model.user_factors(histories) for name, model in folded.items()}  # (rows, d) each
        scored = {name: model.score(histories) for name, model in world.models.items() if name not in folded}
        for row, query in enumerate(block):  # scores are (rows, n_items) each
            yield replace(query, scored=_row(scored, row), vectors=_row(vectors, row))


def _only_folded(stages: Stages, world: World) -> Mapping[str, Vectored]:
    """The models of factors that no source asks for the scores of all items: vectors are enough."""
    asked = {name for source in (*stages.sources, *stages.newcomers) for name in getattr(source, "scores_all", ())}
    models = {name: model for name, model in world.models.items() if name not in asked}
    return {name: model for name, model in models.items() if isinstance(model, Vectored)}


def _row(found: Mapping[str, Scores], row: int) -> dict[str, Scores]:
    return {name: rows[row] for name, rows in found.items()}
