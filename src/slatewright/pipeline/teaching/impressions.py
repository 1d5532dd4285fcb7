"""Slates that were shown, as questions: what stood where, and what became of it."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from slatewright.core.arrays import Frame, Index, Weights
from slatewright.data.dataset import Dataset
from slatewright.pipeline.teaching.questions import Questions, Shown

LARGEST_WEIGHT = 20.0  # of the mean: what was hardly ever shown in a place must not decide alone


@dataclass(frozen=True)
class Impressions:
    """The log's table of impressions, and the interactions that name the slate that caused them."""

    slates: Frame
    caused: Frame


def shown_slates(
    shown: Impressions, dataset: Dataset, since: int, most: int, rng: np.random.Generator
) -> Questions | None:
    """Slates shown from ``since`` to the ``as_of`` of the data set to users with a past, at most ``most`` of them.

    What a slate caused is what names it. None where there is no such slate.
    """
    slates = _known(shown.slates, dataset, since)
    if slates.height > most:
        slates = slates[np.sort(rng.choice(slates.height, most, replace=False))]
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


def _known(slates: Frame, dataset: Dataset, since: int) -> Frame:
    """Slates of the time, of users who are known and had done something before."""
    time = slates["time"].dt.epoch("us") if slates["time"].dtype.is_temporal() else slates["time"]
    slates = slates.with_columns(time=time)
    slates = slates.filter(
        pl.col("user_id").is_not_null(), pl.col("time").is_between(since, dataset.as_of, closed="left")
    )
    user, known = dataset.users.locate(slates["user_id"])
    slates = slates.filter(pl.Series(known)).with_columns(user=pl.Series(user, dtype=pl.Int32))
    slates = slates.sort("time", "slate_id")
    histories, users = dataset.histories(), slates["user"].to_numpy()
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
    if "propensities" not in slates.columns:
        return nothing
    told = pl.col("propensities").cast(pl.List(pl.Float32))
    return pl.when(told.list.len() == pl.col("item_ids").list.len()).then(told).otherwise(nothing)


def _answers(slates: Frame, caused: Frame, dataset: Dataset) -> Frame:
    """``slate`` (its row), ``item``, ``kind`` of what slates caused, by slate."""
    named = slates.select("slate_id", slate=pl.int_range(pl.len()))
    both = (
        caused.filter(pl.col("slate_id").is_not_null()).select("slate_id", "item_id", "kind").join(named, on="slate_id")
    )
    names = dataset.interactions.kinds
    both = both.filter(pl.col("kind").is_in(names))
    numbers = pl.Series(range(len(names)), dtype=pl.Int8)
    both = both.with_columns(pl.col("kind").replace_strict(list(names), numbers, return_dtype=pl.Int8))
    item, known = dataset.items.locate(both["item_id"])
    return both.filter(pl.Series(known)).with_columns(item=pl.Series(item)).sort("slate", maintain_order=True)
