"""Update: a fitted neural model learns what came since, beside some of what was before."""

from dataclasses import dataclass, replace
from typing import Annotated, TypeAlias, get_args

import numpy as np

from slatewright.core.errors import BadInput
from slatewright.core.knobs import Knob, check_knobs
from slatewright.core.randomness import Rng, generator
from slatewright.data.dataset import Dataset
from slatewright.models.model import Model
from slatewright.models.neural.sequences.sasrec import SASRec
from slatewright.models.neural.updating import facts, pairs, sequences, towers
from slatewright.models.neural.updating.lesson import Lesson
from slatewright.models.neural.updating.report import Judged, UpdateReport
from slatewright.models.shapes.encoded_histories import EncodedHistories
from slatewright.models.shapes.fact_network import FactNetwork
from slatewright.models.shapes.two_towers import TwoTowers

SLOWER = 10  # than in the fit, where no learning rate is told
STEPS, MOST_PASSES = 300, 16  # of a model of pairs, where no epochs are told: see docs/log.md

Updatable: TypeAlias = pairs.Pairs | SASRec | facts.FactRecipes | towers.TowerRecipes
NAMES = [one.__name__ for one in get_args(Updatable)]


@dataclass(frozen=True)
class Updating:
    """How a fitted model learns on."""

    replay_share: Annotated[float, Knob("share of older events among those learned", least=0, below=1)] = 0.5
    learning_rate: Annotated[
        float | None, Knob("length of a step; none: a tenth of the estimator's", above=0, most=10)
    ] = None
    epochs: Annotated[
        int | None,
        Knob(
            f"passes over what is learned; none: one, of pairs as many as {STEPS} steps take, {MOST_PASSES} at most",
            least=1,
        ),
    ] = None
    judged_share: Annotated[
        float, Knob("share of users whose latest older, or latest recent, event judges the update", least=0, below=1)
    ] = 0.1
    rng: Annotated[Rng, Knob("seed, or generator, of what is held out, replayed and drawn")] = 0

    def __post_init__(self) -> None:
        check_knobs(self)


@dataclass(frozen=True, slots=True)
class Updated:
    """The new model, and what the update did; ``print(report)``."""

    model: Model
    report: UpdateReport


def update(estimator: Updatable, model: Model, dataset: Dataset, since: int, how: Updating | None = None) -> Updated:
    """A fitted model learns on from the events at or after ``since`` (µs UTC) and a sample of those before.

    ``estimator`` is what fitted the model, ``dataset`` what is known now, older events with recent ones. The new model
    has its ids: rows of known ids stay the start, new ones get rows. Where recent events judged, the same is done once
    more with these among what is learned, and that is the new model. Without a recent event that teaches, the model
    itself comes back. The given model stays as it is. Equal inputs and seeds give equal models.

    Raises:
        BadInput: the model cannot learn on, is not of this estimator, or knows no item of the data set.
        Diverged: the loss left the range of numbers.
        NoRoom: a step does not fit into memory.
    """
    check_update(estimator, model, dataset)
    how, whole = how or Updating(), isinstance(estimator, SASRec)
    rng = generator(how.rng)
    lesson = Lesson.of(dataset, since, how.judged_share, rng).replaying(how.replay_share, rng, whole_users=whole)
    new_users, new_items = _new(model, dataset)
    before, after = _before_and_after(_slower(estimator, how, lesson), model, dataset, lesson, rng)
    older = Judged.of(lesson.older, lesson.without_later(before.score), lesson.without_later(after.score))
    newer = Judged.of(lesson.newer, before.score, after.score)
    if newer.n:
        del before, after  # as large as the model each
        lesson = Lesson.of(dataset, since, 0.0, rng).replaying(how.replay_share, rng, whole_users=whole)
        before, after = _before_and_after(_slower(estimator, how, lesson), model, dataset, lesson, rng)
    report = UpdateReport(
        older,
        newer,
        int(lesson.recent.sum()),
        int(lesson.replayed.sum()),
        new_users,
        new_items,
        facts.new_values(model, after) if isinstance(model, FactNetwork) and isinstance(after, FactNetwork) else 0,
    )
    return Updated(model if after is before else after, report)


