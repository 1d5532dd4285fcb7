"""What the log knows already that an import must respect."""

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.data.cleaning import Cleaning, apply_merges, label_counts, label_merges
from slatewright.data.cleaning.returns import PURCHASE, RETURN_WORDS
from slatewright.data.importing.spill import Spill
from slatewright.events.log import EventLog

_ALWAYS_WINS = 1 << 40  # rows; a spelling that is in the log is not changed by later imports


def item_merges(log: EventLog, items: pl.Series, rows: Spill) -> Frame:
    """Which item ids of an import are merged into which: ``label, merged_into, rows``, as ``label_merges`` gives them.

    The most frequent spelling wins, but one that is in the log wins over all others. Rows are counted only where there
    are several spellings, which is rare.
    """
    logged = log.scan("interactions").select("item_id").unique().collect()["item_id"]
    spelled = label_merges(label_counts(pl.concat([items, logged]).unique()))
    if spelled.is_empty():
        return spelled
    several = pl.concat([spelled["label"], spelled["merged_into"]]).unique()
    counts = [label_counts(logged.filter(logged.is_in(several.to_list()))).with_columns(pl.col("rows") * _ALWAYS_WINS)]
    for buckets in rows.partitions():
        names = rows.read(buckets)["item_id"]
        counts.append(label_counts(names.filter(names.is_in(several.to_list()))))
    return label_merges(pl.concat(counts))


def bought_before(log: EventLog, rows: Frame, cleaning: Cleaning, labels: Frame) -> Frame | None:
    """Purchases in the log, of the users who return something in ``rows``; those that ``rows`` repeat are left out."""
    if not cleaning.returns or log.version("interactions") is None:
        return None
    users = rows.filter(_may_be_return(rows, cleaning.cancelled_prefix)).select("user_id").unique()
    if users.is_empty():
        return None
    bought = log.scan("interactions").filter(pl.col("kind") == PURCHASE)
    logged = (
        bought.select("user_id", "item_id", "time", "quantity").join(users.lazy(), on="user_id", how="semi").collect()
    )
    theirs = rows.join(users, on="user_id", how="semi").select("user_id", "item_id", "time")
    theirs = theirs.with_columns(apply_merges(theirs["item_id"], labels))
    return logged.join(theirs, on=["user_id", "item_id", "time"], how="anti")


def _may_be_return(rows: Frame, prefix: str) -> pl.Expr:
    signs = [pl.col("kind").is_in(RETURN_WORDS), pl.col("value") < 0]
    if "quantity" in rows.columns:
        signs.append(pl.col("quantity") < 0)
    if prefix and "invoice" in rows.columns:
        signs.append(pl.col("invoice").str.starts_with(prefix))
    return pl.any_horizontal(signs).fill_null(False)
