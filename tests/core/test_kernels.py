import threading

import numba
import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_info

from slatewright.core.kernels import kernel, one_at_a_time, single_threaded_blas


@kernel(parallel=True)
def _row_sums(table: npt.NDArray[np.float64], out: npt.NDArray[np.float64]) -> None:
    for row in numba.prange(table.shape[0]):
        out[row] = table[row].sum()


def test_parallel_kernels_may_be_called_from_many_threads() -> None:
    table = np.random.default_rng(0).random((200, 50))
    outs = [np.zeros(200) for _ in range(8)]

    def work(out: npt.NDArray[np.float64]) -> None:
        for _ in range(20):
            with one_at_a_time():
                _row_sums(table, out)

    threads = [threading.Thread(target=work, args=(out,)) for out in outs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for out in outs:
        np.testing.assert_allclose(out, table.sum(axis=1))


def test_blas_is_held_to_one_thread_inside_and_given_back_after() -> None:
    def blas_threads() -> list[int]:
        return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]

    before = blas_threads()
    with single_threaded_blas():
        assert set(blas_threads()) <= {1}
    assert blas_threads() == before
