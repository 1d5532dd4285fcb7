"""slatewright explain"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, cast

import typer

from slatewright.cli.asking import known_item, open_bundle, query_for
from slatewright.cli.console import answers, note, print_json, progress_bar, say
from slatewright.cli.options import HERE, AsJson, ShopFolder
from slatewright.core.clock import wall_clock
from slatewright.core.errors import BadInput
from slatewright.explain import Importance, Reasons, explain, why
from slatewright.explain.counting import importance_of_histories
from slatewright.explain.explain import Method, check_overall
from slatewright.explain.of_slates import importance_of_models
from slatewright.explain.page import page_of
from slatewright.explain.telling import importance_tables, reasons_table, sentences
from slatewright.models.model import Model
from slatewright.models.shapes.item_scores import ItemScores
from slatewright.pipeline.contracts import Query
from slatewright.pipeline.request import Request
from slatewright.serve.live_bundle import LiveBundle
from slatewright.store.shop import Shop

PAGE = "explain.html"


def run(
    user: Annotated[str | None, typer.Argument(help="A user_id, known or not.", show_default=False)] = None,
    item: Annotated[str | None, typer.Argument(help="An item_id of the catalogue.", show_default=False)] = None,
    shop: ShopFolder = HERE,
    overall: Annotated[bool, typer.Option("--global", help="What counts over the lists of many users.")] = False,
    model: Annotated[
        str | None, typer.Option(help="Name of the model in the recipe.", show_default="the one that adds most")
    ] = None,
    method: Annotated[str, typer.Option(help="How to take it apart: auto, exact, or lime (a surrogate).")] = "auto",
    seed: Annotated[int, typer.Option(help="Another seed, other users or histories drawn.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Where to write the page.", show_default="reports")] = None,
    as_json: AsJson = False,
) -> None:
    """Say what a model's score is made of, in numbers; or, with --global, what counts over the lists of many users."""
    place = Shop.open(shop)
    bundle = open_bundle(place)
    if overall and user is None:
        found: Reasons | Importance = _over_lists(bundle, model, method, seed)
    elif user is not None and item is not None and not overall:
        query = query_for(place, bundle, Request(10, wall_clock(), user_id=user))
        found = _of_a_score(bundle, query, known_item(bundle, item), model, (method, seed))
    else:
        raise BadInput("name a user and an item (slatewright explain USER ITEM), or say --global and name nobody")
    page = out or place.reports / PAGE
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(page_of(found), encoding="utf-8")
    if as_json:
        print_json(found.as_dict())
        return
    _tell(found)
    note(f"the same as a picture: {page}")


def _of_a_score(bundle: LiveBundle, query: Query, item_id: str, model: str | None, how: tuple[str, int]) -> Reasons:
    """By default of the model that adds most to the score in the slate."""
    if model is None:
        traced = why(bundle.pipeline, query, item_id)
        model = (
            traced.because_model
            or traced.shared_model
            or _largest({name: part for name, part in traced.parts.items() if name in bundle.world.models})
        )
    name, fitted = _model(bundle, model)
    method, seed = how
    found = explain(fitted, user=query.history, item=item_id, method=cast(Method, method), rng=seed)
    titled = found.titled(bundle.world.catalogue)
    return replace(titled, model=name, subject=f"{_title(bundle, item_id)} for {query.user_id}")


def _largest(parts: Mapping[str, float]) -> str | None:
    return max(parts, key=lambda name: parts[name]) if parts else None


def _over_lists(bundle: LiveBundle, model: str | None, method: str, seed: int) -> Importance:
    """Which models count, and what counts in one of them, by default the first of those."""
    histories = bundle.world.known.histories
    with progress_bar() as bar:
        bar("look at slates", 0, None)
        models = importance_of_models(bundle.pipeline, histories, seed)
        name, fitted = _model(bundle, model or _first_that_reads(bundle, models))
        check_overall(fitted, method)
        found = importance_of_histories(fitted, histories, seed, progress=bar).titled(bundle.world.catalogue)
    return replace(found, model=name, of={**models.of, **found.of}, notes=(*models.notes, *found.notes))


def _first_that_reads(bundle: LiveBundle, models: Importance) -> str:
    """The model that counts most of those that look at histories."""
    known = bundle.world.models  # of a learned score, its features count as well
    names = [one.name for one in models.of["model"] if one.name in known] or list(known)
    return next((name for name in names if bundle.world.models[name].shape != ItemScores.shape), names[0])


def _model(bundle: LiveBundle, name: str | None) -> tuple[str, Model]:
    name = next(iter(bundle.world.models)) if name is None else name
    return name, bundle.world.model(name, asked_by="slatewright explain --model")


def _title(bundle: LiveBundle, item_id: str) -> str:
    index = bundle.world.catalogue.items.find(item_id)
    title = item_id if index is None else bundle.world.catalogue.title(index)
    return item_id if title == item_id else f"{title} ({item_id})"


def _tell(found: Reasons | Importance) -> None:
    if isinstance(found, Reasons):
        for sentence in sentences(found):
            say(sentence)
        answers.print(reasons_table(found))
        return
    for table in importance_tables(found):
        answers.print(table)
    for sentence in found.notes:
        note(sentence)
