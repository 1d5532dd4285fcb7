"""How events are spread over their owners: some users and items have thousands, most have few."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from slatewright.data.report.wording import number


@dataclass(frozen=True, slots=True)
class Spread:
    """How many owners (users or items) have how many events.

    ``sizes`` int64, ascending: numbers of events; ``owners`` int64: how many owners have that many.
    """

    sizes: npt.NDArray[np.int64]
    owners: npt.NDArray[np.int64]

    def quantile(self, share: float) -> int:
        """The events of the owner that ``share`` of the owners do not exceed."""
        reached = np.cumsum(self.owners) >= share * self.owners.sum()
        return int(self.sizes[np.argmax(reached)])

    def mean(self) -> float:
        return float(self.sizes @ self.owners / self.owners.sum())

    def up_to(self, size: int) -> int:
        """How many owners have at most so many events."""
        return int(self.owners[self.sizes <= size].sum())

    def head_share(self, share: float) -> float:
        """The share of all events that the busiest ``share`` of the owners have."""
        owners, events = self.head_curve()
        return float(np.interp(share, owners, events))

    def head_curve(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Shares of the owners, busiest first, and the shares of the events they have; both from 0 to 1."""
        sizes, owners = self.sizes[::-1], self.owners[::-1]
        x = np.concatenate([[0.0], np.cumsum(owners) / owners.sum()])
        y = np.concatenate([[0.0], np.cumsum(sizes * owners) / (sizes @ owners)])
        return x, y

    def bins(self) -> tuple[list[str], list[int]]:
        """Owners with 1, 2, 3 to 4, 5 to 8, ... events: the names of the bins, and how many owners are in each."""
        powers = np.ceil(np.log2(self.sizes)).astype(np.int64)
        counts = np.bincount(powers, weights=self.owners).astype(np.int64).tolist()
        names = ["1", "2", *(f"{number(2 ** (at - 1) + 1)}-{number(2**at)}" for at in range(2, len(counts)))]
        return names[: len(counts)], counts
