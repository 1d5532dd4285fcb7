"""Slates side by side, as columns: what somebody had, what each recommender offers, what was then taken."""

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
    columns = [
        _column("Had before", sample.had, sample.n_had - len(sample.had)),
        _taken(sample),
        *(_offered(name, sample.offers[name]) for name in first),
    ]
    said = f"{sample.who}: {counted(sample.n_had, 'thing')} before" if sample.n_had else sample.who
    return f'<h3>{escape(said)}</h3><div class="slates">{"".join(columns)}</div>'


def _offered(name: str, offer: Offer) -> str:
    below = offer.hits - sum(one.hit for one in offer.things)
    left = offer.length - len(offer.things)
    more = f"and {number(left)} more" + (f", {number(below)} of them taken" if below else "") if left else ""
    return _listed(f"{name}: {counted(offer.hits, 'hit')}", offer.things, more)


def _taken(sample: Sample) -> str:
    left = sample.n_taken - len(sample.taken)
    notes = [f"and {number(left)} more"] if left else []
    if sample.unknown:
        notes.append(f"and {counted(sample.unknown, 'thing')} that training did not know")
    return _listed("Then took", sample.taken, ", ".join(notes))


def _column(name: str, things: Sequence[Thing], left: int) -> str:
    return _listed(name, things, f"and {number(left)} more" if left else "")


def _listed(name: str, things: Sequence[Thing], more: str) -> str:
    body = f"<ol>{''.join(map(_item, things))}</ol>" if things else "<small>nothing</small>"
    return f"<div><h4>{escape(name)}</h4>{body}" + (f"<small>{escape(more)}</small>" if more else "") + "</div>"


def _item(thing: Thing) -> str:
    again = " <small>(had before)</small>" if thing.again else ""
    if thing.hit:
        return f'<li class="hit">{escape(thing.title)} <span title="taken">✓</span>{again}</li>'
    return f"<li>{escape(thing.title)}{again}</li>"
