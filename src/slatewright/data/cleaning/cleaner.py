"""Cleaning: every row is kept, merged into another one, or quarantined with a reason."""

import numpy as np
import polars as pl

from slatewright.core.arrays import Frame
from slatewright.core.clock import MICROSECONDS_PER_DAY, instant, iso
from slatewright.data.cleaning.duplicates import merge_duplicates
from slatewright.data.cleaning.knobs import Cleaned, Cleaning, StepCount
from slatewright.data.cleaning.labels import LABEL_SCHEMA, apply_merges, folded, label_merges
from slatewright.data.cleaning.returns import read_returns
from slatewright.data.cleaning.robots import set_aside_robots
from slatewright.data.cleaning.rows import Rows, coded


def clean(
    events: Frame,
    knobs: Cleaning,
    *,
    now: int,
    merges: Frame | None = None,
    bought: Frame | None = None,
) -> Cleaned:
    """Clean events; all events of a user must be in the frame (the whole import, or one partition by user).

    Nothing is subtracted here: a return stays an event, of kind ``return`` with the number of pieces as a positive
    value, and whoever reads the log as of an instant subtracts what was returned before it.

    Args:
        events: ``user_id, item_id, kind, time`` (Datetime µs UTC or int64 µs) and, where known, ``value, price,
            quantity, slate_id, session_id, invoice``; other columns (``event_id, file, row``) travel along. (n,) rows.
        knobs: which steps run, and their limits.
        now: the instant of the import, µs; an event of more than a day later is impossible.
        merges: the merged item ids of the whole import, from ``label_merges``; None looks for them in this frame.
        bought: purchases that are in the log already (``user_id, item_id, time``, and ``quantity`` where known), so
            that a return of one of them is not taken for a return of nothing.
    """
    rows = Rows.of(events)
    steps = _unusable(rows)
    if knobs.merge_labels:
        merges = merges if merges is not None else _merges(rows)
        steps.append(_merge_items(rows, merges))
    else:
        merges = pl.DataFrame(schema=LABEL_SCHEMA)
    if knobs.not_products:
        steps.append(_not_products(rows, knobs.not_products))
    if knobs.impossible_times:
        steps.append(_impossible_times(rows, instant(knobs.earliest), now + MICROSECONDS_PER_DAY))
    steps += merge_duplicates(rows, knobs)
    if knobs.robots:
        steps.append(set_aside_robots(rows, knobs))
    if knobs.returns:
        if bought is not None:
            bought = bought.with_columns(apply_merges(bought["item_id"], merges))
        steps += read_returns(rows, knobs, bought)
    kept, quarantined = rows.kept(), rows.quarantined()
    merged = events.height - kept.height - quarantined.height
    return Cleaned(kept, quarantined, merged, tuple(steps), merges)


def _unusable(rows: Rows) -> list[StepCount]:
    """Rows that no step can speak of: they lack a user, an item, a kind or a time, or hold NaN or infinity."""
    events = rows.events
    steps = []
    for name, codes, names in (
        ("user_id", rows.user, rows.user_names),
        ("item_id", rows.item, rows.item_names),
    ):
        missing = events[name].is_null().to_numpy()
        blank = (names.str.strip_chars() == "").to_numpy()
        if blank.any():
            missing = missing | blank[codes]
        steps.append(rows.quarantine(missing, f"no {name}", f"no {name}"))
    for name in ("kind", "time"):
        missing = events[name].is_null().to_numpy()
        steps.append(rows.quarantine(missing, f"no {name}", f"no {name}"))
    for name in ("value", "quantity", "price"):
        if name in events.columns and events[name].dtype.is_float():
            odd = (~events[name].is_finite()).fill_null(False).to_numpy()
            steps.append(rows.quarantine(odd, f"{name} not a number", f"{name} is not a finite number"))
    return steps


def _merges(rows: Rows) -> Frame:
    usable = rows.item[rows.live()]
    counts = np.bincount(usable, minlength=len(rows.item_names)).astype(np.uint64)
    return label_merges(pl.DataFrame({"label": rows.item_names, "rows": counts}).filter(pl.col("rows") > 0))


def _merge_items(rows: Rows, merges: Frame) -> StepCount:
    """Give every merged spelling the code and the name of the spelling it is merged into."""
    renamed = apply_merges(rows.item_names, merges)
    differs = (renamed != rows.item_names).to_numpy()
    moved = np.zeros(rows.events.height, dtype=np.bool_)
    if differs.any():
        moved = differs[rows.item] & rows.live()
        codes, rows.item_names = coded(renamed)
        rows.item = codes[rows.item]
        names = rows.item_names.gather(rows.item)
        rows.changes["item_id"] = names.zip_with(pl.Series(moved), rows.events["item_id"].cast(pl.String))
    return rows.changed(moved, "inconsistent labels", "given their most frequent spelling")


def _not_products(rows: Rows, not_products: tuple[str, ...]) -> StepCount:
    names = rows.item_names.to_frame("id").select(folded(pl.col("id"))).to_series()
    listed = names.is_in([" ".join(name.split()).lower() for name in not_products]).to_numpy()
    hit = listed[rows.item] if len(listed) else np.zeros(0, dtype=np.bool_)
    return rows.quarantine(hit, "not products", "not a product")


def _impossible_times(rows: Rows, earliest: int, latest: int) -> StepCount:
    outside = (rows.time < earliest) | (rows.time > latest)
    limits = f"before {iso(earliest)[:10]} or from the future"
    return rows.quarantine(outside, "impossible times", f"impossible time: {limits}", limits)
