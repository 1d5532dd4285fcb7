"""Facts as a network reads them: a place in a table for every category and every band of a number, and numbers."""

import json
import warnings
from dataclasses import dataclass, field, replace
from dataclasses import fields as dataclass_fields
from itertools import pairwise
from typing import Annotated

import numpy as np
import polars as pl

from slatewright.core.arrays import Array, Arrays, Frame, Index, Mask, Scores
from slatewright.core.errors import BadInput
from slatewright.core.knobs import Knob, check_knobs
from slatewright.data.encoding import FactsEncoder, FactsModel
from slatewright.data.encoding.fact_categories import GONE, OTHER, is_categorical
from slatewright.data.encoding.fact_numbers import matrix_of, numbers_of
from slatewright.models.content.fact_features import STATES

FARTHEST = 5.0  # deviations from the mean: a number beyond says no more


@dataclass(frozen=True)
class FactFields:
    """How single facts become fields of a network; lists and texts are not among them (see ``FactVectors``)."""

    columns: Annotated[tuple[str, ...], Knob("the facts to use; none named: all numbers and categories")] = ()
    most_categories: Annotated[int, Knob("categories of one fact; rarer ones share a place", least=2)] = 1000
    n_bands: Annotated[int, Knob("bands of equal numbers of rows that a number is cut into", least=2, most=1000)] = 20

    def __post_init__(self) -> None:
        check_knobs(self)

    def __str__(self) -> str:
        usual = {field.name: field.default for field in dataclass_fields(self)}
        told = [f"{name}={getattr(self, name)!r}" for name, value in usual.items() if getattr(self, name) != value]
        return f"FactFields({', '.join(told)})"

    def learn(self, facts: Frame, rows: Mask | None = None) -> "FieldReader":
        """Learn the places of the training rows only: a mask (n,), or None for all of them.

        Raises:
            BadInput: ``columns`` names a fact that is not there.
        """
        missing = [name for name in self.columns if name not in facts.columns]
        if missing and facts.width:
            raise BadInput(f"FactFields.columns must name facts; there is no {', '.join(missing)} among "
                           f"{', '.join(facts.columns)}")  # fmt: skip
        seen = facts if rows is None else facts.filter(pl.Series(rows))
        names = [name for name in self.columns or facts.columns if name.lower() not in STATES]
        chosen = tuple(name for name in names if seen.height and _is_single(seen[name]))
        if not chosen:
            return FieldReader(self)
        encoder = FactsEncoder(encoding="ordinal", most_categories=self.most_categories, columns=chosen)
        seen = seen.select(chosen)
        model = encoder.fit(seen)
        numbers = matrix_of(seen, model.numbers.names)
        return FieldReader(self, model, tuple(bands_of(column, self.n_bands) for column in numbers.T))


def _is_single(fact: pl.Series) -> bool:
    return not fact.dtype.is_nested() and (fact.dtype.is_numeric() or is_categorical(fact))


def _warn_of_words(numbers: Frame) -> None:
    """Warn of columns that tell words alone where there were numbers; Python says the same warning once."""
    for fact in numbers.select(pl.col(pl.String)):
        if fact.drop_nulls().len() and np.isnan(numbers_of(fact)).all():
            warnings.warn(
                f"the fact {fact.name!r} was learned as a number and now tells words alone: it is read as not known",
                stacklevel=2,
            )


def bands_of(numbers: Array, n_bands: int) -> Array:
    """Where one band ends and the next begins, float64, rising: quantiles of what is known; few values, one each."""
    known = numbers[np.isfinite(numbers)]
    values = np.unique(known)
    if len(values) <= n_bands:
        return values[1:]
    return np.unique(np.quantile(known, np.linspace(0, 1, n_bands + 1)[1:-1], method="higher"))


