"""Reproducing: a recorded run once more, on the data it read and with the recipe it ran."""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from slatewright.core.clock import instant
from slatewright.core.errors import BadInput
from slatewright.data.splits import split_of_card
from slatewright.evaluate import By
from slatewright.lifecycle import comparing, updating
from slatewright.lifecycle.archive import archive_recipe, recipe_content
from slatewright.lifecycle.code_version import code_version
from slatewright.lifecycle.diagnosing import diagnose_again
from slatewright.lifecycle.differing import parts_of
from slatewright.lifecycle.environment import environment
from slatewright.lifecycle.evaluating import evaluate_bundle, evaluate_shop
from slatewright.lifecycle.frontier import draw_frontier
from slatewright.lifecycle.recording import Recorder
from slatewright.lifecycle.training import train
from slatewright.lifecycle.tuning import Wish, tune_shop
from slatewright.pipeline.learning import Progress, silent
from slatewright.store.flattening import Change, changes, flat
from slatewright.store.run import Json, Run
from slatewright.store.runs import Runs
from slatewright.store.shelf import Shelf
from slatewright.store.shop import Shop

Again: TypeAlias = Callable[[Shop, Mapping[str, Json], Progress, Recorder], object]


@dataclass(frozen=True)
class Reproduction:
    """A run and the same run ``again``: which metrics differ in the least, and what of the data that was read."""

    run: Run
    again: Run
    metrics: tuple[Change, ...]
    data: tuple[Change, ...]

    @property
    def same(self) -> bool:
        """Whether every metric came out the same, to the last digit."""
        return not self.metrics


def not_as_then(run: Run) -> tuple[Change, ...]:
    """What differs here and now from where and with what a run was made: code, libraries, threads, processor."""
    then = parts_of(run)
    here = {"code": flat(code_version()), "environment": flat(environment())}
    return tuple(change for part in here for change in changes(then[part], here[part]))


def reproduce(shop: Shop, run: Run, *, recorder: Recorder, progress: Progress = silent) -> Reproduction:
    """Do a run again, in a folder of its own that is thrown away: the shop keeps no trace of it.

    Raises:
        NotThere: the version of the log that it read, its recipe or its bundle is gone.
        BadInput: this Slatewright cannot do that kind of run.
    """
    if run.kind not in AGAIN:
        raise BadInput(f"a run of kind {run.kind!r} cannot be done again here; only {', '.join(AGAIN)}")
    with tempfile.TemporaryDirectory(prefix="slatewright-") as folder:
        past = as_it_was(shop, run, Path(folder))
        AGAIN[run.kind](past, run.arguments, progress, replace(recorder, tell=_nobody, tracker=None))
        again = Runs(past.runs).read("last")
    then, now = parts_of(run), parts_of(again)
    return Reproduction(run, again, changes(then["metrics"], now["metrics"]), changes(then["data"], now["data"]))


def as_it_was(shop: Shop, run: Run, folder: Path) -> Shop:
    """A shop in ``folder`` that reads the log, the recipes and the settings of a run; it writes nowhere else.

    Recipes lie in it under the names they had, and a bundle that was judged is lent to it.

    Raises:
        NotThere: a recipe of the run, or its bundle, is gone.
        BadInput: a recipe of the run has no plain name.
    """
    past = Shop(folder, run.settings, shop.log.pinned(run.data.tables, ends=run.data.ends))
    for name, digest in run.recipes.items():
        content = recipe_content(shop, digest)
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise BadInput(f"a recipe of the run {run.id} is called {name!r}, which is no name inside a folder")
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        archive_recipe(past, content)
    if version := run.arguments.get("bundle"):
        past.bundles.mkdir()
        (past.bundles / version).symlink_to(Shelf(shop.bundles).folder(version).absolute())
    return past


def _nobody(message: str) -> None:
    """Tell nobody: the run that is done again has been told of."""


def _evaluate(shop: Shop, arguments: Mapping[str, Json], progress: Progress, recorder: Recorder) -> object:
    by = By(**{name: tuple(facts) for name, facts in arguments["by"].items()})
    if version := arguments.get("bundle"):
        kinds = tuple(arguments["kinds"])
        return evaluate_bundle(
            shop, version, k=arguments["k"], kinds=kinds, by=by, progress=progress, recorder=recorder
        )
    split = split_of_card(arguments["split"], where="the arguments of the run")
    return evaluate_shop(
        shop,
        split,
        k=arguments["k"],
        on_validation=arguments["on_validation"],
        by=by,
        progress=progress,
        recorder=recorder,
    )


def _compare(shop: Shop, arguments: Mapping[str, Json], progress: Progress, recorder: Recorder) -> object:
    split = split_of_card(arguments["split"], where="the arguments of the run")
    wish = comparing.Wish.from_dict(arguments, shop.root)
    return comparing.compare_recipes(shop, split, wish, progress=progress, recorder=recorder)


def _train(shop: Shop, arguments: Mapping[str, Json], progress: Progress, recorder: Recorder) -> object:
    as_of = instant(arguments["as_of"])
    return train(shop, now=0, as_of=as_of, metrics=arguments["metrics"], progress=progress, recorder=recorder)


def _update(shop: Shop, arguments: Mapping[str, Json], progress: Progress, recorder: Recorder) -> object:
    return updating.update_bundle(shop, updating.Wish.from_dict(arguments), now=0, progress=progress, recorder=recorder)


def _tune(shop: Shop, arguments: Mapping[str, Json], progress: Progress, recorder: Recorder) -> object:
    split = split_of_card(arguments["split"], where="the arguments of the run")
    return tune_shop(shop, split, Wish.from_dict(arguments), progress=progress, recorder=recorder)


def _diagnose(shop: Shop, arguments: Mapping[str, Json], progress: Progress, recorder: Recorder) -> object:
    split = split_of_card(arguments["split"], where="the arguments of the run")
    return diagnose_again(shop, split, arguments, progress=progress, recorder=recorder)


def _frontier(shop: Shop, arguments: Mapping[str, Json], progress: Progress, recorder: Recorder) -> object:
    split = split_of_card(arguments["split"], where="the arguments of the run")
    k, model, inside = arguments["k"], arguments["model"], arguments["on_validation"]
    return draw_frontier(shop, split, k=k, model=model, on_validation=inside, progress=progress, recorder=recorder)


# How each kind of run is done again, in the folder that ``as_it_was`` made.
AGAIN: Mapping[str, Again] = MappingProxyType(
    {
        "evaluate": _evaluate,
        "compare": _compare,
        "train": _train,
        "update": _update,
        "tune": _tune,
        "diagnose": _diagnose,
        "frontier": _frontier,
    }
)
