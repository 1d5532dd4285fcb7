"""Which fitted models can be exported, as what, and how histories become what the graph is asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from slatewright.core.arrays import Array, Index, Scores
from slatewright.core.errors import BadInput
from slatewright.data.histories import Histories
from slatewright.data.windows import latest
from slatewright.models.model import Model
from slatewright.models.neural.export.whole import Whole
from slatewright.models.neural.networks import Spec
from slatewright.models.neural.pairs.unknown import Owners
from slatewright.models.shapes.encoded_histories import EncodedHistories
from slatewright.models.shapes.fact_network import FactNetwork
from slatewright.models.shapes.owned_factors import OwnedFactors
from slatewright.models.shapes.pair_network import PairNetwork
from slatewright.models.shapes.two_towers import TwoTowers

Asked: TypeAlias = Mapping[str, Array]
BATCH = {0: "batch"}
ATTENTION, LAYERS, WINDOW = 8, 2, 100  # numbers held: per place and place, per number of a row, items of a history


@dataclass(frozen=True)
class Exported:
    """``whole`` is what a graph is made of, ``asked`` turns histories into its inputs, ``told`` says them in words.

    A graph says the scores of all items of each history; where it is asked ``by_rows``, of a person and an item each,
    the items are named, too (None: all). ``held`` is about how many numbers it holds for each row that it is asked.
    """

    whole: Whole
    asked: Callable[[Histories, Index | None], Asked]
    told: Mapping[str, str]
    held: int
    by_rows: bool = False


def exported(model: Model, example: Histories) -> Exported:
    """How a model is exported; ``example`` are some histories, two or more.

    Raises:
        BadInput: it is no neural model of the house.
    """
    if isinstance(model, EncodedHistories):
        return _encoded(model, example)
    if isinstance(model, PairNetwork):
        return _pairs(model, example)
    if isinstance(model, OwnedFactors):
        return _factors(model, example)
    if isinstance(model, TwoTowers):
        return _towers(model, example)
    if isinstance(model, FactNetwork) and len(model.places):
        return _facts(model, example)
    raise BadInput(
        "only neural models are exported (sequences, towers, pairs, factors of MF, networks over facts), got one of "
        f"shape {model.shape!r}; its arrays lie in the bundle as .npy files"
    )


def _encoded(model: EncodedHistories, example: Histories) -> Exported:
    length, (n_items, d) = int(model.length[0]), model.item_vectors.shape

    def asked(histories: Histories, items: Index | None = None) -> Asked:
        told = histories.only(histories.weights > 0)
        return {"items": latest(told.items, told.offsets[:-1], told.offsets[1:], length, n_items)}

    tables = {"rows": np.ascontiguousarray(model.rows), "columns": _turned(model.item_vectors)}
    spec, axes = Spec.from_array(model.spec), {"items": BATCH}
    outputs = ("vectors", "scores")
    whole = Whole("history_scores", spec, list(model.network), asked(example), axes, outputs, tables)
    return Exported(whole, asked, {"items": _items(length, n_items)}, n_items + ATTENTION * length * (length + d))


def _pairs(model: PairNetwork, example: Histories) -> Exported:
    asked, told = _owned(model.owners, len(model.item_rows))
    tables = {"rows": np.ascontiguousarray(model.item_rows), **_owner_tables(model.owners)}
    whole = Whole(
        "pair_histories", model.spec, list(model.weights), asked(example, None), WINDOWED, ("scores",), tables
    )
    return Exported(whole, asked, told, LAYERS * model.item_rows.size)


def _factors(model: OwnedFactors, example: Histories) -> Exported:
    asked, told = _owned(model.owners, len(model.item_factors))
    rows = np.ascontiguousarray(model.item_factors)
    tables = {"rows": rows, "columns": _turned(rows), **_owner_tables(model.owners)}
    outputs = ("vectors", "scores")
    whole = Whole("factor_histories", Spec.of("none"), [], asked(example, None), WINDOWED, outputs, tables)
    return Exported(whole, asked, told, len(rows))


def _towers(model: TwoTowers, example: Histories) -> Exported:
    n_items, reads_facts = len(model.item_factors), model.reader.width > 0

    def asked(histories: Histories, items: Index | None = None) -> Asked:
        taken = histories.only(histories.weights > 0).matrix(n_items)
        offsets = taken.indptr.astype(np.int64)
        width = max(2, int(np.diff(offsets).max(initial=0)))
        read = latest(taken.indices.astype(np.int32), offsets[:-1], offsets[1:], width, n_items)
        facts = {"facts": model.reader.read(histories.facts, len(histories))} if reads_facts else {}
        return {"items": read, **facts}

    def with_nothing(rows: Scores) -> Scores:
        return np.vstack([rows, np.zeros((1, rows.shape[1]), dtype=np.float32)])

    tables = {
        "rows": with_nothing(model.rows),
        "columns": _turned(model.item_factors),
        "longest": np.array([[model.longest[0]]], dtype=np.float32),
        **({"content": with_nothing(model.content)} if model.content.shape[1] else {}),
    }
    told = {"items": f"int32 (batch, window): indices of the items of the history, each once, then {n_items}"}
    if reads_facts:
        told["facts"] = f"float32 (batch, {model.reader.width}): what is known of the user, as the model reads it"
    axes = {"items": {**BATCH, 1: "window"}, **({"facts": BATCH} if reads_facts else {})}
    spec = Spec.from_array(model.spec)
    whole = Whole("tower_histories", spec, list(model.network), asked(example), axes, ("vectors", "scores"), tables)
    return Exported(whole, asked, told, n_items + WINDOW * (model.rows.shape[1] + model.content.shape[1]))


def fact_rows(model: FactNetwork, histories: Histories, items: Index | None = None) -> Asked:
    """What the graph of a network over facts is asked: a row for every one of some people (their histories, with their
    facts) and every item (default: all), all items of the first person, then of the second."""
    asked = np.arange(len(model.places), dtype=np.int32) if items is None else items
    people = np.arange(len(histories), dtype=np.int32)
    rows, layout = model.pairs(model.people(histories), people, asked), model.net.layout
    return {**layout.ids(rows), **layout.inputs(rows)}


def _facts(model: FactNetwork, example: Histories) -> Exported:
    net, few = model.net, np.arange(min(2, len(model.places)), dtype=np.int32)
    asked = fact_rows(model, example, few)
    tables = {"field_rows": np.array(net.fields), **({"wide_rows": np.array(net.wide)} if net.layout.wide else {})}
    axes = dict.fromkeys(asked, BATCH)
    whole = Whole("fact_rows", net.spec, list(net.weights), asked, axes, ("scores",), tables)
    told = {name: f"{one.dtype} (batch, {one.shape[1]}): {_READ[name]}" for name, one in asked.items()}
    looked_up = sum(one.shape[1] for one in asked.values()) * net.fields.shape[1]
    return Exported(whole, lambda histories, items: fact_rows(model, histories, items), told, looked_up, by_rows=True)


_READ = {
    "fields": "rows of the table of fields: id and facts of the user, then of the item",
    "wide": "rows of the table of weights: the fields, pairs of them, and the items of the history with the item",
    "wide_shares": "how much each of these counts",
    "history": "rows of the table of fields: the latest items of the history",
    "history_shares": "how much each of these counts",
    "numbers": "facts that are numbers, as the model reads them",
}
WINDOWED = {"user": BATCH, "items": {**BATCH, 1: "window"}, "weights": {**BATCH, 1: "window"}}


def _owned(owners: Owners, n_items: int) -> tuple[Callable[[Histories, Index | None], Asked], Mapping[str, str]]:
    n_users = len(owners.users)

    def asked(histories: Histories, items: Index | None = None) -> Asked:
        width = max(2, int(histories.lengths().max(initial=0)))
        ends = histories.offsets[:-1], histories.offsets[1:], width
        nobody = np.full(len(histories), n_users, dtype=np.int32)
        user = nobody if histories.owners is None else np.minimum(histories.owners, nobody).astype(np.int32)
        return {
            "user": user,
            "items": latest(histories.items, *ends, 0),
            "weights": latest(histories.weights, *ends, 0),
        }

    told = {
        "user": f"int32 (batch,): index of a known user, {n_users} for somebody unknown",
        "items": "int32 (batch, window): indices of the items of the history, read where the user is unknown",
        "weights": "float32 (batch, window): weights of these events, 0 where there is none",
    }
    return asked, told


def _owner_tables(owners: Owners) -> Mapping[str, Array]:
    """One row more than there are users, which nobody reads."""
    users = np.vstack([owners.users, owners.typical[None]])
    return {"users": users, "map": np.array(owners.map), "typical": np.array(owners.typical)}


def _turned(rows: Scores) -> Scores:
    return np.ascontiguousarray(rows.T)


def _items(length: int, n_items: int) -> str:
    what = "indices of the latest items of the history, oldest first"
    return f"int32 (batch, {length}): {what}, and {n_items} in the places before the first one"
