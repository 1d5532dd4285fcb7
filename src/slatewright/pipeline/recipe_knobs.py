"""The knobs of a recipe, estimators and stages, as plain values: what the record of a run keeps."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from slatewright.pipeline.recipe import Recipe


def recipe_knobs(recipe: Recipe) -> dict[str, Any]:
    """Every estimator under its name, every stage in its place, each with its class and all of its values."""
    stages = (recipe.sources, recipe.filters, recipe.score, recipe.orders, recipe.newcomers)
    names = ("sources", "filters", "score", "orders", "newcomers")
    pages = {"pages": plain(recipe.pages)} if recipe.pages else {}
    rules = {"rules": plain(recipe.rules)} if recipe.rules else {}
    known = dict(zip(names, map(plain, stages), strict=True))
    return {"estimators": plain(recipe.estimators), **known, **pages, **rules}


def plain(value: Any) -> Any:
    """A value as JSON has it: a dataclass as its class and fields, code by its name, anything else as its text."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return {"class": type(value).__name__} | {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if hasattr(value, "__qualname__"):
        return f"{value.__module__}.{value.__qualname__}"  # its text would hold an address, another one every time
    return repr(value)
