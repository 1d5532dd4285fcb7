"""What recommenders answered, before anything is summed up."""

import numpy as np
import pytest

from slatewright.core.errors import NotThere
from slatewright.data.dataset import dataset_of
from slatewright.data.splits import GlobalTime
from slatewright.evaluate import judge
from slatewright.evaluate.questions import NEW_ITEMS, STRANGERS, Question
from slatewright.metrics.ranking import METRICS
from slatewright.models import ItemKNN
from slatewright.testing.worlds import two_tastes

FOLD = next(GlobalTime(test_share=0.3).split(dataset_of(two_tastes())))
JUDGED = judge({"knn": ItemKNN().fit(FOLD.train)}, FOLD, k=4)


def test_popularity_comes_first_and_every_case_has_a_list_of_each() -> None:
    assert JUDGED.names == ("popularity", "knn")
    assert {len(lists.counts) for lists in JUDGED.lists.values()} == {len(JUDGED.cases)}


def test_a_question_takes_its_users_and_what_is_right_for_them() -> None:
    asked = JUDGED.asked(NEW_ITEMS)
    assert asked is not None
    assert JUDGED.cases.users.gather(asked.rows).to_list() == asked.cases.users.to_list()
    assert JUDGED.values("knn", asked).shape == (len(asked), len(METRICS))
    right = np.isin(JUDGED.lists_for("knn", asked).items[0], asked.cases.relevant_of(0)).sum()
    assert JUDGED.values("knn", asked)[0, list(METRICS).index("recall")] == right / asked.cases.n_relevant()[0]


def test_a_question_about_nobody_has_no_answer() -> None:
    nobody = Question("nobody", "", STRANGERS.right, lambda cases: np.zeros(len(cases), dtype=np.bool_))
    assert JUDGED.asked(nobody) is None


def test_a_recommender_that_was_not_judged_is_not_there() -> None:
    asked = JUDGED.asked(NEW_ITEMS)
    assert asked is not None
    with pytest.raises(NotThere, match="'als' was not judged; these were: popularity, knn"):
        JUDGED.values("als", asked)
