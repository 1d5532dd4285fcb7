"""RecBole's training, step by step, in an environment of its own; imports nothing of ours.

    python recbole_peer.py FOLDER MODEL KNOBS

FOLDER holds ``events/events.inter`` (``bench_recbole.py`` writes it), KNOBS is JSON. Prints how many steps an epoch
has; then, for each number on a line of standard input, the seconds that so many steps of RecBole's own loop took.
"""

import json
import os
import sys
import time
import warnings
from collections.abc import Iterator
from itertools import islice
from typing import Any


class Some:
    """As a loader, the next few batches of another; behind the last come those of its next epoch."""

    def __init__(self, loader: Any) -> None:
        self.loader, self.shuffle, self.sampler, self.n = loader, loader.shuffle, loader.sampler, 0
        self.batches = self.forever()

    def forever(self) -> Iterator[Any]:
        while True:
            yield from self.loader

    def __iter__(self) -> Iterator[Any]:
        return islice(self.batches, self.n)

    def __len__(self) -> int:
        return self.n


def trainer_of(folder: str, model: str, knobs: dict[str, Any]) -> tuple[Any, Some]:
    """RecBole's trainer of a model, and its batches."""
    from recbole.config import Config  # type: ignore[import-not-found, unused-ignore]
    from recbole.data import create_dataset, data_preparation  # type: ignore[import-not-found, unused-ignore]
    from recbole.utils import (  # type: ignore[import-not-found, unused-ignore]
        get_model,
        get_trainer,
        init_seed,
    )

    common = {
        "data_path": folder,
        "load_col": {"inter": ["user_id", "item_id", "timestamp"]},
        "eval_args": {"split": {"LS": "valid_and_test"}, "order": "TO", "group_by": "user", "mode": "full"},
        "use_gpu": False,
        "gpu_id": "",
        "show_progress": False,
        "state": "ERROR",
        "checkpoint_dir": folder,
    }
    config = Config(model=model, dataset="events", config_dict={**common, **knobs})
    init_seed(config["seed"], config["reproducibility"])
    dataset = create_dataset(config)
    loader = data_preparation(config, dataset)[0]
    network = get_model(config["model"])(config, loader.dataset)
    return get_trainer(config["MODEL_TYPE"], config["model"])(config, network), Some(loader)


def main() -> None:
    warnings.simplefilter("ignore")  # RecBole and old pandas warn on every call: the answer is one line of JSON
    folder, model, knobs = sys.argv[1:4]
    os.chdir(folder)  # RecBole writes logs where it is
    sys.argv = sys.argv[:1]  # and reads the command line
    answers, sys.stdout = sys.stdout, sys.stderr
    trainer, some = trainer_of(folder, model, json.loads(knobs))
    print(len(some.loader), file=answers, flush=True)
    for epoch, line in enumerate(sys.stdin):
        some.n = int(line)
        start = time.perf_counter()
        trainer._train_epoch(some, epoch)
        print(time.perf_counter() - start, file=answers, flush=True)


if __name__ == "__main__":
    main()
