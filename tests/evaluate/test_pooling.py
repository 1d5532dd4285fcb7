"""Several folds as one evaluation: by hand on a small world."""

import numpy as np
import polars as pl
import pytest

from slatewright.core.errors import BadInput, Leak
from slatewright.data.dataset import dataset_of
from slatewright.data.splits import Cases, Fold, GlobalTime, KFold, RollingWindows
from slatewright.evaluate import evaluate, evaluate_folds, markdown
from slatewright.evaluate.questions import NEW_ITEMS
from slatewright.metrics.bootstrap import Bootstrap
from slatewright.models import ItemKNN, ItemLists
from slatewright.testing.worlds import two_tastes

DATASET = dataset_of(two_tastes())
WINDOWS = list(RollingWindows(windows=3, window_days=8).split(DATASET))
QUICK = Bootstrap(resamples=50)


def guess(cases: Cases, k: int) -> ItemLists:
    """A list of its own for every user, the same in every fold."""
    items = np.array([np.random.default_rng(int(u[1:])).permutation(len(cases.items))[:k] for u in cases.users])
    return ItemLists(items.astype(np.int32), items.astype(np.float32), np.full(len(cases), k))


def test_a_user_counts_once_with_the_mean_of_the_folds() -> None:
    found = evaluate_folds(lambda fold: {"guess": guess}, WINDOWS, k=5, bootstrap=QUICK)
    assert len(found.folds) == 3
    per_user: dict[str, list[float]] = {}
    for fold in WINDOWS:
        cases = NEW_ITEMS.right(fold.test)
        lists = guess(cases, 5)
        for case in np.flatnonzero(NEW_ITEMS.who(cases) & (cases.n_relevant() > 0)):
            right = cases.relevant_of(int(case))
            per_user.setdefault(cases.users[int(case)], []).append(np.isin(lists.items[case], right).sum() / len(right))
    group = found.group(NEW_ITEMS.name)
    assert group.users == len(per_user)
    assert group.of("guess").metrics["recall"].value == pytest.approx(np.mean([np.mean(v) for v in per_user.values()]))
    covered = [fold.group(NEW_ITEMS.name).of("guess").metrics["coverage"] for fold in found.folds]
    assert group.of("guess").metrics["coverage"].value == pytest.approx(np.mean([one.value for one in covered]))
    assert group.of("guess").metrics["coverage"].low == pytest.approx(np.mean([one.low for one in covered]))


def test_each_fold_is_the_evaluation_of_that_fold() -> None:
    found = evaluate_folds({"knn": ItemKNN()}, WINDOWS, k=5, bootstrap=QUICK)
    alone = evaluate({"knn": ItemKNN().fit(WINDOWS[1].train)}, WINDOWS[1], k=5, bootstrap=QUICK)
    assert found.folds[1] == alone
    assert found.as_of == WINDOWS[-1].train.as_of
    assert found.group(NEW_ITEMS.name).of("knn").lead["recall"].low > 0
    plain = found.as_dict()
    assert plain["folds"][0]["as_of"].startswith("2024-01-")  # type: ignore[index]


def test_more_folds_of_the_same_users_do_not_make_the_interval_of_three_times_as_many() -> None:
    """The same fold three times tells nothing new: the interval must not shrink."""
    one = evaluate_folds({"knn": ItemKNN()}, WINDOWS[:1], k=5)
    thrice = evaluate_folds({"knn": ItemKNN()}, WINDOWS[:1] * 3, k=5)
    first, last = (found.group(NEW_ITEMS.name).of("knn").metrics["ndcg"] for found in (one, thrice))
    assert (first.value, first.low, first.high) == pytest.approx((last.value, last.low, last.high))
    assert one.folds == ()


def test_findings_are_those_of_the_worst_fold() -> None:
    found = evaluate_folds({"knn": ItemKNN()}, list(KFold(3).split(DATASET)), k=5, bootstrap=QUICK)
    (time,) = [one for one in found.audit if one.check == "time"]
    assert time.outcome == "warned"
    assert time.reason.startswith("in every fold, the first of them: k-fold leaks in time by construction")
    assert "Trained 3 times, each time on all but one part" in markdown(found)
    assert "Numbers of 3 folds together: one value per user" in markdown(found)


def test_a_leak_is_told_before_anything_is_fitted() -> None:
    def never(fold: Fold) -> dict[str, ItemKNN]:
        raise AssertionError("fitted")

    with pytest.raises(Leak, match="lists of 99 hold the whole catalogue"):
        evaluate_folds(never, WINDOWS, k=99)  # type: ignore[arg-type]


def test_no_folds_and_folds_that_cannot_be() -> None:
    with pytest.raises(BadInput, match="the split gives no folds"):
        evaluate_folds({}, [])
    with pytest.raises(
        BadInput, match=r"3 windows of 30 days begin at 2023-11-.*reaches from 2024-01-01.* to 2024-02-19"
    ):
        list(RollingWindows().split(DATASET))
    with pytest.raises(BadInput, match=r"the data reaches from 2024-01-01.* to 2024-02-19.*, got 2030-01-01"):
        list(GlobalTime(at="2030-01-01").split(DATASET))
    few = dataset_of(pl.DataFrame({"user_id": ["a", "a", "b"], "item_id": ["x", "x", "y"], "time": [1, 2, 3]}))
    with pytest.raises(BadInput, match=r"KFold\.folds must be at most 2"):
        list(KFold(3).split(few))
