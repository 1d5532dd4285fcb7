"""A search as one HTML page that needs nothing else."""

from collections.abc import Iterator
from html import escape

from slatewright.data.report.markup import bullets, folded_away, plot, section, table, tiles
from slatewright.data.report.whole_page import whole_page
from slatewright.data.report.wording import counted, number
from slatewright.evaluate import wording
from slatewright.evaluate.tuning.looking import TUNED, USUAL, Look
from slatewright.evaluate.tuning.report import pictures
from slatewright.evaluate.tuning.report.saying import STATES, sentences, title_of, value, verdict
from slatewright.evaluate.tuning.trials import Trial
from slatewright.evaluate.tuning.tuned import Tuned, as_code

STYLE = """pre { white-space: pre-wrap; margin: 0; padding: .8rem 1rem; background: var(--empty); border-radius: 6px; }
.slices { display: grid; grid-template-columns: repeat(2, 1fr); gap: 0 1.5rem; } .slices > * { min-width: 0; }
.slices figure svg { min-width: 240px; }
@media (max-width: 760px) { .slices { grid-template-columns: 1fr; } }
"""


def render_html(tuned: Tuned, look: Look | None, *, shop: str, model: str) -> str:
    """The page as text, to be written as UTF-8; the same search always gives the same page."""
    lead = f"{type(tuned.setup.estimator).__name__}, {tuned.setup.search.sampler} on validation data"
    footer = "Made by slatewright tune. Values are of validation data unless the test part is named."
    return whole_page(f"{model} of {shop}, tuned", lead, _parts(tuned, look), footer=footer, style=STYLE)


def _parts(tuned: Tuned, look: Look | None) -> Iterator[str]:
    yield _tiles(tuned)
    yield section("What to conclude", "", bullets(sentences(tuned, look)))
    if not tuned.best.usual and (look is None or verdict(tuned, look) != "worse"):
        yield section(
            "Into the recipe", "The best estimator as a line.", f"<pre><code>{escape(tuned.line)}</code></pre>"
        )
    if look is not None:
        yield section("The test part", _looked(look), _test_table(tuned, look))
    yield section(
        "Trial by trial",
        "Points: trials that got to their end; line: the best so far; crosses: given up early; triangles: failed.",
        plot(pictures.history(tuned)),
    )
    if len(tuned.setup.objectives) > 1:
        better = "in everything" if len(tuned.setup.objectives) > 2 else "in both"
        lead = f"No other trial is better {better} than those on the line. Square: the estimator as it was."
        yield section("One against the other", lead, plot(pictures.front(tuned)), _front_table(tuned))
    if len(tuned.setup.ladder.rungs) > 1:
        lead = "Each line is a trial, fitted again with more; dark: the best one; grey: given up."
        yield section("With a growing budget", lead, plot(pictures.climbs(tuned)))
    if tuned.importance:
        lead = "fANOVA: the share of the differences between trials that each knob explains alone."
        yield section("Which knobs matter", lead, plot(pictures.importance(tuned)))
    if len(tuned.complete) > 1:
        slices = "".join(plot(pictures.slice_of(tuned, name)) for name in tuned.knobs_of(_some(tuned)))
        lead = "Every trial that got to its end; the other knobs differ too. Dashed: the best."
        yield section("Knob by knob", lead, f'<div class="slices">{slices}</div>')
    yield folded_away("Every trial", _trials(tuned))


def _some(tuned: Tuned) -> Trial:
    """A trial that tried something."""
    return next((trial for trial in tuned.complete if not trial.usual), tuned.best)


def _tiles(tuned: Tuned) -> str:
    first = tuned.trials[0]
    before = f"as it was: {wording.number(first.values[0])}" if first.values else ""
    early = sum(trial.state == "pruned" for trial in tuned.trials)
    minutes = sum(trial.seconds for trial in tuned.trials) / 60
    return tiles(
        [
            (f"{title_of(tuned)}, validation", wording.number(tuned.best.values[0]), before),
            ("Trials", number(len(tuned.trials)), f"{early} given up early"),
            (
                "Minutes of fitting",
                f"{minutes:,.1f}",
                f"{counted(max(1, tuned.setup.search.workers), 'process', 'processes')}",
            ),
        ]
    )


def _looked(look: Look) -> str:
    times = "once" if look.nth == 1 else f"{look.nth} times"
    return f"{counted(look.users, 'user')}, {look.question}. Looked at {times} by searches of this record."


def _test_table(tuned: Tuned, look: Look) -> str:
    k, names = tuned.setup.search.k, list(look.gain)
    rows = [(who, *(value(found[name]) for name in names)) for who, found in look.metrics.items()]
    gain = (f"{TUNED} less {USUAL}", *(value(look.gain[name]) for name in names))
    shown = [row for row in rows if row[0] != TUNED] if tuned.best.usual else [*rows, gain]
    return table(("", *(wording.title(name, k) for name in names)), shown)


def _front_table(tuned: Tuned) -> str:
    heads = ("trial", *(title_of(tuned, at) for at in range(len(tuned.setup.objectives))), "")
    rows = [
        (str(one.number), *map(wording.number, one.values), as_code(tuned.estimator_of(one))) for one in tuned.pareto
    ]
    return table(heads, rows)


def _trials(tuned: Tuned) -> str:
    heads = ("trial", title_of(tuned), "", "knobs", "seconds", "")
    rows = [
        (
            str(one.number),
            wording.number(one.values[0]) if one.values else "",
            "as it was" if one.usual else STATES[one.state],
            ", ".join(f"{name}={found}" for name, found in tuned.knobs_of(one).items()),
            f"{one.seconds:.1f}",
            one.reason,
        )
        for one in tuned.trials
    ]
    return table(heads, rows)
