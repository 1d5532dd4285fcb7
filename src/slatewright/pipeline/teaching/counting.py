"""What the features of a learned score count: everything that was done, and what was shown."""

from dataclasses import replace

from slatewright.data.dataset import Dataset
from slatewright.features.happenings import Events, Witnessed
from slatewright.features.sets import BoundFeatures
from slatewright.pipeline.scores.learned import LearnedScore
from slatewright.pipeline.teaching.impressions import Impressions
from slatewright.pipeline.world import World


def counted(score: LearnedScore, world: World, dataset: Dataset, shown: Impressions | None) -> World:
    """The world with the features of a score bound to its catalogue, and all that is known counted."""
    if score.counted is None:
        return world
    features = score.counted.bind(world.catalogue)
    return replace(
        world, features=features, counts=features.counters(happened(features, dataset, shown), dataset.as_of)
    )


def happened(features: BoundFeatures | None, dataset: Dataset, shown: Impressions | None) -> Events:
    """The events of a data set, and the slates that were shown, where a feature counts them."""
    if features is None or not features.counts_shown or shown is None:
        return dataset.interactions
    return Witnessed(dataset.interactions, dataset.users, shown.slates)