def check_update(estimator: Updatable, model: Model, dataset: Dataset) -> None:
    """Let pass what ``update`` can learn, before it begins.

    Raises:
        BadInput: as ``update``.
    """
    if isinstance(estimator, SASRec) and isinstance(model, EncodedHistories):
        sequences.check(estimator, model)
    elif isinstance(estimator, pairs.Pairs) and isinstance(model, pairs.Fitted):
        estimator.checked(model)
    elif isinstance(estimator, facts.FactRecipes) and isinstance(model, FactNetwork):
        facts.check(estimator, model, dataset)
    elif isinstance(estimator, towers.TowerRecipes) and isinstance(model, TwoTowers):
        towers.check(estimator, model, dataset)
    else:
        raise _refused(estimator, model)
    _new(model, dataset)


def _before_and_after(
    estimator: Updatable, model: Model, dataset: Dataset, lesson: Lesson, rng: np.random.Generator
) -> tuple[Model, Model]:
    """The model over the ids of the data set, before it learns on and after; the same one where nothing is recent."""
    recent = bool(lesson.recent.any())
    if isinstance(estimator, SASRec) and isinstance(model, EncodedHistories):
        sequence = sequences.grown(model, dataset)
        return sequence, sequences.learned_on(estimator, sequence, dataset, lesson, rng) if recent else sequence
    if isinstance(estimator, pairs.Pairs) and isinstance(model, pairs.Fitted):
        pair = pairs.grown(model, dataset, lesson.histories)
        return pair, pairs.learned_on(estimator, pair, dataset, lesson, rng) if recent else pair
    samples = lesson.samples(dataset.n_items)
    if isinstance(estimator, facts.FactRecipes) and isinstance(model, FactNetwork):
        net = facts.grown(estimator, model, dataset, samples)
        return net, facts.learned_on(replace(estimator, rng=rng), net, dataset, samples) if recent else net
    if isinstance(estimator, towers.TowerRecipes) and isinstance(model, TwoTowers):
        two = towers.grown(estimator, model, dataset, samples)
        return two, towers.learned_on(replace(estimator, rng=rng), two, dataset, samples) if recent else two
    raise _refused(estimator, model)


def _refused(estimator: object, model: Model) -> BadInput:
    return BadInput(
        f"update goes on from models of {', '.join(NAMES[:-1])} and {NAMES[-1]}, and needs the estimator that fitted "
        f"them; got {type(estimator).__name__} and {type(model).__name__}: fit again instead"
    )


def _new(model: Model, dataset: Dataset) -> tuple[int, int]:
    """How many users and items of the data set the model does not know.

    Raises:
        BadInput: it knows none of the items.
    """
    users = int((model.known.users.positions(dataset.users.names) < 0).sum())
    items = int((model.known.items.positions(dataset.items.names) < 0).sum())
    if items == dataset.n_items:
        raise BadInput(f"the data set must have items that the model knows, got none among {items}; fit a new model")
    return users, items


def _passes(estimator: Updatable, lesson: Lesson) -> int:
    """How often a lesson is learned where nobody says: a step of a few events moves rows little."""
    if not isinstance(estimator, pairs.Pairs):
        return 1
    steps = -(-int(lesson.teaches.sum()) // estimator.batch_size)
    return min(MOST_PASSES, -(-STEPS // max(1, steps)))


def _slower(estimator: Updatable, how: Updating, lesson: Lesson) -> Updatable:
    """The estimator's knobs, trained as told: nothing held out inside, and no state on disk."""
    return replace(
        estimator,
        learning_rate=how.learning_rate or estimator.learning_rate / SLOWER,
        epochs=how.epochs or _passes(estimator, lesson),
        validation_share=0.0,
        patience=None,
        checkpoints=None,
    )
