"""Reasons and importance in words and in the terminal."""

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from slatewright.data.report.wording import counted, number, percent
from slatewright.explain.reasons import Importance, Part, Reasons, Weight

SHOWN = 12  # parts in the terminal
BAR = 24  # characters of the longest bar
WEAK_FIT = 0.5  # R² below which a surrogate is to be doubted
LABELS = {
    "exact": "exact",
    "shared": "divided",
    "shap": "SHAP",
    "lime": "surrogate",
    "permutation": "by shuffling",
}
HEADS = {"feature": "feature", "item": "item", "kind": "kind of event", "age": "age of event", "model": "model"}


def headline(found: Reasons) -> str:
    """One sentence: who gives what which score."""
    return f"{found.model} gives {found.subject} the score {amount(found.score)}."


def sentences(found: Reasons) -> tuple[str, ...]:
    """What speaks for and against, what is left, and how to take the numbers."""
    said = [headline(found)]
    for verb, parts in (("for", _speaking(found, 1)), ("against", _speaking(found, -1))):
        if parts:
            things = ", ".join(f"{one.title} ({signed(one.contribution)})" for one in parts)
            said.append(f"What speaks {verb} it: {things}.")
    if any(part.contribution for part in found.parts):
        start = f" and a base of {amount(found.base)}" if found.base else ""
        said.append(f"{counted(len(found.parts), 'part')}{start} make {_sum(found)}.")
    return (*said, *_on_the_fit(found), *found.notes)


def _speaking(found: Reasons, sign: int) -> list[Part]:
    """The largest parts of one sign, those left out that are nothing beside the largest of all."""
    least = 0.01 * max((abs(part.contribution) for part in found.parts), default=0.0)
    return [part for part in found.parts if sign * part.contribution > least][:3]


def _sum(found: Reasons) -> str:
    total = found.score - found.gap
    return f"{amount(total)}, the score" if found.fit is None else f"{amount(total)}, the surrogate's guess"


def _on_the_fit(found: Reasons) -> Iterator[str]:
    if found.fit is not None:
        doubt = ": a weighted sum says little of this model here" if found.fit < WEAK_FIT else ""
        yield f"The surrogate explains {percent(max(found.fit, 0.0))} of how the score changes (R²){doubt}."


def reasons_table(found: Reasons) -> Table:
    """The largest parts with a bar each; none where nothing adds anything."""
    table = _table("", "value", "adds")
    parts = found.parts if any(part.contribution for part in found.parts) else ()
    rows, left = parts[:SHOWN], parts[SHOWN:]
    most = max((abs(part.contribution) for part in rows), default=0.0)
    for part in rows:
        value = "" if part.value is None else amount(part.value)
        table.add_row(*map(Text, (called(part), value, signed(part.contribution))), _bar(part.contribution, most))
    if left:
        table.add_row(f"{number(len(left))} more", "", signed(sum(part.contribution for part in left)), "")
    table.add_row(Text("base", style="dim"), "", amount(found.base), "")
    return table


def importance_tables(found: Importance) -> Iterator[Table]:
    """For each kind of thing, the largest with a bar each."""
    for of, weights in found.told():
        table = _table(HEADS.get(of, of), "importance", "share")
        most = max((one.importance for one in weights), default=0.0)
        for one in weights[:SHOWN]:
            cells = (called(one), amount(one.importance), percent(one.share))
            table.add_row(*map(Text, cells), _bar(one.importance, most))
        yield table


def called(one: Part | Weight) -> str:
    """The title, with the id behind it where that is something else."""
    return one.title if one.title == one.name else f"{one.title} ({one.name})"


def amount(value: float) -> str:
    """``0.4231``, ``12.5``, ``-3e-05``: four digits that say something."""
    return f"{value:.4g}" if value else "0"


def signed(value: float) -> str:
    """The same with its sign: ``+0.4231``."""
    return f"{value:+.4g}" if value else "0"


def _bar(value: float, most: float) -> Text:
    length = round(BAR * abs(value) / most) if most > 0 else 0
    return Text("█" * length, style="blue" if value >= 0 else "red")


def _table(*heads: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for at, head in enumerate(heads):
        table.add_column(head, justify="right" if at else "left", no_wrap=at > 0, overflow="fold")
    table.add_column("", no_wrap=True)
    return table
