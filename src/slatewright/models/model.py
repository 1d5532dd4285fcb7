"""The contract of every model: an estimator is knobs with one verb, ``fit`` returns the immutable fact."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import ClassVar, Protocol, Self, get_args, get_type_hints, runtime_checkable

from slatewright.core.arrays import Arrays, Frame, Index, Scores
from slatewright.core.errors import BadInput
from slatewright.data.dataset import Dataset
from slatewright.data.histories import Histories
from slatewright.data.idmap import IdMap
from slatewright.models.recommending import BLOCK_BYTES, ItemLists, Wanted, best_items, histories_of, listed


@runtime_checkable
class Estimator(Protocol):
    """A frozen dataclass of knobs. An unfitted model cannot be expressed."""

    def fit(self, dataset: Dataset) -> "Model":
        """Learn from the data set; the same data set and knobs give the same model."""


def learned_by(estimator: object) -> tuple[type, ...]:
    """What ``fit`` of an estimator is declared to return, without fitting: one class or several, none where it is not
    declared."""
    try:
        declared = get_type_hints(type(estimator).fit).get("return")  # type: ignore[attr-defined]
    except (AttributeError, NameError):  # no fit, or of types that only a type checker sees
        return ()
    return tuple(one for one in get_args(declared) or (declared,) if isinstance(one, type))


def may_learn(estimator: object, shapes: tuple[type, ...]) -> bool:
    """Whether ``fit`` is declared to return one of some classes, or too widely to tell before it is done."""
    learned = learned_by(estimator)
    return not learned or any(issubclass(a, b) or issubclass(b, a) for a in learned for b in shapes)


@runtime_checkable
class RatingModel(Protocol):
    """A model that says which rating a user would give, not only what comes first; its ``score`` is not clipped."""

    def predict(self, histories: Histories, rows: Index, items: Index) -> Scores:
        """The rating that history ``rows[i]`` would give ``items[i]``, float32 (pairs,), within the trained scale."""


def _behind_a_door(score: Callable[..., Scores]) -> Callable[..., Scores]:
    """The same ``score``, with indices of items that the model does not have refused."""

    @wraps(score)
    def checked(self: "Model", histories: Histories, items: Index | None = None) -> Scores:
        check_items(histories.items, len(self.known.items))
        if items is not None:
            check_items(items, len(self.known.items))
        return score(self, histories, items)

    return checked


def check_items(items: Index, n_items: int) -> None:
    """Let pass indices of items that a model has.

    Raises:
        BadInput: one is below 0, or ``n_items`` or more.
    """
    if len(items) and not (int(items.min()) >= 0 and int(items.max()) < n_items):
        raise BadInput(
            f"item indices must be from 0 to {n_items - 1}, got {int(items.min())} to {int(items.max())}; "
            "IdMap.locate gives the indices of names"
        )


@dataclass(frozen=True)
class Known:
    """The ids a model was fitted on, and the histories of its users (what ``recommend`` by user id reads)."""

    users: IdMap
    items: IdMap
    histories: Histories


@dataclass(frozen=True)
class Model(ABC):
    """What was learned. Shapes (one number per item, per pair, factors) derive from it, one level deep.

    A user is a history: ``score`` takes histories only, so a user unknown a second ago is answered by the same code.
    """

    known: Known
    shape: ClassVar[str]

    def __init_subclass__(cls) -> None:
        """Put a door before every shape's ``score``: a kernel does not see that an index is out of range."""
        super().__init_subclass__()
        if "score" in cls.__dict__:
            cls.score = _behind_a_door(cls.score)  # type: ignore[method-assign]

    @abstractmethod
    def score(self, histories: Histories, items: Index | None = None) -> Scores:
        """Scores of ``items`` (default: all) for each history, float32 (n, n_items), finite; higher is better."""

    @abstractmethod
    def arrays(self) -> Arrays:
        """Everything learned, as named arrays; with ``from_arrays`` the way to disk and back."""

    @classmethod
    @abstractmethod
    def from_arrays(cls, arrays: Arrays, known: Known) -> Self:
        """The model again, from arrays that may be memory-mapped."""

    @abstractmethod
    def similar(self, items: Index, k: int) -> tuple[Index, Scores]:
        """The k items most similar to each of ``items``, itself left out: indices and scores, both (n, k).

        k is cut to n_items - 1."""

    @abstractmethod
    def reasons(self, history: Histories, item: int) -> Scores:
        """How much each event of one history adds to the score of ``item``, float32 (events,)."""

    def best(
        self,
        histories: Histories,
        k: int,
        *,
        filter_seen: bool = True,
        candidates: Index | None = None,
        exclude: Index | None = None,
        block_bytes: int = BLOCK_BYTES,
    ) -> ItemLists:
        """The k best items of each history, by index; the same answer as ``recommend`` without names.

        ``filter_seen`` leaves out the items of the history itself. k is cut to the number of items. ``block_bytes`` is
        the memory for scores held at once: fewer bytes take longer and answer the same.

        Raises:
            BadKnob: k is below 1.
            BadInput: an item index that the model does not have.
        """
        for given in (histories.items, candidates, exclude):
            if given is not None:
                check_items(given, len(self.known.items))
        return best_items(
            self,
            histories,
            k,
            n_items=len(self.known.items),
            wanted=Wanted(filter_seen, candidates, exclude),
            block_bytes=block_bytes,
        )

    def recommend(
        self,
        users: Sequence[str],
        k: int,
        *,
        filter_seen: bool = True,
        candidates: Sequence[str] | None = None,
        exclude: Sequence[str] | None = None,
        block_bytes: int = BLOCK_BYTES,
    ) -> Frame:
        """The k best items of each user: ``user_id, item_id, score, rank`` (rank from 1), best first.

        A user the model does not know gets the answer of an empty history; an item it does not know is left out of
        ``candidates`` and ``exclude``. Fewer than k rows only when fewer items are left.

        Raises:
            BadKnob: k is below 1.
            BadInput: ``users`` is one user id and no list.
        """
        items = self.known.items
        lists = self.best(
            histories_of(users, self.known.users, self.known.histories),
            k,
            filter_seen=filter_seen,
            candidates=None if candidates is None else items.locate(candidates)[0],
            exclude=None if exclude is None else items.locate(exclude)[0],
            block_bytes=block_bytes,
        )
        return listed(lists, users, items)
