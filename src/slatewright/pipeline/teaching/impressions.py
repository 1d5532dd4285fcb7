"""Slates that were shown, as questions: what stood where, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
import polars as pl

from slatewright.core.arrays import Frame, Index, Weights
from slatewright.data.dataset import Dataset
from slatewright.data.histories import Histories
from slatewright.data.slates import Slates
from slatewright.pipeline.teaching.questions import Questions, Shown

COLUMNS: Mapping[str, pl.DataType] = {
    "slate_id": pl.String(), "user_id": pl.String(), "item_ids": pl.List(pl.String()), "time": pl.Int64(),
    "propensities": pl.List(pl.Float32()),
}  # fmt: skip
LARGEST_WEIGHT = 20.0  # of the mean: what was hardly ever shown in a place must not decide alone


@dataclass(frozen=True)
class Impressions:
    """The log's table of impressions, read window by window, and the interactions that name the slate that caused them:
    ``slate_id, item_id, kind``."""

    slates: Slates
    caused: pl.LazyFrame

    @classmethod
    def of(cls, slates: Frame, caused: Frame) -> Self:
        """Both at hand."""
        return cls(Slates.of(slates), caused.lazy())


def shown_slates(
    shown: Impressions, dataset: Dataset, since: int, most: int, rng: np.random.Generator
) -> Questions | None:
    """Slates shown from ``since`` to the ``as_of`` of the data set to users with a past, at most ``most`` of them.

    What a slate caused is what names it. None where there is no such slate. Of all slates no more are in memory than a
    window and those that are drawn.
    """
    slates = _drawn(shown.slates, dataset, since, most, rng)
    if slates.height == 0:
        return None
    users = slates["user"].to_numpy()
    times = slates["time"].to_numpy()
    stops = dataset.histories().first_from(users, times)
    rows = _rows(slates, dataset)
    answers = _answers(slates, shown.caused, dataset)
    counts = np.bincount(answers["slate"].to_numpy(), minlength=slates.height)
    kinds = answers["kind"].to_numpy().astype(np.int8)  # of no rows it is a column of texts
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    items: Index = answers["item"].to_numpy().astype(np.int32)
    return Questions(users, times, stops, offsets, items, kinds, rows)


def place_weights(questions: Questions, position: str) -> Weights | None:
    """The inverse propensity of each row, of mean 1 and at most 20, float32 (rows,); None where a column is to say
    the place.

    With ``position`` auto, propensities are used where every slate has them.
    """
    shown = questions.shown
    known = shown is not None and bool(np.isfinite(shown.propensities).all()) and bool((shown.propensities > 0).all())
    if shown is None or position in ("feature", "ignore") or (position == "auto" and not known):
        return None
    inverse = np.where(shown.propensities > 0, 1 / np.maximum(shown.propensities, 1e-9), np.nan)
    inverse = np.nan_to_num(inverse, nan=float(np.nanmean(inverse)) if np.isfinite(inverse).any() else 1.0)
    weights = np.minimum(inverse / inverse.mean(), LARGEST_WEIGHT)
    return np.asarray(weights / weights.mean(), dtype=np.float32)


def _drawn(shown: Slates, dataset: Dataset, since: int, most: int, rng: np.random.Generator) -> Frame:
    """Slates at random, each as likely as any other: those with the smallest of random numbers."""
    histories = dataset.histories()
    kept = pl.DataFrame(schema={**COLUMNS, "user": pl.Int32, "drawn": pl.Float64})
    for window in shown.windows(tuple(COLUMNS), since, dataset.as_of):
        slates = _known(window.slates, dataset, histories)
        slates = slates.with_columns(drawn=pl.Series(rng.random(slates.height)))
        kept = pl.concat([kept, slates], how="diagonal_relaxed").bottom_k(most, by="drawn")
    return kept.sort("time", "slate_id")


def _known(slates: Frame, dataset: Dataset, histories: Histories) -> Frame:
    """Slates of users who are known and had done something before."""
    slates = slates.filter(pl.col("user_id").is_not_null()).sort("time", "slate_id")
    user, known = dataset.users.locate(slates["user_id"])
    slates = slates.filter(pl.Series(known)).with_columns(user=pl.Series(user, dtype=pl.Int32))
    users = slates["user"].to_numpy()
    had = histories.first_from(users, slates["time"].to_numpy()) > histories.offsets[users]
    return slates.filter(pl.Series(had))


def _rows(slates: Frame, dataset: Dataset) -> Shown:
    """The known items of the slates, each once, where it stood first."""
    whole = slates.select(
        slate=pl.int_range(pl.len()),
        item_id="item_ids",
        place=pl.int_ranges(1, pl.col("item_ids").list.len() + 1),
        propensity=_propensities(slates),
    ).explode("item_id", "place", "propensity")
    item, known = dataset.items.locate(whole["item_id"])
    whole = whole.filter(pl.Series(known)).with_columns(item=pl.Series(item))
    whole = whole.unique(["slate", "item"], keep="first", maintain_order=True)
    counts = np.bincount(whole["slate"].to_numpy(), minlength=slates.height)
    return Shown(
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        whole["item"].to_numpy().astype(np.int32),
        whole["place"].to_numpy().astype(np.float32),
        whole["propensity"].fill_null(float("nan")).to_numpy().astype(np.float32),
    )


def _propensities(slates: Frame) -> pl.Expr:
    """A list as long as ``item_ids``; nulls where none was logged."""
    nothing = pl.lit(None, dtype=pl.Float32).repeat_by(pl.col("item_ids").list.len())
    told = pl.col("propensities").cast(pl.List(pl.Float32))
    return pl.when(told.list.len() == pl.col("item_ids").list.len()).then(told).otherwise(nothing)


def _answers(slates: Frame, caused: pl.LazyFrame, dataset: Dataset) -> Frame:
    """``slate`` (its row), ``item``, ``kind`` of what slates caused, by slate."""
    named = slates.select("slate_id", slate=pl.int_range(pl.len()))
    told = caused.filter(pl.col("slate_id").is_not_null()).select("slate_id", "item_id", "kind")
    both = told.join(named.lazy(), on="slate_id").collect()
    names = dataset.interactions.kinds
    both = both.filter(pl.col("kind").is_in(names))
    numbers = pl.Series(range(len(names)), dtype=pl.Int8)
    both = both.with_columns(pl.col("kind").replace_strict(list(names), numbers, return_dtype=pl.Int8))
    item, known = dataset.items.locate(both["item_id"])
    return both.filter(pl.Series(known)).with_columns(item=pl.Series(item)).sort("slate", maintain_order=True)
