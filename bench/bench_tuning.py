"""ALS as it comes against ALS as a search of some minutes leaves it, on Gowalla's published split.

    .venv/bin/python bench/bench_tuning.py [--minutes 15] [--workers 2] [--trials 1000]

The search sees a fifth of each user's training pairs, held back at random; both estimators are then fitted on all of
the training part and judged once by the published test part: every item that the user's training part does not hold is
ranked, recall divides by all right items. The difference is paired, user by user, with a 95 % bootstrap interval.
"""

import argparse
import time
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from full_ranking import DATA, load, validation
from full_ranking import Fold as Published
from harness import record

from slatewright.data.dataset import Dataset, Interactions
from slatewright.data.splits import Fold
from slatewright.data.splits.fold import fold_of as masked
from slatewright.evaluate.questions import EVERYONE
from slatewright.evaluate.tuning import Search, Trial, tune
from slatewright.models import ALS

METRICS = ("recall", "ndcg")
# Gowalla has no times, so the half-lives have nothing to say; the rest of what ALS has is searched as it declares it.
KNOBS = ("embedding_dim", "reg", "reg_exponent", "unobserved_weight", "popularity_discount", "epochs")


def split_of(published: Published) -> Fold:
    """One part of training and one to judge by, as masks over all pairs of both."""
    train = published.train
    users = np.repeat(np.arange(len(published.hidden), dtype=np.int32), published.hidden.lengths())
    user = np.concatenate([train.interactions.user, users])
    item = np.concatenate([train.interactions.item, published.hidden.items])
    order = np.lexsort((item, user))
    trained = (np.arange(len(user)) < len(train.interactions))[order]
    ones, zeros = np.ones(len(user), np.float32), np.zeros(len(user), np.int64)
    table = Interactions(user[order], item[order], np.zeros(len(user), np.int8), ones, ones, zeros)
    both = Dataset(train.users, train.items, table, as_of=1)
    return masked(both, trained, ~trained, as_of=1)


def fold_of(published: Published) -> Fold:
    """The published split with a validation part made of its training part alone.

    The pairs have no times, so the audit's question of what came first has no answer.
    """
    return replace(split_of(published), validation=split_of(validation(published)))


def say(trial: Trial) -> None:
    """One line when a trial has ended."""
    if trial.state != "running":
        last = trial.values or (trial.steps[-1].values if trial.steps else ())
        print(trial.number, trial.state, *(f"{one:.4f}" for one in last), dict(trial.knobs), trial.reason, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", default="gowalla", dest="name")
    parser.add_argument("--minutes", type=float, default=15.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--trials", type=int, default=1000)
    parser.add_argument("--pruning", default="halving")
    parser.add_argument("--users", type=int, default=4000, help="validation users that judge a trial")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--no-test", action="store_true", help="leave the test part alone")
    parser.add_argument("--data", type=Path, default=DATA)
    given = parser.parse_args()
    fold = fold_of(load(given.name, given.data))
    search = Search(
        trials=given.trials,
        minutes=given.minutes,
        pruning=given.pruning,
        workers=given.workers,
        judged_users=given.users,
        question=EVERYONE.name,
        rng=given.seed,
    )
    start = time.perf_counter()
    tuned = tune(ALS(), fold, space=dict.fromkeys(KNOBS), search=search, watch=say)
    seconds = time.perf_counter() - start
    print(tuned.line, f"{seconds:.0f} s", dict(tuned.importance), flush=True)
    if given.no_test:
        return
    look = tuned.look_at_test()
    states = [trial.state for trial in tuned.trials]
    record(
        "tuning",
        {
            "set": given.name,
            "search": asdict(search),
            "seconds_of_search": round(seconds),
            "trials": {state: states.count(state) for state in sorted(set(states))},
            "validation_ndcg": {"as it was": tuned.trials[0].values[0], "tuned": tuned.best.values[0]},
            "tuned": look.line,
            "test_users": look.users,
            "test": {
                who: {name: asdict(found[name]) for name in METRICS}
                for who, found in {**look.metrics, "gain": look.gain}.items()
            },
            "bar": "the whole interval of the gain is above 0",
        },
    )


if __name__ == "__main__":
    main()
