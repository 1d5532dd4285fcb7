"""Reasons and importance as one HTML page that needs nothing else: bars, and the numbers below them."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from slatewright.data.report.drawing import FAINT, INK, KINDS, chart
from slatewright.data.report.markup import bullets, folded_away, plot, section, table, tiles
from slatewright.data.report.whole_page import whole_page
from slatewright.data.report.wording import counted, number, percent
from slatewright.explain.reasons import Importance, Reasons
from slatewright.explain.telling import HEADS, LABELS, amount, called, headline, sentences, signed

DRAWN = 20  # bars of a picture
LONGEST = 46  # letters beside a bar
FOR, AGAINST = KINDS[0], KINDS[1]
FOOTER = "Made by slatewright explain."


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is called, how long it is, what stands at its end, and its colour."""

    name: str
    length: float
    label: str
    color: str


def page_of(found: Reasons | Importance) -> str:
    """The page of either, to be written as UTF-8; the same numbers always give the same page."""
    return _of_score(found) if isinstance(found, Reasons) else _over_all(found)


def _of_score(found: Reasons) -> str:
    named = [
        ("Score", amount(found.score), f"by {found.model}"),
        ("Base", amount(found.base), "the score before anything below"),
        ("How", LABELS[found.how], "" if found.fit is None else f"R² {found.fit:.2f}"),
    ]
    adds = any(part.contribution for part in found.parts)
    body = [plot(bars(_of_reasons(found), "What adds to the score, and what takes from it"))] if adds else []
    rows = [
        (called(one), "" if one.value is None else amount(one.value), signed(one.contribution)) for one in found.parts
    ]
    numbers = [folded_away("All numbers", table(("", "value", "adds"), rows))] if rows else []
    parts = [tiles(named), section("What the score is made of", "", *body, bullets(sentences(found)[1:]), *numbers)]
    return whole_page(f"Why {found.subject}", headline(found), parts, footer=FOOTER)


def _over_all(found: Importance) -> str:
    parts = []
    for of, weights in found.told():
        drawn = [Bar(called(one), one.importance, percent(one.share), FOR) for one in weights[:DRAWN]]
        rows = [(called(one), amount(one.importance), percent(one.share)) for one in weights]
        numbers = folded_away("All numbers", table((HEADS.get(of, of), "importance", "share"), rows))
        title = f"By {HEADS.get(of, of)}"
        parts.append(section(title, "", plot(bars(drawn, title)), numbers))
    lead = f"{LABELS[found.how]}; mean over {counted(found.answers, 'score')}"
    notes = section("How to read this", "", bullets(found.notes))
    return whole_page(f"What counts for {found.model}", lead, [*parts, notes], footer=FOOTER)


def bars(drawn: Sequence[Bar], title: str) -> str:
    """Bars to the right of 0 and to the left of it, as inline SVG."""

    def draw(axes: list[Axes]) -> None:
        (axis,) = axes
        places = range(len(drawn))
        axis.barh(places, [one.length for one in drawn], color=[one.color for one in drawn], height=0.72)
        for place, one in zip(places, drawn, strict=True):
            right = one.length >= 0
            axis.annotate(
                one.label, (one.length, place), xytext=(4 if right else -4, 0), textcoords="offset points",
                ha="left" if right else "right", va="center", color=INK,
            )  # fmt: skip
        axis.set_yticks(places, [_short(one.name) for one in drawn])
        axis.tick_params(axis="y", labelcolor=INK)
        axis.set_ylim(max(len(drawn), 2) - 0.5, -0.5)
        axis.axvline(0, color=FAINT, linewidth=0.8)
        axis.margins(x=0.16)
        axis.xaxis.set_visible(False)
        axis.spines[:].set_visible(False)
        axis.grid(False)

    return chart(draw, title, height=0.3 + 0.29 * max(len(drawn), 2))


def _of_reasons(found: Reasons) -> list[Bar]:
    """The largest parts, and the rest in one; the base may be far larger than any of them, and stands above."""
    drawn = []
    for one in found.parts[:DRAWN]:
        color = FOR if one.contribution >= 0 else AGAINST
        drawn.append(Bar(called(one), one.contribution, signed(one.contribution), color))
    left = found.parts[DRAWN:]
    if left:
        rest = sum(one.contribution for one in left)
        drawn.append(Bar(f"{number(len(left))} more", rest, signed(rest), FOR if rest >= 0 else AGAINST))
    return drawn


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
