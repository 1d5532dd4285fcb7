"""Reading the facts of one person takes milliseconds whatever they are; people have the same ones again and again."""

from collections.abc import Callable
from typing import Generic, TypeVar

from slatewright.core.arrays import Frame

MOST = 4096  # different rows; when there are more, it begins anew

T = TypeVar("T")


class Remembered(Generic[T]):
    """A function of a table, which answers for a table of one row from memory where it has seen that row."""

    def __init__(self, function: Callable[[Frame], T]) -> None:
        self._function = function
        self._known: dict[tuple[object, ...], T] = {}

    def __call__(self, facts: Frame) -> T:
        """What the function says; do not write into it."""
        if len(facts) != 1:
            return self._function(facts)
        key = (*facts.columns, *facts.row(0))
        try:
            found = self._known.get(key)
        except TypeError:  # a list cannot be looked up
            return self._function(facts)
        if found is None:
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[key] = found = self._function(facts)
        return found
