"""PyTorch: a step is a pass forward and one backward, as they come."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

import numba
import numpy as np
import torch
from keras.src.backend.torch.core import get_device

from slatewright.core.arrays import Array, Scores, Weights
from slatewright.models.neural.engine.engine import KEPT, Dense, Moved, State
from slatewright.models.neural.engine.stateless import Parts, answered
from slatewright.models.neural.task import Call, Objective


class TorchEngine:
    """See ``Engine``."""

    def __init__(self) -> None:
        _keep_threads()

    def step(self, objective: Objective, dense: Dense) -> "TorchStep":
        return _step(objective, dense)

    def answer(self, call: Call, weights: Sequence[Array], inputs: Mapping[str, Array]) -> Array:
        with torch.no_grad():
            found = answered(call, [_tensor(one) for one in weights], {n: _tensor(one) for n, one in inputs.items()})
        return _array(found)


class TorchStep:
    """See ``Step``."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    def start(self, weights: Sequence[Array], optimiser: Sequence[Array] | None = None) -> State:
        kept = self.parts.fresh() if optimiser is None else optimiser
        return State([_tensor(one, copy=True) for one in weights], [_tensor(one, copy=True) for one in kept])

    def __call__(
        self,
        state: State,
        vectors: Mapping[str, Scores],
        inputs: Mapping[str, Array],
        weights: Weights,
        learning_rate: float,
    ) -> Moved:
        parts, own = self.parts, list(state.weights)
        dense = [own[at].detach().requires_grad_() for at in parts.trained]
        for at, one in zip(parts.trained, dense, strict=True):
            own[at] = one
        rows = {role: _tensor(one).requires_grad_() for role, one in vectors.items()}
        given = {name: _tensor(one) for name, one in inputs.items()}
        loss, after = parts.mean_loss(own, rows, given, _tensor(weights))
        slopes = torch.autograd.grad(loss, [*dense, *rows.values()], materialize_grads=True)
        with torch.no_grad():
            n = len(dense)
            cut, row_slopes = parts.clipped(slopes[:n], dict(zip(rows, slopes[n:], strict=True)))
            moved = parts.moved([one.detach() for one in own], after, state.optimiser, cut, learning_rate)
        return Moved(State(*moved), float(loss.detach()), {role: _array(one) for role, one in row_slopes.items()})


def _keep_threads() -> None:
    """As many threads as PyTorch had: Numba's, when they start, give their number to all that is OpenMP.

    Where others work on the same cores a thread too many is dear, as each operation waits, spinning, for all of them.
    """
    with ThreadPoolExecutor(1) as another:  # a thread that Numba never told: a person's word, else OMP_NUM_THREADS
        threads = another.submit(torch.get_num_threads).result()
    numba.get_num_threads()  # starts them
    torch.set_num_threads(threads)


@lru_cache(KEPT)
def _step(objective: Objective, dense: Dense) -> TorchStep:
    return TorchStep(Parts(objective, dense))


def _tensor(array: Any, copy: bool = False) -> Any:
    """On the device of Keras; ``copy`` where the tensor is going to change."""
    if isinstance(array, torch.Tensor):
        return array
    array = np.array(array) if copy or not array.flags.writeable else array
    return torch.from_numpy(array).to(get_device())


def _array(tensor: Any) -> Array:
    found: Array = tensor.detach().cpu().numpy()
    return found
