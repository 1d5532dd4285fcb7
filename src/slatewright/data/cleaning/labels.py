"""Inconsistent labels: one thing written in several ways gets its most frequent spelling."""

import polars as pl

from slatewright.core.arrays import Frame

LABEL_SCHEMA = {"label": pl.String, "merged_into": pl.String, "rows": pl.UInt64}


def folded(label: pl.Expr) -> pl.Expr:
    """What all spellings of one label have in common: no outer space, single inner spaces, lower case."""
    return label.str.replace_all(r"\s+", " ").str.strip_chars().str.to_lowercase()


def label_counts(labels: pl.Series) -> Frame:
    """How often each label occurs: ``label`` String, ``rows`` UInt64; nulls are left out."""
    counts = labels.alias("label").drop_nulls().value_counts(name="rows")
    return counts.select(pl.col("label").cast(pl.String), pl.col("rows").cast(pl.UInt64))


def label_merges(counts: Frame) -> Frame:
    """Which labels are merged into which, from ``label`` and ``rows`` (how often each occurs).

    Labels that differ only in case, outer space or repeated inner space become the most frequent spelling; of equally
    frequent ones the first in byte order. The counts of several partitions may be put end to end.

    Returns ``label, merged_into, rows`` of the changed labels only, sorted by label.
    """
    totals = counts.group_by("label").agg(pl.col("rows").sum().cast(pl.UInt64))
    keyed = totals.with_columns(key=folded(pl.col("label"))).filter(pl.col("key") != "")
    doubled = keyed.filter(pl.col("key").is_duplicated())
    ranked = doubled.sort(["key", "rows", "label"], descending=[False, True, False])
    merged = ranked.with_columns(merged_into=pl.col("label").first().over("key"))
    return merged.filter(pl.col("label") != pl.col("merged_into")).select(*LABEL_SCHEMA).sort("label")


def apply_merges(labels: pl.Series, merges: Frame) -> pl.Series:
    """The labels with every merged spelling replaced, (n,) String."""
    if merges.is_empty():
        return labels
    return labels.cast(pl.String).replace(merges["label"], merges["merged_into"])


def main_labels(frame: Frame, key: str, label: str) -> Frame:
    """The label to show for each key where rows disagree: its most frequent one, spellings put together first.

    Returns one row per key, sorted by key: ``key``, ``label`` (null where the key has none) and ``spellings`` UInt32,
    how many different labels the key had. Of equally frequent labels the first in byte order wins.
    """
    texts = frame[label].cast(pl.String).str.strip_chars()
    texts = apply_merges(texts, label_merges(label_counts(texts)))
    given = frame.select(key).with_columns(texts.alias(label))
    counts = given.group_by(key, label).agg(rows=pl.len())
    ranked = counts.sort([pl.col(label).is_null(), -pl.col("rows").cast(pl.Int64), pl.col(label)])
    best = ranked.group_by(key, maintain_order=True).agg(
        pl.col(label).first(), spellings=pl.col(label).drop_nulls().n_unique()
    )
    return best.sort(key)
