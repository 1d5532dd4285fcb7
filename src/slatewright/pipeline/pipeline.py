"""The pipeline: four stages in a row, and an answer to any query."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from slatewright.core.arrays import Frame
from slatewright.core.errors import NotThere
from slatewright.data.dataset import Dataset
from slatewright.data.histories import Histories
from slatewright.models.recommending import ItemLists, listed
from slatewright.pipeline.answering import slate_of
from slatewright.pipeline.batch import lists_of_histories, lists_of_users
from slatewright.pipeline.composing.composing import Answer, BoundRow, bind_page, compose, plainly
from slatewright.pipeline.composing.page import HOME, Page
from slatewright.pipeline.contracts import Query
from slatewright.pipeline.learning import Progress, learn, silent
from slatewright.pipeline.policy.applying import with_rules
from slatewright.pipeline.policy.rules import Rule
from slatewright.pipeline.recipe import Recipe
from slatewright.pipeline.request import Request, resolve
from slatewright.pipeline.running import run
from slatewright.pipeline.slate import Slate, TitledSlate
from slatewright.pipeline.stages import Stages, bind_stages
from slatewright.pipeline.teaching.besides import Besides
from slatewright.pipeline.world import World


@dataclass(frozen=True)
class Pipeline:
    """A recipe bound to what was learned; the answer is a pure function of the query and of the facts of items.

    ``rules`` hold beside those of the recipe; ``policy`` is the text in which the shop wrote them.
    """

    recipe: Recipe
    world: World
    rules: tuple[Rule, ...] = ()
    policy: str = ""

    @classmethod
    def fit(
        cls, recipe: Recipe, dataset: Dataset, *, besides: Besides | None = None, progress: Progress = silent
    ) -> "Pipeline":
        """Fit the estimators of a recipe to a data set, teach its score where it learns, and bind its stages.

        ``besides`` is what the log knows of slates and facts: a learned score learns from it, too.
        """
        return cls(recipe, learn(recipe, dataset, besides=besides, progress=progress)).opened()

    def opened(self) -> "Pipeline":
        """The same pipeline, its stages and pages bound now instead of at the first query."""
        _ = self.stages, self.pages
        return self

    @cached_property
    def pages(self) -> dict[str, tuple[BoundRow, ...]]:
        """The pages of the recipe by name, bound on first use; there is a home always."""
        pages = {HOME: Page.usual(), **self.recipe.pages}
        rules = (*self.recipe.rules, *self.rules)
        return {name: bind_page(page, self.bare, rules, self.world) for name, page in pages.items()}

    @cached_property
    def bare(self) -> Stages:
        """The four stages without any rules."""
        return bind_stages(self.recipe, self.world)

    @cached_property
    def stages(self) -> Stages:
        """The four stages with their rules, bound on first use.

        Raises:
            BadRule: a rule cannot be used in this world.
        """
        return with_rules(self.bare, (*self.recipe.rules, *self.rules), self.world)

    def ruled(self, rules: Sequence[Rule], policy: str = "") -> "Pipeline":
        """The same pipeline under other rules beside those of its recipe, opened; nothing else is bound again.

        ``policy`` is the text in which they are written.

        Raises:
            BadRule: a rule cannot be used in this world.
        """
        made = replace(self, rules=tuple(rules), policy=policy)
        made.__dict__["bare"] = self.bare  # where cached_property looks
        return made.opened()

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
        return slate_of(self.world, query, outcome)

    def page(self, name: str) -> tuple[BoundRow, ...]:
        """A page of the recipe.

        Raises:
            NotThere: the recipe has no page of that name.
        """
        rows = self.pages.get(name)
        if rows is None:
            raise NotThere(f"the recipe has no page {name!r}; it has {', '.join(sorted(self.pages))}")
        return rows

    def compose(self, query: Query, page: str = HOME, answer: Answer = plainly) -> tuple[TitledSlate, ...]:
        """The rows of a page of the recipe for a query, top down, ``query.k`` items in each; no item stands in two.

        Rows with too little to show are left out. ``answer`` runs the stages of each row.

        Raises:
            NotThere: the recipe has no page of that name.
        """
        rows = self.page(page)
        query = replace(query, surface=query.surface or page)
        return tuple(
            TitledSlate(row.title, row.slot, slate_of(self.world, row.query, row.outcome, row=f"{page}/{row.slot}"))
            for row in compose(rows, query, answer)
        )

    def recommend(self, users: Sequence[str], k: int) -> Frame:
        """The slates of many users at the instant of training: ``user_id, item_id, score, rank``, rank from 1."""
        return listed(lists_of_users(self.stages, self.world, users, k), users, self.world.catalogue.items)

    def best_items(self, histories: Histories, k: int) -> ItemLists:
        """The slates of many histories at the instant of training, in indices; for judging thousands of them."""
        return lists_of_histories(self.stages, self.world, histories, k)
