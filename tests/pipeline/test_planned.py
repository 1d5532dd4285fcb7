"""What is told of a fit, held against what fits took: recorded by ``bench/bench_plan.py``, and some fits of now."""

import importlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from slatewright import models
from slatewright.models.model import Estimator

BENCH = Path(__file__).parents[2] / "bench"
OUTSIDE: Mapping[tuple[str, str, str], str] = {}  # estimator, data set, memory or time: why it is outside


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(BENCH)
    return importlib.import_module("bench_plan")


@pytest.fixture
def rows(bench: Any) -> Any:
    return bench.latest(json.loads((BENCH / "results/plan.json").read_text(encoding="utf-8")))


def test_every_estimator_is_measured_on_every_one_of_its_data_sets(bench: Any, rows: Any) -> None:
    things = {name: getattr(models, name) for name in models.__all__}
    estimators = {name for name, one in things.items() if isinstance(one, type) and hasattr(one, "fit")}
    assert set(bench.contenders()) == estimators - {Estimator.__name__}
    assert [(row["estimator"], row["data"]) for row in rows] == sorted(bench.pairs())


def test_what_is_told_holds_and_what_does_not_is_named_with_the_reason(bench: Any, rows: Any) -> None:
    found = bench.outside(rows)
    assert set(found) == set(OUTSIDE), found


def test_twice_the_memory_or_three_times_the_time_is_noticed(bench: Any, rows: Any) -> None:
    row = next(row for row in rows if (row["estimator"], row["data"]) == ("EASE", "large"))
    assert set(bench.outside([{**row, "memory": 2 * row["memory"]}])) == {("EASE", "large", "memory")}
    assert set(bench.outside([{**row, "seconds": 3 * row["seconds"]}])) == {("EASE", "large", "time")}


@pytest.mark.long
def test_fits_of_now_take_the_memory_they_tell(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    if not bench.CLEAR_REFS.exists():
        pytest.skip("only Linux tells the peak of a part of a process")
    monkeypatch.setenv(*bench.POLARS_MEMORY)
    names = ("EASE", "FactFactors", "FactMapped", "GraphFilter")
    found = bench.measured(bench.told_and_taken, names=names, data="small").result
    for name, (told, taken) in found.items():
        assert told == pytest.approx(taken, rel=bench.BARS["memory"]), name
