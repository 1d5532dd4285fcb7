"""The data set: what a model may know at one instant."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from scipy import sparse

from slatewright.core.arrays import Frame, Weights
from slatewright.core.errors import BadInput
from slatewright.data.histories import Histories
from slatewright.data.idmap import IdMap
from slatewright.data.indexing import NO_KIND, counted, index_events, session_numbers
from slatewright.data.interactions import Interactions

__all__ = ["Dataset", "Interactions", "assemble", "dataset_of"]


# Beyond these, sums and squares of float32 leave the range of numbers.
LARGEST = {"weight": 1e13, "value": float(np.finfo(np.float32).max)}


@dataclass(frozen=True)
class Dataset:
    """Id maps, interactions and facts; nothing at or after ``as_of`` is in it.

    ``item_facts`` and ``user_facts`` have one row per index, in the order of the id map, without the id column; a cold
    row is all nulls. ``version`` names the data it was read from (log version and as_of), for cards and run records.
    ``facts_until`` is when the latest of the facts was told, µs UTC; None where facts carry no time.
    """

    users: IdMap
    items: IdMap
    interactions: Interactions
    as_of: int
    item_facts: Frame = field(default_factory=pl.DataFrame)
    user_facts: Frame = field(default_factory=pl.DataFrame)
    version: str = ""
    facts_until: int | None = None

    def __post_init__(self) -> None:
        _check_range("weight", self.interactions.weight)
        _check_range("value", self.interactions.value)

    @property
    def n_users(self) -> int:
        return len(self.users)

    @property
    def n_items(self) -> int:
        return len(self.items)

    def histories(self) -> Histories:
        """The history of every user, (n_users) of them, with all that is known; shares memory with the data set."""
        table = self.interactions
        counts = np.bincount(table.user, minlength=self.n_users)
        offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        facts = self.user_facts if self.user_facts.height else None
        return Histories(
            offsets,
            table.item,
            table.weight,
            table.time,
            table.value,
            table.kind,
            table.kinds,
            facts,
            owners=np.arange(self.n_users, dtype=np.int32),
        )

    def matrix(self) -> sparse.csr_matrix:
        """Summed weights, CSR float32 (n_users, n_items)."""
        return self.histories().matrix(self.n_items)


def _check_range(name: str, numbers: Weights) -> None:
    most = LARGEST[name]
    for one in (numbers.min(initial=0), numbers.max(initial=0)):  # NaN where any is
        if not abs(one) <= most:
            raise BadInput(f"every {name} of a data set must be finite and at most {most:g}, got {one:g}")


def dataset_of(
    events: Frame,
    *,
    as_of: int | None = None,
    weights: Mapping[str, float] | None = None,
    positive_rating: float | None = None,
    item_facts: Frame | None = None,
    user_facts: Frame | None = None,
    version: str = "",
) -> Dataset:
    """Build a data set from a frame of events (``user_id, item_id``; optionally ``kind, value, time, session_id``).

    ``time`` is a Datetime or int64 µs UTC; only events before ``as_of`` count (default: all). ``weights`` gives the
    weight of each kind (1 where it says nothing; 0 leaves the kind out). Ratings below ``positive_rating`` weigh 0:
    the item was seen, and teaches nothing. Events of kind "return" cancel earlier purchases and are left out
    themselves (see ``netting``). Facts are frames keyed by ``item_id`` / ``user_id``; ids with facts only are warm and
    get an index.

    Raises:
        BadInput: a column is missing, cannot be read as its type, or has nulls or values that are not finite.
    """
    rows = _canonical(events)
    if as_of is not None:
        rows = rows.filter(pl.col("time") < as_of)
    instant = as_of if as_of is not None else 1 + int(rows["time"].to_numpy().max(initial=0))
    rows = counted(rows.lazy(), weights or {}).collect()
    return assemble(
        rows, weights or {}, item_facts, user_facts, as_of=instant, version=version, positive_rating=positive_rating
    )


def assemble(
    rows: Frame,
    weights: Mapping[str, float],
    item_facts: Frame | None,
    user_facts: Frame | None,
    *,
    as_of: int,
    version: str,
    positive_rating: float | None = None,
) -> Dataset:
    """The data set of rows that were checked and chosen before: what ``dataset_of`` and ``read_dataset`` end in."""
    warm_items = None if item_facts is None else item_facts["item_id"]
    warm_users = None if user_facts is None else user_facts["user_id"]
    users, items, table = index_events(rows, weights, warm_users, warm_items, positive_rating)
    return Dataset(
        users,
        items,
        table,
        as_of,
        _aligned(items, item_facts, "item_id"),
        _aligned(users, user_facts, "user_id"),
        version,
    )


def _canonical(events: Frame) -> Frame:
    """``user_id, item_id, kind, value, time``, and ``quantity`` and ``session`` where told; time as int64 µs UTC."""
    missing = [name for name in ("user_id", "item_id") if name not in events.columns]
    if missing:
        raise BadInput(f"events must have the columns user_id and item_id, got {', '.join(events.columns) or 'none'}")
    time = pl.col("time") if "time" in events.columns else pl.lit(0)
    if isinstance(events.schema.get("time"), pl.Datetime):
        time = time.dt.cast_time_unit("us")
    columns = [
        pl.col("user_id", "item_id").cast(pl.String),
        _or(events, "kind", NO_KIND).cast(pl.String),
        _or(events, "value", 1.0).cast(pl.Float32),
        time.cast(pl.Int64).alias("time"),
        *([pl.col("quantity").cast(pl.Float32)] if "quantity" in events.columns else []),
        *([session_numbers()] if "session_id" in events.columns else []),
    ]
    try:
        rows = events.select(columns)
    except pl.exceptions.PolarsError as error:
        raise BadInput(f"events have a column that cannot be read as its type: {error}") from error
    for name in ("user_id", "item_id", "kind", "value", "time"):
        if nulls := rows[name].null_count():
            raise BadInput(f"events.{name} must be there in every row, got {nulls} of {rows.height} without")
    if wrong := rows["value"].is_finite().not_().sum():
        raise BadInput(f"events.value must be finite, got {wrong} of {rows.height} that are not")
    return rows


def _or(events: Frame, name: str, default: str | float) -> pl.Expr:
    return pl.col(name) if name in events.columns else pl.lit(default).alias(name)


def _aligned(ids: IdMap, facts: Frame | None, column: str) -> Frame:
    if facts is None:
        return pl.DataFrame()
    keyed = facts.with_columns(pl.col(column).cast(pl.String)).unique(column, keep="last")
    return ids.names.alias(column).to_frame().join(keyed, on=column, how="left", maintain_order="left").drop(column)
