"""Tuning an estimator of a shop's recipe, where it stands."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import orjson

from slatewright.core.errors import BadInput, NotThere
from slatewright.core.knobs import from_mapping
from slatewright.data.splits import Chosen, Fold, card_of
from slatewright.evaluate.audit import Audit
from slatewright.evaluate.numbers import intervals
from slatewright.evaluate.tuning import Look, Search, Tuned
from slatewright.evaluate.tuning.deriving import Given
from slatewright.evaluate.tuning.report import as_dict, render_html
from slatewright.evaluate.tuning.running import Watch
from slatewright.evaluate.tuning.setup import setup_of
from slatewright.evaluate.tuning.tuning import run_setup, unwatched
from slatewright.evaluate.tuning.workers import Source
from slatewright.lifecycle.folds import fold_of_shop
from slatewright.lifecycle.publishing import publish
from slatewright.lifecycle.recording import Outcome, Recorder, record_run
from slatewright.pipeline.learning import Progress, silent
from slatewright.pipeline.recipe import Recipe, read_recipe, run_recipe
from slatewright.pipeline.recipe_knobs import recipe_knobs
from slatewright.store.run import Json
from slatewright.store.shop import RECIPE, Shop

RECORD = "tuning.sqlite"
RANGE, VALUES = "range", "values"


@dataclass(frozen=True)
class Wish:
    """What to tune: the ``model`` by its name in the recipe (none: the only one), for which objectives, in which space.

    ``look``: judge by the test part at the end. ``unfinished`` are the trials, by number, in whose middle the minutes
    of a recorded search were over: done again they are not finished either, or another one might win.
    """

    model: str | None = None
    objective: tuple[str, ...] = ("ndcg",)
    space: Given | None = None
    search: Search = field(default_factory=Search)
    look: bool = True
    unfinished: tuple[int, ...] = ()

    def as_dict(self) -> dict[str, Json]:
        """Plain data, enough to wish the same again."""
        space = self.space and {name: _said(one) for name, one in self.space.items()}
        lists = {"objective": list(self.objective), "unfinished": list(self.unfinished)}
        return {**asdict(replace(self, space=None)), **lists, "space": space}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Json]) -> "Wish":
        """What ``as_dict`` gave."""
        search = from_mapping(Search, kept["search"], where="the arguments of the run")
        space = kept["space"] and {name: _meant(one) for name, one in kept["space"].items()}
        unfinished = tuple(kept.get("unfinished", ()))
        return cls(kept["model"], tuple(kept["objective"]), space, search, kept["look"], unfinished)


def _said(given: Any) -> Json:
    return None if given is None else {RANGE if isinstance(given, tuple) else VALUES: list(given)}


def _meant(said: Json) -> Any:
    return None if said is None else tuple(said[RANGE]) if RANGE in said else list(said[VALUES])


def tune_shop(
    shop: Shop,
    split: Chosen,
    wish: Wish,
    *,
    watch: Watch = unwatched,
    progress: Progress = silent,
    recorder: Recorder | None = None,
) -> tuple[Tuned, Look | None]:
    """Tune an estimator of the shop's recipe on the validation part of its split; look at the test part at the end.

    The record of the search lies in the shop's folder: the same wish again goes on where it stopped. A page and JSON go
    into the shop's reports. With a ``recorder`` the run is recorded, so that it can be reproduced.

    Raises:
        NotThere: the recipe has no such model.
        BadInput: several models and none is named, no validation part, or anything else that ``tune`` refuses.
        Leak: the audit of the split failed.
    """
    shop = shop.pinned()
    content = read_recipe(shop.recipe)
    recipe = run_recipe(content, str(shop.recipe))
    name = _chosen(recipe, wish.model)
    progress("read the log", 0, 2)
    fold = _fold(shop, split, look=wish.look)
    progress("search", 1, 2)
    setup = setup_of(recipe.estimators[name], fold, wish.objective, wish.space, wish.search)
    source = Source(content, str(shop.recipe))
    if wish.look:  # a leak is found before hours of searching, not after them
        Audit(fold.allowed, fold.transforms).check(fold, {}, wish.search.k)
    tuned = run_setup(setup, record=shop.root / RECORD, watch=watch, source=source, unfinished=wish.unfinished)
    progress("look at the test part", 1, 2)
    look = tuned.look_at_test() if wish.look else None
    files = _files(shop, name, tuned, look)
    publish(shop, files)
    if recorder is not None:
        search = replace(wish.search, trials=len(tuned.trials), minutes=None)
        unfinished = tuple(trial.number for trial in tuned.trials if trial.state == "running")
        settled = replace(wish, model=name, search=search, unfinished=unfinished)
        arguments = {"split": card_of(split), **settled.as_dict()}
        record_run(shop, _outcome(tuned, look, fold, recipe, content, arguments, files), recorder)
    return tuned, look


def _chosen(recipe: Recipe, name: str | None) -> str:
    """The name in the recipe; the name of a class will do where only one model is of it."""
    names = {known: type(one).__name__.lower() for known, one in recipe.estimators.items()}
    fitting = [known for known, kind in names.items() if name is None or name.lower() == kind]
    if name is not None and name in names:
        return name
    if len(fitting) == 1:
        return fitting[0]
    if name is None or fitting:
        raise BadInput(f"say which model of the recipe to tune: --model {' or --model '.join(fitting)}")
    raise NotThere(f"the recipe has no model {name!r}; it has {', '.join(names)}")


def _fold(shop: Shop, split: Chosen, *, look: bool) -> Fold:
    """The test part is not even read where nobody will look at it."""
    validation = fold_of_shop(shop, split, on_validation=True)
    outer = fold_of_shop(shop, split) if look else validation
    return replace(outer, validation=validation)


def _files(shop: Shop, model: str, tuned: Tuned, look: Look | None) -> dict[str, bytes]:
    return {
        "tuning.json": orjson.dumps(as_dict(tuned, look), option=orjson.OPT_INDENT_2),
        "tuning.html": render_html(tuned, look, shop=shop.name, model=model).encode(),
    }


def _outcome(
    tuned: Tuned,
    look: Look | None,
    fold: Fold,
    recipe: Recipe,
    content: bytes,
    arguments: Mapping[str, Json],
    files: Mapping[str, bytes],
) -> Outcome:
    names = [one.name for one in tuned.setup.objectives]
    best = dict(zip(names, tuned.best.values, strict=True))
    test = {} if look is None else {who: intervals(found) for who, found in look.metrics.items()}
    gain = {} if look is None else {"gain": intervals(look.gain)}
    return Outcome(
        kind="tune",
        arguments=arguments,
        data=fold,
        recipes={RECIPE: content},
        knobs=recipe_knobs(recipe) | {"tuned": tuned.line},
        metrics={"validation": best, "best trial": tuned.best.number, "test": test | gain},
        headline={f"validation {name}": value for name, value in best.items()},
        seed=tuned.setup.search.rng,
        files=files,
    )
