"""From a frame of events to indices: the one place where ids become numbers and returns cancel purchases."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from slatewright.core.arrays import Frame, Index, Weights
from slatewright.core.errors import BadInput
from slatewright.data.coding import Coded, code_names
from slatewright.data.idmap import IdMap
from slatewright.data.interactions import Interactions
from slatewright.data.netting import PURCHASE, RETURN, remaining_shares
from slatewright.data.ordering import sort_events

NO_KIND = "interaction"
RATING = "rating"

_Kept: TypeAlias = npt.NDArray[np.int64]
_MOST_KINDS = 127
_MOST_EVENTS = 2**31 - 1


def session_numbers() -> pl.Expr:
    """``session_id`` as the column ``session``: int32 numbers above 0, equal for equal ids; 0 where there is none.

    Two visits of one user share a number once in two thousand million times.
    """
    number = (pl.col("session_id").cast(pl.String).hash(seed=0) % (2**31 - 1)).cast(pl.Int32) + 1
    return pl.when(pl.col("session_id").is_null()).then(pl.lit(0, pl.Int32)).otherwise(number).alias("session")


def counted(events: pl.LazyFrame, weights: Mapping[str, float]) -> pl.LazyFrame:
    """Leave out the kinds of weight 0."""
    ignored = [kind for kind, weight in weights.items() if weight == 0 and kind != RETURN]
    return events.filter(~pl.col("kind").is_in(ignored)) if ignored else events


def index_events(
    events: Frame,
    weights: Mapping[str, float],
    warm_users: pl.Series | None,
    warm_items: pl.Series | None,
    positive_rating: float | None = None,
) -> tuple[IdMap, IdMap, Interactions]:
    """Id maps and interactions of ``user_id, item_id, kind, value, time`` (int64 µs) and optionally ``quantity``.

    ``session`` (int32, 0 where no visit is told) is kept where it is among the columns. No nulls but in ``quantity``.
    Warm ids have facts and no event; they get an index too. Ratings below ``positive_rating`` weigh 0: the item was
    seen, and teaches nothing.

    Raises:
        BadInput: more kinds or events than indices can count.
    """
    with ThreadPoolExecutor(
        3
    ) as pool:  # hashing and look-ups leave the interpreter lock, so the columns share the cores
        users, items, kinds = pool.map(code_names, (events["user_id"], events["item_id"], events["kind"]))
        _check_limits(events, kinds)
        value, time = events["value"].to_numpy(), events["time"].to_numpy()
        session = events["session"].to_numpy() if "session" in events.columns else None
        kept: _Kept | None = None
        if RETURN in kinds.names:
            value, kept = _netted(events, users, items, kinds)
            value, time = value[kept], time[kept]
            session = None if session is None else session[kept]
        mapped = pool.map(_mapped, (users, items, kinds), (kept,) * 3, (warm_users, warm_items, None))
        (user_map, user), (item_map, item), (kind_map, kind) = mapped
    offsets, (item, kinds_of, value, time, visit) = sort_events(user, item, kind.astype(np.int8), value, time, session)
    user = np.repeat(np.arange(len(offsets) - 1, dtype=np.int32), np.diff(offsets))
    weight = np.array([weights.get(name, 1.0) for name in kind_map], dtype=np.float32)[kinds_of]
    if positive_rating is not None and RATING in kind_map:
        weight[(kinds_of == kind_map.find(RATING)) & (value < positive_rating)] = 0
    visits = None if session is None else visit
    kinds_said = tuple(kind_map) or (NO_KIND,)
    return user_map, item_map, Interactions(user, item, kinds_of, value, weight, time, kinds_said, visits)


def _netted(events: Frame, users: Coded, items: Coded, kinds: Coded) -> tuple[Weights, npt.NDArray[np.int64]]:
    """Every row's value after returns, and the rows that are left."""
    wanted = np.flatnonzero((kinds.names.is_in([PURCHASE, RETURN])).to_numpy()[kinds.codes])
    returned = (kinds.names == RETURN).to_numpy()[kinds.codes[wanted]]
    amount = pl.col("value").cast(pl.Float64)
    if "quantity" in events.columns:
        amount = pl.coalesce(pl.col("quantity").cast(pl.Float64), amount)
    amounts = events.select(amount.abs()).to_series().to_numpy()[wanted]
    time = events["time"].to_numpy()[wanted]
    shares = remaining_shares(users.codes[wanted], items.codes[wanted], time, returned, amounts)
    value = events["value"].to_numpy().copy()
    value[wanted] *= shares.astype(np.float32)
    left = np.ones(events.height, dtype=np.bool_)
    left[wanted] = shares > 0
    return value, np.flatnonzero(left)


def _mapped(coded: Coded, kept: _Kept | None, warm: pl.Series | None) -> tuple[IdMap, Index]:
    """The id map of the names that are left and of those with facts, and the index of each row that is left."""
    codes, names = coded.codes, coded.names
    if kept is not None:
        codes = codes[kept]
        names = names.filter(pl.Series(np.bincount(codes, minlength=len(names)) > 0))
    ids = IdMap.of(names if warm is None else pl.concat([names, warm.cast(pl.String)]))
    return ids, ids.positions(coded.names)[codes]


def _check_limits(events: Frame, kinds: Coded) -> None:
    if len(kinds.names) > _MOST_KINDS:
        raise BadInput(f"events must have at most {_MOST_KINDS} kinds, got {len(kinds.names)}: is the column right?")
    if events.height > _MOST_EVENTS:
        raise BadInput(
            f"a data set must have at most {_MOST_EVENTS:,} events, got {events.height:,}: choose a later start"
        )
