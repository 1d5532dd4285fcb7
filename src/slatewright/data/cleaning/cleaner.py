"""Cleaning: every row is kept, merged into another, or quarantined with a reason."""

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.core.clock import MICROSECONDS_PER_DAY, instant
from slatewright.data.cleaning.knobs import Cleaned, Cleaning, StepCount
from slatewright.data.cleaning.labels import LABEL_SCHEMA, apply_merges, label_counts, label_merges

OPTIONAL = ("event_id", "value", "slate_id", "session_id", "price", "quantity", "label", "invoice")


def clean(
    events: Frame,
    knobs: Cleaning,
    *,
    now: int,
    merges: Frame | None = None,
    bought: Frame | None = None,
) -> Cleaned:
    """Clean events: all events of a user must be in the frame (the whole import, or one partition by user).

    Args:
        events: ``user_id, item_id, kind, time`` (Datetime µs UTC) and, where known, ``event_id, value, slate_id,
            session_id, price, quantity, invoice``; any other column (``file``, ``row``) travels along. (n,) rows.
        knobs: which steps run.
        now: the instant of the import, µs; later events than a day after it are impossible.
        merges: the merged spellings of item ids from ``label_merges`` over the whole import; None finds them here.
        bought: purchases that are in the log already (``user_id, item_id, time`` and, where known, ``quantity``),
            so that a return of one of them is known as one.

    Nothing is subtracted here: a return stays in the log as an event of kind ``return`` with the quantity as a positive
    value, and whoever reads the log as of an instant subtracts what was returned before it.
    """
    columns = events.columns
    work = events.with_columns(
        [pl.lit(None, dtype=pl.String).alias(name) for name in OPTIONAL if name not in columns]
    ).with_columns(__reason=pl.lit(None, dtype=pl.String), __at=pl.int_range(pl.len()))
    steps = []
    work, count = _unusable(work)
    steps.append(count)
    merges = merges if merges is not None else label_merges(label_counts(work["item_id"]))
    if not knobs.merge_labels:
        merges = pl.DataFrame(schema=LABEL_SCHEMA)
    renamed = apply_merges(work["item_id"], merges)
    changed = int((renamed != work["item_id"]).fill_null(False).sum())
    steps.append(StepCount("inconsistent labels", "changed", changed))
    work = work.with_columns(item_id=renamed)
    if knobs.impossible_times:
        time = pl.col("time").cast(pl.Int64)
        early, late = instant(knobs.earliest), now + MICROSECONDS_PER_DAY
        work, count = _quarantine(work, "impossible times", (time < early) | (time > late), "impossible time")
        steps.append(count)
    if knobs.exact_duplicates:
        before = work.height
        same = [name for name in (*OPTIONAL, "user_id", "item_id", "kind", "time") if name not in ("event_id",)]
        live = work.filter(pl.col("__reason").is_null()).unique(same, keep="first", maintain_order=True)
        work = pl.concat([live, work.filter(pl.col("__reason").is_not_null())])
        steps.append(StepCount("exact duplicates", "merged", before - work.height))
    work = work.sort("__at")
    kept = work.filter(pl.col("__reason").is_null()).select(columns)
    quarantined = work.filter(pl.col("__reason").is_not_null()).rename({"__reason": "reason"})
    return Cleaned(
        kept,
        quarantined.select(*columns, "reason"),
        events.height - kept.height - quarantined.height,
        tuple(steps),
        merges,
    )


def _unusable(work: Frame) -> tuple[Frame, StepCount]:
    rows = pl.any_horizontal(pl.col("user_id", "item_id", "time").is_null())
    return _quarantine(work, "unusable rows", rows, "no user_id, item_id or time")


def _quarantine(work: Frame, step: str, rows: pl.Expr, reason: str) -> tuple[Frame, StepCount]:
    hit = pl.col("__reason").is_null() & rows.fill_null(False)
    count = work.select(hit.sum()).item()
    work = work.with_columns(__reason=pl.when(hit).then(pl.lit(reason)).otherwise(pl.col("__reason")))
    return work, StepCount(step, "quarantined", count)
