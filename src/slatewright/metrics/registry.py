"""Every metric that an evaluation reports: its name, what it means to a shop keeper, and which way is better."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Better: TypeAlias = Literal["higher", "lower", "neither"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a metric is called before people, in one plain sentence, and whether higher is better.

    "neither" marks a matter of taste or policy: a shop decides how novel its slates should be. ``at_k``: the number
    depends on the length of the list, and is written with it. ``shown``: in the terminal without being asked for.
    """

    title: str
    text: str
    better: Better = "higher"
    at_k: bool = True
    shown: bool = False


MEANINGS: Mapping[str, Meaning] = {
    "recall": Meaning("Recall", "of what people then took, the share that was on their list", shown=True),
    "ndcg": Meaning("NDCG", "the same, worth more the higher on the list it stood; 1 is the best order", shown=True),
    "precision": Meaning("Precision", "of the places on a list, the share that was right"),
    "map": Meaning("MAP", "precision at each right place, averaged: are the right things at the top?"),
    "mrr": Meaning("MRR", "1 / place of the first right thing: 1 at the top, .5 on second place"),
    "hit_rate": Meaning("Hit rate", "the share of people with anything right on their list", shown=True),
    "auc": Meaning(
        "AUC", "the chance that what people took is ranked above something else, in the whole catalogue", at_k=False
    ),
    "coverage": Meaning("Coverage", "the share of the catalogue that anybody is shown", shown=True),
    "novelty": Meaning(
        "Novelty", "bits: 0 everybody took it, each bit more: half as many people did", "neither", shown=True
    ),
    "serendipity": Meaning("Serendipity", "the share of places that are right and not on the list of best sellers"),
    "diversity": Meaning(
        "Diversity", "of two things on a list: 0 same categories, 1 none in common", "neither", shown=True
    ),
    "taste_diversity": Meaning(
        "Diversity of takers", "of two things on a list: 0 taken by the same people, 1 by others", "neither"
    ),
    "miscalibration": Meaning(
        "Miscalibration", "how far the mix of categories is from the user's own: 0 the same, 4.6 nothing of it", "lower"
    ),
    "popularity": Meaning("Popularity", "the share of users who took a listed thing, on average", "neither"),
    "popularity_lift": Meaning(
        "Popularity lift",
        "how much more popular the list is than what its user takes: 1 is twice as popular",
        "neither",
    ),
    "tail_share": Meaning(
        "Tail share",
        "the share of places that goes to slow sellers (the last fifth of all sales)",
        "neither",
        shown=True,
    ),
    "gini": Meaning("Gini", "how unevenly things are shown: 0 all as often, 1 one thing only", "neither"),
    "exposure": Meaning("Exposure", "the share of places that goes to this group of items", "neither"),
    "rmse": Meaning("RMSE", "how far predicted ratings are off; large errors count more", "lower", at_k=False),
    "mae": Meaning("MAE", "how far predicted ratings are off, on average", "lower", at_k=False),
    "mse": Meaning("MSE", "the mean squared error of predicted ratings", "lower", at_k=False),
    "log_loss": Meaning(
        "Log loss", "how surprising what happened was, given the predicted chances; .69 is a coin", "lower", at_k=False
    ),
    "ctr": Meaning("CTR", "of the places that were shown to people, the share that was clicked"),
}


def title_of(metric: str, k: int) -> str:
    """``Recall@20``; ``AUC``; a metric that is not ours goes by its own name."""
    meaning = MEANINGS.get(metric, Meaning(metric, ""))
    return f"{meaning.title}@{k}" if meaning.at_k else meaning.title
