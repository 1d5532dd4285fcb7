"""Slates side by side, as columns; above them what somebody had, and what was then taken."""

from collections.abc import Sequence
from html import escape

from slatewright.data.report.markup import section
from slatewright.data.report.wording import counted, number
from slatewright.evaluate.reporting.contents import Report
from slatewright.evaluate.reporting.slates import Offer, Sample, Thing


def side_by_side(report: Report) -> str:
    """The card."""
    lead = (
        "Green and ticked: offered, and then taken. What was there before stands with the latest first. This is what "
        "single people did: keep the page in the house, or leave the slates out (--no-slates)."
    )
    return section("Slates side by side", lead, *(_person(one, report.main) for one in report.samples))


def _person(sample: Sample, main: str) -> str:
    first = [main, *(name for name in sample.offers if name != main)]
    columns = "".join(_column(name, sample.offers[name]) for name in first)
    had = f"Had before ({number(sample.n_had)})"
    took = f"Then took ({number(sample.n_taken + sample.unknown)})"
    return (
        f"<h3>{escape(sample.who)}</h3>"
        + _in_a_row(had, sample.had, sample.n_had - len(sample.had), 0)
        + _in_a_row(took, sample.taken, sample.n_taken - len(sample.taken), sample.unknown)
        + f'<div class="slates">{columns}</div>'
    )


def _in_a_row(name: str, things: Sequence[Thing], left: int, unknown: int) -> str:
    more = [f"{number(left)} more"] if left else []
    if unknown:
        more.append(f"{counted(unknown, 'thing')} that training did not know")
    ends = f"<li><small>{escape(' and '.join(['', *more]).strip())}</small></li>" if more else ""
    listed = "".join(map(_item, things)) + ends or "<li><small>nothing</small></li>"
    return f'<h4>{escape(name)}</h4><ul class="row">{listed}</ul>'


def _column(name: str, offer: Offer) -> str:
    below = offer.hits - sum(one.hit for one in offer.things)
    left = offer.length - len(offer.things)
    more = f"and {number(left)} more" + (f", {number(below)} of them taken" if below else "") if left else ""
    body = f"<ol>{''.join(map(_item, offer.things))}</ol>" if offer.things else "<small>nothing</small>"
    heading = f"<h4>{escape(name)}: {counted(offer.hits, 'hit')}</h4>"
    return f"<div>{heading}{body}" + (f"<small>{escape(more)}</small>" if more else "") + "</div>"


def _item(thing: Thing) -> str:
    again = " <small>(had before)</small>" if thing.again else ""
    if thing.hit:
        return f'<li class="hit">{escape(thing.title)}\u00a0<span title="offered and taken">✓</span>{again}</li>'
    return f"<li>{escape(thing.title)}{again}</li>"
