import pytest

from .making import Row, cleaned, count, rows_kept


def test_a_row_given_twice_is_kept_once_and_the_first_stays() -> None:
    result = cleaned({}, {"item_id": "cup"}, {})
    assert rows_kept(result) == [1, 2]
    assert (result.merged, count(result, "exact duplicates"), count(result, "near duplicates")) == (1, 1, 0)


@pytest.mark.parametrize(
    "other",
    [
        {"user_id": "bob"},
        {"item_id": "cup"},
        {"kind": "cart"},
        {"value": 2.0},
        {"price": 3.5},
        {"quantity": 2.0},
        {"slate_id": "s"},
        {"session_id": "s"},
        {"invoice": "17"},
        {"second": 60},
    ],
)
def test_rows_that_differ_in_anything_that_was_said_are_two(other: dict[str, object]) -> None:
    assert rows_kept(cleaned({}, other)) == [1, 2]


def test_near_duplicates_are_measured_from_the_last_one_that_was_kept() -> None:
    result = cleaned(*({"second": second} for second in (0, 1.5, 2.0, 2.1, 4.0, 9.0)))
    assert rows_kept(result) == [1, 4, 6]  # 0; 1.5 and 2.0 repeat it; 2.1; 4.0 repeats that; 9.0
    assert count(result, "near duplicates") == 3


def test_rows_need_not_be_in_order_of_time() -> None:
    result = cleaned({"second": 30}, {"second": 1}, {"second": 29}, {"second": 0})
    assert rows_kept(result) == [3, 4]


def test_each_switch_works_alone() -> None:
    rows: list[Row] = [{}, {}, {"second": 1}]
    assert rows_kept(cleaned(*rows, exact_duplicates=False)) == [1, 2]
    assert rows_kept(cleaned(*rows, near_seconds=0.0)) == [1, 3]
    untouched = cleaned(*rows, exact_duplicates=False, near_seconds=0.0)
    assert rows_kept(untouched) == [1, 2, 3]
    assert not [step for step in untouched.steps if step.outcome == "merged"]


def test_repeats_of_several_things_at_once_do_not_hide_each_other() -> None:
    rows = [{"item_id": item, "second": second} for second in (0, 1, 10) for item in ("mug", "cup", "pot")]
    result = cleaned(*rows)
    assert rows_kept(result) == [1, 2, 3, 7, 8, 9]
