"""How numeric kernels are compiled, and how many threads they may use.

Kernels compile on first use and are cached on disk beside the source (or in the user's cache folder where that is
read-only). Parallel kernels run one at a time in a process: Numba's default threading layer is not safe to enter
from several threads, and two parallel kernels at once would only fight for the same cores. So a parallel kernel is
called inside ``with one_at_a_time():``; kernels on the request path are compiled without ``parallel``.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import numba
from threadpoolctl import threadpool_limits

F = TypeVar("F", bound=Callable[..., Any])

_running = threading.RLock()


def kernel(*, parallel: bool = False, fastmath: bool = False, inline: bool = False) -> Callable[[F], F]:
    """Compile a function to machine code: cached on disk, without the interpreter lock.

    ``inline`` is for the small parts of a kernel that call each other in its innermost loops.
    """

    def decorate(function: F) -> F:
        inlined = "always" if inline else "never"
        compiled = numba.njit(cache=True, nogil=True, parallel=parallel, fastmath=fastmath, inline=inlined)(function)
        return cast(F, compiled)

    return decorate


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the process-wide turn for a parallel kernel."""
    with _running:
        yield


@contextmanager
def single_threaded_blas() -> Iterator[None]:
    """Keep BLAS to one thread, so that its threads and the kernels' threads do not multiply."""
    with threadpool_limits(limits=1, user_api="blas"):
        yield
