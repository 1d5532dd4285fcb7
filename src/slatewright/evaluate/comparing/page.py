"""A comparison as one HTML page, for people who would rather look than read."""

from slatewright.data.report.markup import bullets, folded_away, plot, section, table
from slatewright.data.report.whole_page import whole_page
from slatewright.evaluate.comparing.comparison import Comparison
from slatewright.evaluate.comparing.saying import behind_best, heading, lead, legend, sentences, verdict
from slatewright.evaluate.evaluation import BASELINE
from slatewright.evaluate.forest import Line, forest
from slatewright.evaluate.provenance import audit_lines, known, ranking
from slatewright.evaluate.wording import number, title
from slatewright.metrics.bootstrap import Interval


def render_html(found: Comparison, *, shop: str) -> str:
    """The page as text, to be written as UTF-8; the same comparison always gives the same page."""
    pictures = [
        section(
            title(metric, found.k),
            "Points are values, bars their intervals. Grey: does not beat popularity, the dashed line, for sure.",
            plot(_forest(found, metric)),
        )
        for metric in found.metrics
    ]
    parts = [
        section("What to conclude", "", bullets(sentences(found))),
        *pictures,
        section(heading(found), found.meaning, table(*_standing(found))),
        section(
            "Who beats whom", f"By {title(found.metrics[0], found.k)}: the row against the column.", _matrix(found)
        ),
        folded_away(
            "Every pair in every metric", table(("metric", "higher", "lower", "difference", "p"), _pairs(found))
        ),
    ]
    parts.append(section("How it was made", ranking(found), bullets(line.strip() for line in audit_lines(found))))
    about = f"{known(found)}, judged by {found.users:,} users"
    return whole_page(f"Recipes of {shop} compared", about, parts, footer=legend(found))


def _forest(found: Comparison, metric: str) -> str:
    """Values with their intervals, best on top, and popularity's value as a line to be beaten."""
    bar = next(one.metrics[metric].value for one in found.contenders if one.name == BASELINE)
    lines = [Line(one.name, one.metrics[metric], found.beats_popularity(one.name)) for one in found.contenders]
    name = title(metric, found.k)
    return forest(lines, bar, f"{name}; dashed: popularity", title=f"{name} of each")


def _standing(found: Comparison) -> tuple[list[str], list[list[str]]]:
    heads = ["", *(title(metric, found.k) for metric in found.metrics), "behind the best", "p"]
    rows = [
        [one.name, *(_value(one.metrics[metric]) for metric in found.metrics), *behind_best(found, one.name)]
        for one in found.contenders
    ]
    return heads, rows


def _value(value: Interval) -> str:
    return f"{number(value.value)} [{number(value.low)}, {number(value.high)}]"


def _matrix(found: Comparison) -> str:
    rows = [[name, *(_verdict(found, name, other) for other in found.names)] for name in found.names]
    return table(["", *found.names], rows)


def _verdict(found: Comparison, name: str, other: str) -> str:
    if name == other:
        return ""
    one = found.of(name, other)
    return ("▲ " if one.lead.value > 0 else "▼ ") + number(one.lead.value) if one.real else "level"


def _pairs(found: Comparison) -> list[list[str]]:
    return [[title(one.metric, found.k), one.first, one.second, lead(one), verdict(one)] for one in found.differences]
