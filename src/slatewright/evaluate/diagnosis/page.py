"""A diagnosis as one HTML page that needs nothing else."""

from collections.abc import Iterator

from slatewright.data.report.markup import bullets, folded_away, plot, section, table, tiles
from slatewright.data.report.whole_page import whole_page
from slatewright.data.report.wording import counted, number, percent
from slatewright.evaluate import wording
from slatewright.evaluate.diagnosis.diagnosis import MOST_GROUPS, Diagnosis, RatingsDiagnosis
from slatewright.evaluate.diagnosis.drawing import (
    biases_picture,
    curve_picture,
    imbalance_picture,
    slices_picture,
    trend_picture,
)
from slatewright.evaluate.diagnosis.imbalance import sentences as of_classes
from slatewright.evaluate.diagnosis.rows import BIASES, GROUPS, bias_rows, group_rows
from slatewright.evaluate.diagnosis.saying import LEGEND, about, heading, ordered, sentences
from slatewright.evaluate.diagnosis.slicing import Slice

STYLE = """.pairs { display: grid; grid-template-columns: repeat(2, 1fr); gap: 0 1.5rem; margin-top: 1rem; }
.pairs > * { min-width: 0; } .pairs figure svg { min-width: 240px; }
@media (max-width: 760px) { .pairs { grid-template-columns: 1fr; } }
"""


def render_html(found: Diagnosis, *, shop: str) -> str:
    """The page as text, to be written as UTF-8; the same diagnosis always gives the same page."""
    return whole_page(f"{found.name} of {shop}, diagnosed", about(found), _parts(found), footer=LEGEND, style=STYLE)


def _parts(found: Diagnosis) -> Iterator[str]:
    yield _tiles(found)
    yield section(heading(found), "", bullets(sentences(found)))
    for one in ordered(found):
        yield section(f"Learning curve: {one.curve.over}", one.verdict.told, plot(curve_picture(one.curve)))
    yield from _groups("Whom it fails", f"NDCG@{found.k}", found.user_groups)
    yield from _groups("What it fails to find", "right items", found.item_groups)
    if found.ratings is not None:
        yield _ratings(found.ratings)
    yield section(
        "What the data lets it hear",
        "Classes of very different size, and what answers them.",
        plot(imbalance_picture(found.imbalance)),
        bullets(of_classes(found.imbalance)),
    )


def _tiles(found: Diagnosis) -> str:
    shown = [
        (f"NDCG@{found.k}", wording.number(found.ndcg), found.question),
        ("Users asked for", number(found.users), f"{found.estimator}, called {found.name}"),
        ("Pairs with an event", percent(found.imbalance.density), "of all pairs of user and item"),
    ]
    if found.ratings is not None:
        shown[1] = ("RMSE", f"{found.ratings.rmse:.3f}", counted(found.ratings.ratings, "rating"))
    return tiles(shown)


def _groups(title: str, unit: str, groups: tuple[Slice, ...]) -> Iterator[str]:
    """Nothing where nothing is lost."""
    rows = list(group_rows(groups, MOST_GROUPS))
    if rows:
        tested = f"{counted(len(groups), 'group')} tested; by what is lost there, the most first."
        every = folded_away("The groups as a table", table(GROUPS, rows))
        yield section(title, tested, plot(slices_picture(groups, unit)), every)


def _ratings(found: RatingsDiagnosis) -> str:
    lead = "Said minus predicted: where it is not zero, promises are too high (below) or too low (above)."
    trends = "".join(plot(trend_picture(one)) for one in found.trends)
    every = folded_away("The groups as a table", table(BIASES, bias_rows(found.biases, MOST_GROUPS)))
    groups = (plot(biases_picture(found.biases)), every) if found.biases else ()
    return section("Residuals of ratings", lead, *groups, f'<div class="pairs">{trends}</div>')
