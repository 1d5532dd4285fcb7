"""Facts as sparse features: text by its words and pieces of words, categories, numbers. Each group has its weight."""

import json
from dataclasses import asdict, dataclass, fields, replace
from typing import Annotated, Any

import numpy as np
import polars as pl
from scipy import sparse

from slatewright.core.arrays import Arrays, Frame, Mask
from slatewright.core.errors import BadInput
from slatewright.core.knobs import Knob, check_knobs, from_mapping
from slatewright.data.catalogue import AVAILABLE_FACTS, HIDDEN_FACTS
from slatewright.data.encoding.fact_categories import is_categorical
from slatewright.data.encoding.free_text import is_address, is_text
from slatewright.data.idmap import IdMap
from slatewright.models.content.groups import Group, NumberGroup, TokenGroup, group_of
from slatewright.models.content.names import packed, unpacked

STATES = {*AVAILABLE_FACTS, *HIDDEN_FACTS}  # whether an item can be sold says nothing about what it is like


@dataclass(frozen=True)
class FactFeatures:
    """How facts become features; weights are shares of the likeness of two rows that have every group."""

    columns: Annotated[tuple[str, ...], Knob("the facts to use; none named: all that can be used")] = ()
    text: Annotated[tuple[str, ...], Knob("the facts read as text; none named: those with many words or values")] = ()
    word_weight: Annotated[float, Knob("how much the words of a text count", least=0, search=(0, 2))] = 1.0
    piece_weight: Annotated[float, Knob("how much its character n-grams of 3 to 5 count", least=0, search=(0, 2))] = 1.0
    category_weight: Annotated[float, Knob("how much a categorical fact counts", least=0, search=(0, 2))] = 1.0
    number_weight: Annotated[float, Knob("how much a number counts", least=0, search=(0, 2))] = 0.25
    weighting: Annotated[str, Knob("how a text's words weigh", choices=("bm25", "tfidf"))] = "bm25"
    least_rows: Annotated[int, Knob("a feature that fewer rows have is left out", least=1)] = 1
    most_features: Annotated[int, Knob("features of one column and kind; the most frequent stay", least=1)] = 100_000

    def __post_init__(self) -> None:
        check_knobs(self)

    def __str__(self) -> str:
        usual = {field.name: field.default for field in fields(self)}
        told = [f"{name}={value!r}" for name, value in asdict(self).items() if value != usual[name]]
        return f"FactFeatures({', '.join(told)})"

    def learn(self, facts: Frame, rows: Mask | None = None) -> "FactSpace":
        """Learn the features of the training rows only: a mask (n,), or None for all of them.

        Raises:
            BadInput: ``columns`` or ``text`` names a fact that is not there.
        """
        self._check_there(facts)
        seen = facts if rows is None else facts.filter(pl.Series(rows))
        groups: list[Group] = []
        weights: list[float] = []
        for name in self.columns or [name for name in facts.columns if name.lower() not in STATES]:
            for group, weight in self._groups(seen[name]):
                groups.append(group)
                weights.append(weight)
        return FactSpace(self, tuple(groups), tuple(weights))

    def _groups(self, fact: pl.Series) -> list[tuple[Group, float]]:
        kind = self._kind(fact)
        limits: dict[str, Any] = {"least": self.least_rows, "most": self.most_features}
        if kind == "numbers":
            chosen: list[tuple[Group, float]] = [(NumberGroup.fit(fact), self.number_weight)]
        elif kind == "categories":
            chosen = [(TokenGroup.fit(fact, kind, bm25=False, **limits), self.category_weight)]
        elif kind == "text":
            bm25 = self.weighting == "bm25"
            weights = {"words": self.word_weight, "pieces": self.piece_weight}
            chosen = [
                (TokenGroup.fit(fact, part, bm25=bm25, **limits), weight)
                for part, weight in weights.items()
                if weight > 0
            ]
        else:
            chosen = []
        return [(group, weight) for group, weight in chosen if weight > 0]

    def _kind(self, fact: pl.Series) -> str | None:
        """What a column is read as; None where it cannot be used."""
        if fact.name in self.text:
            return "text"
        if fact.dtype.is_numeric() or fact.dtype.is_temporal():
            return "numbers"
        if isinstance(fact.dtype, pl.List):
            return "categories" if not fact.dtype.inner.is_nested() else None
        if fact.dtype == pl.String:
            return _kind_of_words(fact)
        return "categories" if is_categorical(fact) else None

    def _check_there(self, facts: Frame) -> None:
        for knob, names in (("columns", self.columns), ("text", self.text)):
            missing = [name for name in names if name not in facts.columns]
            if missing and facts.width:
                raise BadInput(
                    f"FactFeatures.{knob} must name facts; there is no {', '.join(missing)} "
                    f"among {', '.join(facts.columns)}"
                )


