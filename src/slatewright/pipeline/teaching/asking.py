"""Ask the sources the questions: the candidates that each user would have had at that moment."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from slatewright.core.arrays import Index
from slatewright.data.dataset import Dataset
from slatewright.data.histories import Histories
from slatewright.pipeline import guarded
from slatewright.pipeline.batch import answered_by_models, block_rows
from slatewright.pipeline.contracts import Candidates, Query
from slatewright.pipeline.pool import agreed
from slatewright.pipeline.running import make_room
from slatewright.pipeline.slate import Note
from slatewright.pipeline.stages import Stages
from slatewright.pipeline.teaching.questions import Questions
from slatewright.pipeline.world import World

K = 20  # the length of the slates that questions ask for


@dataclass(frozen=True)
class Asked:
    """One question with its candidates."""

    at: int
    query: Query
    pool: Candidates


def ask(
    stages: Stages, world: World, dataset: Dataset, questions: Questions, everything: Histories | None = None
) -> Iterator[Asked]:
    """Every question in turn, as the sources and filters of ``world`` see it, which knows nothing of later.

    ``everything`` are the histories of the data set with what users were shown. Models score blocks of histories at
    once.
    """
    everything = everything or dataset.histories()
    rows = block_rows(world)
    for begin in range(0, len(questions), rows):
        end = min(begin + rows, len(questions))
        histories = questions.histories(everything, begin, end)
        queries = [_query(dataset, questions, begin + row, histories.one(row)) for row in range(end - begin)]
        for row, query in enumerate(answered_by_models(stages, world, queries)):
            yield Asked(begin + row, query, _pool(stages, query))


def _query(dataset: Dataset, questions: Questions, at: int, history: Histories) -> Query:
    user_id = dataset.users.name(int(questions.users[at]))
    return Query(K, int(questions.times[at]), history, user_id)


def _pool(stages: Stages, query: Query) -> Candidates:
    notes: list[Note] = []
    pool = agreed(guarded.propose(stages.sources, query, len(stages.popular), notes))
    dropped_by = guarded.drop(stages.filters, query, pool.items, notes)
    make_room(stages, query, pool, dropped_by)
    return pool.take(dropped_by == 0)


def joined(pool: Candidates, items: Index) -> tuple[Candidates, Index]:
    """The pool with items beside it that no source proposed, and where each of ``items`` then stands, int32."""
    order = np.argsort(pool.items, kind="stable")
    place = np.searchsorted(pool.items[order], items)
    inside = place < len(order)
    inside[inside] = pool.items[order[place[inside]]] == items[inside]
    more = items[~inside]
    at = np.empty(len(items), dtype=np.int32)
    at[inside] = order[place[inside]]
    at[~inside] = len(pool.items) + np.arange(len(more))
    zeros = np.zeros(len(more), dtype=np.int32)
    ranks = np.concatenate([pool.ranks, np.zeros((len(pool.ranks), len(more)), dtype=np.int32)], axis=1)
    both = Candidates(
        np.concatenate([pool.items, more]),
        np.concatenate([pool.scores, zeros.astype(np.float32)]),
        np.concatenate([pool.source, zeros]),
        ranks,
    )
    return both, at
