"""From a bundle on the shelf to a pipeline that answers, checked on the way."""

import re
from pathlib import Path

from slatewright.core.errors import BadBundle, NotThere
from slatewright.pipeline.golden import check_golden
from slatewright.pipeline.lists import FILE as LISTS
from slatewright.pipeline.packing import unpack
from slatewright.pipeline.pipeline import Pipeline
from slatewright.pipeline.recipe import Recipe, read_recipe, recipe_digest, run_recipe
from slatewright.store.bundle import read_bundle
from slatewright.store.shelf import Shelf
from slatewright.store.shop import Shop

SHA256 = re.compile(r"[0-9a-f]{64}")


def open_pipeline(shop: Shop, version: str | None = None) -> Pipeline:
    """The pipeline of a version, the live one by default.

    Raises:
        NotThere: no version is live, or the shelf has no such version.
        BadBundle: a file is missing, cut short, foreign or altered; the recipe is not the one it was trained with; or a
            golden request is answered otherwise.
    """
    shelf = Shelf(shop.bundles)
    version = version or shelf.live()
    if version is None:
        raise NotThere(f"nothing is live in {shop.root}; run: slatewright train --shop {shop.root}")
    pipeline = checked_pipeline(shop, shelf.folder(version))
    pipeline.world.lists.follow(shop.root / LISTS)  # only now: an edited list is no reason to refuse a bundle
    return pipeline


def checked_pipeline(shop: Shop, folder: Path) -> Pipeline:
    """The pipeline of a bundle's folder, without the lists that people of the shop make.

    Raises:
        BadBundle: as ``open_pipeline``.
    """
    bundle = read_bundle(folder)
    recipe = archived_recipe(shop, bundle.card.recipe)
    pipeline = Pipeline(recipe, unpack(bundle, recipe)).opened()
    check_golden(pipeline, bundle.card.golden)
    return pipeline


def archived_recipe(shop: Shop, digest: str) -> Recipe:
    """The recipe with this sha256, from the shop's own archive; a bundle brings no code of its own.

    Raises:
        BadBundle: the archive does not have it, or the file was altered.
    """
    path = shop.recipes / f"{digest}.py"
    if not SHA256.fullmatch(digest):
        raise BadBundle(f"the card names the recipe {digest!r}, which is no sha256; train again or roll back")
    try:
        content = read_recipe(path)
    except NotThere as error:
        raise BadBundle(f"the recipe of this bundle is missing: {path}; train again or roll back") from error
    if recipe_digest(content) != digest:
        raise BadBundle(f"{path} was altered after training: its sha256 differs; train again or roll back")
    return run_recipe(content, str(path))
