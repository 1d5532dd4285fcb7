"""Whom a recommender fails, planted."""

import numpy as np
import polars as pl
import pytest

from slatewright.core.errors import BadInput
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.data.splits import Cases, GlobalTime
from slatewright.evaluate import judge
from slatewright.evaluate.diagnosis.shortfalls import item_shortfalls, user_shortfalls
from slatewright.evaluate.questions import NEW_ITEMS
from slatewright.models import ItemLists


def town() -> Dataset:
    """Everybody takes ten of thirty things, one a day."""
    rng = np.random.default_rng(1)
    rows = [(f"u{u:03}", f"i{i:02}", t) for u in range(150) for t, i in enumerate(rng.permutation(30)[:10])]
    users = pl.DataFrame({"user_id": [f"u{u:03}" for u in range(150)], "country": ["NL", "GB", "DE"] * 50})
    items = pl.DataFrame({"item_id": [f"i{i:02}" for i in range(30)], "category": ["wine", "tea"] * 15})
    events = pl.DataFrame(rows, schema=["user_id", "item_id", "time"], orient="row")
    return dataset_of(events, user_facts=users, item_facts=items)


FOLD = next(GlobalTime(at="1970-01-01T00:00:00.000006").split(town()))


def fails(cases: Cases, k: int) -> ItemLists:
    """Right for everybody, but nothing right for people of NL, and never any wine."""
    assert cases.histories.facts is not None
    country = cases.histories.facts["country"].to_list()
    wine = {at for at, name in enumerate(cases.items.names.to_list()) if int(name[1:]) % 2 == 0}
    items = np.zeros((len(cases), k), dtype=np.int32)
    counts = np.zeros(len(cases), dtype=np.int64)
    for case in range(len(cases)):
        right = [item for item in cases.relevant_of(case).tolist() if item not in wine and country[case] != "NL"]
        counts[case] = len(right[:k])
        items[case, : counts[case]] = right[:k]
    return ItemLists(items, np.zeros(items.shape, np.float32), counts)


JUDGED = judge({"fails": fails}, FOLD, k=8)


def test_the_country_that_is_failed_comes_first() -> None:
    asked = JUDGED.asked(NEW_ITEMS)
    assert asked is not None
    worst = user_shortfalls(JUDGED, "fails", asked)[0]
    assert (worst.name, worst.real, worst.mean) == ("country: NL", True, 0.0)
    assert worst.lost == pytest.approx(worst.others * worst.rows)


def test_the_shelf_that_is_never_found_comes_first() -> None:
    asked = JUDGED.asked(NEW_ITEMS)
    assert asked is not None
    found = item_shortfalls(JUDGED, "fails", asked)
    by_name = {one.name: one for one in found}
    assert by_name["category: wine"].mean == 0.0
    assert by_name["category: wine"].real
    assert found[0].name in ("category: wine", "country: NL")
    assert by_name["country: GB, category: tea"].mean == 1.0


def test_a_metric_that_does_not_exist() -> None:
    asked = JUDGED.asked(NEW_ITEMS)
    assert asked is not None
    with pytest.raises(BadInput, match="a metric of one user must be of recall"):
        user_shortfalls(JUDGED, "fails", asked, metric="coverage")
