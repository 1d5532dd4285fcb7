"""Every metric has a name and a meaning before people."""

from slatewright.metrics.ranking import METRICS
from slatewright.metrics.ratings import RATING_METRICS
from slatewright.metrics.registry import MEANINGS, title_of


def test_every_metric_is_there_and_says_what_it_means_in_one_line() -> None:
    assert set(METRICS) | set(RATING_METRICS) <= set(MEANINGS)
    assert all(0 < len(one.text) <= 100 and not one.text.endswith(".") for one in MEANINGS.values())
    assert len({one.title for one in MEANINGS.values()}) == len(MEANINGS)


def test_few_are_shown_without_being_asked_for() -> None:
    assert 5 <= sum(one.shown for one in MEANINGS.values()) <= 8


def test_titles_name_the_length_where_it_matters() -> None:
    assert title_of("hit_rate", 10) == "Hit rate@10"
    assert title_of("auc", 10) == "AUC"
    assert title_of("my own", 10) == "my own@10"
