"""A diagnosis as Markdown."""

from collections.abc import Iterator, Sequence

from slatewright.evaluate.diagnosis.curves import Curve
from slatewright.evaluate.diagnosis.diagnosis import MOST_GROUPS, Diagnosis
from slatewright.evaluate.diagnosis.rows import BIASES, GROUPS, bias_rows, group_rows
from slatewright.evaluate.diagnosis.saying import LEGEND, about, heading, ordered, sentences
from slatewright.evaluate.markdown_table import markdown_table
from slatewright.evaluate.wording import brackets, short


def markdown(found: Diagnosis) -> str:
    """The verdict, what to conclude, every curve, and the groups."""
    parts = [
        f"# {heading(found)}",
        about(found),
        "\n".join(f"- {sentence}" for sentence in sentences(found)),
        *(part for one in ordered(found) for part in (f"## By {one.curve.over}", markdown_table(*_points(one.curve)))),
        f"## Users by what is lost, NDCG@{found.k}",
        markdown_table(GROUPS, group_rows(found.user_groups, MOST_GROUPS)),
        "## Right items by what is not found",
        markdown_table(GROUPS, group_rows(found.item_groups, MOST_GROUPS)),
    ]
    if found.ratings is not None:
        parts += [
            "## Ratings by how far they are off",
            markdown_table(BIASES, bias_rows(found.ratings.biases, MOST_GROUPS)),
        ]
    return "\n\n".join([*parts, LEGEND]) + "\n"


def _points(curve: Curve) -> tuple[Sequence[str], Iterator[Sequence[str]]]:
    metric = curve.metric.upper()
    heads = (curve.over, f"{metric}, training", f"{metric}, validation", "")
    rows = (
        (
            f"{point.value:g}",
            f"{short(point.learned.value)} {brackets(point.learned)}",
            f"{short(point.unseen.value)} {brackets(point.unseen)}",
            ", ".join(word for word, place in (("now", curve.standing), ("best", curve.best)) if place == at),
        )
        for at, point in enumerate(curve.points)
    )
    return heads, rows
