"""The report on segments as one HTML page that needs nothing else, and its pictures as files."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape

from slatewright.data.report.markup import plot, section, table, tiles
from slatewright.data.report.whole_page import whole_page
from slatewright.data.report.wording import counted, number, percent
from slatewright.models.segments.portrait import Over, Portrait
from slatewright.models.segments.report.flattening import Plane, flattened
from slatewright.models.segments.report.pictures import Draw, choice_of, color_of, map_of, on_page, on_paper, tree_of
from slatewright.models.segments.segmentation import Segments


@dataclass(frozen=True)
class SegmentReport:
    """What ``slatewright segments`` writes: ``shop`` is its name, ``method`` says how the segments were found."""

    shop: str
    method: str
    segments: Segments
    portraits: tuple[Portrait, ...]
    seed: int = 0

    @cached_property
    def plane(self) -> Plane:
        """The members on a plane."""
        return flattened(self.segments, self.seed)

    def pictures(self) -> Mapping[str, tuple[Draw, float]]:
        """What can be drawn and how high it is, inches."""
        clusters = self.segments.clusters
        if clusters is None:
            return {}
        found: dict[str, tuple[Draw, float]] = {"map": (map_of(self.plane, self.portraits), 5.6)}
        if len(clusters) > 1:
            found["tree"] = (tree_of(clusters, self.portraits), 0.9 + 0.36 * len(clusters))
        if len(self.segments.tried) > 1:
            found["choice"] = (choice_of(self.segments.tried, len(clusters)), 2.6)
        return found

    def files(self) -> Mapping[str, bytes]:
        """The pictures by the names of their files."""
        drawn = {name: on_paper(draw, height=height) for name, (draw, height) in self.pictures().items()}
        return {f"{name}.{kind}": content for name, kinds in drawn.items() for kind, content in kinds.items()}

    def html(self) -> str:
        """The page as text, to be written as UTF-8; the same report always gives the same page."""
        of = self.segments.of
        drawn = {
            name: plot(on_page(draw, TITLES[name], height=height)) for name, (draw, height) in self.pictures().items()
        }
        parts = [
            _tiles(self),
            *(section(TITLES[name], self._lead(name), picture) for name, picture in drawn.items() if name != "choice"),
            section("Side by side", "", _overview(self.portraits)),
            *(_card(one, of) for one in self.portraits),
            *(section(TITLES[name], self._lead(name), picture) for name, picture in drawn.items() if name == "choice"),
        ]
        title = f"Segments of the {of} of {self.shop}"
        footer = "Made by slatewright segments. Lift: the share in the segment over the share among all."
        return whole_page(title, self.method, parts, footer=footer, style=STYLE)

    def _lead(self, name: str) -> str:
        shown = f"{counted(len(self.plane.labels), self.segments.of[:-1])} as points. By {self.plane.kept}."
        return {"map": shown, "tree": LEADS["tree"], "choice": LEADS["choice"]}[name]


TITLES = {"map": "The map", "tree": "Which segments are alike", "choice": "How many segments?"}
LEADS = {
    "tree": "Segments that join near their names are alike; the further to the left they join, the less.",
    "choice": "How clearly members lie nearer to their own segment than to the next: 1 clearly, 0 on the border.",
}
STYLE = """.dot { display: inline-block; width: .8em; height: .8em; border-radius: 50%; margin-right: .5em; }
section > p.facts { margin: .2rem 0 .8rem; color: var(--ink); }
.side { display: grid; grid-template-columns: 3fr 2fr; gap: 0 2rem; } .side > div { min-width: 0; }
@media (max-width: 760px) { .side { grid-template-columns: 1fr; } }
"""


def _tiles(report: SegmentReport) -> str:
    known, of = report.segments.known, report.segments.of
    largest = report.portraits[0].share if report.portraits else 0.0
    silent = int(len(known) - known.sum())
    return tiles(
        [
            ("Segments", number(len(report.segments)), report.method),
            (of.capitalize(), number(int(known.sum())), f"{number(silent)} others say nothing yet"),
            ("Largest", percent(largest), f"of the {of}"),
        ]
    )


def _overview(portraits: tuple[Portrait, ...]) -> str:
    heads = ("", "segment", "size", "share", "share of events", "events each", "last event")
    rows = [
        (
            str(one.number),
            one.name,
            one.size,
            percent(one.share),
            percent(one.events_share),
            f"{one.activity:,.1f}",
            "" if one.recent_days is None else f"{counted(round(one.recent_days), 'day')} ago",
        )
        for one in portraits
    ]
    return table(heads, rows)


def _card(one: Portrait, of: str) -> str:
    """One segment: what it takes, in which categories and words, and its facts."""
    dot = f'<i class="dot" style="background:{color_of(one.number - 1)}"></i>'
    lead = f"{counted(one.size, of[:-1])}, {percent(one.share)}; {one.activity:,.1f} events each"
    left = table(
        ("item", "", "users" if of == "items" else of, "share", "lift"), [_item_row(item) for item in one.items]
    )
    if of == "items":
        left = table(("item", "", "users", "share"), [_item_row(item)[:4] for item in one.items])
    right = "".join(
        table((what, "share", "lift"), [_over_row(over) for over in found[:6]])
        for what, found in (("categories", one.categories), ("words in titles", one.words))
        if found
    )
    facts = "; ".join(fact_sentences(one))
    said = f'<p class="facts">{escape(facts)}</p>' if facts else ""
    body = f'{said}<div class="side"><div>{left}</div><div>{right}</div></div>'
    return f"<section>\n<h2>{dot}{one.number}. {escape(one.name)}</h2><p>{escape(lead)}</p>\n{body}\n</section>"


def _item_row(item: Over) -> tuple[str, str, int, str, str]:
    title = item.title if item.title != item.name else ""
    return item.name, title, item.count, percent(item.share), f"{item.lift:.1f}"


def _over_row(over: Over) -> tuple[str, str, str]:
    return over.name, percent(over.share), f"{over.lift:.1f}"


def fact_sentences(one: Portrait) -> list[str]:
    """What the facts say of a segment, in words: ``age 39.1 on average (all: 30.6)``, ``gender F 68 % (all: 28 %)``."""
    numbers = [f"{fact.name} {fact.mean:,.4g} on average (all: {fact.usual:,.4g})" for fact in one.numbers]
    modes = [f"{fact.name} {fact.value} {percent(fact.share)} (all: {percent(fact.usual)})" for fact in one.modes]
    return numbers + modes
