"""Item ids that look like charges, corrections or tests rather than products."""

import polars as pl

from slatewright.core.arrays import Frame

_ENDS = (
    "adjustment", "amazonfee", "bad debt", "bank charges", "carriage", "charge", "charges", "commission", "correction",
    "coupon", "delivery", "deposit", "discount", "donation", "fee", "freight", "gift card", "gift voucher", "handling",
    "manual", "postage", "rounding", "sample", "samples", "shipping", "surcharge", "voucher",
)  # fmt: skip
_STARTS = ("adjust", "adjustment", "test")


def look_like_no_products(items: Frame) -> Frame:
    """The rows of ``item_id, title, ...`` whose id or short title says charge, correction or test.

    A hint for a person: nothing is left out because of it. What is no product belongs into ``not_products``.
    """
    hit = [_says_so(pl.col(name)) for name in ("item_id", "title") if name in items.columns]
    return items.filter(pl.any_horizontal(*hit).fill_null(False) | _odd_one_out(items))


def _says_so(label: pl.Expr) -> pl.Expr:
    """``Next day carriage`` and ``Adjustment by John`` do, ``French carriage lantern`` does not."""
    plain = label.cast(pl.String).str.to_lowercase().str.replace_all(r"[^a-z]+", " ").str.strip_chars()
    return plain.str.contains(rf"\b({'|'.join(_ENDS)})$") | plain.str.contains(rf"^({'|'.join(_STARTS)})\b")


def _odd_one_out(items: Frame) -> pl.Series:
    """Ids without a digit where nearly all ids have one: POST among 85123A."""
    digits = items["item_id"].str.contains("[0-9]").fill_null(True)
    if not len(digits) or float(digits.mean() or 0.0) < 0.95:  # type: ignore[arg-type]
        return pl.Series([False]).new_from_index(0, len(digits))
    return ~digits
