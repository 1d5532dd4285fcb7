"""The catalogue of the simulated shop: what is sold, for how much, since when."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from slatewright.core.arrays import Array, Frame, Index
from slatewright.simulate.knobs import Simulation
from slatewright.simulate.words import DEPARTMENTS, LOOKS, MAKERS, SIZES


@dataclass(frozen=True, slots=True)
class Goods:
    """The items as arrays, each (items,), and as a frame of facts.

    ``department`` int32; ``price`` float64; ``popularity`` float64, sums to 1; ``launched`` int32, the day an item
    appears (0: it was always there); ``companion`` int32, the item that people view next.
    """

    frame: Frame
    department: Index
    price: Array
    popularity: Array
    launched: Index
    companion: Index


def stock(knobs: Simulation, rng: np.random.Generator) -> Goods:
    """Fill the shelves."""
    department = rng.integers(len(DEPARTMENTS), size=knobs.items).astype(np.int32)
    typical = np.array([d.price for d in DEPARTMENTS])[department]
    price = np.round(typical * rng.lognormal(0, 0.5, knobs.items)) + 0.95  # no shop sells at a round price
    popularity = rng.permutation(1 / np.arange(3, knobs.items + 3) ** 0.8)
    late = rng.random(knobs.items) < 0.3
    launched = np.where(late, rng.integers(knobs.days, size=knobs.items), 0).astype(np.int32)
    if launched.min() > 0:
        launched[0] = 0  # a shop opens with something on the shelf
    frame = _facts(department, price, rng)
    companion = _companions(department, rng)
    return Goods(frame, department, price, popularity / popularity.sum(), launched, companion)


def _facts(department: Index, price: Array, rng: np.random.Generator) -> Frame:
    n = len(department)
    maker, look, size = (rng.integers(len(words), size=n) for words in (MAKERS, LOOKS, SIZES))
    good = rng.integers(1 << 30, size=n) % np.array([len(d.goods) for d in DEPARTMENTS])[department]
    starts = np.cumsum([0, *(len(d.goods) for d in DEPARTMENTS)])[:-1]
    goods = pl.Series([name for d in DEPARTMENTS for name in d.goods])
    prefix = pl.Series([d.prefix for d in DEPARTMENTS]).gather(department)
    frame = pl.DataFrame(
        {
            "item_id": prefix + "-" + pl.Series(np.arange(n)).cast(pl.String).str.zfill(4),
            "maker": pl.Series(MAKERS).gather(maker),
            "look": pl.Series(LOOKS).gather(look),
            "good": goods.gather(starts[department] + good),
            "size": pl.Series(SIZES).gather(size),
            "category": pl.Series([d.name for d in DEPARTMENTS]).gather(department),
            "price": price,
        }
    )
    title = pl.format("{} {} {}, {}", "maker", "look", "good", "size")
    return frame.select("item_id", title.alias("title"), "category", pl.col("maker").alias("brand"), "look", "price")


def _companions(department: Index, rng: np.random.Generator) -> Index:
    """A ring through each department: every item leads to another of its department, where there is one."""
    order = np.lexsort((rng.random(len(department)), department))
    following = np.roll(order, -1)
    last = np.append(department[order][1:] != department[order][:-1], True)
    first = order[np.searchsorted(department[order], department[order])]
    companion = np.empty(len(department), dtype=np.int32)
    companion[order] = np.where(last, first, following)
    return companion
