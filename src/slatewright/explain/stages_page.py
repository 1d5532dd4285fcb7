"""The four stages of one answer as a page: sources, filters, score and order side by side. It has no script."""

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import TypeAlias

from slatewright.core.clock import iso
from slatewright.data.report.markup import bullets, section
from slatewright.data.report.whole_page import whole_page
from slatewright.data.report.wording import counted, number
from slatewright.explain.explanation import Explanation
from slatewright.explain.four_stages import Arranged, ByFilter, ByOrder, FourStages, FromSource, Marked, Named, Offered
from slatewright.explain.words import digits_of

Link: TypeAlias = Callable[[str], str]  # an item_id -> where its reasons are

OPEN = 8  # items of a list that show at once; the rest unfolds
STYLE = """
main { max-width: 1500px; }
.stages { display: grid; grid-template-columns: 1.25fr .9fr 1.1fr .9fr; gap: 18px; align-items: start; }
.stages { margin: 0 0 18px; }
.stages > section { margin: 0; min-width: 0; }
.stages h3 { display: flex; justify-content: space-between; gap: 8px; margin: 18px 0 4px; font-size: 15px; }
.stages h3 span { font-weight: 400; opacity: .7; white-space: nowrap; }
.stages ol, .stages ul { list-style: none; margin: 0; padding: 0; font-size: 13.5px; }
.stages li { display: grid; grid-template-columns: 2.2em 1fr auto; gap: 8px; padding: 3px 6px; border-radius: 6px; }
.stages li > :first-child { opacity: .55; text-align: right; font-variant-numeric: tabular-nums; }
.stages li > :nth-child(2) { overflow-wrap: anywhere; }
.stages a, .slate a { color: inherit; text-decoration-color: rgb(128 128 128 / 45%); }
.stages small { grid-column: 2 / -1; opacity: .75; overflow-wrap: anywhere; }
.stages meter { width: 72px; }
.stages details summary { cursor: pointer; padding: 3px 6px; font-size: 13.5px; opacity: .75; }
pre { overflow-x: auto; margin: 0; font-size: 13px; }
.fate { font-variant-numeric: tabular-nums; white-space: nowrap; opacity: .6; }
.fate.in, .fate.up { color: #2e7d4f; font-weight: 600; opacity: 1; }
.fate.out, .fate.down { color: #b2452f; opacity: 1; }
li.asked { background: rgb(244 199 117 / 35%); }
.slate { display: flex; flex-wrap: wrap; gap: 6px 20px; list-style: none; margin: 0; padding: 0; }
@media (prefers-color-scheme: dark) { .fate.in, .fate.up { color: #7ccf9c; } .fate.out, .fate.down { color: #e8907c; } }
@media (max-width: 1050px) { .stages { grid-template-columns: 1fr 1fr; } }
@media (max-width: 620px) { .stages { grid-template-columns: 1fr; } }
"""
FOOTER = "Slatewright. Click on an item to read why it stands where it stands."


def stages_page(
    told: FourStages, title: str, *, about: Explanation | None = None, link: Link | None = None, policy: str = ""
) -> str:
    """The page as text; ``about`` is the item that was asked for, ``link`` where the reasons of an item are.

    ``policy`` is the text of the shop's rules at that time.
    """
    page = _Page(about.item_id if about else None, link)
    columns = [page.sources(told), page.filters(told), page.score(told), page.orders(told)]
    parts = [page.slate(told), f'<div class="stages">\n{"".join(columns)}\n</div>', page.history(told)]
    if about is not None:
        parts.insert(0, section(_headline(about), "", bullets(about.sentences[1:])))
    if told.remarks:
        parts.insert(0, section("Not every rule could hold", "The last of a group gave way.", bullets(told.remarks)))
    if told.notes:
        parts.insert(0, section("Something broke on the way", "The answer came out all the same.", bullets(told.notes)))
    if policy:
        parts.append(section("The shop's rules", "As they were then.", f"<pre>{escape(policy)}</pre>"))
    footer = FOOTER if link else "Slatewright."
    return whole_page(title, _lead(told), parts, footer=footer, style=STYLE)


def _headline(about: Explanation) -> str:
    place = f"position {about.position}" if about.shown else "not in the slate"
    return f"{about.title}: {place}"


def _lead(told: FourStages) -> str:
    where = " ".join(filter(None, (told.surface, told.slot)))
    said = [
        f"for {told.user_id}" if told.user_id is not None else "for a visitor without a name",
        iso(told.now),
        f"{counted(told.k, 'item')} asked for",
        f"on {where}" if where else "",
        f"fallback: {told.fallback}" if told.fallback else "",
    ]
    return " · ".join(filter(None, said))


