"""Lists to learn from: what models that know the past would have shown, and what people then took."""

from dataclasses import dataclass

import numpy as np

from slatewright.core.arrays import Mask, Offsets, Scores
from slatewright.core.randomness import Rng, generator
from slatewright.data.dataset import Dataset
from slatewright.data.splits import GlobalTime
from slatewright.data.splits.by_time import sides_of
from slatewright.data.splits.cases import Cases
from slatewright.data.splits.fold import Fold, fold_of
from slatewright.models.blends.banding import n_weighing
from slatewright.models.blends.normalising import add_normalised
from slatewright.models.model import Model
from slatewright.models.recommending import BLOCK_SCORES
from slatewright.models.topk import LOWEST, top_k

MOST_CASES = 8192  # a few numbers are learned: more people would not make them better


@dataclass(frozen=True)
class Lists:
    """Lists end to end: list u is ``[offsets[u]:offsets[u + 1]]``, offsets int64 (n + 1,).

    ``marks`` float32 (rows, parts): what each part says of each item, on one scale; ``taken`` bool (rows,).
    ``n_events`` int64 (n,): events of the history that weigh something. Each list has items taken and items not taken.
    """

    offsets: Offsets
    marks: Scores
    taken: Mask
    n_events: Offsets


def held_out(dataset: Dataset, share: float, rng: Rng) -> Fold | None:
    """The latest share of the events held out; a random share where all happened at one instant.

    None where there is nothing that could be held out.
    """
    table, as_of = dataset.interactions, None
    if len(table) and table.time.min() < table.time.max():
        (window,) = GlobalTime(test_share=share, validation_share=0.0).cuts(dataset)
        (train, answers), as_of = sides_of(table, window, ()), window.cut
    else:
        drawn = generator(rng).random(len(table)) < share
        train, answers = ~drawn, drawn & (table.weight > 0)
    return fold_of(dataset, train, answers, as_of=as_of) if train.any() and answers.any() else None


def cases_to_learn(fold: Fold, rng: Rng) -> Cases:
    """People who took something new to them, at most ``MOST_CASES``, drawn at random."""
    cases = fold.test.new_only()
    asked = np.flatnonzero(cases.n_relevant())
    if len(asked) > MOST_CASES:
        asked = np.sort(generator(rng).choice(asked, MOST_CASES, replace=False))
    return cases.take(asked)


def lists_of(parts: tuple[Model, ...], cases: Cases, n_candidates: int, normalisation: str) -> Lists:
    """For each case the best new items of each part, all in one list; cases whose list teaches nothing are left out."""
    n_items = len(cases.items)
    rows = max(1, BLOCK_SCORES // (max(1, n_items) * (len(parts) + 1)))
    found = [
        _block(parts, cases.take(np.arange(start, min(len(cases), start + rows))), n_candidates, normalisation)
        for start in range(0, len(cases), rows)
    ]
    lengths = np.concatenate([np.diff(one.offsets) for one in found] or [np.empty(0, np.int64)])
    return Lists(
        np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        np.concatenate([one.marks for one in found] or [np.empty((0, len(parts)), np.float32)]),
        np.concatenate([one.taken for one in found] or [np.empty(0, np.bool_)]),
        np.concatenate([one.n_events for one in found] or [np.empty(0, np.int64)]),
    )


def _block(parts: tuple[Model, ...], cases: Cases, n_candidates: int, normalisation: str) -> Lists:
    n, n_items = len(cases), len(cases.items)
    every = np.arange(n)
    seen = np.repeat(every, cases.histories.lengths()), cases.histories.items
    marks, proposed = [], np.zeros((n, n_items), dtype=np.bool_)
    for part in parts:
        scores = np.ascontiguousarray(part.score(cases.histories))
        scaled = np.zeros((n, n_items), dtype=np.float32)
        add_normalised(scores, cases.histories, normalisation, np.ones(n), scaled, every)
        marks.append(scaled)
        scores = scaled.copy()
        scores[seen] = LOWEST
        best, _, counts = top_k(scores, n_candidates)
        listed = np.arange(best.shape[1]) < counts[:, None]
        proposed[np.nonzero(listed)[0], best[listed]] = True
    right = np.zeros((n, n_items), dtype=np.bool_)
    right[np.repeat(every, cases.n_relevant()), cases.relevant] = True
    proposed &= _teaches(proposed, right)[:, None]
    rows, items = np.nonzero(proposed)
    counts = proposed.sum(axis=1)
    return Lists(
        np.concatenate([[0], np.cumsum(counts[counts > 0])]).astype(np.int64),
        np.stack([one[rows, items] for one in marks], axis=1),
        right[rows, items],
        n_weighing(cases.histories)[counts > 0],
    )


def _teaches(proposed: Mask, right: Mask) -> Mask:
    """Whether a list holds something taken and something not taken, bool (n,)."""
    some, others = (proposed & right).any(axis=1), (proposed & ~right).any(axis=1)
    return np.logical_and(some, others)


def subset(lists: Lists, chosen: Offsets) -> Lists:
    """Some of the lists, in the order given; ``chosen`` int64 (m,), their positions."""
    lengths = np.diff(lists.offsets)[chosen]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    at = np.repeat(lists.offsets[chosen] - offsets[:-1], lengths) + np.arange(offsets[-1])
    return Lists(offsets, lists.marks[at], lists.taken[at], lists.n_events[chosen])
