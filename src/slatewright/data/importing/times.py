"""Times as files have them: ISO-8601, a few national ways, and epochs in seconds to nanoseconds."""

from dataclasses import dataclass

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.events.schema import TIME

# An epoch's unit is told by its size: the limits lie in the year 5138 of one unit and in 1973 of the next.
_EPOCHS = ((1e11, "seconds", 1_000_000.0), (1e14, "milliseconds", 1_000.0), (1e17, "microseconds", 1.0))
_NANOSECONDS = ("nanoseconds", 1e-3)
_FARTHEST = 2**62  # µs

# (pattern, whether the text names its zone), tried in this order on the first rows
_PATTERNS = (
    ("%Y-%m-%dT%H:%M:%S", False),
    ("%Y-%m-%d %H:%M:%S", False),
    ("%Y-%m-%dT%H:%M:%S%.f", False),
    ("%Y-%m-%d %H:%M:%S%.f", False),
    ("%Y-%m-%dT%H:%M:%S%.f%#z", True),
    ("%Y-%m-%d %H:%M:%S%.f%#z", True),
    ("%Y-%m-%dT%H:%M", False),
    ("%Y-%m-%d %H:%M", False),
    ("%Y-%m-%d", False),
    ("%Y%m%d", False),
    ("%Y/%m/%d %H:%M:%S", False),
    ("%Y/%m/%d %H:%M", False),
    ("%Y/%m/%d", False),
    ("%m/%d/%Y %H:%M:%S", False),
    ("%m/%d/%Y %H:%M", False),
    ("%m/%d/%Y", False),
    ("%d/%m/%Y %H:%M:%S", False),
    ("%d/%m/%Y %H:%M", False),
    ("%d/%m/%Y", False),
    ("%d.%m.%Y %H:%M:%S", False),
    ("%d.%m.%Y %H:%M", False),
    ("%d.%m.%Y", False),
)
_ENOUGH = 0.9  # of the first rows must be readable for a pattern to be believed
_UTC_SUFFIX = r"\s*(Z|UTC|\+00:00|\+0000)$"
_EIGHT_DIGITS = r"^(19|20)\d{6}$"


@dataclass(frozen=True, slots=True)
class TimeReading:
    """How a column of times is read: an epoch's factor to µs, or a pattern, or neither for a typed column.

    ``by_day``: the times are dates, without a time of day.
    """

    column: str
    described: str
    factor: float | None = None
    pattern: str | None = None
    zoned: bool = False
    by_day: bool = False

    def again(self, texts: pl.Series) -> pl.Series:
        """Times of the texts that the pattern could not read, tried in every ISO way; (n,)."""
        ways = [_from_text(pl.col("text"), pattern, zoned) for pattern, zoned in _PATTERNS if pattern.startswith("%Y-")]
        stripped = texts.alias("text").cast(pl.String).str.strip_chars()
        return stripped.to_frame().select(pl.coalesce(ways)).to_series()

    def expression(self, schema: pl.Schema) -> pl.Expr:
        """The times as Datetime µs UTC, (n,); null where a value cannot be read."""
        kind = schema[self.column]
        given = pl.col(self.column)
        if self.factor is not None:
            return _from_epoch(given, self.factor, kind)
        if self.pattern is not None:
            return _from_text(given, self.pattern, self.zoned)
        if isinstance(kind, pl.Datetime) and kind.time_zone is not None:
            return given.dt.convert_time_zone("UTC").cast(TIME)
        return given.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


def read_times(head: Frame, column: str) -> TimeReading:
    """Recognise how a column writes its times, from the first rows.

    Whatever no pattern fits is left to the row: it is quarantined there, with its text.
    """
    kind = head.schema[column]
    if kind.is_temporal():
        zone = "" if isinstance(kind, pl.Datetime) and kind.time_zone else ", read as UTC"
        return TimeReading(column, f"a column of times{zone}", by_day=kind == pl.Date)
    if kind.is_numeric():
        return _epoch(head[column].cast(pl.Float64), column)
    texts = head[column].drop_nulls().str.strip_chars()
    texts = texts.filter(texts != "")
    numbers = texts.cast(pl.Float64, strict=False)
    dated = texts.str.contains(_EIGHT_DIGITS).sum()
    if numbers.drop_nulls().len() > _ENOUGH * texts.len() and dated <= _ENOUGH * texts.len():
        return _epoch(numbers, column)
    return _best_pattern(texts, column)


def _epoch(numbers: pl.Series, column: str) -> TimeReading:
    middle = numbers.filter(numbers.is_finite().fill_null(False)).abs().median()
    size = float(middle) if isinstance(middle, int | float) else 0.0
    for limit, unit, factor in _EPOCHS:
        if size < limit:
            return TimeReading(column, f"{unit} since 1970", factor=factor)
    return TimeReading(column, f"{_NANOSECONDS[0]} since 1970", factor=_NANOSECONDS[1])


def _best_pattern(texts: pl.Series, column: str) -> TimeReading:
    best, share = _PATTERNS[0], 0.0
    for pattern, zoned in _PATTERNS:
        read = _parsed(texts, pattern, zoned).drop_nulls().len() / max(texts.len(), 1)
        if read > share:
            best, share = (pattern, zoned), read
        if share == 1.0:
            break
    zone = "with its zone" if best[1] else "read as UTC"
    return TimeReading(
        column, f"text like {best[0]}, {zone}", pattern=best[0], zoned=best[1], by_day="%H" not in best[0]
    )


def _parsed(texts: pl.Series, pattern: str, zoned: bool) -> pl.Series:
    return texts.to_frame("t").select(_from_text(pl.col("t"), pattern, zoned)).to_series()


def _from_epoch(given: pl.Expr, factor: float, kind: pl.DataType) -> pl.Expr:
    """Whole numbers are counted exactly; a fraction of a second is rounded to the microsecond."""
    if kind.is_integer():
        scaled = _scaled(given.cast(pl.Int64, strict=False), factor)
    else:
        scaled = (given.cast(pl.Float64, strict=False) * factor).round().cast(pl.Int64, strict=False)
    return scaled.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


def _scaled(number: pl.Expr, factor: float) -> pl.Expr:
    if factor < 1:
        return number // round(1 / factor)
    return pl.when(number.abs() < int(_FARTHEST / factor)).then(number * int(factor))  # more would overflow


def _from_text(given: pl.Expr, pattern: str, zoned: bool) -> pl.Expr:
    if zoned:
        return given.str.to_datetime(pattern, time_unit="us", time_zone="UTC", strict=False)
    # reading a zone costs three times as much as the rest, and nearly every zone is UTC
    bare = given.str.strip_suffix("Z").str.strip_suffix("+00:00").str.strip_suffix(" UTC")
    return bare.str.to_datetime(pattern, time_unit="us", strict=False).dt.replace_time_zone("UTC")
