"""AUC of whole models, against scikit-learn on the dense matrix."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from slatewright.data.dataset import dataset_of
from slatewright.data.splits import GlobalTime
from slatewright.evaluate import full_ranking, judge
from slatewright.evaluate.questions import EVERYONE, NEW_ITEMS, Question
from slatewright.models import ALS
from slatewright.testing.worlds import two_tastes

FOLD = next(GlobalTime(test_share=0.3).split(dataset_of(two_tastes())))
MODEL = ALS(embedding_dim=4).fit(FOLD.train)


@pytest.mark.parametrize("question", [NEW_ITEMS, EVERYONE], ids=lambda question: question.name)
def test_scikit_learn_agrees(question: Question, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full_ranking, "BLOCK_SCORES", 5 * len(FOLD.train.items))  # several blocks
    judged = judge({"als": MODEL}, FOLD, k=4)
    asked = judged.asked(question)
    assert asked is not None
    cases = asked.cases
    expected = []
    for case, scores in enumerate(MODEL.score(cases.histories)):
        unseen = np.setdiff1d(np.arange(len(scores)), cases.histories.items_of(case))
        right = np.isin(unseen, cases.relevant_of(case))
        total = cases.n_relevant()[case] + cases.unknown[case]
        area = roc_auc_score(right, scores[unseen]) if 0 < right.sum() < len(right) else 0.0
        expected.append(area * right.sum() / total if not right.all() else np.nan)
    assert judged.per_user("als", asked)["auc"] == pytest.approx(expected, nan_ok=True)


def test_a_pipeline_or_a_function_has_none_and_neither_has_who_does_not_ask() -> None:
    judged = judge({"als": MODEL, "listing": lambda cases, k: judged_before.lists["als"]}, FOLD, k=4)
    asked = judged.asked(NEW_ITEMS)
    assert asked is not None
    assert "auc" not in judged.per_user("listing", asked)
    assert "auc" not in judged.per_user("als", asked, full_ranking=False)


judged_before = judge({"als": MODEL}, FOLD, k=4)
