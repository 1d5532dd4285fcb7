"""Rows of numbers that begin where a line of the processor's cache begins, and lines asked for before they are needed.

A vector that lies across one line more than it must costs a fetch more, and every load of it may touch two lines. A
kernel that jumps between vectors waits for memory most of its time, unless it asks for them a few steps ahead.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from slatewright.core.arrays import Scores

LINE = 16  # float32 numbers: 64 bytes, on nearly every processor


def rows_on_lines(n: int, d: int) -> Scores:
    """Zeros float32 (n, d rounded up to whole lines), every row at the start of a line."""
    width = -(-d // LINE) * LINE
    room = np.empty(n * width + LINE, dtype=np.float32)  # not np.zeros, which gets no huge pages
    start = -room.ctypes.data // room.itemsize % LINE
    rows = room[start : start + n * width].reshape(n, width)
    rows[:] = 0
    return rows


@intrinsic  # type: ignore[untyped-decorator]
def ask_for(_: Any, array: Any, row: Any, number: Any) -> Any:
    """In a kernel: fetch the line of ``array[row, number]``, soon to be written, without waiting for it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = signature.args[0]
        rows = context.make_array(kind)(context, builder, arguments[0])
        place = cgutils.get_item_pointer(context, builder, kind, rows, arguments[1:], wraparound=False)
        pointer, word = ir.IntType(8).as_pointer(), ir.IntType(32)
        wish = ir.FunctionType(ir.VoidType(), [pointer, word, word, word])
        fetch = cgutils.get_or_insert_function(builder.module, wish, "llvm.prefetch.p0")
        to_write, keep, data = word(1), word(3), word(1)
        builder.call(fetch, [builder.bitcast(place, pointer), to_write, keep, data])
        return context.get_dummy_value()

    return types.void(array, types.intp, types.intp), generate
