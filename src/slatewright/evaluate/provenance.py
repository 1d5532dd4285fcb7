"""What an evaluation says of itself before any number: what was learned from, how it was split, what was checked."""

from collections.abc import Iterator
from typing import Protocol as Shape

from slatewright.core.clock import iso
from slatewright.data.splits import Order, Protocol
from slatewright.evaluate.audit.finding import Finding, audit_line
from slatewright.evaluate.evaluation import Evaluation, Group

SAMPLED = "SAMPLED NEGATIVES"
MARKS = {"warned": "warning", "allowed": "ALLOWED BY HAND", "failed": "failed"}


class Parted(Shape):
    """What was judged by a split."""

    @property
    def as_of(self) -> int: ...
    @property
    def protocol(self) -> Protocol: ...


class Audited(Parted, Shape):
    """What was judged by a split, and audited."""

    @property
    def k(self) -> int: ...
    @property
    def audit(self) -> tuple[Finding, ...]: ...


def known(found: Parted) -> str:
    """``Trained on what was known before 2011-10-01``."""
    if found.protocol.order is Order.ALL:
        return f"Trained on what was known before {iso(found.as_of)[:10]}"
    return f"Trained on all but the test part, whenever that was ({found.protocol.name})"


def training(found: Evaluation) -> str:
    """``Trained on what was known before 2011-10-01: 5,000 users, 400 items.``"""
    counts = f"{found.n_users:,} users, {found.n_items:,} items"
    if found.folds:
        cuts = ", ".join(dict.fromkeys(iso(fold.as_of)[:10] for fold in found.folds))
        if found.protocol.order is Order.ALL:
            return f"Trained {len(found.folds)} times, on what was known before {cuts}; last on {counts}."
        return f"Trained {len(found.folds)} times, each time on all but one part; last on {counts}."
    return f"{known(found)}: {counts}."


def ranking(found: Audited) -> str:
    """Whether every item is ranked; where not, in capitals."""
    protocol = found.protocol
    if not protocol.negatives:
        return f"Every item is ranked; lists of {found.k}."
    return (
        f"{SAMPLED}: right items are ranked among {protocol.negatives} drawn items only ({protocol.drawn}); "
        f"lists of {found.k}. "
        "These numbers flatter, may order two models wrongly, and compare with nothing that ranks every item."
    )


def said_of_split(found: Evaluation) -> str:
    """``Split: rolling (windows 3, window_days 30).``"""
    knobs = ", ".join(
        f"{name} {_said(value)}" for name, value in found.protocol.knobs.items() if value not in (None, ())
    )
    return f"Split: {found.protocol.name}" + (f" ({knobs})" if knobs else "") + "."


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def combined(found: Evaluation) -> str:
    """How the numbers of several folds became one; nothing where there is one."""
    if not found.folds:
        return ""
    return (
        f"Numbers of {len(found.folds)} folds together: one value per user, the mean over the folds that asked for the "
        "user, and the interval over users; what is counted over all lists (coverage) is the mean of the folds, from "
        "the mean of their low ends to that of their high ends."
    )


def fold_name(found: Evaluation, fold: Evaluation, group: Group) -> str:
    """``2011-10-01 (1,234)``: where a fold was cut, or its number, and its users."""
    at = found.folds.index(fold) + 1
    name = iso(fold.as_of)[:10] if found.protocol.order is Order.ALL else f"fold {at}"
    return f"{name} ({group.users:,})"


def clicks_said(found: Evaluation) -> tuple[str, str, list[str]]:
    """The title, what it is about, and the names of the rows: ``surface home (9 slates, 5 of 90 places)``."""
    since = min((fold.as_of for fold in found.folds), default=found.as_of)
    title = "Clicks on what was shown" + (f" from {iso(since)[:10]} on" if found.protocol.order is Order.ALL else "")
    note = "Slates as the pages reported them, whoever made them, and the interactions that name them."
    rows = [f"{one.of} ({one.slates:,} slates, {one.clicks:,} of {one.places:,} places)" for one in found.clicks]
    return title, note, rows


def not_passed(found: Audited) -> list[Finding]:
    """What the audit warns of or was told to allow."""
    return [one for one in found.audit if one.outcome != "passed"]


def audit_lines(found: Audited) -> Iterator[str]:
    """``audit: 7 checks passed``, and a line for each check that did more than pass."""
    yield audit_line(found.audit)
    for one in not_passed(found):
        yield f"  {MARKS[one.outcome]}: {one}"
