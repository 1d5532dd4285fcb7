"""How a graph is held against the model that it is made of: a few people at a time, so that little is held at once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from slatewright.core.arrays import Array, Index, Scores
from slatewright.core.randomness import generator
from slatewright.data.histories import Histories
from slatewright.models.model import Model
from slatewright.models.neural.export.shapes import Exported
from slatewright.models.topk import top_k

K = 10
PEOPLE, SCORES = 256, 1 << 24  # people who are asked for, and scores that are asked for in all, at most
LEAST = 4  # people, however large the catalogue is
COMPARED = 1 << 14  # items whose scores are compared
ROWS, AMONG = 1 << 16, 1 << 10  # rows, and items, where each score is asked for by a row of its own
HELD = 1 << 22  # numbers that a graph holds at once
BEST, SEEN = "best", "seen"  # names of what is kept of an answer


@dataclass(frozen=True, slots=True)
class Exam:
    """``rows`` are asked for each person, those of ``at_once`` people together; the ``K`` best scores of each are kept,
    and those in ``compared``, int32, rising."""

    rows: int
    at_once: int
    compared: Index

    def save(self, path: Path) -> None:
        """Write it into a file."""
        np.savez(path, rows=self.rows, at_once=self.at_once, compared=self.compared)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read it back."""
        with np.load(path, allow_pickle=False) as file:
            return cls(int(file["rows"]), int(file["at_once"]), file["compared"])

    def blocks(self, n: int) -> Iterator[tuple[int, int]]:
        """People who are asked for together."""
        for start in range(0, n, self.at_once):
            yield start, min(n, start + self.at_once)

    def kept(self, scores: Scores) -> Mapping[str, Array]:
        """What is kept of the scores of some people, float32 (n, items)."""
        told = np.array(scores, dtype=np.float32)
        some = told[:, self.compared]
        return {BEST: top_k(told, min(K, told.shape[1]))[0], SEEN: some}

    def of_graph(
        self, answer: Callable[[Mapping[str, Array]], Mapping[str, Array]], asked: Mapping[str, Array]
    ) -> dict[str, Array]:
        """What a graph says; what it is called by, too, without any rows."""
        n, parts, said = len(next(iter(asked.values()))) // self.rows, [], {}
        for start, stop in self.blocks(n):
            block = slice(start * self.rows, stop * self.rows)
            said = dict(answer({name: one[block] for name, one in asked.items()}))
            parts.append(self.kept(said["scores"].reshape(stop - start, -1)))
        return {name: one[:0] for name, one in said.items()} | _together(parts)


@dataclass(frozen=True, slots=True)
class Trial:
    """``people`` who are asked for; ``among``: the items that are ranked for them, int32, rising; None: all."""

    people: Histories
    among: Index | None
    exam: Exam

    @classmethod
    def of(cls, model: Model, made: Exported) -> Self:
        """People whom the model knows, spread over all of them, and two without any event; items are drawn."""
        n_items = len(model.known.items)
        among = _drawn(n_items, AMONG) if made.by_rows and n_items > AMONG else None
        n = n_items if among is None else len(among)
        people = spread(model, max(LEAST, min(PEOPLE, (ROWS if made.by_rows else SCORES) // max(1, n))))
        rows = n if made.by_rows else 1
        return cls(people, among, Exam(rows, max(1, HELD // max(1, made.held * rows)), _drawn(n, COMPARED)))

    def asked(self, made: Exported) -> Mapping[str, Array]:
        """What the graph is asked."""
        return made.asked(self.people, self.among)

    def of_model(self, model: Model) -> Mapping[str, Array]:
        """What the model says."""
        return _together(
            [
                self.exam.kept(model.score(self.people.take(np.arange(start, stop, dtype=np.int32)), self.among))
                for start, stop in self.exam.blocks(len(self.people))
            ]
        )


def spread(model: Model, most: int) -> Histories:
    """Histories of users that the model knows, spread over all of them, and two without any event: a graph is
    made of more than one, or it would be for one alone."""
    known = model.known.histories
    came = np.flatnonzero(known.lengths() > 0)
    chosen = came[np.unique(np.linspace(0, max(len(came) - 1, 0), min(most, len(came))).astype(np.int64))]
    return Histories.end_to_end([known.take(chosen.astype(np.int32)), Histories.of([[], []])])


def parity_and_recall(said: Mapping[str, Array], expected: Mapping[str, Array]) -> tuple[float, float]:
    """The largest difference of a score, and the share of the model's best that are among the graph's."""
    found = (expected[BEST][:, :, None] == said[BEST][:, None, :]).any(axis=2)
    return float(np.abs(said[SEEN] - expected[SEEN]).max(initial=0.0)), float(found.mean()) if found.size else 1.0


def _drawn(n: int, most: int) -> Index:
    """Places of n, at most so many, rising; always the same."""
    places = np.arange(n) if n <= most else np.sort(generator(0).choice(n, most, replace=False))
    return places.astype(np.int32)


def _together(parts: list[Mapping[str, Array]]) -> dict[str, Array]:
    return {name: np.concatenate([one[name] for one in parts]) for name in (BEST, SEEN)}
