"""The shop's archive of recipes: each under the sha256 of its content, so that none can change unnoticed."""

from slatewright.core.errors import NotThere
from slatewright.pipeline.recipe import recipe_digest
from slatewright.store.files import replace_bytes
from slatewright.store.shop import Shop


def archive_recipe(shop: Shop, content: bytes) -> str:
    """Keep a recipe, and return its sha256; bundles and runs name their recipes so."""
    digest = recipe_digest(content)
    shop.recipes.mkdir(exist_ok=True)
    replace_bytes(shop.recipes / f"{digest}.py", content)
    return digest


def recipe_content(shop: Shop, digest: str) -> bytes:
    """The recipe with this sha256.

    Raises:
        NotThere: the archive does not have it, or its file was altered.
    """
    path = shop.recipes / f"{digest}.py"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise NotThere(f"the recipe of this run is missing: {path}") from error
    if recipe_digest(content) != digest:
        raise NotThere(f"the recipe of this run was altered: the sha256 of {path} is not its name any more")
    return content
