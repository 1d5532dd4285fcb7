"""Reporting: an evaluation of the shop, drawn as one page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from slatewright.core.errors import BadInput, BadKnob
from slatewright.core.knobs import knobs_of
from slatewright.data.splits import Chosen, Fold
from slatewright.evaluate import By
from slatewright.evaluate.diagnosis.curves import DATA, Curve, learning_curve
from slatewright.evaluate.reporting import Made, Report, gather, render_html
from slatewright.evaluate.reporting.slates import check_users
from slatewright.evaluate.segments import HISTORY, POPULARITY
from slatewright.lifecycle.evaluating import Judgement, judge_bundle, judge_shop
from slatewright.lifecycle.folds import fold_of_shop, fold_since, folds_of_shop
from slatewright.lifecycle.publishing import publish
from slatewright.lifecycle.recording import Recorder
from slatewright.models import Estimator, Popularity
from slatewright.pipeline.learning import Progress, silent
from slatewright.pipeline.opening import open_pipeline
from slatewright.pipeline.recipe import Recipe, load_recipe
from slatewright.store.shop import Shop

PAGE = "report.html"
USUAL_BY = By((HISTORY,), (POPULARITY,))


@dataclass(frozen=True)
class View:
    """What a report looks at.

    ``users``: whose slates are shown, by id; none given, three of different histories; None: nobody's. ``curves``: what
    learning curves are drawn over, ``data`` or knobs.
    """

    k: int = 20
    on_validation: bool = False
    by: By = USUAL_BY
    users: tuple[str, ...] | None = ()
    curves: tuple[str, ...] = (DATA,)


def report_shop(
    shop: Shop,
    split: Chosen,
    view: View,
    *,
    command: str = "slatewright report",
    progress: Progress = silent,
    recorder: Recorder | None = None,
) -> tuple[Report, Path]:
    """Evaluate the recipe as ``evaluate_shop`` does, draw learning curves, and write the page into the reports.

    ``command`` is what the page says it was made by. With a ``recorder`` the evaluation is recorded as a run.

    Raises:
        Leak: as ``evaluate_shop``.
        BadInput: as ``evaluate_shop``.
        BadKnob: no estimator of the recipe has a knob of ``view.curves``.
        NotThere: one of ``view.users`` did nothing in the test part.
    """
    shop = shop.pinned()
    wanted = list(_curves_of(load_recipe(shop.recipe), view.curves))
    if view.users:
        *_, last = folds_of_shop(shop, split, on_validation=view.on_validation)
        check_users(view.users, last.test)
    found = judge_shop(
        shop, split, k=view.k, on_validation=view.on_validation, by=view.by, progress=progress, recorder=recorder
    )
    inner = _inner(shop, split) if wanted else None
    missing = [] if inner is not None or not wanted else ["There are no learning curves: validation_share is 0."]
    curves = [] if inner is None else [_curve(one, over, inner, progress) for one, over in wanted]
    return _write(shop, found, view, command, curves, missing)


def report_bundle(
    shop: Shop,
    version: str | None,
    view: View,
    *,
    kinds: tuple[str, ...] = (),
    command: str = "slatewright report",
    progress: Progress = silent,
    recorder: Recorder | None = None,
) -> tuple[Report, Path]:
    """Evaluate a bundle (default: the live one) by what happened since, and write the page; without learning curves.

    Raises:
        NotThere: as ``evaluate_bundle``, or one of ``view.users`` did nothing since.
        BadBundle: as ``evaluate_bundle``.
        BadInput: as ``evaluate_bundle``.
    """
    shop = shop.pinned()
    if view.users:
        check_users(view.users, fold_since(shop, open_pipeline(shop, version).world.as_of, kinds).test)
    found = judge_bundle(shop, version, k=view.k, kinds=kinds, by=view.by, progress=progress, recorder=recorder)
    missing = ["There are no learning curves: a bundle is judged as it is. Leave --bundle out to have them."]
    return _write(shop, found, view, command, [], missing if view.curves else [])


def _write(
    shop: Shop, found: Judgement, view: View, command: str, curves: Sequence[Curve], missing: Sequence[str]
) -> tuple[Report, Path]:
    report = gather(
        found.judged,
        found.evaluation,
        Made(shop.name, found.run, command),
        users=view.users,
        curves=curves,
        missing=missing,
    )
    publish(shop, {PAGE: render_html(report).encode()})
    return report, shop.reports / PAGE


def _curves_of(recipe: Recipe, curves: Sequence[str]) -> Iterator[tuple[Estimator, str]]:
    """Every estimator that has something to turn, with what is turned; popularity learns nothing.

    Raises:
        BadKnob: no estimator has such a knob.
    """
    learners = [one for one in recipe.estimators.values() if not isinstance(one, Popularity)]
    for over in dict.fromkeys(curves):
        have = [one for one in learners if over == DATA or _turns(one, over)]
        if not have and over != DATA:
            known = sorted({knob for one in learners for knob in _numbers(one)})
            raise BadKnob(f"no estimator of the recipe has a number {over!r} to turn; they have {', '.join(known)}")
        yield from ((one, over) for one in have)


def _turns(estimator: Estimator, knob: str) -> bool:
    return knob in _numbers(estimator)


def _numbers(estimator: Estimator) -> list[str]:
    """The knobs of an estimator that a curve can be drawn over."""
    values = {knob: getattr(estimator, knob.name) for knob in knobs_of(cast(Any, type(estimator)))}
    return [
        knob.name
        for knob, value in values.items()
        if knob.knob.search is not None and isinstance(value, int | float) and not isinstance(value, bool)
    ]


def _inner(shop: Shop, split: Chosen) -> Fold | None:
    """The fold inside the training part; None where there is none."""
    try:
        return fold_of_shop(shop, split, on_validation=True)
    except BadInput:
        return None


def _curve(estimator: Estimator, over: str, fold: Fold, progress: Progress) -> Curve:
    def told(step: str, done: int, total: int) -> None:
        progress(f"learning curve of {type(estimator).__name__}: {step}", done, total)

    return learning_curve(estimator, fold, over=over, progress=told)
