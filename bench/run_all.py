"""Every benchmark, one after the other, each in a process of its own: what `make bench` runs.

    .venv/bin/python bench/run_all.py [--only NAME ...] [--data ../shared/data] [--list]

Peers that want other versions of NumPy than we do get environments of their own under ``.venv-peers``, made on first
use; a peer that cannot be installed here is left out, and its benchmark says so. Benchmarks that need real data are
left out where there is none. Results are appended to ``bench/results``. All of it takes an hour or two.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
PEERS = {
    "rules": ("mlxtend", "efficient-apriori", "pyfim"),
    "ratings": ("numpy<2", "scipy", "pandas", "threadpoolctl", "scikit-surprise", "cmfrec", "libmf"),
    "lightfm": ("rectools-lightfm",),
    "metrics": ("ranx", "rectools"),
    "recbole": ("recbole", "torch==2.13.0", "numpy<2", "pandas<3", "setuptools<81"),
}


@dataclass(frozen=True)
class Bench:
    """A script with its arguments; ``real`` needs real data, ``peers`` names the environment of its peers."""

    name: str
    script: str
    arguments: Sequence[str] = ()
    real: bool = True
    peers: str = ""


BENCHES = (
    Bench("idmap", "bench_idmap.py", real=False),
    Bench("dataset", "bench_dataset.py", real=False),
    Bench("features", "bench_features.py", real=False),
    Bench("import", "bench_import.py", real=False),
    Bench("cleaning", "bench_cleaning.py", real=False),
    Bench("slates", "bench_slates.py", real=False),
    Bench("serve", "bench_serve.py", real=False),
    Bench("serve_load", "serve", real=False),
    Bench("batch", "bench_batch.py", real=False),
    Bench("start", "bench_start.py", real=False),
    Bench("plan", "bench_plan.py", real=False),
    Bench("metrics", "bench_metrics.py", peers="metrics", real=False),
    Bench("audit", "bench_audit.py", real=False),
    Bench("als", "bench_als.py"),
    Bench("als_growth", "bench_als.py", ("--growth", "100")),
    Bench("bpr", "bench_bpr.py"),
    Bench("neural", "bench_neural.py"),
    Bench("topk", "bench_topk.py"),
    Bench("knn", "bench_knn.py", ("--test",), peers="ratings"),
    Bench("linear", "bench_linear.py"),
    Bench("linear_gowalla", "bench_linear.py", ("--parts", "gowalla")),
    Bench("ratings", "bench_ratings.py", peers="ratings"),
    Bench("requests", "bench_requests.py"),
    Bench("rules", "bench_rules.py", peers="rules"),
    Bench("warm_items", "bench_warm_items.py", peers="lightfm"),
    Bench("neural_facts", "bench_neural_facts.py"),
    Bench("engines", "bench_engines.py"),
    Bench("sequences_speed", "bench_sequences.py", ("--speed",)),
    Bench("recbole", "bench_recbole.py", peers="recbole"),
    Bench("encoders", "bench_encoders.py", real=False),
    Bench("blends", "bench_blends.py"),
    Bench("segments", "bench_segments.py"),
    Bench("repeats", "bench_repeats.py"),
    Bench("accuracy", "accuracy.py"),
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", nargs="+", choices=[one.name for one in BENCHES], default=None)
    options.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    options.add_argument("--list", action="store_true", help="say what there is, run nothing")
    chosen = options.parse_args()
    failed = []
    for bench in BENCHES:
        if chosen.only is not None and bench.name not in chosen.only:
            continue
        print(f"== {bench.name}: {bench.script} {' '.join(bench.arguments)}", flush=True)
        if chosen.list:
            continue
        if bench.real and not chosen.data.is_dir():
            print(f"   left out: no real data at {chosen.data}; name its folder with --data", flush=True)
        elif subprocess.run(command(bench, chosen.data), cwd=HERE, check=False).returncode:
            failed.append(bench.name)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def command(bench: Bench, data: Path) -> list[str]:
    """The command line of one benchmark; makes the environment of its peers where there is none yet."""
    words = [sys.executable, str(HERE / bench.script), *bench.arguments]
    if bench.real:
        words += ["--data", str(data.resolve())]
    python = peer_python(bench.peers) if bench.peers else None
    return words if python is None else [*words, "--peer-python", str(python)]


def peer_python(name: str) -> Path | None:
    """The Python of an environment with some peers; None where they cannot be installed."""
    folder = ROOT / ".venv-peers" / name
    python, done = folder / "bin" / "python", folder / ".done"
    if not done.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PEERS[name]]
        if subprocess.run(install, check=False).returncode:
            print(f"   without peers: {', '.join(PEERS[name])} cannot be installed here", flush=True)
            return None
        done.touch()
    return python


if __name__ == "__main__":
    main()
