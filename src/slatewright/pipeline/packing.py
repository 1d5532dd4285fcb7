"""A world as arrays, tables and a card, and back: what a bundle holds of a pipeline."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import polars as pl

from slatewright.core.arrays import Array, Arrays, Frame
from slatewright.core.errors import BadBundle
from slatewright.core.knobs import knobs_of
from slatewright.data.catalogue import Catalogue
from slatewright.data.histories import Histories
from slatewright.data.idmap import IdMap
from slatewright.data.showings import Showings
from slatewright.models.kinds import kind_of
from slatewright.models.model import Estimator, Known, learned_by
from slatewright.models.nearest import NearestIndex
from slatewright.models.neural.epochs import epoch_curves
from slatewright.models.neural.export.serving import runtime_told
from slatewright.pipeline.fact_popularity import FactPopularity
from slatewright.pipeline.indexing import told
from slatewright.pipeline.packing_score import learned_arrays, with_learned
from slatewright.pipeline.recipe import Recipe
from slatewright.pipeline.world import World
from slatewright.store.bundle import Bundle


@dataclass(frozen=True)
class Packed:
    """``arrays`` and ``tables`` by name, and the ``models`` section of the card."""

    arrays: Arrays
    tables: Mapping[str, Frame]
    models: Mapping[str, Mapping[str, Any]]


def pack(world: World, recipe: Recipe) -> Packed:
    """Everything that a bundle holds of a pipeline."""
    arrays: dict[str, Array] = {}
    for prefix, part in (
        ("histories", _history_arrays(world.known.histories)),
        ("shown", _shown_arrays(world.known.histories.shown)),
        ("catalogue", world.catalogue.arrays()),
        ("fact_popularity", world.fact_popularity.arrays()),
        *((f"models/{name}", model.arrays()) for name, model in world.models.items()),
        *((f"indexes/{name}", index.arrays()) for name, index in world.indexes.items()),
        *learned_arrays(world),
    ):
        arrays |= {f"{prefix}/{name}": array for name, array in part.items()}
    tables = {
        "users": world.known.users.names.alias("id").to_frame(),
        "items": world.known.items.names.alias("id").to_frame(),
        "categories": world.catalogue.category_names.names.alias("id").to_frame(),
        "kinds": pl.DataFrame({"id": world.known.histories.kind_names}, schema={"id": pl.String}),
        "item_facts": world.catalogue.facts,
        "user_facts": world.user_facts,
        "fact_values": world.fact_popularity.values,
        **({} if world.taught is None else world.taught.tables()),
    }
    curves = epoch_curves(world.models)
    models = {
        name: {"shape": model.shape, "estimator": type(made).__name__, "knobs": knob_values(made)}
        | told(world.indexes, name)
        | runtime_told(model)
        | ({"training": curves[name].on_card} if name in curves else {})
        for (name, model), made in ((pair, recipe.estimators[pair[0]]) for pair in world.models.items())
    }
    return Packed(arrays, tables, models)


def knob_values(estimator: Estimator) -> dict[str, Any]:
    """The knobs of an estimator as plain values; one that has no plain form is written as its text."""
    return {field.name: _plain(getattr(estimator, field.name)) for field in knobs_of(type(estimator))}


def _plain(value: Any) -> Any:
    """A value as JSON has it: an estimator inside an estimator by its name and knobs, a row of values as a list."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if hasattr(value, "fit"):
        return {"estimator": type(value).__name__, "knobs": knob_values(value)}
    return repr(value)


def unpack(bundle: Bundle, recipe: Recipe | None = None) -> World:
    """The world of a bundle, its arrays still on disk; what was counted for features is read for those of ``recipe``.

    Raises:
        BadBundle: a part is missing or of the wrong form.
    """
    try:
        return with_learned(_world(bundle, recipe), bundle, recipe)
    except (KeyError, TypeError, pl.exceptions.PolarsError) as error:
        raise BadBundle(f"bundle {bundle.version} lacks a part of a pipeline: {error}; train again") from error


def _world(bundle: Bundle, recipe: Recipe | None) -> World:
    users, items, names = (IdMap(bundle.tables[name]["id"]) for name in ("users", "items", "categories"))
    user_facts = bundle.tables["user_facts"]
    kind_names = tuple(bundle.tables["kinds"]["id"])
    facts = user_facts if user_facts.height else None
    parts = bundle.part("shown")
    shown = Showings(**parts) if parts else None
    known = Known(users, items, Histories(**bundle.part("histories"), kind_names=kind_names, facts=facts, shown=shown))
    catalogue = Catalogue(items, names, facts=bundle.tables["item_facts"], **bundle.part("catalogue"))
    estimators = {} if recipe is None else recipe.estimators
    models = {
        name: kind_of(made["shape"], learned_by(estimators.get(name))).from_arrays(bundle.part(f"models/{name}"), known)
        for name, made in bundle.card.models.items()
    }
    counted = FactPopularity(bundle.tables["fact_values"], n_items=len(items), **bundle.part("fact_popularity"))
    parts = bundle.part("indexes")
    indexes = {
        name: NearestIndex.from_arrays(bundle.part(f"indexes/{name}"))
        for name in dict.fromkeys(part.rpartition("/")[0] for part in parts)
    }
    return World(catalogue, known, models, counted, user_facts, bundle.card.as_of, bundle.version, indexes)


def _history_arrays(histories: Histories) -> dict[str, Array]:
    """The arrays of histories; kind names travel as a table, facts are the user facts."""
    values = {field.name: getattr(histories, field.name) for field in fields(histories)}
    return {name: value for name, value in values.items() if isinstance(value, np.ndarray)}


def _shown_arrays(shown: Showings | None) -> dict[str, Array]:
    """The arrays of what users were shown."""
    return {} if shown is None else {"offsets": shown.offsets, "items": shown.items, "times": shown.times}
