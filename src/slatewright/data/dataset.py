"""The data set: what a model may know at one instant."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from slatewright.core.arrays import Frame, Index, Times, Weights
from slatewright.data.histories import Histories
from slatewright.data.idmap import IdMap


@dataclass(frozen=True, slots=True)
class Interactions:
    """Who did what to which item, when; sorted by user, then time, then item.

    Columns, each (events,): ``user`` and ``item`` int32 indices, ``kind`` int8 into ``kinds``, ``value`` float32 (what
    the event said: a rating, a quantity, 1), ``weight`` float32 (how much training counts it), ``time`` int64 µs UTC.
    """

    user: Index
    item: Index
    kind: npt.NDArray[np.int8]
    value: Weights
    weight: Weights
    time: Times
    kinds: tuple[str, ...] = ("interaction",)

    def __len__(self) -> int:
        return len(self.user)


@dataclass(frozen=True)
class Dataset:
    """Id maps, interactions and facts; nothing at or after ``as_of`` is in it.

    ``item_facts`` and ``user_facts`` have one row per index, in the order of the id map, without the id column; a cold
    row is all nulls. ``version`` names the data it was read from (log version and as_of), for cards and run records.
    """

    users: IdMap
    items: IdMap
    interactions: Interactions
    as_of: int
    item_facts: Frame = field(default_factory=pl.DataFrame)
    user_facts: Frame = field(default_factory=pl.DataFrame)
    version: str = ""

    @property
    def n_users(self) -> int:
        return len(self.users)

    @property
    def n_items(self) -> int:
        return len(self.items)

    def histories(self) -> Histories:
        """The history of every user, (n_users) of them; shares memory with the interactions."""
        table = self.interactions
        counts = np.bincount(table.user, minlength=self.n_users)
        offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return Histories(offsets, table.item, table.weight, table.time)

    def matrix(self) -> sparse.csr_matrix:
        """Summed weights, CSR float32 (n_users, n_items)."""
        return self.histories().matrix(self.n_items)


def dataset_of(
    events: Frame,
    *,
    as_of: int | None = None,
    weights: Mapping[str, float] | None = None,
    item_facts: Frame | None = None,
    user_facts: Frame | None = None,
    version: str = "",
) -> Dataset:
    """Build a data set from a frame of canonical events (``user_id, item_id``, and optionally ``kind, value, time``).

    ``time`` is a Datetime or int64 µs UTC. ``weights`` gives the weight of each kind (1 where it says nothing; 0 leaves
    the kind out). Facts are frames keyed by ``item_id`` / ``user_id``; ids with facts only are warm and get an index.
    """
    if "time" not in events.columns:
        events = events.with_columns(time=pl.lit(0, dtype=pl.Int64))
    if "kind" not in events.columns:
        events = events.with_columns(kind=pl.lit("interaction"))
    if "value" not in events.columns:
        events = events.with_columns(value=pl.lit(1.0))
    events = events.with_columns(pl.col("time").cast(pl.Int64), pl.col("user_id", "item_id", "kind").cast(pl.String))
    if as_of is not None:
        events = events.filter(pl.col("time") < as_of)
    instant = as_of if as_of is not None else 1 + int(events["time"].fill_null(0).to_numpy().max(initial=0))
    weight = pl.col("kind").replace_strict(dict(weights or {}), default=1.0, return_dtype=pl.Float32)
    events = events.with_columns(weight=weight).filter(pl.col("weight") != 0)
    users = IdMap.of(_all_ids(events["user_id"], user_facts, "user_id"))
    items = IdMap.of(_all_ids(events["item_id"], item_facts, "item_id"))
    kinds = sorted(events["kind"].unique())
    coded = events.with_columns(
        user=pl.Series(users.locate(events["user_id"])[0]),
        item=pl.Series(items.locate(events["item_id"])[0]),
        code=pl.col("kind").replace_strict(
            {kind: at for at, kind in enumerate(kinds)}, default=0, return_dtype=pl.Int8
        ),
    ).sort("user", "time", "item")
    table = Interactions(
        coded["user"].to_numpy(),
        coded["item"].to_numpy(),
        coded["code"].to_numpy(),
        coded["value"].cast(pl.Float32).to_numpy(),
        coded["weight"].to_numpy(),
        coded["time"].to_numpy(),
        tuple(kinds) or ("interaction",),
    )
    return Dataset(
        users,
        items,
        table,
        instant,
        _aligned(items, item_facts, "item_id"),
        _aligned(users, user_facts, "user_id"),
        version,
    )


def _all_ids(ids: pl.Series, facts: Frame | None, column: str) -> pl.Series:
    return ids if facts is None else pl.concat([ids, facts[column].cast(pl.String)])


def _aligned(ids: IdMap, facts: Frame | None, column: str) -> Frame:
    if facts is None:
        return pl.DataFrame()
    keyed = facts.with_columns(pl.col(column).cast(pl.String)).unique(column, keep="last")
    return ids.names.alias(column).to_frame().join(keyed, on=column, how="left", maintain_order="left").drop(column)
