"""Nested values in one row, and what differs between two rows."""

from slatewright.store.flattening import Change, changes, flat, flat_metrics


def test_nested_values_lie_in_one_row() -> None:
    assert flat({"a": {"b": [1, {"c": None}]}, "d": "x", "e": {}, "f": []}) == {"a/b/0": 1, "a/b/1/c": None, "d": "x"}


def test_an_interval_gives_its_value_under_its_own_name() -> None:
    nested = {"all": {"ndcg": {"value": 0.5, "low": 0.4, "high": 0.6}, "n": 3}}
    assert flat_metrics(nested) == {"all/ndcg": 0.5, "all/ndcg/low": 0.4, "all/ndcg/high": 0.6, "all/n": 3}


def test_only_what_differs_is_told_also_in_the_last_digit() -> None:
    before = {"same": 1.0, "digit": 0.3, "gone": 1, "truth": True, "none": None}
    after = {"new": 2, "same": 1.0, "digit": 0.1 + 0.2, "truth": 1}
    assert changes(before, after) == (
        Change("digit", 0.3, 0.30000000000000004),
        Change("gone", 1, None),
        Change("truth", True, 1),
        Change("new", None, 2),
    )
