"""Batches of events for a model of one's own."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from slatewright.core.arrays import Array
from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.dataset import Dataset
from slatewright.data.feeding.batches import Batches
from slatewright.data.feeding.tensorflow import as_tensorflow
from slatewright.data.feeding.torch import as_torch


@dataclass(frozen=True)
class Feed:
    """How a data set becomes batches: ``Feed(batch_size=512, n_negatives=4).torch(dataset)``.

    A batch holds, by name and for each of its events: ``user`` and ``item`` int32, ``weight``, ``value`` float32 and
    ``time`` int64; with ``n_negatives`` also ``negatives`` int32 (events, n_negatives), items that the user does not
    have; with ``window`` also ``history`` int32 (events, window), what the user did before, oldest first, with
    ``n_items`` in the places before the first event. Columns are read where they lie; the order is computed, not
    held. Equal seeds give equal batches, and every pass over the data another order.
    """

    batch_size: Annotated[int, Knob("events of a batch; the last one may have fewer", least=1)] = 1024
    n_negatives: Annotated[int, Knob("items drawn per event that its user does not have", least=0)] = 0
    window: Annotated[int, Knob("how much of the user's history comes along, the latest", least=0)] = 0
    shuffle: Annotated[bool, Knob("whether events come in a drawn order, or as they lie: by user, then time")] = True
    rng: Annotated[int, Knob("seed of the order and of the negatives", least=0)] = 0

    def __post_init__(self) -> None:
        check_knobs(self)

    def numpy(self, dataset: Dataset, epoch: int = 0) -> Iterator[dict[str, Array]]:
        """The batches of one pass as arrays."""
        batches = self.batches(dataset)
        return (batches.batch(epoch, at) for at in range(len(batches)))

    def torch(self, dataset: Dataset, workers: int = 0) -> Any:
        """A ``torch.utils.data.DataLoader`` of dicts of tensors; the same batches for any number of workers.

        Raises:
            MissingExtra: PyTorch is not installed.
        """
        return as_torch(self.batches(dataset), workers)

    def tensorflow(self, dataset: Dataset) -> Any:
        """A ``tf.data.Dataset`` of dicts of tensors, its cardinality known.

        Raises:
            MissingExtra: TensorFlow is not installed.
        """
        return as_tensorflow(self.batches(dataset))

    def batches(self, dataset: Dataset) -> Batches:
        """The batches by number, for a loader of one's own."""
        return Batches.of(dataset, self.batch_size, self.n_negatives, self.window, self.shuffle, self.rng)
