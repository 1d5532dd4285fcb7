"""Answers that were kept, opened again with the bundle that gave them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from slatewright.core.errors import BadInput, NotThere
from slatewright.explain.explanation import Explanation
from slatewright.explain.four_stages import FourStages, four_stages
from slatewright.explain.stages_page import Link, stages_page
from slatewright.explain.why import why_of
from slatewright.pipeline.keeping import in_world, kept
from slatewright.pipeline.pipeline import Pipeline
from slatewright.pipeline.policy.policy_file import rules_of
from slatewright.pipeline.slate import Outcome
from slatewright.store.kept_slates import KeptSlates


@dataclass(frozen=True)
class Answered:
    """A slate that was answered, and the pipeline that did it."""

    slate_id: str
    pipeline: Pipeline
    outcome: Outcome

    @property
    def policy(self) -> str:
        """The shop's own rules as they were then: the text of its ``policy.toml``."""
        return self.pipeline.policy

    @property
    def stages(self) -> FourStages:
        """What each of the four stages said."""
        return four_stages(self.pipeline, self.outcome)

    def why(self, item_id: str) -> Explanation:
        """Why an item stood in the slate, or why not.

        Raises:
            NotThere: the catalogue of that bundle has no such item.
        """
        return why_of(self.pipeline, self.outcome, item_id)

    def page(self, item_id: str | None = None, link: Link | None = None) -> str:
        """The four stages side by side as a page; with an item, why it stood there or did not.

        Raises:
            NotThere: the catalogue of that bundle has no such item.
        """
        about = None if item_id is None else self.why(item_id)
        return stages_page(self.stages, f"Slate {self.slate_id}", about=about, link=link, policy=self.policy)


def kept_in(shop: Path) -> Path:
    """Where the server of a shop keeps how its slates came about."""
    return shop / "log" / "slates.sqlite"


def answered(slates: KeptSlates, slate_id: str, pipeline_of: Callable[[str], Pipeline]) -> Answered:
    """A kept answer by its slate_id, under the rules by which it was made; ``pipeline_of`` opens a version.

    Raises:
        NotThere: it was not kept, or not any more, or its bundle is gone.
        BadBundle: its bundle is damaged.
        BadInput: what was kept cannot be read, or the rules of then are not kept any more.
    """
    parcel = slates.find(slate_id)
    if parcel is None:
        raise NotThere(
            f"no slate {slate_id!r} is kept; the server keeps the latest ones, as many as fit into [serve] explain_mb"
        )
    found = kept(parcel)
    policy = slates.policy(found.policy)
    if policy is None:
        raise BadInput(f"the rules by which slate {slate_id!r} was made are not kept any more")
    pipeline = pipeline_of(found.version)
    if pipeline.policy != policy or (pipeline.rules and not policy):
        pipeline = pipeline.ruled(rules_of(policy), policy)
    return Answered(slate_id, pipeline, in_world(found.outcome, pipeline.world))
