"""The kernel of least squares: preconditioned conjugate gradient on one row after another.

Four rows of factors are taken at a time: their dot products share the loads of one vector, their sums the loads and
stores of another, and four streams of memory are open at once. Nothing is allocated within a row.
"""

from typing import Any, NamedTuple

import numpy as np

from slatewright.core.kernels import kernel

TINY = np.float32(1e-30)


class Problems(NamedTuple):
    """Rows to solve for: row u's entries are ``offsets[u]`` to ``offsets[u + 1]`` of ``columns`` and ``weights``.

    ``penalties`` float32 (n,); ``shift`` float32, the weight of a column that is no entry.
    """

    offsets: Any
    columns: Any
    weights: Any
    penalties: Any
    shift: Any


@kernel(fastmath=True)
def solve_chunk(problems: Problems, factors: Any, dense: Any, solutions: Any, steps: Any, tolerance: Any) -> None:
    """Solve for each row of ``solutions``, from zero; ``dense`` is the diagonal that all rows share."""
    offsets, columns, weights, penalties, shift = problems
    scratch = np.empty((5, len(dense)), dtype=np.float32)
    longest = 0
    for row in range(len(solutions)):
        longest = max(longest, offsets[row + 1] - offsets[row])
    extras = np.empty(longest, dtype=np.float32)
    for row in range(len(solutions)):
        begin, end = offsets[row], offsets[row + 1]
        for f in range(len(dense)):
            scratch[0, f] = dense[f] + penalties[row]
        for at in range(begin, end):
            extras[at - begin] = weights[at] - shift
        _start(columns[begin:end], weights[begin:end], extras, factors, scratch[0], scratch[1], scratch[2])
        _solve(columns[begin:end], extras, factors, scratch, solutions[row], steps, tolerance)


@kernel(fastmath=True, inline=True)
def _solve(columns: Any, extras: Any, factors: Any, scratch: Any, x: Any, steps: Any, tolerance: Any) -> None:
    """One row. The rows of ``scratch``: the dense diagonal, the residual, the whole diagonal (then its inverse, the
    preconditioner), the direction, and the product of the matrix with the direction."""
    diagonal, r, inverse, p, q = scratch[0], scratch[1], scratch[2], scratch[3], scratch[4]
    rz = np.float32(0)
    for f in range(len(x)):
        x[f] = 0
        inverse[f] = np.float32(1) / inverse[f]
        p[f] = inverse[f] * r[f]
        rz += r[f] * p[f]
    enough = max(tolerance * tolerance * rz, TINY)
    for _ in range(steps):
        if rz <= enough:
            break
        for f in range(len(x)):
            q[f] = diagonal[f] * p[f]
        _add_products(columns, extras, factors, p, q)
        rz = _step(rz, x, r, inverse, p, q)


@kernel(fastmath=True, inline=True)
def _start(columns: Any, weights: Any, extras: Any, factors: Any, diagonal: Any, r: Any, whole: Any) -> None:
    """The right-hand side, which is the residual at zero, and the whole diagonal of the matrix."""
    for f in range(len(r)):
        r[f] = 0
        whole[f] = diagonal[f]
    four = len(columns) - len(columns) % 4
    for at in range(0, four, 4):
        a, b, c, d = columns[at], columns[at + 1], columns[at + 2], columns[at + 3]
        s, t, u, v = weights[at], weights[at + 1], weights[at + 2], weights[at + 3]
        j, k, m, n = extras[at], extras[at + 1], extras[at + 2], extras[at + 3]
        for f in range(len(r)):
            e, g, h, i = factors[a, f], factors[b, f], factors[c, f], factors[d, f]
            r[f] += (s * e + t * g) + (u * h + v * i)
            whole[f] += (j * e * e + k * g * g) + (m * h * h + n * i * i)
    for at in range(four, len(columns)):
        a = columns[at]
        for f in range(len(r)):
            r[f] += weights[at] * factors[a, f]
            whole[f] += extras[at] * factors[a, f] * factors[a, f]


@kernel(fastmath=True, inline=True)
def _add_products(columns: Any, extras: Any, factors: Any, p: Any, q: Any) -> None:
    """Add the product of the sparse part with p to q."""
    four = len(columns) - len(columns) % 4
    for at in range(0, four, 4):
        a, b, c, d = columns[at], columns[at + 1], columns[at + 2], columns[at + 3]
        s, t, u, v = np.float32(0), np.float32(0), np.float32(0), np.float32(0)
        for f in range(len(p)):
            s += factors[a, f] * p[f]
            t += factors[b, f] * p[f]
            u += factors[c, f] * p[f]
            v += factors[d, f] * p[f]
        s, t, u, v = extras[at] * s, extras[at + 1] * t, extras[at + 2] * u, extras[at + 3] * v
        for f in range(len(q)):
            q[f] += (s * factors[a, f] + t * factors[b, f]) + (u * factors[c, f] + v * factors[d, f])
    for at in range(four, len(columns)):
        a, s = columns[at], np.float32(0)
        for f in range(len(p)):
            s += factors[a, f] * p[f]
        s *= extras[at]
        for f in range(len(q)):
            q[f] += s * factors[a, f]


@kernel(fastmath=True, inline=True)
def _step(rz: Any, x: Any, r: Any, inverse: Any, p: Any, q: Any) -> Any:
    """Move x along p and turn p; gives the new squared residual."""
    curve, after = np.float32(0), np.float32(0)
    for f in range(len(x)):
        curve += p[f] * q[f]
    length = rz / max(curve, TINY)
    for f in range(len(x)):
        x[f] += length * p[f]
        r[f] -= length * q[f]
        after += r[f] * inverse[f] * r[f]
    turn = after / rz
    for f in range(len(x)):
        p[f] = inverse[f] * r[f] + turn * p[f]
    return after