@dataclass(frozen=True)
class FieldReader:
    """What was learned: categories first, then numbers by bands. Place 0 of a field stands for whatever is not known:
    no value, a column that is not there, a category that training never saw."""

    knobs: FactFields
    model: FactsModel | None = None
    bands: tuple[Array, ...] = field(default=())

    @property
    def names(self) -> tuple[str, ...]:
        """The facts, in the order of the fields."""
        if self.model is None:
            return ()
        return (*(fact.name for fact in self.model.categories), *self.model.numbers.names)

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many places each field has, the one for nothing known included."""
        if self.model is None:
            return ()
        words = (1 + len(fact.values) + fact.other for fact in self.model.categories)
        return (*words, *(2 + len(ends) for ends in self.bands))

    @property
    def n_categories(self) -> int:
        """How many of the fields are categories; they come first."""
        return len(self.model.categories) if self.model else 0

    @property
    def n_numbers(self) -> int:
        """How many numbers ``read`` gives."""
        return len(self.bands)

    def grown(self, facts: Frame) -> "FieldReader":
        """With places for the categories of more training rows; those that were known keep theirs.

        Numbers fall into the bands they had. A fact that was not learned needs a new fit.
        """
        if self.model is None:
            return self
        words = (
            fact.grown(facts[fact.name], self.knobs.most_categories) if fact.name in facts.columns else fact
            for fact in self.model.categories
        )
        return replace(self, model=replace(self.model, categories=tuple(words)))

    def forgetting(self, facts: Frame) -> "FieldReader":
        """Without the names of categories that no row has; all places stay, also those that are nobody's now."""
        if self.model is None:
            return self
        words = (fact.forgetting(facts.get_column(fact.name, default=None)) for fact in self.model.categories)
        return replace(self, model=replace(self.model, categories=tuple(words)))

    @property
    def gone(self) -> tuple[Index, ...]:
        """Of each field, the places whose category was forgotten, int32."""
        if self.model is None:
            return ()
        words = ((np.array(fact.values, dtype=object) == GONE).nonzero()[0] for fact in self.model.categories)
        return (*((1 + one).astype(np.int32) for one in words), *(np.zeros(0, np.int32) for _ in self.bands))

    def read(self, facts: Frame | None, n: int) -> tuple[Index, Scores]:
        """Places int32 (n, fields), from 0 in each field, and numbers float32 (n, numbers), 0 where nothing is known.

        ``facts`` of None: nothing is known of any row.
        """
        if self.model is None or facts is None or not facts.width:
            return np.zeros((n, len(self.names)), dtype=np.int32), np.zeros((n, self.n_numbers), dtype=np.float32)
        return self.read_codes(self.codes(facts))

    def codes(self, facts: Frame) -> Array:
        """The facts as one number each, float64 (n, fields): the place of a category, a number itself, NaN unknown."""
        if self.model is None:
            return np.zeros((facts.height, 0))
        told = self._with_all(facts)
        _warn_of_words(told.select(self.model.numbers.names))
        words = [fact.ordinal(told[fact.name])[:, 0] for fact in self.model.categories]
        return np.column_stack([*words, *matrix_of(told, self.model.numbers.names).T])

    def read_codes(self, codes: Array) -> tuple[Index, Scores]:
        """The same as ``read``, from ``codes``."""
        if self.model is None:
            return self.read(None, len(codes))
        given = codes[:, self.n_categories :]
        bands = [np.where(np.isnan(one), 0, 1 + np.searchsorted(ends, one, side="right"))
                 for one, ends in zip(given.T, self.bands, strict=True)]  # fmt: skip
        places = np.column_stack([codes[:, : self.n_categories], *bands]).astype(np.int32)
        scaled = (given - self.model.numbers.shift) / self.model.numbers.scale
        return places, np.clip(np.nan_to_num(scaled, nan=0.0), -FARTHEST, FARTHEST).astype(np.float32)

    def told(self, field: int, code: float) -> str:
        """What a code says, to people: ``color = red``, ``price = 2.5``."""
        name = self.names[field]
        if self.model is None or np.isnan(code):
            return f"{name} not known"
        if field >= self.n_categories:
            return f"{name} = {code:g}"
        words = ("(not known)", *self.model.categories[field].values, OTHER)
        return f"{name} = {words[int(code)]}"

    def _with_all(self, facts: Frame) -> Frame:
        """The facts with a column of nulls for each that is not there."""
        absent = [name for name in self.names if name not in facts.columns]
        return facts.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in absent)

    def arrays(self, prefix: str) -> Arrays:
        """Everything learned, as named arrays."""
        model = {} if self.model is None else self.model.arrays()
        knobs = {"columns": self.knobs.columns, "most_categories": self.knobs.most_categories,
                 "n_bands": self.knobs.n_bands}  # fmt: skip
        return {
            **{f"{prefix}_{name}": array for name, array in model.items()},
            f"{prefix}_knobs": np.frombuffer(json.dumps(knobs).encode(), dtype=np.uint8),
            f"{prefix}_bands": np.concatenate([np.empty(0), *self.bands]),
            f"{prefix}_band_offsets": np.cumsum([0, *map(len, self.bands)]).astype(np.int64),
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays, prefix: str) -> "FieldReader":
        """The reader again, from arrays that may be memory-mapped."""
        own = {name.removeprefix(f"{prefix}_"): one for name, one in arrays.items() if name.startswith(f"{prefix}_")}
        knobs = json.loads(np.asarray(own["knobs"]).tobytes())
        read = FactFields(tuple(knobs["columns"]), knobs["most_categories"], knobs["n_bands"])
        model = FactsModel.from_arrays(own) if "words" in own else None
        offsets = own["band_offsets"]
        return cls(read, model, tuple(own["bands"][one:other] for one, other in pairwise(offsets)))
