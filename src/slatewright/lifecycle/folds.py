"""The folds of a shop: each read from its log as of the instant of its split."""

from collections.abc import Iterator
from dataclasses import replace

from slatewright.core.clock import iso
from slatewright.core.errors import BadInput
from slatewright.data.dataset import Dataset
from slatewright.data.idmap import IdMap
from slatewright.data.showings import SHOWN_SINCE
from slatewright.data.slates import showings
from slatewright.data.splits import (
    Allowing,
    Cases,
    Chosen,
    Fold,
    GlobalTime,
    RollingWindows,
    SampledNegatives,
    TimeSplit,
    cases_of,
    chosen_split,
)
from slatewright.data.splits.by_time import Window, latest, sides_of
from slatewright.lifecycle.training import besides, slates_of
from slatewright.pipeline.teaching.besides import Besides
from slatewright.store.shop import SETTINGS, Shop

SECTION = "split"


def split_of_shop(shop: Shop, **given: object) -> Chosen:
    """The split that the section ``[split]`` of the settings names, with what was ``given`` beside it.

    Raises:
        BadKnob: there is no such protocol or knob, or a knob is out of its range.
    """
    return chosen_split(shop.section(SECTION), given, where=f"{SETTINGS} [{SECTION}]")


def kinds_of(split: Chosen) -> tuple[str, ...]:
    """The kinds of events that count as right answers; none named: all of them."""
    if isinstance(split, SampledNegatives | Allowing):
        return kinds_of(_base(split))
    return split.kinds if isinstance(split, GlobalTime | RollingWindows) else ()


def folds_of_shop(shop: Shop, split: Chosen, *, on_validation: bool = False) -> Iterator[Fold]:
    """One fold after the other; of a split by time, each training part is read from the log as of its cut.

    So facts and returns are those known at the cut. The other splits take the log as it is at its end, and their folds
    say so. ``on_validation`` gives the folds inside the training parts, for choosing knobs.

    Raises:
        BadInput: the log or one side of a split is empty, or there is no validation part.
    """
    if isinstance(split, SampledNegatives | Allowing):
        yield from map(split.changed, folds_of_shop(shop, _base(split), on_validation=on_validation))
        return
    events = shop.weighing().read(shop.log, sessions=True)
    if not len(events.interactions):
        raise BadInput("there are no events to judge by; import some first: slatewright import")
    if isinstance(split, GlobalTime | RollingWindows):
        for window in split.cuts(events):
            yield _inside(shop, split, window) if on_validation else _fold(shop, events, split, window)
        return
    for fold in split.split(events):
        if on_validation and fold.validation is None:
            raise BadInput(_NO_VALIDATION)
        yield fold.validation if on_validation and fold.validation is not None else fold


def fold_of_shop(shop: Shop, split: Chosen, *, on_validation: bool = False) -> Fold:
    """One fold: of rolling windows the last one, of k-fold the first part; the other splits make one only.

    Raises:
        BadInput: as ``folds_of_shop``.
    """
    if isinstance(split, SampledNegatives | Allowing):
        return split.changed(fold_of_shop(shop, _base(split), on_validation=on_validation))
    if isinstance(split, RollingWindows):
        split = replace(split, windows=1)
    return next(folds_of_shop(shop, split, on_validation=on_validation))


def fold_since(shop: Shop, as_of: int, kinds: tuple[str, ...]) -> Fold:
    """What the log knew before an instant, and the cases that it knows from then on.

    Raises:
        BadInput: nothing happened since.
    """
    events = shop.weighing().read(shop.log, sessions=True)
    last = int(events.interactions.time.max(initial=as_of - 1))
    if last < as_of:
        raise BadInput(f"there is nothing to judge by: nothing happened at or after {iso(as_of)}; import newer events")
    split = GlobalTime(at=iso(as_of), validation_share=0.0, kinds=kinds)
    return _fold(shop, events, split, Window(as_of, last + 1))


def besides_of(shop: Shop, split: Chosen, fold: Fold) -> Besides:
    """What the log knew of slates and facts before the cut of a fold, for a score that learns from it.

    Slates only where the split is by time: the others have one instant for all, at the end, and a slate would tell of
    the answer that came of it.
    """
    if isinstance(split, SampledNegatives | Allowing):
        return besides_of(shop, _base(split), fold)
    known = besides(shop.log, fold.train.as_of)
    return known if isinstance(split, GlobalTime | RollingWindows) else replace(known, shown=None)


_NO_VALIDATION = f"there is no validation part: validation_share is 0 in [{SECTION}]"


def _base(split: SampledNegatives | Allowing) -> Chosen:
    if not isinstance(split.base, Chosen):
        raise BadInput(f"a shop has no split {type(split.base).__name__}")
    return split.base


def _inside(shop: Shop, split: TimeSplit, window: Window) -> Fold:
    """The fold that holds back the latest part of what was known at the cut."""
    inner = latest(split.validation_share, split.kinds)
    if inner is None:
        raise BadInput(_NO_VALIDATION)
    events = shop.weighing().read(shop.log, as_of=window.cut, sessions=True)
    if not len(events.interactions):
        raise _empty("training", window)
    return _fold(shop, events, inner, Window(inner.cut(events), window.cut))


def _fold(shop: Shop, events: Dataset, split: TimeSplit, window: Window) -> Fold:
    train = shop.weighing().read(shop.log, as_of=window.cut, sessions=True)
    _, answers = sides_of(events.interactions, window, split.kinds)
    if not len(train.interactions) or not answers.any():
        raise _empty("test" if len(train.interactions) else "training", window)
    cases = cases_of(train, events, answers, as_of=window.cut)
    return Fold(train, _who_were_shown(shop, cases, window.cut), protocol=split.protocol)


def _who_were_shown(shop: Shop, cases: Cases, cut: int) -> Cases:
    """The cases with what their users had been shown by then."""
    slates = slates_of(shop.log, cut)
    ids = IdMap.of(cases.users)
    shown = showings(slates, ids, cases.items, cut - SHOWN_SINCE, cut).take(ids.positions(cases.users))
    return replace(cases, histories=replace(cases.histories, shown=shown))


def _empty(part: str, window: Window) -> BadInput:
    return BadInput(
        f"the {part} part of the split is empty: it is cut at {iso(window.cut)}, and the window ends at "
        f"{iso(window.end)}; where all events have one time, split without it, as by --protocol k-fold"
    )
