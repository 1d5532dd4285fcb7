"""Facts that events tell (a title, a price): every change of an item or user, with the time it was known."""

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.data.cleaning import apply_merges, label_counts, label_merges
from slatewright.data.cleaning.returns import RETURN
from slatewright.data.importing.fingerprint import fingerprints

_LABELS = ("title", "category", "brand")


def last_of_day(events: Frame, key: str, prefix: str) -> Frame | None:
    """The last value of each fact of each item (or user) on each day; None where events tell no facts.

    Columns: ``key``, ``time`` (of the last event that day) and the facts without their prefix.
    """
    facts = [name for name in events.columns if name.startswith(prefix)]
    if not facts:
        return None
    told = (
        events.lazy()
        .filter(pl.col("kind") != RETURN)
        .filter(pl.any_horizontal(pl.col(facts).is_not_null()))
        .sort("time")
    )
    days = told.group_by(key, pl.col("time").dt.date().alias("day")).agg(
        pl.col("time").last(), *(pl.col(name).drop_nulls().last().alias(name.removeprefix(prefix)) for name in facts)
    )
    return days.drop("day").collect()


def changes(days: list[Frame], key: str) -> Frame:
    """Rows of ``item_updates`` or ``user_updates``: one for each day on which a fact changed.

    Spellings that differ in case or spaces only are one. A fact that a day does not tell stays what it was.
    """
    known = pl.concat(days, how="diagonal_relaxed")
    facts = [name for name in known.columns if name not in (key, "time")]
    known = known.with_columns(_one_spelling(known[name]) for name in facts if name in _LABELS)
    known = known.sort(key, "time").with_columns(pl.col(facts).forward_fill().over(key))
    state = pl.struct(key, *facts)
    return as_updates(known.filter((state != state.shift(1)).fill_null(True)), key, facts)


def as_updates(rows: Frame, key: str, facts: list[str]) -> Frame:
    """Rows with facts in columns as rows of a table of updates; equal updates have equal ids."""
    rows = rows.select(key, "time", facts=pl.struct(facts).struct.json_encode())
    return rows.with_columns(fingerprints(rows, [key, "time", "facts"])).unique("event_id", maintain_order=True)


def _one_spelling(labels: pl.Series) -> pl.Series:
    if labels.dtype != pl.String:
        return labels
    return apply_merges(labels, label_merges(label_counts(labels)))
