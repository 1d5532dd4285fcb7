"""A report as one HTML page that needs nothing else, and runs nothing."""

from collections.abc import Iterator
from html import escape

from slatewright.data.report.markup import bullets, tiles
from slatewright.data.report.markup import section as card
from slatewright.data.report.whole_page import whole_page
from slatewright.data.report.wording import number as whole
from slatewright.evaluate.evaluation import BASELINE
from slatewright.evaluate.provenance import training
from slatewright.evaluate.reporting.contents import Report
from slatewright.evaluate.reporting.headline import headline
from slatewright.evaluate.reporting.sections import Section, sections
from slatewright.evaluate.wording import LEGEND, number, short, title

STYLE = """.contents { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; list-style: none; }
.contents { margin: 0 0 1.1rem; padding: 0; font-size: .93rem; }
.contents a { color: var(--kind-1); }
.grid { display: grid; grid-template-columns: repeat(2, 1fr); gap: .4rem 1.5rem; } .grid > * { min-width: 0; }
.grid figure svg { min-width: 280px; }
h3 { font-size: 1rem; margin: 1.1rem 0 .3rem; }
h4 { font-size: .85rem; font-weight: 600; color: var(--faint); margin: 0 0 .3rem; }
.slates { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.6rem, 1fr)); gap: 1rem; }
.slates > div { min-width: 0; }
.slates ol { margin: 0; padding-left: 1.5rem; font-size: .84rem; line-height: 1.35; overflow-wrap: anywhere; }
.slates li { margin: .15rem 0; } .slates small, .row small { color: var(--faint); }
.row { list-style: none; margin: 0 0 .7rem; padding: 0; font-size: .86rem; overflow-wrap: anywhere; }
.row li { display: inline; } .row li + li::before { content: " · "; color: var(--faint); font-weight: 400; }
li.hit { font-weight: 600; color: var(--good); } li.hit::marker { color: var(--good); }
@media (max-width: 760px) { .grid { grid-template-columns: 1fr; } }
"""


def render_html(report: Report) -> str:
    """The page as text, to be written as UTF-8; the same report always gives the same page."""
    shown = list(sections(report))
    parts = [_tiles(report), _contents(shown), card("What to conclude", "", bullets(headline(report)))]
    parts += [f'<div id="{one.anchor}">{one.markup}</div>' for one in shown]
    lead = training(report.evaluation)
    footer = f"{LEGEND.format(level=report.evaluation.level)} Made by {report.made.command}."
    return whole_page(f"How good are the slates of {report.made.shop}?", lead, parts, footer=footer, style=STYLE)


def _contents(shown: list[Section]) -> str:
    links = "".join(f'<li><a href="#{one.anchor}">{escape(one.name)}</a></li>' for one in shown)
    return f'<nav aria-label="On this page"><ul class="contents">{links}</ul></nav>'


def _tiles(report: Report) -> str:
    theirs, k = report.group.of(BASELINE).metrics, report.evaluation.k
    found = list(_numbers(report))
    return tiles(
        [
            (title(metric, k), value, f"{BASELINE}: {_said(theirs[metric].value)}")
            for metric, value in found
            if metric in theirs
        ]
        + [("Users judged", whole(report.group.users), report.group.name)]
    )


def _numbers(report: Report) -> Iterator[tuple[str, str]]:
    for metric in ("ndcg", "recall", "hit_rate", "coverage", "novelty"):
        value = report.ours.metrics.get(metric)
        if value is not None:
            yield metric, _said(value.value)


def _said(value: float) -> str:
    return number(value) if abs(value) < 1 else short(value)