class _Page:
    """The columns; ``asked`` is the item that stands out in all of them."""

    def __init__(self, asked: str | None, link: Link | None) -> None:
        self._asked, self._link = asked, link

    def slate(self, told: FourStages) -> str:
        items = "".join(f"<li>{at}. {self._name(item)}</li>" for at, item in enumerate(told.slate, start=1))
        body = f'<ol class="slate">{items}</ol>' if items else "<p>Nothing was shown.</p>"
        return section("The slate", "", body)

    def history(self, told: FourStages) -> str:
        items = "".join(f"<li>{self._name(item)}</li>" for item in told.history)
        body = f'<ul class="slate">{items}</ul>' if items else "<p>Nothing was known.</p>"
        return section("What was known of the user", "The newest first.", body)

    def sources(self, told: FourStages) -> str:
        body = [self._source(one) for one in told.sources]
        return section("1 · Sources", f"{counted(told.candidates, 'candidate')} in all", *body)

    def filters(self, told: FourStages) -> str:
        body = [self._filter(one) for one in told.filters]
        return section("2 · Filters", f"{number(told.survivors)} of {number(told.candidates)} passed", *body)

    def score(self, told: FourStages) -> str:
        lead = f"marked by {told.score}" if told.score else "the order of the sources stands"
        low = min((one.mark for one in told.marked), default=0.0)
        high = max((one.mark for one in told.marked), default=1.0)
        rows = [self._marked(one, low, high) for one in told.marked]
        return section("3 · Score", lead, self._list(rows, ordered=True))

    def orders(self, told: FourStages) -> str:
        body = [self._order(one) for one in told.orders]
        return section("4 · Order", "the place, and how far it moved", *body)

    def _source(self, one: FromSource) -> str:
        rows = [self._offered(offer) for offer in one.first]
        return self._titled(one.source, f"{number(one.proposed)} proposed", rows, one.proposed, ordered=True)

    def _filter(self, one: ByFilter) -> str:
        rows = [self._row(item.item_id, "", self._name(item), "") for item in one.first]
        return self._titled(one.filter, f"{number(one.dropped)} dropped", rows, one.dropped)

    def _order(self, one: ByOrder) -> str:
        rows = [self._arranged(item) for item in one.first]
        return self._titled(one.order, "", rows, len(rows), ordered=True)

    def _offered(self, one: Offered) -> str:
        if one.position is not None:
            fate = f'<span class="fate in">position {one.position}</span>'
        elif one.dropped_by:
            fate = f'<span class="fate out">{escape(one.dropped_by)}</span>'
        else:
            fate = '<span class="fate">not among the best</span>'
        return self._row(one.item.item_id, str(one.rank), self._name(one.item), fate)

    def _marked(self, one: Marked, low: float, high: float) -> str:
        digits = digits_of((one.mark, *one.parts.values()))
        mark = f"{one.mark:.{max(3, digits)}f}"
        bar = f'<meter min="{low:.6g}" max="{high:.6g}" value="{one.mark:.6g}">{mark}</meter> {mark}'
        largest = sorted(one.parts.items(), key=lambda part: -abs(part[1]))[:4]
        parts = ", ".join(f"{name} {value:+.{digits}f}" for name, value in largest if value)
        name = self._name(one.item)
        row = self._row(one.item.item_id, str(one.place), name, f'<span class="fate">{bar}</span>')
        return row.replace("</li>", f"<small>{escape(parts)}</small></li>") if parts else row

    def _arranged(self, one: Arranged) -> str:
        up = one.before - one.place
        word = f'<span class="fate {"up" if up > 0 else "down"}">{"↑" if up > 0 else "↓"} {abs(up)}</span>'
        return self._row(one.item.item_id, str(one.place), self._name(one.item), word if up else "")

    def _titled(self, name: str, amount: str, rows: Sequence[str], total: int, *, ordered: bool = False) -> str:
        said = f"<h3>{escape(name)}<span>{escape(amount)}</span></h3>"
        more = f"<small>and {number(total - len(rows))} more</small>" if total > len(rows) else ""
        return said + self._list(rows, ordered=ordered) + more

    def _list(self, rows: Sequence[str], *, ordered: bool = False) -> str:
        """The first rows, and the rest on demand; unfolded where the item that was asked for is among it."""
        tag = "ol" if ordered else "ul"

        def listed(some: Iterable[str]) -> str:
            return f"<{tag}>{''.join(some)}</{tag}>"

        if not rows:
            return ""
        if len(rows) <= OPEN:
            return listed(rows)
        unfolded = " open" if any('class="asked"' in row for row in rows[OPEN:]) else ""
        rest = f"<details{unfolded}><summary>{len(rows) - OPEN} more</summary>{listed(rows[OPEN:])}</details>"
        return listed(rows[:OPEN]) + rest

    def _row(self, item_id: str, number_: str, name: str, fate: str) -> str:
        asked = ' class="asked"' if item_id == self._asked else ""
        return f"<li{asked}><span>{number_}</span><span>{name}</span><span>{fate}</span></li>"

    def _name(self, item: Named) -> str:
        if self._link is None:
            return f'<span title="{escape(item.item_id)}">{escape(item.title)}</span>'
        return f'<a href="{escape(self._link(item.item_id))}" title="{escape(item.item_id)}">{escape(item.title)}</a>'
