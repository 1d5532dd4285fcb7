"""Inconsistent labels: one thing written in several ways gets its most frequent spelling."""

import polars as pl

from slatewright.core.arrays import Frame

LABEL_SCHEMA = {"label": pl.String, "merged_into": pl.String, "rows": pl.UInt64}


def folded(label: pl.Expr) -> pl.Expr:
    """What two spellings of one label have in common: no outer space, single inner spaces, no case."""
    return label.str.strip_chars().str.replace_all(r"\s+", " ").str.to_lowercase()


def label_counts(labels: pl.Series) -> Frame:
    """How often each label occurs: ``label`` String, ``rows`` UInt64; nulls are left out."""
    frame = labels.cast(pl.String).alias("label").to_frame().drop_nulls()
    return frame.group_by("label").agg(rows=pl.len().cast(pl.UInt64))


def label_merges(counts: Frame) -> Frame:
    """Which labels are merged into which, from ``label`` and ``rows`` (how often each occurs).

    Labels that differ only in case, outer space or repeated inner space become the most frequent spelling; of equally
    frequent ones the first in byte order. Several partitions are put together by passing their counts end to end.

    Returns ``label, merged_into, rows`` of the changed labels only, sorted by label.
    """
    totals = counts.group_by("label").agg(pl.col("rows").sum().cast(pl.UInt64))
    keyed = totals.with_columns(key=folded(pl.col("label"))).sort(
        ["key", "rows", "label"], descending=[False, True, False]
    )
    merged = keyed.with_columns(merged_into=pl.col("label").first().over("key"))
    return merged.filter(pl.col("label") != pl.col("merged_into")).select(*LABEL_SCHEMA).sort("label")


def apply_merges(labels: pl.Series, merges: Frame) -> pl.Series:
    """The labels with every merged spelling replaced, (n,) String."""
    if merges.is_empty():
        return labels
    return labels.cast(pl.String).replace(merges["label"], merges["merged_into"])
