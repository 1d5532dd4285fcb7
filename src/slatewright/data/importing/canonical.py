"""From the columns of a file to our own: one batch in, canonical rows out, the unreadable ones with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from slatewright.core.arrays import Frame
from slatewright.data.columns import Recognition
from slatewright.data.importing.times import TimeReading, read_times
from slatewright.data.synonyms import KIND_OF_WORD, plain

NUMBERS = ("value", "price", "quantity")
TEXTS = ("event_id", "user_id", "item_id", "session_id", "slate_id", "invoice")
ITEM_FACT, USER_FACT = "item:", "user:"  # what the columns of facts are called while they travel with the events
_CURRENCY = "$€£¥ \t"
_WHOLE_FLOAT = r"^-?\d+\.0$"


@dataclass(frozen=True, slots=True)
class Shape:
    """How the rows of one source become canonical: fixed once, from its first rows.

    ``whole`` names the id columns that another tool wrote as floats (``17850.0``), ``kinds`` maps the file's words.
    """

    recognition: Recognition
    time: TimeReading | None
    undated: int | None
    default_kind: str
    kinds: Mapping[str, str] = field(default_factory=dict)
    whole: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, head: Frame, recognition: Recognition, *, kinds: Mapping[str, str], default_kind: str, undated: int | None
    ) -> "Shape":
        """Look at the first rows of a source."""
        columns = recognition.columns
        time = read_times(head, columns["time"]) if "time" in columns else None
        whole = frozenset(
            theirs for ours, theirs in columns.items() if ours in TEXTS and written_as_float(head[theirs])
        )
        words = {plain(word): kind for word, kind in kinds.items()}
        return cls(recognition, time, undated, default_kind or recognition.default_kind, words, whole)


def canonical(batch: Frame, shape: Shape, *, file: int, first_row: int) -> Frame:
    """The rows of a batch in canonical columns, with ``file`` (UInt32), ``row`` (UInt64, from 1) and ``reason``.

    ``reason`` is null for a row that could be read; otherwise it says which value could not.
    """
    columns = shape.recognition.columns
    texts = [_text(batch, columns[ours], shape).alias(ours) for ours in TEXTS if ours in columns]
    numbers = [_number(batch.schema, columns[ours]).alias(ours) for ours in NUMBERS if ours in columns]
    rows = batch.select(*texts, *numbers, _time(batch, shape).alias("time"), *_facts(shape, batch.schema))
    return rows.with_columns(
        _kinds(batch, shape),
        *_default_value(columns),
        file=pl.lit(file, dtype=pl.UInt32),
        row=pl.int_range(first_row, first_row + pl.len(), dtype=pl.UInt64),
        reason=_reasons(batch, rows, columns),
    )


def _text(batch: Frame, column: str, shape: Shape) -> pl.Expr:
    given = pl.col(column)
    kind = batch.schema[column]
    if kind.is_float() and column in shape.whole:
        return given.cast(pl.Int64, strict=False).cast(pl.String)
    text = given.cast(pl.String)
    return text.str.strip_suffix(".0") if column in shape.whole else text


def written_as_float(values: pl.Series) -> bool:
    """Whether ids are whole numbers that some other tool wrote with a point, as it does where ids are missing."""
    known = values.drop_nulls()
    if known.is_empty():
        return False
    if known.dtype.is_float():
        finite = known.filter(known.is_finite())
        return bool((finite == finite.floor()).all())
    return known.dtype == pl.String and bool(known.str.contains(_WHOLE_FLOAT).all())


def _number(schema: pl.Schema, column: str) -> pl.Expr:
    given = pl.col(column)
    if schema[column] == pl.String:
        given = given.str.strip_chars(_CURRENCY)
    return given.cast(pl.Float64, strict=False).cast(pl.Float32)


def _time(batch: Frame, shape: Shape) -> pl.Expr | pl.Series:
    if shape.time is None:
        return pl.lit(shape.undated, dtype=pl.Int64).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    given = batch[shape.time.column]
    times = batch.select(shape.time.expression(batch.schema)).to_series()
    unread = times.is_null() & given.is_not_null()
    if shape.time.pattern is None or not unread.any():
        return times
    return times.scatter(unread.arg_true(), shape.time.again(given.filter(unread)))


def _kinds(batch: Frame, shape: Shape) -> pl.Series:
    """What each row says the user did, in our words, (n,) String."""
    column = shape.recognition.columns.get("kind")
    if column is None:
        return pl.Series("kind", [shape.default_kind]).new_from_index(0, batch.height)
    given = batch[column].cast(pl.String)
    words = given.unique().drop_nulls().to_list()
    ours = [_kind_of(word, shape.kinds) for word in words]
    same = words == ours
    return (given if same else given.replace_strict(words, ours, default=None, return_dtype=pl.String)).alias("kind")


def _kind_of(word: str, kinds: Mapping[str, str]) -> str:
    bare = plain(word)
    return kinds.get(bare) or KIND_OF_WORD.get(bare) or word.strip().casefold()


def _default_value(columns: Mapping[str, str]) -> list[pl.Expr]:
    """What an event says where no column tells: the pieces of a purchase, otherwise 1."""
    if "value" in columns:
        return [pl.col("value").fill_null(1.0)]
    if "quantity" in columns:
        return [pl.col("quantity").fill_null(1.0).alias("value")]
    return [pl.lit(1.0, dtype=pl.Float32).alias("value")]


def _facts(shape: Shape, schema: pl.Schema) -> list[pl.Expr]:
    known = shape.recognition
    both = [(ITEM_FACT, known.item_facts), (USER_FACT, known.user_facts)]
    return [
        fact_value(theirs, ours, schema[theirs]).alias(prefix + ours)
        for prefix, facts in both
        for ours, theirs in facts.items()
    ]


def fact_value(column: str, fact: str, kind: pl.DataType) -> pl.Expr:
    """A fact as JSON can hold it: a price is a number, dates are ISO text, blank text is nothing."""
    given = pl.col(column)
    if kind == pl.String:
        text = given.str.strip_chars()
        text = pl.when(text != "").then(text)
        return text.str.strip_chars(_CURRENCY).cast(pl.Float64, strict=False) if fact == "price" else text
    if kind.is_float() or kind.is_decimal():
        number = given.cast(pl.Float64)
        number = number.round_sig_figs(7) if kind == pl.Float32 else number  # 4.2, not 4.199999809265137
        return pl.when(number.is_finite()).then(number)
    if kind.is_nested() or kind.is_integer() or kind == pl.Boolean:
        return given
    return given.cast(pl.String)


def _reasons(batch: Frame, rows: Frame, columns: Mapping[str, str]) -> pl.Series:
    """Why a row cannot be read, (n,) String; looked for only where a value was lost."""
    reasons = pl.Series("reason", [None], dtype=pl.String).new_from_index(0, rows.height)
    for ours in (*NUMBERS, "time"):
        if ours not in columns or rows[ours].null_count() == batch[columns[ours]].null_count():
            continue
        texts = batch[columns[ours]].cast(pl.String)
        lost = (rows[ours].is_null() & (texts.str.strip_chars() != "")).fill_null(False)
        said = f"{ours} is no {'time' if ours == 'time' else 'number'}: " + texts.filter(lost)
        reasons = reasons.scatter(lost.arg_true(), said)
    return reasons
