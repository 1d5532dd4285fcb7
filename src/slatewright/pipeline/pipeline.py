"""The pipeline: four stages in a row, and an answer to any query."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from slatewright.core.arrays import Frame
from slatewright.data.dataset import Dataset
from slatewright.data.histories import Histories
from slatewright.models.recommending import ItemLists, listed
from slatewright.pipeline.batch import lists_of_histories, lists_of_users
from slatewright.pipeline.contracts import Query
from slatewright.pipeline.learning import Progress, learn, silent
from slatewright.pipeline.recipe import Recipe
from slatewright.pipeline.request import Request, resolve
from slatewright.pipeline.running import run
from slatewright.pipeline.slate import Placed, Slate
from slatewright.pipeline.stages import Stages, bind_stages
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class Pipeline:
    """A recipe bound to what was learned; the answer is a pure function of the query."""

    recipe: Recipe
    world: World

    @classmethod
    def fit(cls, recipe: Recipe, dataset: Dataset, *, progress: Progress = silent) -> "Pipeline":
        """Fit the estimators of a recipe to a data set and bind its stages."""
        return cls(recipe, learn(recipe, dataset, progress=progress)).opened()

    def opened(self) -> "Pipeline":
        """The same pipeline, its stages bound now instead of at the first query."""
        _ = self.stages
        return self

    @cached_property
    def stages(self) -> Stages:
        """The four stages, bound on first use."""
        return bind_stages(self.recipe, self.world)

    def query(self, request: Request) -> Query:
        """The query of a request: names become indices, the history is looked up."""
        return resolve(self.world, request)

    def ask(self, request: Request) -> Slate:
        """The slate for a request in names."""
        return self.answer(self.query(request))

    def answer(self, query: Query, stages: Stages | None = None) -> Slate:
        """The slate for a query: k eligible items, fewer only when the catalogue has fewer.

        A broken stage never raises here; the slate's trace says what broke (see ``guarded``). ``stages`` answer in
        place of the recipe's own.
        """
        outcome = run(self.stages if stages is None else stages, query)
        names = map(self.world.catalogue.items.name, outcome.items.tolist())
        rows = zip(names, outcome.marks.tolist(), outcome.source.tolist(), strict=True)
        items = tuple(
            Placed(position, name, mark, outcome.trace.source_names[source])
            for position, (name, mark, source) in enumerate(rows, start=1)
        )
        return Slate(_slate_id(self.world.version, query), items, outcome.fallback, outcome.trace)

    def recommend(self, users: Sequence[str], k: int) -> Frame:
        """The slates of many users at the instant of training: ``user_id, item_id, score, rank``, rank from 1."""
        return listed(lists_of_users(self.stages, self.world, users, k), users, self.world.catalogue.items)

    def best_items(self, histories: Histories, k: int) -> ItemLists:
        """The slates of many histories at the instant of training, in indices; for judging thousands of them."""
        return lists_of_histories(self.stages, self.world, histories, k)


def _slate_id(version: str, query: Query) -> str:
    """A name that is the same for the same query to the same bundle: any slate can be replayed."""
    digest = hashlib.blake2b(digest_size=16)
    parts = (
        version,
        query.user_id or "",
        query.k,
        query.now,
        query.surface,
        query.slot,
        sorted(query.categories) if query.categories is not None else None,
        sorted(query.exclude_categories),
        sorted(query.facts.items()),
    )
    digest.update(repr(parts).encode())
    digest.update(query.history.items.tobytes())
    digest.update(query.exclude.tobytes())
    return digest.hexdigest()
