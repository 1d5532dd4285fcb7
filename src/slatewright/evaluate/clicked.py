"""What came of the slates that were shown: the clicks that the log joins to them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from slatewright.core.arrays import Frame, Mask, Offsets
from slatewright.data.splits.cases import offsets_of
from slatewright.metrics.bootstrap import Bootstrap, Interval
from slatewright.metrics.clicks import click_rate

EVERYWHERE = "everywhere"
TOLD = ("surface", "variant")  # what an impression may tell of where it was shown, and by what
MOST = 8  # surfaces, or variants, that are shown one by one


@dataclass(frozen=True, slots=True)
class Clicked:
    """The slates of one surface or variant, or all of them: their places up to k, the clicked ones, and CTR at k."""

    of: str
    slates: int
    places: int
    clicks: int
    ctr: Interval


def clicks_on_slates(
    impressions: pl.LazyFrame, interactions: pl.LazyFrame, *, k: int, bootstrap: Bootstrap | None = None
) -> tuple[Clicked, ...]:
    """CTR at k of the slates of some impressions, everywhere, by surface and by variant, where these are told.

    A place is clicked when an interaction of any kind names its slate and its item; more than one count once. A slate
    that was reported twice was shown once. Intervals are over users, as one user's slates are alike; a visitor without
    a name counts as one for each slate. Nothing where no slate was shown.
    """
    bootstrap = bootstrap or Bootstrap()
    shown = (
        impressions.filter(pl.col("item_ids").list.len() > 0)
        .sort("time", "event_id")
        .unique("slate_id", keep="first", maintain_order=True)
        .select("slate_id", "user_id", *TOLD, pl.col("item_ids").list.head(k))
        .collect()
    )
    if not shown.height:
        return ()
    clicked, offsets = _clicked(shown, interactions), _offsets(shown)
    visitor = pl.coalesce(pl.format("user {}", "user_id"), pl.format("slate {}", "slate_id"))
    owner = shown.select(visitor.rank("dense") - 1).to_series().to_numpy().astype(np.int64)
    return tuple(_summed(name, rows, clicked, offsets, owner, k, bootstrap) for name, rows in _parts(shown))


def _clicked(shown: Frame, interactions: pl.LazyFrame) -> Mask:
    """Which places of the slates, end to end, were clicked, bool (places,)."""
    acts = interactions.filter(pl.col("slate_id").is_not_null()).select("slate_id", "item_id").unique()
    places = shown.lazy().select("slate_id", pl.col("item_ids").alias("item_id")).explode("item_id")
    marked = acts.with_columns(clicked=pl.lit(True))
    joined = places.join(marked, on=["slate_id", "item_id"], how="left", maintain_order="left")
    return joined.select(pl.col("clicked").fill_null(False)).collect().to_series().to_numpy()


def _offsets(shown: Frame) -> Offsets:
    return np.concatenate([[0], shown["item_ids"].list.len().cast(pl.Int64).cum_sum().to_numpy()]).astype(np.int64)


def _parts(shown: Frame) -> Iterator[tuple[str, Mask]]:
    """All slates, and those of each surface and variant where there is more than one, most slates first."""
    yield EVERYWHERE, np.ones(shown.height, dtype=np.bool_)
    for told in TOLD:
        named = shown[told].fill_null("")
        values = named.value_counts(sort=True).sort(["count", told], descending=[True, False])[told]
        if len(values) > 1:
            for value in values.head(MOST):
                yield f"{told} {value or 'not told'}", (named == value).to_numpy()


def _summed(
    name: str, rows: Mask, clicked: Mask, offsets: Offsets, owner: Offsets, k: int, bootstrap: Bootstrap
) -> Clicked:
    lengths = np.diff(offsets)
    marks = clicked[np.repeat(rows, lengths)]
    slates = np.flatnonzero(rows)
    each = click_rate(marks, offsets_of(np.repeat(np.arange(len(slates)), lengths[rows]), len(slates)), k)
    rate = float(each.mean())
    _, users = np.unique(owner[rows], return_inverse=True)
    n_users = int(users.max()) + 1
    by_user = rate + np.bincount(users, each - rate, minlength=n_users) * n_users / len(slates)
    (ctr,) = bootstrap.means(by_user[:, None])
    return Clicked(name, len(slates), len(marks), int(marks.sum()), ctr)
