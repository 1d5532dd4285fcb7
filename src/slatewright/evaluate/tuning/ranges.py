"""What a knob may be in a search: a span of numbers, or one of a few values."""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

DECADE = 10.0  # a span whose ends are this many times apart is searched by magnitude
DIGITS = 3  # that a proposed number keeps, so that what is printed is what was tried
GRID_POINTS = 5  # of a span
SHUFFLED = 100_000  # places of a grid, at most, that are shuffled as a whole
GATE = "{} is none"  # the name under which a sampler chooses between none and a number


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers from ``low`` to ``high``, both included; ``whole`` ones only, or none at all where ``optional``."""

    low: float
    high: float
    whole: bool = False
    optional: bool = False

    @property
    def by_magnitude(self) -> bool:
        """Whether a factor of two is the same step everywhere."""
        return self.low > 0 and self.high >= DECADE * self.low

    def rounded(self, number: float) -> float:
        """The number as it is tried: whole, or of three digits."""
        if self.whole:
            return round(number)
        return min(self.high, max(self.low, float(f"{number:.{DIGITS}g}")))

    def share_of(self, value: float) -> float:
        """Where a value lies, 0 at the low end and 1 at the high one."""
        low, high, at = (math.log(one) if self.by_magnitude else one for one in (self.low, self.high, value))
        return (at - low) / (high - low)

    def holds(self, value: Any) -> bool:
        """Whether a search could come to this value."""
        if value is None:
            return self.optional
        return isinstance(value, int | float) and self.low <= value <= self.high

    def points(self) -> tuple[float | None, ...]:
        """The few values that stand for the span in a grid."""
        space = np.geomspace if self.by_magnitude else np.linspace
        points = dict.fromkeys(self.rounded(float(one)) for one in space(self.low, self.high, GRID_POINTS))
        return (*points, None) if self.optional else tuple(points)

    def size(self) -> float:
        """How many different values there are, infinite for numbers that are not whole."""
        different = self.high - self.low + 1 if self.whole else math.inf if self.high > self.low else 1
        return different + self.optional


@dataclass(frozen=True, slots=True)
class Choice:
    """One of these values."""

    values: tuple[Any, ...]

    def holds(self, value: Any) -> bool:
        """Whether it is one of them."""
        return any(one is value or one == value for one in self.values)

    def points(self) -> tuple[Any, ...]:
        """All of them."""
        return self.values

    def size(self) -> float:
        """How many there are."""
        return len(self.values)

    def labels(self) -> dict[Any, Any]:
        """What a sampler may hold in the place of each value: itself where it is plain, else its text."""
        return {
            one if one is None or isinstance(one, bool | int | float | str) else repr(one): one for one in self.values
        }


Range: TypeAlias = Span | Choice


@dataclass(frozen=True)
class Space:
    """What is searched, by knob."""

    ranges: Mapping[str, Range]

    def __len__(self) -> int:
        return len(self.ranges)

    def size(self) -> float:
        """How many different sets of knobs there are."""
        return math.prod(one.size() for one in self.ranges.values())

    def without(self, name: str) -> "Space":
        """The space with one knob less, where it has that knob."""
        return Space({knob: one for knob, one in self.ranges.items() if knob != name})

    def knobs(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """The values of the knobs from what a sampler proposed."""
        found: dict[str, Any] = {}
        for name, one in self.ranges.items():
            if isinstance(one, Choice):
                found[name] = one.labels()[params[name]]
            else:
                none = one.optional and params[GATE.format(name)]
                found[name] = None if none else one.rounded(params[name])
        return found

    def params(self, knobs: Mapping[str, Any]) -> dict[str, Any]:
        """The other way round: what a sampler would have proposed for these values."""
        return dict(
            itertools.chain.from_iterable(_proposed(name, one, knobs[name]) for name, one in self.ranges.items())
        )

    def grid(self, at: int, order: int) -> dict[str, Any]:
        """The values at one place of the grid, the places shuffled by the seed ``order``."""
        points = {name: one.points() for name, one in self.ranges.items()}
        place = next(itertools.islice(_places([len(one) for one in points.values()], order), at, None))
        return {name: points[name][digit] for name, digit in zip(points, place, strict=True)}

    def grid_size(self) -> int:
        """Places of the grid."""
        return math.prod(len(one.points()) for one in self.ranges.values())


def _places(lengths: Sequence[int], order: int) -> Iterator[tuple[int, ...]]:
    """Every place of a grid once; a grid too large to be shuffled as a whole is drawn from, without what was drawn."""
    rng, size = np.random.default_rng(order), math.prod(lengths)
    if size <= SHUFFLED:
        at = np.unravel_index(rng.permutation(size), lengths)
        yield from zip(*(digits.tolist() for digits in at), strict=True)
        return
    drawn = set[tuple[int, ...]]()
    while len(drawn) < size:
        place = tuple(rng.integers(lengths).tolist())
        if place not in drawn:
            drawn.add(place)
            yield place


def _proposed(name: str, one: Range, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(one, Choice):
        yield name, next(label for label, meant in one.labels().items() if meant is value or meant == value)
        return
    if one.optional:
        yield GATE.format(name), value is None
    yield name, one.low if value is None else value
