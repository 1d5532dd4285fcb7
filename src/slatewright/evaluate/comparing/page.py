"""A comparison as one HTML page, for people who would rather look than read."""

from matplotlib.axes import Axes

from slatewright.core.clock import iso
from slatewright.data.report.drawing import FAINT, INK, KINDS, LINE, chart
from slatewright.data.report.markup import bullets, folded_away, plot, section, table
from slatewright.data.report.whole_page import whole_page
from slatewright.evaluate.comparing.comparison import Comparison
from slatewright.evaluate.comparing.saying import behind_best, heading, lead, legend, sentences, verdict
from slatewright.evaluate.evaluation import BASELINE
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
    known = f"Trained on what was known before {iso(found.as_of)[:10]}, judged by {found.users:,} users"
    return whole_page(f"Recipes of {shop} compared", known, parts, footer=legend(found))


def _forest(found: Comparison, metric: str) -> str:
    """Values with their intervals, best on top, and popularity's value as a line to be beaten."""
    bar = next(one.metrics[metric].value for one in found.contenders if one.name == BASELINE)

    def draw(axes: list[Axes]) -> None:
        (axis,) = axes
        for at, one in enumerate(found.contenders):
            value = one.metrics[metric]
            color = KINDS[0] if found.beats_popularity(one.name) else FAINT
            axis.plot([value.low, value.high], [at, at], color=color, linewidth=3, alpha=0.5, solid_capstyle="round")
            axis.plot([value.value], [at], "o", color=color, markersize=7)
            axis.annotate(number(value.value), (value.value, at), (0, 8), textcoords="offset points", ha="center")
        axis.axvline(bar, color=INK, linewidth=1, linestyle=(0, (4, 3)))
        axis.set_yticks(range(len(found.contenders)), [one.name for one in found.contenders])
        axis.set_ylim(len(found.contenders) - 0.5, -0.7)
        axis.grid(True, axis="x", color=LINE)
        axis.grid(False, axis="y")
        axis.set_xlabel(f"{title(metric, found.k)}; dashed: popularity")

    return chart(draw, f"{title(metric, found.k)} of each", height=0.9 + 0.45 * len(found.contenders))


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
