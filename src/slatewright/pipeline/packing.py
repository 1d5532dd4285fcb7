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
from slatewright.models.kinds import kind_of
from slatewright.models.model import Estimator, Known
from slatewright.pipeline.fact_popularity import FactPopularity
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
        ("catalogue", world.catalogue.arrays()),
        ("fact_popularity", world.fact_popularity.arrays()),
        *((f"models/{name}", model.arrays()) for name, model in world.models.items()),
    ):
        arrays |= {f"{prefix}/{name}": array for name, array in part.items()}
    tables = {
        "users": world.known.users.names.alias("id").to_frame(),
        "items": world.known.items.names.alias("id").to_frame(),
        "categories": world.catalogue.category_names.names.alias("id").to_frame(),
        "item_facts": world.catalogue.facts,
        "user_facts": world.user_facts,
        "fact_values": world.fact_popularity.values,
    }
    models = {
        name: {"shape": model.shape, "estimator": type(made).__name__, "knobs": knob_values(made)}
        for (name, model), made in ((pair, recipe.estimators[pair[0]]) for pair in world.models.items())
    }
    return Packed(arrays, tables, models)


def knob_values(estimator: Estimator) -> dict[str, Any]:
    """The knobs of an estimator as plain values; one that is not a plain value is written as its text."""
    made = knobs_of(type(estimator))
    values = {field.name: getattr(estimator, field.name) for field in made}
    return {name: value if _is_plain(value) else repr(value) for name, value in values.items()}


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, bool | int | float | str)


def unpack(bundle: Bundle) -> World:
    """The world of a bundle, its arrays still on disk.

    Raises:
        BadBundle: a part is missing or of the wrong form.
    """
    try:
        return _world(bundle)
    except (KeyError, TypeError, pl.exceptions.PolarsError) as error:
        raise BadBundle(f"bundle {bundle.version} lacks a part of a pipeline: {error}; train again") from error


def _world(bundle: Bundle) -> World:
    users, items, names = (IdMap(bundle.tables[name]["id"]) for name in ("users", "items", "categories"))
    known = Known(users, items, Histories(**bundle.part("histories")))
    catalogue = Catalogue(items, names, facts=bundle.tables["item_facts"], **bundle.part("catalogue"))
    models = {
        name: kind_of(made["shape"]).from_arrays(bundle.part(f"models/{name}"), known)
        for name, made in bundle.card.models.items()
    }
    counted = FactPopularity(bundle.tables["fact_values"], n_items=len(items), **bundle.part("fact_popularity"))
    return World(catalogue, known, models, counted, bundle.tables["user_facts"], bundle.card.as_of, bundle.version)


def _history_arrays(histories: Histories) -> dict[str, Array]:
    return {field.name: np.asarray(getattr(histories, field.name)) for field in fields(histories)}
