"""A run is done again to the last digit, whatever happened to the shop since, or it is said why not."""

import json
import subprocess
import sys
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest

from slatewright.core.clock import instant
from slatewright.core.errors import BadInput, NotThere
from slatewright.data.splits import GlobalTime
from slatewright.lifecycle.evaluating import evaluate_bundle, evaluate_shop
from slatewright.lifecycle.recording import Recorder
from slatewright.lifecycle.reproducing import not_as_then, reproduce
from slatewright.lifecycle.training import train
from slatewright.store.run import Run
from slatewright.store.runs import Runs
from slatewright.store.shop import Shop
from slatewright.testing.shops import town_shop

NOW = instant("2026-03-01")
RECORDER = Recorder(NOW, lambda: NOW + 1, lambda message: None)
SPLIT = GlobalTime(at="2024-02-10")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return town_shop(tmp_path / "shop")


@pytest.fixture
def evaluated(shop: Shop) -> Run:
    evaluate_shop(shop, SPLIT, k=7, recorder=RECORDER)
    return Runs(shop.runs).read("last")


def more(shop: Shop) -> None:
    """Events inside the training part and after it, and a fact told late of an early day."""
    rows = shop.log.scan("interactions").sort("time").tail(40).collect()
    early = rows.with_columns(event_id="early" + pl.col("event_id"), time=pl.col("time").dt.offset_by("-20d"))
    shop.log.append("interactions", pl.concat([early, rows.with_columns(event_id="late" + pl.col("event_id"))]))
    fact = rows.head(1).select("item_id", "time", event_id=pl.lit("f"), facts=pl.lit('{"available": false}'))
    shop.log.append("item_updates", fact.with_columns(pl.col("time").dt.offset_by("-40d")))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_an_evaluation_after_more_events_another_recipe_and_other_settings(shop: Shop, evaluated: Run) -> None:
    more(shop)
    shop.recipe.write_text("recipe = None")
    (shop.root / "slatewright.toml").write_text("[weights]\nview = 0.0\n")
    before = contents(shop.root)
    found = reproduce(Shop.open(shop.root), evaluated, recorder=RECORDER)
    assert found.same
    assert found.again.metrics == evaluated.metrics
    assert found.data == ()
    assert contents(shop.root) == before  # no trace of it


def test_the_present_log_would_have_given_other_numbers(shop: Shop, evaluated: Run) -> None:
    more(shop)
    evaluate_shop(shop, SPLIT, k=7, recorder=RECORDER)
    assert Runs(shop.runs).read("last").metrics != evaluated.metrics


def test_a_training_and_a_judged_bundle(shop: Shop) -> None:
    version = train(shop, now=NOW, as_of=instant("2024-02-10"), recorder=RECORDER, metrics={"a": 0.1})
    evaluate_bundle(shop, version, k=7, recorder=RECORDER)
    train(shop, now=NOW, recorder=RECORDER)
    more(shop)
    shop.recipe.write_text("recipe = None")
    for run in map(Runs(shop.runs).read, Runs(shop.runs).ids()):
        assert reproduce(shop, run, recorder=RECORDER).same, run.id


def test_what_differs_is_told_number_by_number(shop: Shop, evaluated: Run) -> None:
    name, group = next(iter(evaluated.metrics.items()))
    altered = json.loads(json.dumps(group))
    altered["pipeline"]["ndcg"]["value"] += 1e-16 + altered["pipeline"]["ndcg"]["value"] * 2e-16
    run = replace(
        evaluated,
        metrics={**evaluated.metrics, name: altered},
        data=replace(evaluated.data, content="another"),
        code={**evaluated.code, "sources": "another"},
        environment={**evaluated.environment, "cpus": 999},
    )
    assert {"sources", "cpus"} == {change.name for change in not_as_then(run)}
    found = reproduce(shop, run, recorder=RECORDER)
    assert not found.same
    assert [change.name for change in found.metrics] == [f"{name}/pipeline/ndcg"]
    assert [change.name for change in found.data] == ["content"]


def test_nothing_is_other_than_then_in_the_same_process(evaluated: Run) -> None:
    assert not_as_then(evaluated) == ()


def test_compaction_keeps_what_was_read_for_a_while_and_says_when_it_is_gone(shop: Shop, evaluated: Run) -> None:
    more(shop)
    shop.log.compact()
    assert reproduce(shop, evaluated, recorder=RECORDER).same
    shop.log.compact(keep_days=0)
    with pytest.raises(NotThere, match=r"interactions has no version 0 any more: \d+ of its files were removed"):
        reproduce(shop, evaluated, recorder=RECORDER)


def test_a_recipe_or_a_bundle_that_is_gone_or_altered_is_named(shop: Shop, evaluated: Run) -> None:
    path = shop.recipes / f"{evaluated.recipes['recipe.py']}.py"
    path.write_text("recipe = None")
    with pytest.raises(NotThere, match="was altered"):
        reproduce(shop, evaluated, recorder=RECORDER)
    path.unlink()
    with pytest.raises(NotThere, match="is missing"):
        reproduce(shop, evaluated, recorder=RECORDER)
    with pytest.raises(NotThere, match="there is no bundle 'gone'"):
        reproduce(shop, replace(evaluated, recipes={}, arguments={"bundle": "gone"}), recorder=RECORDER)


def test_a_record_cannot_lead_out_of_the_folder_or_to_an_unknown_kind(shop: Shop, evaluated: Run) -> None:
    digest = evaluated.recipes["recipe.py"]
    for name in ("../recipe.py", "/tmp/recipe.py"):  # noqa: S108 (is refused)
        with pytest.raises(BadInput, match="no name inside a folder"):
            reproduce(shop, replace(evaluated, recipes={name: digest}), recorder=RECORDER)
    with pytest.raises(BadInput, match="kind 'dance' cannot be done again"):
        reproduce(shop, replace(evaluated, kind="dance"), recorder=RECORDER)


COMMANDS = """
import sys
from slatewright.cli.main import main
for words in sys.argv[1:]:
    sys.argv = ["slatewright", *words.split(), "--json"]
    try:
        main()
    except SystemExit as ended:
        if ended.code:
            raise
    print(chr(0))
"""


@pytest.mark.long
def test_the_default_recipe_in_two_processes(tmp_path: Path) -> None:
    """Evaluated and trained by one process, reproduced by another: the same numbers to the last digit."""
    recipe = files("slatewright.store").joinpath("recipe_template.py.txt").read_text(encoding="utf-8")
    shop = town_shop(tmp_path / "shop", recipe=recipe)

    def process(*commands: str) -> list[str]:
        words = [sys.executable, "-c", COMMANDS, *commands]
        done = subprocess.run(words, cwd=shop.root, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.split("\0")[:-1]

    assert len(process("evaluate --k 5", "train")) == 2
    more(shop)
    answers = process("reproduce last~1", "reproduce last")
    assert len(answers) == 2
    for answer in map(json.loads, answers):
        assert answer["same"]
        assert answer["metrics"] == answer["data"] == []
