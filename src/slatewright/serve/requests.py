"""What a request may say. Checked here once; inside, it is trusted."""

import uuid
from typing import Annotated
from urllib.parse import unquote

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from slatewright.core.clock import MICROSECONDS_PER_DAY, instant
from slatewright.core.errors import BadInput
from slatewright.events.records import Impression, Interaction

EARLIEST = instant("1990-01-01")
LONGEST_ID = 10_000
LONGEST_WORD = 200

Id = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_ID)]
PathId = Annotated[Id, AfterValidator(unquote)]  # paths arrive percent-encoded, so that an id may hold a slash
Kind = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Word = Annotated[str, StringConstraints(max_length=LONGEST_WORD)]


def _plain_number(given: object) -> object:
    """A number as JSON has it: neither a text that looks like one nor true or false."""
    if isinstance(given, str | bool):
        raise ValueError("must be a number")
    return given


def _plain_time(given: object) -> object:
    """A time as a text that begins with its date: a bare number would be read as seconds of an unknown clock."""
    if not isinstance(given, str) or given[4:5] != "-":
        raise ValueError("must be ISO-8601 with a zone, like 2024-03-01T12:00:00Z")
    return given


Number = Annotated[
    float, Field(allow_inf_nan=False, ge=-3.0e38, le=3.0e38), BeforeValidator(_plain_number)
]  # the log keeps 32 bits
Share = Annotated[float, Field(allow_inf_nan=False, ge=0, le=1), BeforeValidator(_plain_number)]
Length = Annotated[int, Field(ge=1), BeforeValidator(_plain_number)]
Instant = Annotated[AwareDatetime, BeforeValidator(_plain_time)]


class Strict(BaseModel):
    """A body that refuses what it does not know: a misspelt field is an error, not a silent default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class EventIn(Strict):
    """What every event says."""

    event_id: Id | None = Field(
        None, description="Names the event. Send one, and a request that is sent twice counts once."
    )
    time: Instant | None = Field(None, description="ISO-8601 with a zone. Default: the instant of arrival.")

    def named(self) -> str:
        return self.event_id or uuid.uuid4().hex

    def when(self, now: int, field: str) -> int:
        """The instant in µs UTC, when it is a possible one; a clock that runs ahead by less than a day is set right."""
        time = now if self.time is None else instant(self.time.isoformat())
        if not EARLIEST <= time < now + MICROSECONDS_PER_DAY:
            raise BadField(field, "must lie between 1990-01-01 and tomorrow", str(self.time))
        return min(time, now)


class InteractionIn(EventIn):
    """A user acted on an item."""

    user_id: Id
    item_id: Id
    kind: Kind = Field("view", description="view, cart, purchase, rating, return, or a word of your own.")
    value: Number = Field(
        1.0, description="What the event said: a rating, a quantity; 1 where there is nothing to say."
    )
    slate_id: Id | None = Field(None, description="The slate that caused it, as /api/recommend named it.")
    session_id: Id | None = None
    price: Number | None = None
    quantity: Number | None = None

    def record(self, now: int, where: str) -> Interaction:
        return Interaction(
            self.named(),
            self.user_id,
            self.item_id,
            self.kind,
            self.when(now, f"{where}.time"),
            self.value,
            self.slate_id,
            self.session_id,
            self.price,
            self.quantity,
        )


class ImpressionIn(EventIn):
    """A slate was shown: what the page says once people can see it."""

    slate_id: Id
    user_id: Id | None = None
    item_ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=1000)]
    surface: Word = ""
    slot: Word = ""
    variant: Word = ""
    sources: Annotated[tuple[Word, ...], Field(max_length=1000)] = ()
    propensities: Annotated[tuple[Share, ...], Field(max_length=1000)] = ()

    def record(self, now: int, where: str) -> Impression:
        for name in ("sources", "propensities"):
            given = len(getattr(self, name))
            if given not in (0, len(self.item_ids)):
                raise BadField(f"{where}.{name}", f"must be empty or as long as item_ids ({len(self.item_ids)})", given)
        return Impression(
            self.named(),
            self.slate_id,
            self.user_id,
            self.item_ids,
            self.when(now, f"{where}.time"),
            self.surface,
            self.slot,
            self.variant,
            self.sources,
            self.propensities,
        )


class EventsIn(Strict):
    """A batch of events: what users did, and which slates were shown."""

    interactions: tuple[InteractionIn, ...] = ()
    impressions: tuple[ImpressionIn, ...] = ()


class SessionIn(Strict):
    """A visitor without a name: what was looked at in this session, oldest first, and what is known of them."""

    item_ids: Annotated[tuple[Id, ...], Field(max_length=1000)] = ()
    facts: Annotated[dict[Word, Word], Field(max_length=100)] = Field(default_factory=dict)
    k: Length = 10
    exclude: Annotated[tuple[Id, ...], Field(max_length=10_000)] = ()
    category: Annotated[tuple[Word, ...], Field(max_length=1000)] | None = None
    exclude_category: Annotated[tuple[Word, ...], Field(max_length=1000)] = ()
    surface: Word = ""
    slot: Word = ""


class BadField(BadInput):
    """One field of a request cannot be used; becomes a 422 that names it."""

    def __init__(self, field: str, problem: str, got: object) -> None:
        super().__init__(f"{field} {problem}, got {got!r}")
        self.field, self.problem, self.got = field, problem, got
