"""What towers say, in blocks of few shapes."""

import json
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from slatewright.core.arrays import Array, Scores
from slatewright.models.neural.facts.in_batch import Vectors
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.runtime import Fitted

SHAPES = (1, 64, 4096)  # rows that are read at once: so many shapes an engine compiles


def of_people(fitted: Fitted, inputs: Mapping[str, Scores]) -> Scores:
    """The vectors of people from ``profile``, ``tastes`` and ``facts``, float32 (n, D + C + 1)."""
    return _said(fitted, "person", inputs)


def of_things(spec: Spec, weights: Sequence[Array], inputs: Mapping[str, Scores]) -> Scores:
    """The vectors of items from ``item`` and ``content``, float32 (n, D + C + 1)."""
    return _said(Fitted(spec, weights), "thing", inputs)


def _said(fitted: Fitted, side: str, inputs: Mapping[str, Scores]) -> Scores:
    """In blocks; an input that is no number wide is none."""
    read = {name: np.asarray(one, dtype=np.float32) for name, one in inputs.items() if one.shape[1]}
    n, sizes = len(next(iter(inputs.values()))), json.loads(fitted.spec.sizes)
    found = [np.zeros((0, sizes["layers"][-1] + sizes["content"] + 1), dtype=np.float32)]
    for start in range(0, n, SHAPES[-1]):
        size = min(n - start, SHAPES[-1])
        room = next(one for one in SHAPES if one >= size)
        at = start + np.arange(room) % size
        block = {name: one[at] for name, one in read.items()}
        found.append(fitted.answer(partial(Vectors, side=side), block)[:size])
    said: Scores = np.concatenate(found).astype(np.float32)
    return said
