"""What a request may say of users."""

from typing import Annotated

from pydantic import Field

from slatewright.events.records import UserUpdate
from slatewright.serve.item_requests import Fact, Name
from slatewright.serve.requests import EventIn, Id, Strict


class UserIn(EventIn):
    """Facts of one user as they are now."""

    user_id: Id
    facts: Annotated[dict[Name, Fact], Field(min_length=1, max_length=100)] = Field(
        description="The facts that changed, of the types that they had in training: a text for a country."
    )


class UsersIn(Strict):
    """A batch of changes; of two changes of one fact the later one holds."""

    users: Annotated[tuple[UserIn, ...], Field(min_length=1)]


def record_of(user: UserIn, now: int, where: str) -> UserUpdate:
    """The update as the log has it."""
    facts = {name: tuple(value) if isinstance(value, list) else value for name, value in user.facts.items()}
    return UserUpdate(user.named(), user.user_id, user.when(now, f"{where}.time"), facts)
