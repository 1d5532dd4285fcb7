"""Keeping runs in MLflow too, with the same content as in the shop's own folder."""

import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Annotated, Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

from slatewright.core.errors import Unreachable
from slatewright.core.extras import require
from slatewright.core.knobs import Knob, check_knobs
from slatewright.lifecycle.recording import Tracker
from slatewright.store.flattening import flat, flat_metrics
from slatewright.store.run import RECORD, Run
from slatewright.store.secrets import without_secrets
from slatewright.store.shop import Shop

VARIABLE = "MLFLOW_TRACKING_URI"  # MLflow's own; it wins over the settings
PATIENCE = 5.0  # seconds until a server that does not answer counts as down
# Unless somebody says otherwise: MLflow tells nobody that it is used, and does not knock for minutes at a closed door.
_MANNERS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
}
_MOST_METRICS, _MOST_PARAMS, _LONGEST = 1000, 100, 5000  # what MLflow takes at a time, and characters of a value
_NAME = re.compile(r"[^\w./ :-]")


@dataclass(frozen=True)
class Tracking:
    """Where runs are kept besides the shop's folder."""

    mlflow: Annotated[str, Knob("address of an MLflow server, like http://127.0.0.1:5000; empty: none")] = ""
    experiment: Annotated[str, Knob("name of the experiment there; empty: the name of the shop")] = ""

    def __post_init__(self) -> None:
        check_knobs(self)


def tracker_of(shop: Shop, variables: Mapping[str, str]) -> Tracker | None:
    """The tracker that the environment or the section ``[tracking]`` of the settings names, if any.

    Raises:
        BadKnob: a setting is unknown or of the wrong type.
    """
    wanted = shop.knobs("tracking", Tracking)
    address = variables.get(VARIABLE) or wanted.mlflow
    name = shop.name
    return MlflowTracker(address, wanted.experiment or name) if address else None


@dataclass(frozen=True)
class MlflowTracker:
    """Runs in an experiment of MLflow: at a server's address, or in a database or folder that MLflow opens itself.

    Knobs, arguments and settings become params, numbers metrics (``@`` is written ``_at_``: MLflow has no such sign),
    data, code and environment tags; the record, the recipes, plots and tables are artifacts.
    """

    address: str
    experiment: str

    def keep(self, run: Run, files: Mapping[str, bytes]) -> None:
        """Copy a run over.

        Raises:
            MissingExtra: MLflow is not installed.
            Unreachable: it does not answer, or refuses.
        """
        _knock(self.address)
        with _manners():
            mlflow = require("mlflow", extra="mlflow", why="keeping runs in MLflow")
            try:
                self._copy(mlflow, run, files)
            except (mlflow.exceptions.MlflowException, OSError) as error:
                raise Unreachable(f"{self._place} did not take the run: {_first_line(error)}") from error

    @property
    def _place(self) -> str:
        return f"MLflow at {without_secrets(self.address)}"

    def _copy(self, mlflow: Any, run: Run, files: Mapping[str, bytes]) -> None:
        client = mlflow.MlflowClient(self.address)
        started, ended = run.started // 1000, run.started // 1000 + round(run.seconds * 1000)
        made = client.create_run(
            self._experiment_id(client, mlflow), start_time=started, tags=tags_of(run), run_name=run.id
        )
        kept = made.info.run_id
        try:
            for params in _pieces(params_of(run), _MOST_PARAMS):
                client.log_batch(kept, params=[mlflow.entities.Param(*one) for one in params])
            for metrics in _pieces(metrics_of(run), _MOST_METRICS):
                client.log_batch(kept, metrics=[mlflow.entities.Metric(*one, ended, 0) for one in metrics])
            with tempfile.TemporaryDirectory(prefix="slatewright-") as folder:
                _lay_out(Path(folder), {RECORD: run.to_bytes(), **files})
                client.log_artifacts(kept, folder)
        except BaseException:
            with suppress(Exception):  # what went wrong first is what is told
                client.set_terminated(kept, "FAILED", ended)
            raise
        client.set_terminated(kept, "FINISHED", ended)

    def _experiment_id(self, client: Any, mlflow: Any) -> str:
        found = client.get_experiment_by_name(self.experiment)
        if found is not None:
            return str(found.experiment_id)
        try:
            return str(client.create_experiment(self.experiment))
        except mlflow.exceptions.MlflowException:
            found = client.get_experiment_by_name(self.experiment)  # another run may have been first
            if found is None:
                raise
            return str(found.experiment_id)


def params_of(run: Run) -> dict[str, str]:
    """Arguments, knobs and settings by name, as MLflow has them: texts."""
    parts = {"arguments": run.arguments, "knobs": run.knobs, "settings": run.settings, "seed": run.seed}
    return {_named(name): str(value)[:_LONGEST] for name, value in flat(parts).items()}


def metrics_of(run: Run) -> dict[str, float]:
    """Every metric that is a number, the ends of its interval as ``name/low`` and ``name/high``."""
    numbers = flat_metrics(run.metrics).items()
    return {_named(name): float(value) for name, value in numbers if type(value) in (int, float)}


def tags_of(run: Run) -> dict[str, str]:
    """What was run on which data, by which code, where; and texts among the metrics."""
    record = run.as_dict()
    texts = {name: value for name, value in flat_metrics(run.metrics).items() if isinstance(value, str)}
    told = {name: record[name] for name in ("id", "kind", "data", "recipes", "code", "environment")}
    tags = {f"slatewright/{_named(name)}": str(value)[:_LONGEST] for name, value in flat(told | texts).items()}
    checkout = run.code.get("checkout")
    commit = {"mlflow.source.git.commit": str(checkout["commit"])} if checkout else {}
    return {**tags, **commit, "mlflow.source.name": "slatewright", "mlflow.source.type": "LOCAL"}


def _named(name: str) -> str:
    return _NAME.sub("_", name.replace("@", "_at_"))[:250]


def _pieces(named: Mapping[str, Any], most: int) -> Iterator[list[tuple[str, Any]]]:
    rows = list(named.items())
    for start in range(0, len(rows), most):
        yield rows[start : start + most]


def _lay_out(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _knock(address: str) -> None:
    """Ask a server whether it is there, once: MLflow itself would try again and again.

    Raises:
        Unreachable: nobody answers.
    """
    if not address.startswith(("http://", "https://")):
        return
    door = urlsplit(address)
    asked = door._replace(netloc=door.netloc.rpartition("@")[2], path=f"{door.path.rstrip('/')}/health", query="")
    try:
        urlopen(asked.geturl(), timeout=PATIENCE).close()  # noqa: S310 (http and https only)
    except HTTPError:
        return  # somebody is there; what it thinks of a login, MLflow will find out
    except (HTTPException, OSError, ValueError) as error:
        raise Unreachable(f"MLflow at {without_secrets(address)} does not answer: {_first_line(error)}") from error


def _first_line(error: BaseException) -> str:
    return str(without_secrets((str(error) or type(error).__name__).splitlines()[0]))


@contextmanager
def _manners() -> Iterator[None]:
    """MLflow takes its settings from the environment; what nobody set is set for a moment."""
    ours = {name: value for name, value in _MANNERS.items() if name not in os.environ}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name in ours:
            os.environ.pop(name, None)
