from pathlib import Path

import polars as pl

from slatewright.data.quarantine import Quarantine


def rows(*reasons: str, file: int = 0) -> pl.DataFrame:
    kinds = {"file": pl.UInt32(), "row": pl.UInt64(), "reason": pl.String()}
    return pl.DataFrame(
        {"file": [file] * len(reasons), "row": range(1, 1 + len(reasons)), "reason": reasons}, schema=kinds
    )


def test_rows_of_several_parts_with_their_files(tmp_path: Path) -> None:
    aside = Quarantine(tmp_path / "q", ["a.csv", "b.csv"], tmp_path)
    aside.add(rows("no user_id").with_columns(item_id=pl.lit("x")))
    aside.add(rows("time is no time: soon", "no user_id", file=1).with_columns(price=pl.lit(2.5)))
    path = aside.show(aside.seal())
    assert path is not None
    table = pl.read_parquet(path)
    assert table.columns[:3] == ["file", "row", "reason"]
    assert table.select("file", "row").rows() == [("a.csv", 1), ("b.csv", 1), ("b.csv", 2)]
    assert aside.reasons == {"no user_id": 2, "time is no time": 1}
    assert aside.rows == 3


def test_nothing_is_shown_before_the_end(tmp_path: Path) -> None:
    aside = Quarantine(tmp_path / "q", ["a.csv"], tmp_path)
    aside.add(rows("no user_id"))
    partial = aside.seal()
    assert not aside.path.exists()
    aside.drop()
    assert partial is not None
    assert list((tmp_path / "q").iterdir()) == []


def test_a_repeated_import_replaces_its_file(tmp_path: Path) -> None:
    for reasons in (("no user_id", "no item_id"), ("no item_id",), ()):
        aside = Quarantine(tmp_path / "q", ["a.csv"], tmp_path)
        aside.add(rows(*reasons))
        path = aside.show(aside.seal())
        assert (0 if path is None else pl.read_parquet(path).height) == len(reasons)
    assert list((tmp_path / "q").iterdir()) == []


def test_names_of_odd_sources_are_safe(tmp_path: Path) -> None:
    odd = Quarantine(tmp_path, ["../a b/x*?$(y).csv.gz"], tmp_path)
    assert odd.path.parent == tmp_path
    assert odd.path.name.startswith("x____y_-")
    assert Quarantine(tmp_path, ["a.csv"], tmp_path).path != Quarantine(tmp_path, ["x/a.csv"], tmp_path).path
