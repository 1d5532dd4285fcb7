"""What a page is made of, declared in the recipe."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from slatewright.core.errors import BadKnob
from slatewright.core.knobs import Knob, check_knobs
from slatewright.pipeline.composing.subjects import About
from slatewright.pipeline.sources import PopularSource, RecentSource
from slatewright.pipeline.stage_knobs import FilterKnobs, OrderKnobs, ScoreKnobs, SourceKnobs

HOME = "home"
WORD = re.compile(r"\{(\w*)\}")
NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
STAGES = (("sources", "propose"), ("filters", "keep"), ("orders", "arrange"))


@dataclass(frozen=True)
class Row:
    """One row of a page: a title and the items below it.

    Stages that a row does not bring are those of the recipe; a row with ``sources`` of its own and no ``score`` stands
    in the order of its sources, and holds only what they propose. ``about`` says what the row is about; its words stand
    in braces in the title.
    """

    title: Annotated[str, Knob("what stands above it; {item}, {did} or {category} come from what it is about")]
    sources: Sequence[SourceKnobs] | None = None
    filters: Sequence[FilterKnobs] | None = None
    score: ScoreKnobs | None = None
    orders: Sequence[OrderKnobs] | None = None
    about: About | None = None
    slot: Annotated[str, Knob("name of its place in events; empty: made of the title")] = ""
    k: Annotated[int | None, Knob("how many items; none: as many as are asked for", least=1)] = None
    least: Annotated[int, Knob("with fewer items than this, or than k, the row is left out", least=1)] = 3
    rows: Annotated[int, Knob("how many rows at most, each about something else", least=1)] = 1

    def __post_init__(self) -> None:
        check_knobs(self)
        known = frozenset[str]() if self.about is None else self.about.words
        for word in WORD.findall(self.title):
            if word not in known:
                has = " or ".join(f"{{{one}}}" for one in sorted(known)) or "no word, it is about nothing"
                raise BadKnob(f"Row.title may use {has}, got {{{word}}} in {self.title!r}")
        if self.slot and not NAME.fullmatch(self.slot):
            raise BadKnob(f"Row.slot must be letters, digits, - and _, got {self.slot!r}")
        if self.rows > 1 and self.about is None:
            raise BadKnob(f"Row.rows must be 1 for a row that is about nothing, got {self.rows} for {self.title!r}")

    @property
    def place(self) -> str:
        """The name of its place: ``slot``, or the title in plain letters."""
        return self.slot or re.sub(r"[^a-z0-9]+", "-", WORD.sub("", self.title).lower()).strip("-")[:64] or "row"

    def stages(self) -> Iterator[object]:
        """The stages that it brings."""
        for place, _ in STAGES:
            yield from getattr(self, place) or ()
        if self.score is not None:
            yield self.score

    def titled(self, words: Mapping[str, str]) -> str:
        """The title with the words of what it is about."""
        return WORD.sub(lambda found: words[found[1]], self.title)


@dataclass(frozen=True)
class Page:
    """Titled rows, top down. An item stands in the first row that has it, and in no other."""

    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        if not isinstance(self.rows, tuple) or not self.rows or not all(isinstance(row, Row) for row in self.rows):
            raise BadKnob(f"Page.rows must be a tuple of at least one Row, got {self.rows!r}")
        places = [row.place for row in self.rows]
        for place in places:
            if places.count(place) > 1:
                raise BadKnob(f"Page.rows: two rows have the slot {place!r}; give one of them another, Row(slot=...)")

    @classmethod
    def usual(cls) -> "Page":
        """The page of a recipe that declares none."""
        return cls(
            (
                Row("For you", least=1),
                Row("New", sources=(RecentSource(days=90, limit=200),)),
                Row("Popular", sources=(PopularSource(),)),
            )
        )


def check_pages(pages: object) -> Iterator[object]:
    """Every stage of every page.

    Raises:
        BadKnob: the pages of a recipe are none; what stands in a stage's place is no stage.
    """
    if not isinstance(pages, Mapping):
        raise BadKnob(f"Recipe.pages must be a mapping of names to pages, got {pages!r}")
    for name, page in pages.items():
        if not isinstance(name, str) or not NAME.fullmatch(name) or not isinstance(page, Page):
            raise BadKnob(
                f"Recipe.pages must hold a Page under a name of letters, digits, - and _, got {name!r}: {page!r}"
            )
        for row in page.rows:
            for stage in row.stages():
                if isinstance(stage, type) or not hasattr(stage, "bind"):
                    raise BadKnob(f"Recipe.pages[{name!r}]: {stage!r} must have a method bind(world)")
                yield stage
