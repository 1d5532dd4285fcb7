import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from slatewright.core.arrays import Frame
from slatewright.data.cleaning import apply_merges, label_counts, label_merges, main_labels

SPELLINGS = st.text(alphabet="aAbB \t", max_size=6)


def merges_of(*labels: str) -> dict[str, str]:
    merges = label_merges(label_counts(pl.Series(labels, dtype=pl.String)))
    return dict(zip(merges["label"], merges["merged_into"], strict=True))


def test_spellings_become_the_most_frequent_one() -> None:
    labels = ["Product A", "Product A", "product a ", "PRODUCT  A", "Product B", "0085"]
    assert merges_of(*labels) == {"product a ": "Product A", "PRODUCT  A": "Product A"}


def test_the_same_code_in_two_cases_is_one_code_and_a_tie_goes_to_the_first_in_byte_order() -> None:
    assert merges_of("85123a", "85123A") == {"85123a": "85123A"}


def test_labels_that_differ_in_more_than_case_and_space_stay_apart() -> None:
    assert merges_of("Product A", "ProductA", "007", "7", "", " ") == {}


def test_counts_of_partitions_are_added_before_a_spelling_is_chosen() -> None:
    parts = [label_counts(pl.Series(["mug", "Mug", "Mug"])), label_counts(pl.Series(["mug", "mug"]))]
    merges = label_merges(pl.concat(parts))
    assert merges.rows() == [("Mug", "mug", 2)]


def test_nulls_are_no_labels() -> None:
    assert label_counts(pl.Series(["a", None], dtype=pl.String)).rows() == [("a", 1)]
    assert apply_merges(pl.Series(["A", None, "a", "a"]), label_merges(counts(A=1, a=2))).to_list() == [
        "a",
        None,
        "a",
        "a",
    ]


@given(st.lists(SPELLINGS, max_size=30))
def test_merging_is_done_once_and_joins_exactly_what_folds_alike(labels: list[str]) -> None:
    series = pl.Series(labels, dtype=pl.String)
    merged = apply_merges(series, label_merges(label_counts(series)))
    assert label_merges(label_counts(merged)).is_empty()
    for before, after in zip(labels, merged, strict=True):
        assert " ".join(before.split()).lower() == " ".join(after.split()).lower()
        assert after in labels


def counts(**rows: int) -> Frame:
    return pl.DataFrame({"label": list(rows), "rows": list(rows.values())})


def test_the_label_to_show_is_the_most_frequent_description_of_an_item() -> None:
    frame = pl.DataFrame(
        {
            "item_id": ["1", "1", "1", "1", "2", "2", "3"],
            "title": ["WHITE MUG", "white mug ", "MUG, WHITE", "MUG, WHITE", "CUP", None, None],
        }
    )
    shown = main_labels(frame, "item_id", "title")
    assert shown.select("item_id", "title").rows() == [("1", "MUG, WHITE"), ("2", "CUP"), ("3", None)]
    assert shown["spellings"].to_list() == [2, 1, 0]
