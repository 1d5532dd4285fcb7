"""MLflow gets the same content as the shop's folder; one that is down costs nothing but a note."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import orjson
import pytest

from slatewright.core.clock import instant
from slatewright.core.errors import BadKnob, MissingExtra, Unreachable
from slatewright.data.splits import GlobalTime
from slatewright.lifecycle.evaluating import PIPELINE, evaluate_shop
from slatewright.lifecycle.recording import Recorder
from slatewright.lifecycle.tracking import MlflowTracker, metrics_of, params_of, tags_of, tracker_of
from slatewright.store.run import Run
from slatewright.store.runs import Runs
from slatewright.store.shop import Shop
from slatewright.testing.shops import town_shop
from tests.ports import free_port

NOW = instant("2026-03-01")
SPLIT = GlobalTime(at="2024-02-10")
# No jobs: the server would start processes that wait for some.
QUIET = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
}
MOST_SECONDS = 300  # to found a database and come up, on a busy machine


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return town_shop(tmp_path / "shop")


def evaluated(shop: Shop, told: list[str], address: str = "") -> Run:
    tracker = tracker_of(shop, {"MLFLOW_TRACKING_URI": address})
    evaluate_shop(shop, SPLIT, k=5, recorder=Recorder(NOW, lambda: NOW + 3_000_000, told.append, tracker))
    return Runs(shop.runs).read("last")


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real MLflow server on a free port of this machine, its database and artifacts in a folder of its own."""
    folder, address = tmp_path_factory.mktemp("mlflow"), f"http://127.0.0.1:{free_port()}"
    places = ["--backend-store-uri", f"sqlite:///{folder}/db", "--artifacts-destination", str(folder / "artifacts")]
    where = ["--host", "127.0.0.1", "--port", address.rpartition(":")[2], "--workers", "1"]
    command = [sys.executable, "-m", "mlflow", "server", *places, *where]
    with (
        (folder / "said").open("wb") as said,
        subprocess.Popen(
            command, cwd=folder, env={**os.environ, **QUIET}, stdout=said, stderr=said, start_new_session=True
        ) as process,
    ):
        try:
            assert comes_up(process, address), (folder / "said").read_text()
            yield address
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def comes_up(process: subprocess.Popen[bytes], address: str) -> bool:
    """Wait until the server answers or is gone."""
    deadline = time.monotonic() + MOST_SECONDS
    while time.monotonic() < deadline:
        try:
            with urlopen(f"{address}/health", timeout=5) as answer:  # noqa: S310 (our own)
                return bool(answer.status == 200)
        except (URLError, OSError):
            try:
                process.wait(0.2)
                return False
            except subprocess.TimeoutExpired:
                continue
    return False