def _kind_of_words(fact: pl.Series) -> str | None:
    if is_address(fact):
        return None
    return "text" if is_text(fact) else "categories"


@dataclass(frozen=True)
class FactSpace:
    """What was learned of the facts: groups of features side by side, each scaled by the root of its weight."""

    knobs: FactFeatures
    groups: tuple[Group, ...]
    weights: tuple[float, ...]

    def matrix(self, facts: Frame, n_rows: int | None = None) -> sparse.csr_matrix:
        """The features of each row, CSR float32 (rows, features); what training never saw is left out.

        A fact that is no column here is unknown in every row. ``n_rows`` tells the rows of a frame without columns.
        """
        n = facts.height if facts.width or n_rows is None else n_rows
        parts = [sparse.csr_matrix((n, 0), dtype=np.float32)]
        for group, weight in zip(self.groups, self.weights, strict=True):
            empty = sparse.csr_matrix((n, group.n_features), dtype=np.float32)
            part = group.matrix(facts[group.column]) if group.column in facts.columns else empty
            parts.append(part * np.float32(np.sqrt(weight)))
        joined = sparse.csr_matrix(sparse.hstack(parts, format="csr", dtype=np.float32))
        joined.sort_indices()
        return joined

    def names(self) -> list[str]:
        """What each feature is called: ``title:mug`` a word, ``title~mug`` a piece, ``genre=Drama``, ``price≈2.5``."""
        return [name for group in self.groups for name in group.names()]

    def words(self) -> list[str]:
        """What each feature says, to people: ``title "mug"``, ``the spelling of title``, ``price about 2.5``."""
        return [words for group in self.groups for words in group.words()]

    def only(self, there: Mask) -> tuple["FactSpace", Mask]:
        """The space with those words, pieces and categories alone, and which features it has: numbers stay whole."""
        ends = np.cumsum([group.n_features for group in self.groups])[:-1]
        parts = zip(self.groups, np.split(there, ends) if self.groups else [], strict=True)
        groups = [group.only(part) if isinstance(group, TokenGroup) else group for group, part in parts]
        numbers = np.repeat(
            [not isinstance(group, TokenGroup) for group in self.groups], [group.n_features for group in self.groups]
        ).astype(np.bool_)
        return replace(self, groups=tuple(groups)), there | numbers

    @property
    def n_features(self) -> int:
        return sum(group.n_features for group in self.groups)

    def arrays(self) -> Arrays:
        """Everything learned, as arrays; ``card`` is JSON in UTF-8 bytes."""
        card = {"knobs": asdict(self.knobs), "weights": self.weights, "groups": [g.card() for g in self.groups]}
        words = [group.tokens.names for group in self.groups if isinstance(group, TokenGroup)]
        text, offsets = packed(pl.concat([IdMap.of([]).names, *words]))
        numbers = [g.knots if isinstance(g, NumberGroup) else g.rarity for g in self.groups]
        return {
            "card": np.frombuffer(json.dumps(card, ensure_ascii=False, sort_keys=True).encode(), dtype=np.uint8),
            "names": text,
            "name_offsets": offsets,
            "numbers": np.concatenate([np.empty(0), *numbers]).astype(np.float64),
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> "FactSpace":
        """The space again, from arrays that may be memory-mapped."""
        card = json.loads(np.asarray(arrays["card"]).tobytes())
        names, numbers = unpacked(arrays["names"], arrays["name_offsets"]), np.asarray(arrays["numbers"])
        groups: list[Group] = []
        at = word = 0
        for one in card["groups"]:
            size = one["features"]
            n_words = 0 if one["kind"] == "numbers" else size
            groups.append(group_of(one, IdMap(names.slice(word, n_words)), numbers[at : at + size]))
            at, word = at + size, word + n_words
        knobs = from_mapping(FactFeatures, card["knobs"], where="facts")
        return cls(knobs, tuple(groups), tuple(card["weights"]))
