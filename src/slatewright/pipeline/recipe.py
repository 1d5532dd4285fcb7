"""The recipe of a shop: which estimators learn, and how four stages make a slate of what they learned."""

import hashlib
import importlib.util
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from slatewright.core.errors import BadInput, BadKnob, NotThere
from slatewright.models.model import Estimator
from slatewright.pipeline.composing.page import Page, check_pages
from slatewright.pipeline.filters import CategoryFilter, ExcludeFilter, SeenFilter, UnavailableFilter
from slatewright.pipeline.naming import check_names
from slatewright.pipeline.orders import TopK
from slatewright.pipeline.policy.rules import KINDS, Rule
from slatewright.pipeline.sources import PopularSource, SameFactsSource
from slatewright.pipeline.stage_knobs import FilterKnobs, OrderKnobs, ScoreKnobs, SourceKnobs

NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")  # it becomes a folder in the bundle


@dataclass(frozen=True)
class Recipe:
    """What learns, and the four stages.

    ``estimators`` are fitted under their names, which sources and scores use. ``newcomers`` are the sources for a user
    of whom nothing is known, the first one first; they also name what fills a slate when the sources run dry. Without a
    ``score``, items stand in the order in which the sources agree on them. ``candidates`` is how many of what the
    filters leave are scored, those on which the sources agree most; None: all. ``pages`` are pages of several slates,
    by name; a recipe without ``home`` has the usual one. ``rules`` say what the shop wants shown, whatever the stages
    say.

    Raises:
        BadKnob: a name, an estimator or a stage is none.
        NotThere: a stage names an estimator that is not here.
        BadInput: a stage names an estimator that does not learn what it needs.
    """

    estimators: Mapping[str, Estimator]
    sources: Sequence[SourceKnobs]
    filters: Sequence[FilterKnobs] = (UnavailableFilter(), SeenFilter(), CategoryFilter(), ExcludeFilter())
    score: ScoreKnobs | None = None
    orders: Sequence[OrderKnobs] = (TopK(),)
    newcomers: Sequence[SourceKnobs] = (SameFactsSource(), PopularSource())
    pages: Mapping[str, Page] = field(default_factory=dict)
    rules: Sequence[Rule] = ()
    candidates: int | None = None

    def __post_init__(self) -> None:
        if self.candidates is not None and (type(self.candidates) is not int or self.candidates < 1):
            raise BadKnob(f"Recipe.candidates must be a whole number >= 1 or none, got {self.candidates!r}")
        made = _checked_estimators(self.estimators)
        places = ("sources", "filters", "orders", "newcomers")
        stages = [stage for place in places for stage in _checked_stages(place, getattr(self, place))]
        score = () if self.score is None else (self.score,)
        _check_rules(self.rules)
        check_names((*stages, *_checked_stages("score", score), *check_pages(self.pages)), made)

    @classmethod
    def default(cls) -> "Recipe":
        """The recipe that ``slatewright init`` writes."""
        return run_recipe(default_recipe_text().encode(), "slatewright's default recipe.py")


# A recipe is other people's code: its types may not hold.
def _checked_estimators(made: object) -> Mapping[str, object]:
    if not isinstance(made, Mapping):
        raise BadKnob(f"Recipe.estimators must be a mapping of names to estimators, got {made!r}")
    for name, estimator in made.items():
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise BadKnob(f"Recipe.estimators: a name must be letters, digits, - and _, got {name!r}")
        if isinstance(estimator, type) or not is_dataclass(estimator) or not hasattr(estimator, "fit"):
            raise BadKnob(f"Recipe.estimators[{name!r}] must be a dataclass with fit(dataset), got {estimator!r}")
    return made


def _checked_stages(place: str, stages: object) -> Sequence[object]:
    if not isinstance(stages, Sequence):
        raise BadKnob(f"Recipe.{place} must be a list or tuple of stages, got {stages!r}")
    for stage in stages:
        if isinstance(stage, type) or not hasattr(stage, "bind"):
            raise BadKnob(f"Recipe.{place}: {stage!r} must have a method bind(world) that returns the stage")
    return stages


def _check_rules(rules: object) -> None:
    if not isinstance(rules, Sequence) or not all(isinstance(rule, KINDS) for rule in rules):
        raise BadKnob(
            f"Recipe.rules must be a list or tuple of {', '.join(one.__name__ for one in KINDS)}, got {rules!r}"
        )


def default_recipe_text() -> str:
    """The text of the recipe that ``slatewright init`` writes."""
    return resources.files("slatewright.store").joinpath("recipe_template.py.txt").read_text(encoding="utf-8")


def read_recipe(path: Path) -> bytes:
    """The content of a recipe file; its ``recipe_digest`` names it in the archive.

    Raises:
        NotThere: there is no such file.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotThere(f"there is no recipe at {path}; slatewright init writes one") from error


def recipe_digest(content: bytes) -> str:
    """The sha256 of a recipe, in hex."""
    return hashlib.sha256(content).hexdigest()


def load_recipe(path: Path) -> Recipe:
    """Run a recipe file and return its ``recipe``. A recipe is code: run only those of your own shop.

    Raises:
        NotThere: there is no such file.
        BadInput: it does not run, or does not end up with a ``recipe``.
    """
    return run_recipe(read_recipe(path), str(path))


def run_recipe(content: bytes, where: str) -> Recipe:
    """Run the content of a recipe file; ``where`` names it in messages.

    Raises:
        BadInput: it does not run, or does not end up with a ``recipe``.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(f"{where} must be UTF-8 text: {error}") from error
    return _run(text, where, recipe_digest(content))


def _run(text: str, where: str, digest: str) -> Recipe:
    """Run the text as a module of its own name, so that its classes know where they are from."""
    name = f"slatewright_recipe_{digest[:16]}"
    spec = importlib.util.spec_from_loader(name, loader=None, origin=where)
    if spec is None:
        raise BadInput(f"{where} cannot be run as a module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        exec(compile(text, where, "exec"), module.__dict__)  # noqa: S102 (a recipe is code by design)
    except Exception as error:
        del sys.modules[name]
        raise BadInput(f"{where} does not run: {type(error).__name__}: {error}{_line(error, where)}") from error
    found: Any = getattr(module, "recipe", None)
    if not isinstance(found, Recipe):
        raise BadInput(f"{where} must define recipe = Recipe(...), got {type(found).__name__}")
    return found


def _line(error: Exception, where: str) -> str:
    """`` (line 12)``: the last line of the recipe that was running."""
    if isinstance(error, SyntaxError):
        return f" (line {error.lineno})" if error.filename == where and "line" not in str(error) else ""
    trace, line = error.__traceback__, None
    while trace is not None:
        line = trace.tb_lineno if trace.tb_frame.f_code.co_filename == where else line
        trace = trace.tb_next
    return "" if line is None else f" (line {line})"
