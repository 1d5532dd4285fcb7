"""The stages of a recipe with the shop's rules around them, whatever the recipe is."""

from collections.abc import Sequence
from dataclasses import replace

from slatewright.pipeline.policy.binding import check_rules
from slatewright.pipeline.policy.boosting import Boosted, BoostScore
from slatewright.pipeline.policy.filtering import RuleFilter
from slatewright.pipeline.policy.pinning import PinnedSource, PinOrder
from slatewright.pipeline.policy.rules import BadRule, Boost, Bury, Exclude, Include, Pin, Rule
from slatewright.pipeline.stages import Stages
from slatewright.pipeline.world import World


def with_rules(stages: Stages, rules: Sequence[Rule], world: World) -> Stages:
    """The stages, a filter for what rules include and exclude, what boosts and buries after the score, and what pins.

    Raises:
        BadRule: some rules cannot be used; all faults are told.
    """
    told = tuple(rules)
    try:
        return _laid_around(stages, told, world)
    except BadRule:  # the first kind of rule that has one; now all of them
        check_rules(told, world.item_facts, world.user_facts)
        raise


def _laid_around(stages: Stages, told: tuple[Rule, ...], world: World) -> Stages:
    if _any(told, Include, Exclude):
        stages = replace(stages, filters=(*stages.filters, RuleFilter(told).bind(world)))
    if _any(told, Boost, Bury):
        boosts = BoostScore(told).bind(world)
        score = boosts if stages.score is None else Boosted(stages.score, boosts)
        stages = replace(stages, score=score, for_newcomers=boosts)
    if _any(told, Pin):
        pinned = PinnedSource(told).bind(world)
        stages = replace(
            stages,
            sources=(*stages.sources, pinned),
            newcomers=(*stages.newcomers, pinned),
            orders=(*stages.orders, PinOrder(told).bind(world)),
        )
    return stages


def _any(rules: Sequence[Rule], *kinds: type[Rule]) -> bool:
    return any(isinstance(rule, kinds) for rule in rules)
