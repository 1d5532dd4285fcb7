from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slatewright.data.importing.spill import BUCKETS, Spill, workplace


def frame(users: list[str | None], start: int = 0) -> pl.DataFrame:
    rows = pl.DataFrame({"user_id": users}, schema={"user_id": pl.String()})
    return rows.with_columns(row=pl.int_range(start, start + len(users)))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.none() | st.sampled_from(["a", "b", "c", "d", "007"]), max_size=9), max_size=6))
def test_every_row_comes_back_with_its_user(batches: list[list[str | None]]) -> None:
    with workplace(Path("/tmp/slatewright-test-spill")) as folder:  # noqa: S108
        spill = Spill(folder, limit=8)
        start = 0
        for batch in batches:
            spill.add(frame(batch, start))
            start += len(batch)
        parts = [part for buckets in spill.partitions() if (part := spill.read(buckets)).height]
    together = pl.concat([frame([]), *parts])
    assert together["row"].sort().to_list() == list(range(start))
    homes = [set(part["user_id"]) for part in parts]
    assert sum(map(len, homes)) == len(set().union(*homes))  # no user in two parts
    assert all(part["row"].is_sorted() for part in parts if part["user_id"].n_unique() == 1)


def test_few_rows_never_touch_the_disk(tmp_path: Path) -> None:
    spill = Spill(tmp_path, limit=100)
    spill.add(frame(["a"] * 100))
    assert list(spill.partitions()) == [list(range(BUCKETS))]
    assert list(tmp_path.iterdir()) == []


def test_files_with_different_columns_go_together(tmp_path: Path) -> None:
    spill = Spill(tmp_path, limit=2)
    spill.add(frame(["a", "b"]).with_columns(price=pl.lit(1.0)))
    spill.add(frame(["a", "c"]))
    parts = pl.concat([spill.read(buckets) for buckets in spill.partitions()], how="diagonal")
    assert parts.height == 4
    assert parts["price"].null_count() == 2


def test_the_workplace_is_gone_afterwards_whatever_happens(tmp_path: Path) -> None:
    left = tmp_path / ".import-killed"
    left.mkdir()

    def work() -> None:
        with workplace(tmp_path) as folder:
            (folder / "x").write_text("x")
            assert not left.exists()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work()
    assert list(tmp_path.iterdir()) == []
