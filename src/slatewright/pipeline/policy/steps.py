"""The steps that conditions are made of, and the kernel that takes them for a block of items at a time."""

from typing import Any

import numpy as np
from numba import types
from numba.extending import overload

from slatewright.core.kernels import kernel
from slatewright.pipeline.policy.bits import WIDTH

AT_ONCE, OF_PILE = -1, -2  # a place: a bound, or the upper of two numbers, stands on the right
BLOCK = 1024


class Step:
    """What a step does with two piles for a block of items, one of numbers and one of yes or noes."""

    COLUMN, NUMBER, PLUS, MINUS, TIMES, OVER, MIN, MAX = range(8)  # of numbers
    BELOW, AT_MOST, ABOVE, AT_LEAST, EQUAL = range(8, 13)  # from two numbers to a yes or no
    FLAG, BIT, MASK, AND, OR, NOT = range(13, 19)  # of yes or noes


RECKON = {
    "+": Step.PLUS, "-": Step.MINUS, "*": Step.TIMES, "/": Step.OVER, "min": Step.MIN, "max": Step.MAX,
}  # fmt: skip
COMPARE = {
    "<": Step.BELOW, "<=": Step.AT_MOST, ">": Step.ABOVE, ">=": Step.AT_LEAST, "==": Step.EQUAL,
}  # fmt: skip
MIRRORED = {"==": "==", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_COLUMN, _NUMBER, _PLUS, _MINUS, _TIMES, _OVER, _MIN, _MAX = range(8)  # kernels know numbers, not names in a class
_BELOW, _AT_MOST, _ABOVE, _AT_LEAST, _EQUAL = range(8, 13)
_FLAG, _BIT, _MASK, _AND, _OR, _NOT = range(13, 19)


@kernel()
def add_where(program: Any, numbered: Any, by: Any, asked: Any, total: Any, deepest: Any) -> None:
    """Add ``by`` of each numbered condition where it is true, in their order.

    ``program`` has for each step, int8, the int64 row of the pile that it writes to, the int64 place that it reads and
    the float64 that it brings, and the int64 ends of conditions; ``asked`` has float64 columns, uint8 masks and uint64
    words of bits, each (so many, n).
    """
    steps, rows, places, bounds, ends = program
    columns, masks, words = asked
    numbers, truths = np.empty((deepest, BLOCK), dtype=np.float64), np.empty((deepest, BLOCK), dtype=np.bool_)
    for begin in range(0, len(total), BLOCK):
        n = min(BLOCK, len(total) - begin)
        for which in numbered:
            for at in range(ends[which], ends[which + 1]):
                step, row, place = steps[at], rows[at], places[at]
                if step == _COLUMN:
                    _copy(columns[place, begin : begin + n], numbers[row, :n])
                elif step == _NUMBER:
                    _copy(bounds[at], numbers[row, :n])
                elif step <= _MAX and place == AT_ONCE:
                    _reckon(step, numbers[row, :n], bounds[at])
                elif step <= _MAX:
                    _reckon(step, numbers[row, :n], numbers[row + 1, :n])
                elif step <= _EQUAL and place == OF_PILE:
                    _compare(step, numbers[0, :n], numbers[1, :n], truths[row, :n])
                elif step <= _EQUAL:
                    _compare(step, columns[place, begin : begin + n], bounds[at], truths[row, :n])
                elif step == _FLAG:
                    _copy(bounds[at] != 0, truths[row, :n])
                elif step == _BIT:
                    _bit(words[place // WIDTH, begin : begin + n], np.uint64(place % WIDTH), truths[row, :n])
                elif step == _MASK:
                    _copy(masks[place, begin : begin + n], truths[row, :n])
                elif step == _NOT:
                    np.logical_not(truths[row, :n], truths[row, :n])
                else:
                    _join(step, truths[row, :n], truths[row + 1, :n])
            _add(truths[0, :n], by[which], total[begin : begin + n])


def _at(values: Any, at: int) -> Any:
    """One of some numbers, or the one that stands for all of them."""
    return values[at]


@overload(_at, inline="always", strict=False)  # type: ignore[untyped-decorator]
def _compiled_at(values: Any, at: Any) -> Any:
    if isinstance(values, types.Array):
        return lambda values, at: values[at]
    return lambda values, at: values


@kernel()
def _reckon(step: Any, left: Any, right: Any) -> None:
    """Into ``left``; what is not known stays so, and what is divided by 0 becomes so."""
    if step == _PLUS:
        for at in range(len(left)):
            left[at] += _at(right, at)
    elif step == _MINUS:
        for at in range(len(left)):
            left[at] -= _at(right, at)
    elif step == _TIMES:
        for at in range(len(left)):
            left[at] *= _at(right, at)
    elif step == _OVER:
        for at in range(len(left)):
            left[at] = np.divide(left[at], _at(right, at)) if _at(right, at) != 0 else np.nan
    elif step == _MIN:
        for at in range(len(left)):
            left[at] = np.minimum(left[at], _at(right, at))
    else:
        for at in range(len(left)):
            left[at] = np.maximum(left[at], _at(right, at))


@kernel()
def _compare(step: Any, left: Any, right: Any, truth: Any) -> None:
    if step == _BELOW:
        for at in range(len(truth)):
            truth[at] = left[at] < _at(right, at)
    elif step == _AT_MOST:
        for at in range(len(truth)):
            truth[at] = left[at] <= _at(right, at)
    elif step == _ABOVE:
        for at in range(len(truth)):
            truth[at] = left[at] > _at(right, at)
    elif step == _AT_LEAST:
        for at in range(len(truth)):
            truth[at] = left[at] >= _at(right, at)
    else:
        for at in range(len(truth)):
            truth[at] = left[at] == _at(right, at)


@kernel()
def _copy(values: Any, into: Any) -> None:
    for at in range(len(into)):
        into[at] = _at(values, at)


@kernel()
def _bit(word: Any, shift: Any, truth: Any) -> None:
    for at in range(len(truth)):
        truth[at] = (word[at] >> shift) & np.uint64(1)


@kernel()
def _join(step: Any, lower: Any, upper: Any) -> None:
    if step == _AND:
        np.logical_and(lower, upper, lower)
    else:
        np.logical_or(lower, upper, lower)


@kernel()
def _add(truth: Any, by: Any, total: Any) -> None:
    for at in range(len(truth)):
        total[at] += by * truth[at]
