"""How a report was made: the split, the audit, the data, what is not on the page."""

from html import escape

from slatewright.core.clock import iso
from slatewright.data.report.markup import bullets, section, table
from slatewright.evaluate.audit import Finding, audit_line
from slatewright.evaluate.provenance import MARKS, combined, ranking, said_of_split, training
from slatewright.evaluate.reporting.contents import Report


def made_of(report: Report) -> str:
    """The card."""
    found = report.evaluation
    told = [training(found), found.protocol.question, said_of_split(found), ranking(found), combined(found)]
    facts = [
        ("data", found.data or "not recorded"),
        ("known until", iso(found.as_of)),
        ("run", report.made.run or "not recorded"),
        ("command", report.made.command),
    ]
    if report.made.run:
        facts.append(("once more", f"slatewright reproduce {report.made.run}"))
    return section(
        "How it was made",
        "",
        bullets(_sentence(one) for one in told if one),
        table(("what", "as recorded"), facts),
        *_audit(found.audit),
        *(f'<p class="note">{escape(one)}</p>' for one in report.missing),
    )


def _audit(audit: tuple[Finding, ...]) -> list[str]:
    """Checks in words; examples are left out, since they may be ids of people."""
    if not audit:
        return []
    rows = [(MARKS.get(one.outcome, one.outcome), one.check, one.reason) for one in audit]
    return [f"<h3>{escape(_sentence(audit_line(audit)))}</h3>", table(("", "check", "what was found"), rows)]


def _sentence(text: str) -> str:
    """A capital in front, a full stop behind."""
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "?")) else ".")
