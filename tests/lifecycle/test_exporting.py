"""A shop with a neural model: ONNX Runtime answers from its bundle, and a command writes it for other runtimes."""

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from slatewright.core.clock import instant
from slatewright.core.errors import BadInput, BadKnob, NotThere, NotWritten
from slatewright.data.histories import Histories
from slatewright.lifecycle import exporting
from slatewright.lifecycle.exporting import export
from slatewright.lifecycle.training import train
from slatewright.models.neural import runtime
from slatewright.models.shapes.encoded_histories import EncodedHistories
from slatewright.pipeline import Request
from slatewright.pipeline.opening import open_pipeline
from slatewright.pipeline.world import World
from slatewright.store.shelf import Shelf
from slatewright.store.shop import Shop
from slatewright.testing.shops import town_shop

pytestmark = pytest.mark.long

NOW = instant("2026-01-01")
RECIPE = """
from slatewright.models import Popularity, SASRec
from slatewright.pipeline import ModelScore, NearestSource, PopularSource, Recipe

recipe = Recipe(
    estimators={
        "next": SASRec(embedding_dim=16, n_blocks=1, longest_history=8, batch_size=16, epochs=2, n_negatives=8),
        "popular": Popularity(),
    },
    sources=[NearestSource("next", limit=10), PopularSource()],
    score=ModelScore("next"),
)
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Trained once for all tests, which leave it as it is."""
    made = town_shop(tmp_path_factory.mktemp("exporting") / "shop", recipe=RECIPE)
    settings = made.root / "slatewright.toml"
    settings.write_text(settings.read_text() + '[networks]\nproviders = ["TensorRT", "CPU"]\n')
    made = Shop.open(made.root)
    train(made, now=NOW)
    return made


@pytest.fixture
def world(shop: Shop) -> World:
    return open_pipeline(shop).world


def test_a_bundle_answers_by_onnx_runtime_as_by_the_engine(
    shop: Shop, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = Shelf(shop.bundles).card(world.version)
    told = card.models["next"]["runtime"]
    assert (told["by"], told["opset"], told["providers"][-1]) == ("ONNX Runtime", 18, "CPU")
    assert told["providers"] == ["TensorRT", "CPU"]
    assert "runtime" not in card.models["popular"]
    assert len(card.models["next"]["training"]["loss"]) == 2
    assert "training" not in card.models["popular"]
    model = world.models["next"]
    assert isinstance(model, EncodedHistories)
    by_engine = EncodedHistories(
        model.known, model.rows, model.spec, model.length, model.network, model.learning_curve
    ).score(model.known.histories)
    monkeypatch.setattr(runtime, "chosen_engine", _no_engine)
    np.testing.assert_allclose(model.score(model.known.histories), by_engine, atol=1e-4)
    slate = open_pipeline(shop).ask(Request(5, NOW, user_id="u000"))
    assert len(slate.item_ids) == 5
    monkeypatch.setattr(runtime, "_runtime_is_there", lambda: False)
    with pytest.raises(AssertionError, match="engine"):
        model.score(Histories.of([[1]]))


def _no_engine() -> None:
    raise AssertionError("the engine was asked")


def test_an_export_is_the_graph_the_ids_and_a_card(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    card = export(world, "next", folder, precision="int8")
    assert {one.name for one in folder.iterdir()} == {"model.onnx", "items.json", "card.json"}
    assert json.loads((folder / "items.json").read_text()) == world.catalogue.items.names.to_list()
    told = json.loads((folder / "card.json").read_text())
    assert (told["model"], told["bundle"], told["opset"]) == ("next", world.version, 18)
    assert 0.5 < card.recall <= 1
    assert 0 < card.parity < 0.5
    assert (card.ranked, card.compared, card.histories) == (24, 24, 62)
    assert card.bytes == (folder / "model.onnx").stat().st_size
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
    history = np.full((1, 8), len(world.catalogue), dtype=np.int32)
    history[0, -2:] = [0, 2]
    vectors, scores = session.run(None, {"items": history})
    model = world.models["next"]
    np.testing.assert_allclose(scores, model.score(Histories.of([[0, 2]])), atol=card.parity * 4)
    assert vectors.shape == (1, 16)


def test_what_cannot_be_exported_is_refused_before_anything_is_written(world: World, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="only neural models"):
        export(world, "popular", tmp_path / "out")
    with pytest.raises(NotThere, match="nobody"):
        export(world, "nobody", tmp_path / "out")
    with pytest.raises(BadKnob, match="format of an export must be one of onnx, savedmodel, got 'pickle'"):
        export(world, "next", tmp_path / "out", "pickle")
    with pytest.raises(BadKnob, match="precision of an export must be one of f32, f16, int8, got 'int4'"):
        export(world, "next", tmp_path / "out", "onnx", "int4")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_holds_something_else_is_left_alone(world: World, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(BadInput, match="holds something else"):
        export(world, "next", tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_graph_that_says_something_else_is_not_handed_over() -> None:
    card = exporting.ExportCard("next", "s", "v", "t", "onnx", "f32", 18, {}, {}, 0.3, 1.0, 1, 1, 1, 1)
    with pytest.raises(NotWritten, match=r"says other scores than the model: by 0\.3, where the largest is 2"):
        exporting._check_parity(card, 2.0)


def test_a_graph_that_says_no_numbers_is_not_handed_over() -> None:
    card = exporting.ExportCard("next", "s", "v", "t", "onnx", "f16", 18, {}, {}, float("nan"), 0.1, 1, 1, 1, 1)
    with pytest.raises(NotWritten, match="in f16 says scores that are no finite numbers"):
        exporting._check_parity(card, 2.0)


def test_shapes_are_told_in_words() -> None:
    assert exporting._spoken(np.zeros(0, dtype=np.float32)) == "float32 (batch,)"
    assert exporting._spoken(np.zeros((0, 3), dtype=np.float32)) == "float32 (batch, 3)"
