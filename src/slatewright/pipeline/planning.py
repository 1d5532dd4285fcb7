"""What fitting a recipe will cost, told before it starts; what cannot fit is refused, and what can is named."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace

from slatewright import models
from slatewright.core.errors import NoRoom
from slatewright.models.costs import SORTED, Cost, Costed, Size
from slatewright.models.model import Estimator
from slatewright.models.neural.knobs import NeuralKnobs
from slatewright.models.speeds import Speeds

READING = "read the events"
PEAK_PER_EVENT = 170.0  # bytes while the log becomes a data set
KEPT_PER_EVENT = 25.0  # bytes of a data set: two indices, kind, value, weight, time
KEPT_PER_ID = 90.0  # bytes of a name and its place in the id map
SORTS_PER_EVENT = 36.0
ENGINE = 400e6  # bytes of Keras on JAX with the steps that it compiles, which neural estimators need besides
STARTED = 300e6  # of these, what a process holds in which the engine runs already
COMPILED = 45e6  # bytes of compiled steps that each further neural fit leaves in the process
MOST_NAMED = 8  # alternatives that a refusal names
NOTHING_FITS = "Nothing fits: take fewer events, or a machine with more memory."


@dataclass(frozen=True, slots=True)
class Planned:
    """One step of a training: ``memory`` bytes at its peak, ``seconds``; both None where the estimator tells no cost,
    and ``seconds`` where it is neural: what its engine takes was not measured well enough to be told.

    ``fits`` is False where memory is more than there is.
    """

    name: str
    what: str
    memory: float | None
    seconds: float | None
    fits: bool


def plan(estimators: Mapping[str, Estimator], size: Size, *, speeds: Speeds, free: float) -> list[Planned]:
    """The steps of a training: the reading of the events, then each estimator on top of the data set.

    ``free`` bytes of memory are there to be taken. The first fit on a machine also compiles, which takes seconds to a
    minute and is not counted.
    """
    reading = step_of("", READING, reading_cost(size), 0.0, speeds, free)
    return [reading, *plan_fits(estimators, size, speeds=speeds, free=free)]


def plan_fits(
    estimators: Mapping[str, Estimator], size: Size, *, speeds: Speeds, free: float, left: float = 0.0
) -> list[Planned]:
    """The fits alone, one after another in one process in which an engine has ``left`` so many bytes already."""
    steps = []
    for name, estimator, cost in _in_turn(estimators, size, left, left > 0):
        step = step_of(name, type(estimator).__name__, cost, kept_bytes(size), speeds, free)
        steps.append(replace(step, seconds=None) if _runs_on_engine(estimator) else step)
    return steps


def engine_left(estimators: Iterable[Estimator]) -> float:
    """Bytes that an engine leaves in a process that fitted these estimators."""
    n = sum(map(_runs_on_engine, estimators))
    return STARTED + COMPILED * (n - 1) if n else 0.0


def _in_turn(
    estimators: Mapping[str, Estimator], size: Size, left: float, running: bool
) -> Iterator[tuple[str, Estimator, Cost | None]]:
    """Each estimator with its cost in a process that fits one after another: what an engine left stays there."""
    for name, one in estimators.items():
        cost = cost_of(one, size, running=running)
        yield name, one, cost and replace(cost, memory=cost.memory + left)
        if _runs_on_engine(one):
            left, running = left + (COMPILED if running else STARTED), True


def plan_lessons(fits: Sequence[Planned], share: float, lessons: Planned) -> list[Planned]:
    """What a learned score adds to a training: the same fits to all but ``share`` of the events, then its lessons."""
    early = [
        replace(one, what=f"{one.what} to the earlier part", seconds=one.seconds and one.seconds * (1 - share))
        for one in fits
    ]
    return [*early, lessons]


def cost_of(estimator: Estimator, size: Size, *, running: bool = False) -> Cost | None:
    """What a fit costs, where the estimator can tell; ``running`` where the engine of neural ones runs already."""
    if not isinstance(estimator, Costed):
        return None
    cost, engine = estimator.cost(size), ENGINE - STARTED * running
    return replace(cost, memory=cost.memory + engine) if _runs_on_engine(estimator) else cost


def _runs_on_engine(thing: object) -> bool:
    """Whether it is a neural estimator, or made of one."""
    if isinstance(thing, NeuralKnobs):
        return True
    if isinstance(thing, tuple):
        return any(map(_runs_on_engine, thing))
    if isinstance(thing, type) or not is_dataclass(thing):
        return False
    return any(_runs_on_engine(getattr(thing, one.name)) for one in fields(thing))


def reading_cost(size: Size) -> Cost:
    """What it costs to make a data set of the log."""
    return Cost(PEAK_PER_EVENT * size.n_events + kept_bytes(size), {SORTED: SORTS_PER_EVENT * size.n_events})


def kept_bytes(size: Size) -> float:
    """Bytes of the data set itself."""
    return KEPT_PER_EVENT * size.n_events + KEPT_PER_ID * (size.n_users + size.n_items)


def check_room(estimators: Mapping[str, Estimator], size: Size, *, free: float, running: bool = False) -> None:
    """Let pass what fits into memory beside the data set that is there already; ``running`` as in ``cost_of``.

    Raises:
        NoRoom: an estimator needs more than ``free`` bytes; the message names others that do not.
    """
    for name, estimator, cost in _in_turn(estimators, size, 0.0, running):
        if cost is not None and cost.memory > free:
            raise NoRoom(
                f"{type(estimator).__name__} under the name {name!r} needs about {in_words(cost.memory)} for "
                f"{size.n_users:,} users, {size.n_items:,} items and {size.n_events:,} events, and "
                f"{in_words(free)} are free. {_others(size, free)}"
            )


def check_plan(estimators: Mapping[str, Estimator], size: Size, *, free: float) -> None:
    """Let pass what fits into ``free`` bytes together with the data set, which is still to be read.

    Raises:
        NoRoom: the events or an estimator need more; the message names estimators that do not.
    """
    needed = reading_cost(size).memory
    if needed > free:
        raise NoRoom(
            f"reading {size.n_events:,} events of {size.n_users:,} users and {size.n_items:,} items needs about "
            f"{in_words(needed)}, and {in_words(free)} are free. {NOTHING_FITS}"
        )
    check_room(estimators, size, free=free - kept_bytes(size))


def alternatives(size: Size, free: float) -> list[Planned]:
    """Every estimator with its default knobs that fits and needs no extra, the one that needs least first."""
    found = []
    for estimator in house():
        cost = cost_of(estimator, size)
        if cost is not None and cost.memory <= free and not isinstance(estimator, NeuralKnobs):
            found.append(Planned("", type(estimator).__name__, cost.memory, None, True))
    return sorted(found, key=lambda one: one.memory or 0.0)


def house() -> list[Estimator]:
    """Every estimator that can be made without naming a knob."""
    things = [getattr(models, name) for name in models.__all__]
    made = []
    for thing in things:
        if isinstance(thing, type) and hasattr(thing, "fit") and thing is not Estimator:
            needed = [one for one in fields(thing) if one.default is MISSING and one.default_factory is MISSING]
            if not needed:  # a blend has parts to name
                made.append(thing())
    return made


def _others(size: Size, free: float) -> str:
    fitting = alternatives(size, free)
    if not fitting:
        return NOTHING_FITS
    named = ", ".join(f"{one.what} ({in_words(one.memory or 0.0)})" for one in reversed(fitting[-MOST_NAMED:]))
    return f"With their default knobs these fit: {named}. slatewright plan tells more."


def in_words(size: float) -> str:
    """``1.5 GB``; decimal units, as disks and clouds count."""
    for unit, limit in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= limit:
            return f"{size / limit:,.1f} {unit}"
    return f"{size:,.0f} B"


def step_of(name: str, what: str, cost: Cost | None, base: float, speeds: Speeds, free: float) -> Planned:
    """A step on top of ``base`` bytes that are held already."""
    if cost is None:
        return Planned(name, what, None, None, True)
    seconds = sum(amount / speeds[kind] for kind, amount in cost.work.items())
    memory = base + cost.memory
    return Planned(name, what, memory, seconds, memory <= free)
