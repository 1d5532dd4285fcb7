"""Categorical facts: words, yes or no, and lists of words, encoded as columns of 0 and 1 or as numbers from 1."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

import numpy as np
import polars as pl

from slatewright.core.arrays import Frame, Index, Weights
from slatewright.data.encoding.free_text import is_free_text

OTHER = "(other)"
GONE = ""  # in the place of a category that was forgotten; no word is blank


@dataclass(frozen=True, slots=True)
class Categories:
    """What was learned of one categorical fact.

    ``values`` are its categories in byte order, then those that it grew by, and "" for each that was forgotten;
    ``other`` tells whether rarer ones share a place after them; ``fill`` stands for a missing one. A category that
    training never saw counts as ``other`` where there is one, else as none.
    """

    name: str
    values: tuple[str, ...]
    other: bool
    fill: str | None

    def columns(self) -> list[str]:
        """A name per column of ``one_hot``."""
        return [f"{self.name}={value}" for value in (*self.values, *([OTHER] if self.other else []))]

    def one_hot(self, fact: pl.Series) -> Weights:
        """1 where the row has the category, float32 (rows, columns); a list may have several."""
        row, place = self._places(fact)
        encoded = np.zeros((len(fact), len(self.values) + self.other), dtype=np.float32)
        encoded[row, place] = 1.0
        return encoded

    def ordinal(self, fact: pl.Series) -> Weights:
        """The place of the category from 1, float32 (rows, 1); 0 where it has none. Of a list, the first place."""
        row, place = self._places(fact)
        encoded = np.zeros((len(fact), 1), dtype=np.float32)
        encoded[row[::-1], 0] = place[::-1] + 1
        return encoded

    def _places(self, fact: pl.Series) -> tuple[Index, Index]:
        """Rows and the places of their categories, both int32 (entries,), in order of row and place."""
        words = words_of(fact, self.fill)
        places = pl.DataFrame({"word": self.values, "place": np.arange(len(self.values), dtype=np.int32)})
        found = words.join(places.cast({"word": pl.String}), on="word", how="left")
        if self.other:
            found = found.with_columns(pl.col("place").fill_null(len(self.values)))
        found = found.drop_nulls("place").sort("row", "place")
        return found["row"].to_numpy(), found["place"].to_numpy()

    def grown(self, fact: pl.Series, most: int) -> "Categories":
        """With the categories of more rows at new places, and all others where they were.

        Where rarer ones share a place, so do all new ones; they begin to where there would be more than ``most``.
        """
        if self.other:
            return self
        words = words_of(fact, self.fill)["word"]
        new = (
            words.filter(~words.is_in(list(self.values)))
            .value_counts()
            .sort(["count", "word"], descending=[True, False])
        )
        named = sum(value != GONE for value in self.values)
        room = max(0, most - 1 - named)
        shared = named + new.height > most
        added = sorted(new["word"].head(room) if shared else new["word"])
        return replace(self, values=(*self.values, *added), other=shared)

    def forgetting(self, fact: pl.Series | None) -> "Categories":
        """Without the names of categories that no row has, of a fact that may be gone as a whole; places stay."""
        there = {self.fill} if fact is None else {self.fill, *words_of(fact, None)["word"].unique()}
        return replace(self, values=tuple(value if value in there else GONE for value in self.values))

    def card(self) -> dict[str, object]:
        """As plain data, for JSON."""
        return asdict(self)

    @classmethod
    def from_card(cls, card: Mapping[str, object]) -> "Categories":
        values, fill = card["values"], card["fill"]
        words = tuple(str(value) for value in values) if isinstance(values, list | tuple) else ()
        return cls(str(card["name"]), words, bool(card["other"]), None if fill is None else str(fill))


def is_categorical(fact: pl.Series) -> bool:
    """Whether a fact is made of categories: a word, yes or no, or a list of words; free text is not."""
    kind = fact.dtype
    if isinstance(kind, pl.List):
        return kind.inner == pl.String
    if kind in (pl.Boolean, pl.Categorical, pl.Enum):
        return True
    return kind == pl.String and not is_free_text(fact)


def words_of(fact: pl.Series, fill: str | None) -> Frame:
    """``row`` int32 and ``word`` of every category that a row has; missing ones filled, blanks are missing."""
    many = isinstance(fact.dtype, pl.List)
    words = fact.cast(pl.List(pl.String) if many else pl.String)
    frame = pl.DataFrame({"row": np.arange(len(fact), dtype=np.int32), "word": words})
    frame = frame.explode("word") if many else frame
    frame = frame.with_columns(pl.col("word").str.strip_chars().replace("", None))
    return frame.with_columns(pl.col("word").fill_null(fill) if fill is not None else pl.col("word")).drop_nulls()
