"""Runs are whole or absent, in order of time, and read back as they were."""

import errno
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.core.clock import instant
from slatewright.core.errors import BadInput, NotThere, NotWritten
from slatewright.store.run import DataRead, Run, read_run
from slatewright.store.runs import Runs

NOON = instant("2026-03-01T12:00:00Z")
RUN = Run(
    kind="evaluate",
    started=NOON,
    seconds=1.5,
    arguments={"k": 10},
    data=DataRead({"interactions": 3, "user_updates": None}, NOON - 1, "ab" * 32, {"users": 2}),
    recipes={"recipe.py": "cd" * 32},
    knobs={"estimators": {"taste": {"class": "ALS", "reg": 0.1}}},
    settings={"weights": {"view": 1.0}},
    code={"slatewright": "1"},
    environment={"cpus": 2},
    metrics={"all": {"pipeline": {"ndcg": {"value": 0.1 + 0.2, "low": 0.1, "high": 0.4}}}},
    headline={"ndcg@10": 0.1 + 0.2},
    seed=0,
)


def test_a_run_reads_back_as_it_was_with_its_files(tmp_path: Path) -> None:
    kept = Runs(tmp_path / "runs").add(RUN, {"plot.svg": b"<svg/>"})
    assert kept == replace(RUN, id="20260301T120000.000000-evaluate", files=("plot.svg",))
    runs = Runs(tmp_path / "runs")
    assert runs.read(kept.id) == kept
    assert (runs.folder(kept.id) / "plot.svg").read_bytes() == b"<svg/>"


def test_ids_are_in_order_of_time_and_runs_of_one_instant_get_two(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    late = [runs.add(replace(RUN, started=NOON + step), {}).id for step in (0, 1_000_000, 1)]
    again = runs.add(RUN, {}).id
    assert late == [f"20260301T12000{text}-evaluate" for text in ("0.000000", "1.000000", "0.000001")]
    assert runs.ids() == [late[0], late[2], again, late[1]]
    assert again == "20260301T120000.000002-evaluate"
    assert runs.add(replace(RUN, kind="compare"), {}).id == "20260301T120000.000003-compare"


def test_a_run_is_named_by_its_id_the_beginning_of_it_or_from_the_end(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    first = runs.add(RUN, {}).id
    last = runs.add(replace(RUN, started=NOON + 10**9, kind="train"), {}).id
    named = {name: runs.read(name).id for name in (first, "20260301T120000", "last~1", "last", last[:14])}
    assert list(named.values()) == [first, first, first, last, last]
    with pytest.raises(BadInput, match="beginning of 2 runs"):
        runs.read("2026")
    for unknown in ("last~2", "2027", ""):
        with pytest.raises(NotThere, match=f"the latest is {last}"):
            runs.read(unknown)
    with pytest.raises(NotThere, match="none is recorded yet"):
        Runs(tmp_path / "none").read("last")


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = Runs(tmp_path)

    def full(path: Path, content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(NotWritten, match="No space left"):
        runs.add(RUN, {})
    assert list(tmp_path.iterdir()) == []


def test_a_stop_before_the_name_is_given_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(path: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "rename", stopped)
    with pytest.raises(KeyboardInterrupt):
        Runs(tmp_path).add(RUN, {"a": b""})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../run", "run.json", ".hidden", "a/b", ""])
def test_a_file_has_a_plain_name_of_its_own(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="plain name"):
        Runs(tmp_path).add(RUN, {name: b""})


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"{", "cannot be read"),
        (b"[]", "not the record"),
        (b'{"what": "slatewright run", "format": 9}', "format 9; this Slatewright reads format 1"),
        (b'{"what": "slatewright run", "format": 1}', "not a record of this format"),
    ],
)
def test_a_damaged_record_is_named(tmp_path: Path, content: bytes, complaint: str) -> None:
    (tmp_path / "run.json").write_bytes(content)
    with pytest.raises(BadInput, match=complaint):
        read_run(tmp_path)


PLAIN: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=5), PLAIN, max_size=4), st.floats(allow_nan=False, allow_infinity=False))
def test_any_record_reads_back_to_the_last_digit(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, Any], seconds: float
) -> None:
    run = replace(RUN, arguments=values, metrics=values, seconds=seconds, id="one")
    folder = tmp_path_factory.mktemp("run")
    (folder / "run.json").write_bytes(run.to_bytes())
    assert read_run(folder) == run
