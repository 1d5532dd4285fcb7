"""Facts as numbers for models: filled, scaled and encoded, everything learned from the training rows alone."""

import json
from dataclasses import asdict, dataclass
from typing import Annotated

import numpy as np
import polars as pl

from slatewright.core.arrays import Arrays, Frame, Index, Mask, Weights
from slatewright.core.errors import BadInput
from slatewright.core.knobs import Knob, check_knobs, from_mapping
from slatewright.data import encoding
from slatewright.data.encoding.fact_categories import Categories, is_categorical
from slatewright.data.encoding.fact_numbers import Numbers


@dataclass(frozen=True, slots=True)
class FactsEncoder:
    """How facts of items or users become numbers."""

    missing_numbers: Annotated[
        str, Knob("what stands for a missing number", choices=("median", "mean", "mode", "constant"))
    ] = "median"
    constant_number: Annotated[float, Knob("the number for missing ones, when that is constant")] = 0.0
    scaling: Annotated[
        str, Knob("numbers get mean 0 and deviation 1, or 0 to 1, or stay", choices=("z_score", "min_max", "none"))
    ] = "z_score"
    missing_categories: Annotated[str, Knob("what stands for a missing category", choices=("mode", "constant"))] = (
        "constant"
    )
    constant_category: Annotated[str, Knob("the category for missing ones, when that is constant")] = "(missing)"
    encoding: Annotated[
        str, Knob("a column of 0 and 1 per category, or one column numbered from 1", choices=("one_hot", "ordinal"))
    ] = "one_hot"
    most_categories: Annotated[int, Knob("beyond this many, rare categories of a fact share a column", least=2)] = 100
    columns: Annotated[tuple[str, ...], Knob("the facts to encode; none named: all numbers and categories")] = ()

    def __post_init__(self) -> None:
        check_knobs(self)

    def fit(self, facts: Frame, rows: Mask | Index | None = None) -> "FactsModel":
        """Learn from the training rows only: a mask (n,), positions, or None for all of them.

        Numbers, words, booleans and lists of words are encoded. Without ``columns``, free text and times are left out.

        Raises:
            BadInput: there is no training row, or ``columns`` names a fact that is not there or cannot be encoded.
        """
        seen = _rows_of(facts, rows)
        if seen.is_empty():
            raise BadInput("FactsEncoder.fit must have at least one training row, got none")
        names = self.columns or tuple(facts.columns)
        _check_there(facts, self.columns)
        numbers = tuple(name for name in names if facts.schema[name].is_numeric())
        words = tuple(name for name in names if is_categorical(seen[name]) or self._asked(facts, name))
        left_out = tuple(name for name in names if name not in numbers and name not in words)
        if self.columns and left_out:
            kinds = ", ".join(f"{name} ({facts.schema[name]})" for name in left_out)
            raise BadInput(f"FactsEncoder.columns must be numbers, words or lists of words, got {kinds}")
        return FactsModel(
            self,
            encoding.fit_numbers(seen, numbers, self.missing_numbers, self.constant_number, self.scaling),
            tuple(
                encoding.fit_categories(
                    seen[name], self.missing_categories, self.constant_category, self.most_categories
                )
                for name in words
            ),
            left_out,
        )

    def _asked(self, facts: Frame, name: str) -> bool:
        return name in self.columns and facts.schema[name] == pl.String


@dataclass(frozen=True, slots=True)
class FactsModel:
    """What was learned of the facts; the same row becomes the same numbers, whatever stands beside it."""

    encoder: FactsEncoder
    numbers: Numbers
    categories: tuple[Categories, ...]
    left_out: tuple[str, ...] = ()

    def columns(self) -> list[str]:
        """The names of the columns of ``matrix``: numbers first, then categories."""
        grouped = [fact.columns() if self._one_hot else [fact.name] for fact in self.categories]
        return [*self.numbers.names, *(name for names in grouped for name in names)]

    def matrix(self, facts: Frame) -> Weights:
        """The facts as float32 (rows, columns), all finite; a value training never saw is encoded as missing or none.

        Raises:
            BadInput: a fact that was learned is not among the columns.
        """
        _check_there(facts, (*self.numbers.names, *(fact.name for fact in self.categories)))
        encode = Categories.one_hot if self._one_hot else Categories.ordinal
        encoded = (encode(fact, facts[fact.name]) for fact in self.categories)
        return np.hstack([self.numbers.transform(facts), *encoded])

    def transform(self, facts: Frame) -> Frame:
        """``matrix`` as a frame with named Float32 columns."""
        return pl.DataFrame(self.matrix(facts), schema=dict.fromkeys(self.columns(), pl.Float32))

    def arrays(self) -> Arrays:
        """Everything learned, as arrays; ``words`` holds the names and categories as JSON in UTF-8 bytes."""
        words = {
            "encoder": asdict(self.encoder),
            "numbers": self.numbers.names,
            "categories": [fact.card() for fact in self.categories],
            "left_out": self.left_out,
        }
        text = json.dumps(words, ensure_ascii=False, sort_keys=True).encode()
        return {**self.numbers.arrays(), "words": np.frombuffer(text, dtype=np.uint8)}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> "FactsModel":
        """The model again, from arrays that may be memory-mapped."""
        words = json.loads(np.asarray(arrays["words"]).tobytes())
        encoder = from_mapping(FactsEncoder, words["encoder"], where="facts")
        numbers = Numbers(tuple(words["numbers"]), arrays["fill"], arrays["shift"], arrays["scale"])
        categories = tuple(Categories.from_card(card) for card in words["categories"])
        return cls(encoder, numbers, categories, tuple(words["left_out"]))

    @property
    def _one_hot(self) -> bool:
        return self.encoder.encoding == "one_hot"


def _rows_of(facts: Frame, rows: Mask | Index | None) -> Frame:
    if rows is None:
        return facts
    return facts.filter(pl.Series(rows)) if rows.dtype == np.bool_ else facts[rows]


def _check_there(facts: Frame, names: tuple[str, ...]) -> None:
    missing = [name for name in names if name not in facts.columns]
    if missing:
        raise BadInput(f"facts must have the columns {', '.join(missing)}; there are {', '.join(facts.columns)}")
