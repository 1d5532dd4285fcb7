"""The one place where the name of a kind of ranker becomes a class: bundles on disk carry the name."""

from collections.abc import Mapping

from slatewright.core.arrays import Arrays
from slatewright.core.errors import BadBundle
from slatewright.models.rankers.contracts import FittedRanker
from slatewright.models.rankers.linear import Linear
from slatewright.models.rankers.trees import Trees

KINDS: Mapping[str, type[Linear] | type[Trees]] = {one.kind: one for one in (Linear, Trees)}


def ranker_of(kind: str, arrays: Arrays) -> FittedRanker:
    """A fitted ranker from its arrays.

    Raises:
        BadBundle: no ranker is of that kind.
    """
    if kind not in KINDS:
        raise BadBundle(
            f"a ranker's kind must be one of {', '.join(KINDS)}, got {kind!r}; is the bundle from a newer version?"
        )
    return KINDS[kind].from_arrays(arrays)
