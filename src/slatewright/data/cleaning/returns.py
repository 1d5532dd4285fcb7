"""Returns and cancellations: told from purchases, and matched with what they cancel."""

import numpy as np
import numpy.typing as npt
import polars as pl

from slatewright.core.arrays import Frame, Mask
from slatewright.core.kernels import kernel
from slatewright.data.cleaning.knobs import Cleaning, StepCount
from slatewright.data.cleaning.rows import Rows

PURCHASE, RETURN = "purchase", "return"
RETURN_WORDS = ("return", "returned", "refund", "refunded", "cancel", "cancelled", "cancellation")


def read_returns(rows: Rows, knobs: Cleaning, bought: Frame | None) -> list[StepCount]:
    """Make every return an event of kind ``return`` with the number of pieces as a positive value.

    A return is a purchase of a negative quantity (or value), a purchase on a cancelled invoice, or an event whose kind
    says so. It must follow a purchase of the same user and item that is not returned in full yet, here or in
    ``bought``; otherwise it is quarantined. The latest purchases are returned first.
    """
    amount = _amounts(rows.events)
    back = _is_return(rows.events, amount, knobs.cancelled_prefix) & rows.live()
    alone = np.zeros(len(back), dtype=np.bool_)
    if back.any():
        alone = back & ~_matched(rows, back, amount, bought)
        _make_positive(rows, back, amount)
    quarantined = rows.quarantine(alone, "returns without a purchase", "return without an earlier purchase")
    return [rows.changed(back, "returns", "kept as events of kind return"), quarantined]


def _amounts(events: Frame) -> pl.Series:
    """How many pieces a row speaks of, (n,) Float64: its quantity, or its value where it has none, or 1."""
    known = [pl.col(name).cast(pl.Float64) for name in ("quantity", "value") if name in events.columns]
    return events.with_columns(amount=pl.coalesce(*known, pl.lit(1.0)))["amount"]


def _is_return(events: Frame, amount: pl.Series, prefix: str) -> Mask:
    kind = events["kind"].cast(pl.String)
    purchase = (kind == PURCHASE).fill_null(False)
    negative = (amount < 0).fill_null(False)
    back = (purchase & negative) | kind.is_in(RETURN_WORDS).fill_null(False)
    if prefix and "invoice" in events.columns:
        invoice = events["invoice"].cast(pl.String)
        cancelled = invoice.str.starts_with(prefix) & invoice.str.slice(len(prefix), 1).is_in(list("0123456789"))
        cancelled = cancelled.fill_null(False)
        every = 2 * int(cancelled.sum()) > len(cancelled) and not bool((cancelled & negative).any())
        if not every:  # otherwise it is how all invoices of this shop are numbered
            back |= purchase & cancelled
    return back.to_numpy()


def _make_positive(rows: Rows, back: Mask, amount: pl.Series) -> None:
    """Write the number of pieces as value and quantity of the returns, and their kind."""
    mask = pl.Series(back)
    for name, pieces in (("value", amount), ("quantity", rows.events.get_column("quantity", default=amount))):
        if name in rows.events.columns:
            given = rows.events[name]
            rows.changes[name] = pieces.abs().cast(given.dtype).zip_with(mask, given).alias(name)
    rows.changes["kind"] = pl.Series([RETURN]).zip_with(mask, rows.events["kind"].cast(pl.String)).alias("kind")


def _matched(rows: Rows, back: Mask, amount: pl.Series, bought: Frame | None) -> Mask:
    """Which rows are returns of something bought before, (n,)."""
    matched = np.zeros(len(back), dtype=np.bool_)
    ledger = _ledger(rows, back, amount)
    if bought is not None and not bought.is_empty():
        ledger = pl.concat([ledger, _from_log(rows, bought, ledger)])
    pair = pl.struct("user", "item").rle_id()
    ledger = ledger.sort("user", "item", "time", "back", "at").with_columns(pair=pair)
    found = _match(*(ledger[name].to_numpy() for name in ("pair", "amount", "back")))
    matched[ledger["at"].to_numpy()[found]] = True
    return matched


def _ledger(rows: Rows, back: Mask, amount: pl.Series) -> Frame:
    """Purchases and returns of every (user, item) that has a return: ``user, item, time, amount, back, at``."""
    pairs = rows.pairs()
    purchase = (rows.events["kind"].cast(pl.String) == PURCHASE).fill_null(False).to_numpy()
    gave_back = np.bincount(rows.user[back], minlength=len(rows.user_names)) > 0
    concerned = rows.live() & (back | purchase) & gave_back[rows.user]
    concerned[concerned] = np.isin(pairs[concerned], pairs[back])
    return pl.DataFrame(
        {
            "user": rows.user[concerned],
            "item": rows.item[concerned],
            "time": rows.time[concerned],
            "amount": np.abs(amount.to_numpy()[concerned]),
            "back": back[concerned],
            "at": np.flatnonzero(concerned),
        }
    )


def _from_log(rows: Rows, bought: Frame, ledger: Frame) -> Frame:
    """Purchases that are in the log already, as rows of the ledger; those of other users and items are left out."""
    logged = bought.with_columns(
        _codes_of(bought["user_id"], rows.user_names).alias("user"),
        _codes_of(bought["item_id"], rows.item_names).alias("item"),
        pl.col("time").cast(pl.Int64),
        _amounts(bought).abs().alias("amount"),
        back=pl.lit(False),
        at=pl.lit(0, dtype=pl.Int64),
    )
    known = logged.drop_nulls(["user", "item"]).join(ledger, on=["user", "item"], how="semi")
    return known.select(ledger.schema.names()).cast(ledger.schema)


def _codes_of(ids: pl.Series, names: pl.Series) -> pl.Series:
    """The code of each id, UInt32; null for an id that no row has."""
    codes = pl.DataFrame({"id": names, "code": np.arange(len(names), dtype=np.uint32)})
    return ids.cast(pl.String).to_frame("id").join(codes, on="id", how="left", maintain_order="left")["code"]


@kernel()
def _match(pair: npt.NDArray[np.uint32], amount: npt.NDArray[np.float64], back: Mask) -> Mask:
    """Which rows are returns that find something to return; rows sorted by pair, time, purchases first."""
    left = amount.copy()
    bought = np.empty(len(pair), dtype=np.int64)  # a stack: purchases of this pair that are not returned in full
    found = np.zeros(len(pair), dtype=np.bool_)
    depth = 0
    for at in range(len(pair)):
        if at and pair[at] != pair[at - 1]:
            depth = 0
        if not back[at]:
            bought[depth] = at
            depth += amount[at] > 0
            continue
        found[at] = depth > 0
        while depth > 0 and left[at] > 0:
            taken = min(left[at], left[bought[depth - 1]])
            left[at] -= taken
            left[bought[depth - 1]] -= taken
            if left[bought[depth - 1]] <= 0:
                depth -= 1
    return found