@pytest.mark.long
def test_a_real_server_has_the_same_content_as_the_folder(server: str, shop: Shop, tmp_path: Path) -> None:
    told: list[str] = []
    run = evaluated(shop, told, server)
    assert told == [f"recorded as run {run.id}"]
    mlflow = pytest.importorskip("mlflow")
    client = mlflow.MlflowClient(server)
    experiment = client.get_experiment_by_name("town")
    [kept] = client.search_runs([experiment.experiment_id])
    assert (kept.info.run_name, kept.info.status) == (run.id, "FINISHED")
    assert (kept.info.start_time, kept.info.end_time) == (NOW // 1000, NOW // 1000 + 3000)
    assert kept.data.params == params_of(run)
    assert kept.data.params["knobs/estimators/taste/embedding_dim"] == "4"
    assert kept.data.metrics == metrics_of(run)
    group = next(iter(run.metrics))
    assert kept.data.metrics[f"{group}/{PIPELINE}/ndcg"] == run.metrics[group][PIPELINE]["ndcg"]["value"]
    assert kept.data.tags.items() >= tags_of(run).items()
    assert kept.data.tags["slatewright/data/tables/interactions"] == "0"
    copied = Path(client.download_artifacts(kept.info.run_id, "", str(tmp_path)))
    files = {path.relative_to(copied).as_posix(): path.read_bytes() for path in copied.rglob("*") if path.is_file()}
    files = {name: content for name, content in files.items() if not name.startswith("shop/")}
    assert orjson.loads(files.pop("run.json")) == run.as_dict()
    assert files.pop("recipes/recipe.py") == shop.recipe.read_bytes()
    assert files == {name: (shop.runs / run.id / name).read_bytes() for name in run.files}
    evaluated(shop, told, server)
    assert len(client.search_runs([experiment.experiment_id])) == 2


def test_a_server_that_is_down_loses_no_run(shop: Shop) -> None:
    told: list[str] = []
    address = f"http://ann:hunter2@127.0.0.1:{free_port()}"
    run = evaluated(shop, told, address)
    assert run.kind == "evaluate"
    assert told[1].startswith("MLflow at http://ann:***@127.0.0.1:")
    assert "does not answer" in told[1]
    assert told[1].endswith("the run is recorded here all the same")


class Refuses(BaseHTTPRequestHandler):
    """Healthy, and otherwise refuses everything."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/health" else 403)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_GET  # noqa: N815 (the name that the library calls)

    def log_message(self, *words: Any) -> None:
        """Say nothing."""


def test_a_server_that_refuses_loses_no_run(shop: Shop) -> None:
    pytest.importorskip("mlflow")
    told: list[str] = []
    with HTTPServer(("127.0.0.1", 0), Refuses) as refusing:
        thread = threading.Thread(target=refusing.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            before = dict(os.environ)
            evaluated(shop, told, f"http://ann:hunter2@127.0.0.1:{refusing.server_port}")  # somebody is there
            assert dict(os.environ) == before
        finally:
            refusing.shutdown()
            thread.join()
    assert "did not take the run" in told[1]
    assert "hunter2" not in told[1]
    assert len(Runs(shop.runs).ids()) == 1


def test_without_mlflow_the_pip_line_is_told(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    run = evaluated(shop, [])
    monkeypatch.setitem(sys.modules, "mlflow", None)
    with pytest.raises(MissingExtra, match=r"pip install 'slatewright\[mlflow\]'"):
        MlflowTracker("sqlite:///nowhere.db", "town").keep(run, {})


def test_nobody_is_asked_at_an_address_that_is_none() -> None:
    with pytest.raises(Unreachable, match="does not answer"):
        MlflowTracker("http://127.0.0.1:notaport", "town").keep(None, {})  # type: ignore[arg-type]


def test_the_environment_wins_over_the_settings_and_nothing_is_tracked_without_either(tmp_path: Path) -> None:
    settings = {"tracking": {"mlflow": "http://here:1", "experiment": "ours"}, "shop": {"name": "town"}}
    shop = Shop(tmp_path, settings)
    assert tracker_of(shop, {}) == MlflowTracker("http://here:1", "ours")
    assert tracker_of(shop, {"MLFLOW_TRACKING_URI": "http://there:2"}) == MlflowTracker("http://there:2", "ours")
    assert tracker_of(Shop(tmp_path, {"shop": {"name": "town"}}), {}) is None
    named = tracker_of(Shop(tmp_path), {"MLFLOW_TRACKING_URI": "http://there:2"})
    assert named == MlflowTracker("http://there:2", tmp_path.name)
    with pytest.raises(BadKnob, match="there is no setting 'uri'"):
        tracker_of(Shop(tmp_path, {"tracking": {"uri": "x"}}), {})


def test_names_are_those_that_mlflow_takes_and_texts_are_no_metrics(shop: Shop) -> None:
    run = evaluated(shop, [])
    odd = {"a": {"ndcg@20 (new)": {"value": 0.5, "low": 0.4, "high": None}, "bundle": "v", "truth": True}}
    changed = Run(**{name: getattr(run, name) for name in run.__dataclass_fields__} | {"metrics": odd})
    assert metrics_of(changed) == {"a/ndcg_at_20 _new_": 0.5, "a/ndcg_at_20 _new_/low": 0.4}
    assert tags_of(changed)["slatewright/a/bundle"] == "v"


def test_mlflow_is_not_imported_unless_asked_for(shop: Shop) -> None:
    code = "import sys, slatewright.cli.evaluate, slatewright.cli.recording; sys.exit('mlflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
