"""What two runs do not have in common."""

import difflib
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from slatewright.lifecycle.archive import recipe_content
from slatewright.store.flattening import Change, changes, flat, flat_metrics
from slatewright.store.run import Json, Run
from slatewright.store.shop import Shop


@dataclass(frozen=True)
class Difference:
    """Two runs: ``parts`` hold what differs, by part of the record; ``recipes`` a unified diff of each that changed."""

    before: str
    after: str
    parts: Mapping[str, tuple[Change, ...]]
    recipes: Mapping[str, str]

    def __bool__(self) -> bool:
        return any(self.parts.values()) or bool(self.recipes)

    def as_dict(self) -> dict[str, Json]:
        """Plain data, ready for JSON."""
        return asdict(self)


def diff_runs(shop: Shop, before: Run, after: Run) -> Difference:
    """What differs between two runs: arguments, knobs, settings, data, code, environment, recipes and metrics.

    Raises:
        NotThere: a recipe that differs is no longer in the shop's archive.
    """
    one, other = parts_of(before), parts_of(after)
    recipes = {
        name: text
        for name in [*before.recipes, *(name for name in after.recipes if name not in before.recipes)]
        if (text := _recipe_diff(shop, name, before, after))
    }
    return Difference(before.id, after.id, {name: changes(one[name], other[name]) for name in one}, recipes)


def parts_of(run: Run) -> dict[str, dict[str, Json]]:
    """The parts of a record that two runs are compared by, each flat; when and how long says nothing about a run."""
    return {
        "arguments": flat({"kind": run.kind, **run.arguments, "seed": run.seed}),
        "knobs": flat(run.knobs),
        "settings": flat(run.settings),
        "data": flat(run.as_dict()["data"]),
        "code": flat(run.code),
        "environment": flat(run.environment),
        "metrics": flat_metrics(run.metrics),
    }


def _recipe_diff(shop: Shop, name: str, before: Run, after: Run) -> str:
    digests = [run.recipes.get(name) for run in (before, after)]
    if digests[0] == digests[1]:
        return ""
    texts = ["" if digest is None else recipe_content(shop, digest).decode() for digest in digests]
    one, other = (text.splitlines(keepends=True) for text in texts)
    return "".join(difflib.unified_diff(one, other, f"{before.id}/{name}", f"{after.id}/{name}"))
