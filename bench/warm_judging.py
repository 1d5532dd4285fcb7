"""Judge recommenders on warm items: only items that training has no event of are ranked, all of them, no sample."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np

from slatewright.core.arrays import Array, Index
from slatewright.data.histories import Histories
from slatewright.data.splits import Cases, Fold, warm_items
from slatewright.metrics.bootstrap import Bootstrap, Interval
from slatewright.metrics.hits import hits
from slatewright.metrics.ranking import ndcg, recall
from slatewright.models import FactFeatures, Model
from slatewright.models.topk import top_k

K = 20
Marks: TypeAlias = Callable[[Histories, Index], Array]  # histories and items -> scores (n, items)


def marks_of(model: Model) -> Marks:
    return model.score


def at_random(fold: Fold) -> Marks:
    return lambda histories, items: np.random.default_rng(0).random((len(histories), len(items)), dtype=np.float32)


def category_popularity(fold: Fold, column: str) -> Marks:
    """A warm item by the mean popularity of the items of its categories (for a text: of its words)."""
    has, mean = _categories(fold, column)
    marks = (has @ mean) / np.maximum(np.asarray(has.sum(axis=1)).ravel(), 1)
    return lambda histories, items: np.tile(marks[items].astype(np.float32), (len(histories), 1))


def own_categories(fold: Fold, column: str) -> Marks:
    """The same, each category counting as often as the history has it."""
    has, mean = _categories(fold, column)

    def marks(histories: Histories, items: Index) -> Array:
        share = histories.matrix(has.shape[0]) @ has
        return np.asarray((share @ has[items].multiply(mean).T).todense(), dtype=np.float32)

    return marks


def _categories(fold: Fold, column: str) -> tuple[Any, Array]:
    sold = np.bincount(fold.train.interactions.item, minlength=fold.train.n_items)
    space = FactFeatures(columns=(column,), piece_weight=0).learn(fold.train.item_facts, sold > 0)
    has = space.matrix(fold.train.item_facts)
    has.data[:] = 1
    hot = has[sold > 0]
    return has, (hot.T @ sold[sold > 0]) / np.maximum(np.asarray(hot.sum(axis=0)).ravel(), 1)


def judge(cases: Cases, asked: Index, contenders: Mapping[str, Marks], baselines: tuple[str, ...]) -> dict[str, Any]:
    """Recall@20 and NDCG@20 among the items asked for, with 95 % bootstrap intervals over users, and the paired lead
    over the best baseline."""
    values = {name: per_user(marks(cases.histories, asked), asked, cases) for name, marks in contenders.items()}
    best = max(baselines, key=lambda name: float(values[name][:, 1].mean())) if baselines else next(iter(values))
    means = Bootstrap().means(np.hstack([*values.values(), *(one - values[best] for one in values.values())]))
    found: dict[str, Any] = {"users": len(cases), "items": len(asked), "best_baseline": best}
    for at, name in enumerate(values):
        (one, two), (lead_one, lead_two) = (means[start : start + 2] for start in (2 * at, 2 * (at + len(values))))
        found[name] = {"recall@20": shown(one), "ndcg@20": shown(two)}
        if name not in baselines:
            found[name] |= {"recall lead": shown(lead_one), "ndcg lead": shown(lead_two)}
            found[name]["intervals apart"] = all(
                means[2 * at + metric].low > means[2 * list(values).index(other) + metric].high
                for other in baselines
                for metric in (0, 1)
            )
    return found


def per_user(scores: Array, asked: Index, cases: Cases) -> Array:
    """Recall and NDCG of each case, float64 (n, 2)."""
    positions, _, counts = top_k(np.array(scores, dtype=np.float32), K)
    found = hits(asked[positions], counts, cases.offsets, cases.relevant)
    return np.stack([recall(found, cases.n_relevant()), ndcg(found, cases.n_relevant())], axis=1)


def shown(interval: Interval) -> list[float]:
    """Value, low and high."""
    return [round(one, 4) for one in (interval.value, interval.low, interval.high)]


def search(fold: Fold, tried: Mapping[str, Callable[[], Model]]) -> tuple[str, dict[str, float]]:
    """The name of the best on the validation part by NDCG@20, and the figure of each."""
    inner = fold.validation
    assert inner is not None
    asked = warm_items(inner)
    figures = {
        name: round(float(per_user(fit().score(inner.test.histories, asked), asked, inner.test)[:, 1].mean()), 4)
        for name, fit in tried.items()
    }
    return max(figures, key=lambda name: figures[name]), figures
