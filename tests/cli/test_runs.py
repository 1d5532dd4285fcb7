"""slatewright runs, diff, reproduce"""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from slatewright.cli.console import WIDE, answers
from slatewright.cli.main import app

from .conftest import refusal, slatewright


@pytest.fixture(scope="module")
def kept_shop(made_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small shop after an evaluation, a training with another recipe, and an evaluation of that."""
    shop = tmp_path_factory.mktemp("runs") / "shop"
    shop.mkdir()
    for name in ("slatewright.toml", "recipe.py"):
        (shop / name).write_bytes((made_shop / name).read_bytes())
    (shop / "log").symlink_to(made_shop / "log")
    slatewright("evaluate", "--shop", shop, "--k", 5)
    recipe = shop / "recipe.py"
    recipe.write_text(recipe.read_text().replace("epochs=10", "epochs=1"))
    slatewright("train", "--shop", shop)
    slatewright("evaluate", "--shop", shop, "--k", 5)
    return shop


@pytest.mark.parametrize("width", [80, WIDE])
def test_runs_are_listed_the_latest_last_with_what_came_of_them(
    kept_shop: Path, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "width", width)
    rows = json.loads(slatewright("runs", "--shop", kept_shop, "--json"))
    assert [row["kind"] for row in rows] == ["evaluate", "train", "evaluate"]
    lines = slatewright("runs", "--shop", kept_shop).splitlines()
    for row in rows:
        line = next(line for line in lines if row["id"] in line)
        assert (row["recipes"]["recipe.py"][:8] in line) == (width == WIDE)
    text = " ".join(" ".join(lines).split())
    assert f"ndcg@5 {rows[0]['headline']['ndcg@5']:.4f}" in text
    assert f"bundle {rows[1]['headline']['bundle']}" in text
    assert ("version 0, before 2024-" in text) == (width == WIDE)


def test_runs_by_kind_by_metric_and_the_last_few(kept_shop: Path) -> None:
    def ids(*options: str) -> list[str]:
        return [row["id"] for row in json.loads(slatewright("runs", "--shop", kept_shop, "--json", *options))]

    every = ids()
    assert ids("--kind", "train") == every[1:2]
    assert ids("-n", "1") == every[2:]
    rows = json.loads(slatewright("runs", "--shop", kept_shop, "--json"))
    ndcg = {row["id"]: row["headline"].get("ndcg@5") for row in rows}
    assert ids("--sort", "ndcg@5") == sorted([every[0], every[2]], key=lambda one: ndcg[one])
    assert "they show: bundle, ndcg@5" in refusal("runs", "--shop", kept_shop, "--sort", "beauty")
    assert ids("--kind", "tune") == []


def test_a_damaged_run_hides_no_other(kept_shop: Path) -> None:
    folder = kept_shop / "runs" / "20200101T000000.000000-evaluate"
    folder.mkdir()
    (folder / "run.json").write_text("{")
    try:
        assert "cannot be read" in " ".join(slatewright("runs", "--shop", kept_shop).split())
        assert len(json.loads(slatewright("runs", "--shop", kept_shop, "--json"))) == 4
    finally:
        (folder / "run.json").unlink()
        folder.rmdir()


def test_no_run_yet_is_said(shop: Path) -> None:
    result = CliRunner().invoke(app, ["runs", "--shop", str(shop)])
    assert (result.exit_code, result.stdout) == (0, "")
    assert "no such run is recorded" in result.stderr
    assert "none is recorded yet" in refusal("reproduce", "--shop", shop)


def test_diff_shows_the_knob_the_line_and_the_numbers(kept_shop: Path) -> None:
    text = slatewright("diff", "last~2", "last", "--shop", kept_shop)
    assert "estimators/taste/epochs" in text
    assert '-        "taste": ALS(embedding_dim=64, unobserved_weight=0.1, epochs=10' in text
    few, all_of_it = (slatewright("diff", "last~2", "last", "--shop", kept_shop, *every) for every in ([], ["--all"]))
    assert "/low" in all_of_it
    assert len(all_of_it.splitlines()) > len(few.splitlines())
    answer = json.loads(slatewright("diff", "last~2", "last", "--shop", kept_shop, "--json"))
    assert answer["parts"]["knobs"] == [{"name": "estimators/taste/epochs", "before": 10, "after": 1}]
    assert answer["parts"]["data"] == []
    assert "users with a new item/pipeline/ndcg" in {row["name"] for row in answer["parts"]["metrics"]}


def test_a_run_beside_itself_differs_in_nothing(kept_shop: Path) -> None:
    assert "differ in nothing but the time" in slatewright("diff", "last", "last", "--shop", kept_shop)


def test_reproduce_says_that_all_numbers_are_the_same(kept_shop: Path) -> None:
    assert "numbers are the same to the last digit" in slatewright("reproduce", "last~2", "--shop", kept_shop)
    answer = json.loads(slatewright("reproduce", "last~1", "--shop", kept_shop, "--json"))
    assert answer["same"]


def test_reproduce_ends_with_1_and_a_table_where_a_number_differs(kept_shop: Path) -> None:
    [path] = (kept_shop / "runs").glob("*-train/run.json")
    before = path.read_bytes()
    record = json.loads(before)
    record["metrics"]["users"] += 1
    record["environment"]["libraries"]["numpy"] = "0.0.1"
    path.write_text(json.dumps(record))
    try:
        result = CliRunner().invoke(
            app, ["reproduce", path.parent.name, "--shop", str(kept_shop)], env={"COLUMNS": "160"}
        )
    finally:
        path.write_bytes(before)
    assert result.exit_code == 1
    assert "libraries/numpy" in result.stderr
    assert "metrics that differ" in result.stdout
    assert "-1" in result.stdout
    assert "1 of 4 numbers differ" in result.stdout
