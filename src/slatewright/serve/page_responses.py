"""What the server answers when it is asked for a whole page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Self

import orjson
from pydantic import Field

from slatewright.pipeline.slate import TitledSlate
from slatewright.serve.ladder import POPULAR
from slatewright.serve.live_bundle import LiveBundle
from slatewright.serve.responses import SlateOut


@dataclass(slots=True)
class RowOut:
    """One row of a page."""

    title: Annotated[str, Field(description="What stands above it.")]
    slot: Annotated[str, Field(description="The place on the page; send it with impressions.")]
    slate: SlateOut


@dataclass(slots=True)
class PageOut:
    """A page: its rows, top down. An item stands in one of them."""

    page: str
    user_id: str | None
    rows: list[RowOut]
    version: Annotated[str, Field(description="The bundle that answered.")]
    fallback: Annotated[
        str | None, Field(description="Null, or popular where one row of popular items stands in for the page.")
    ] = None

    @classmethod
    def of(
        cls, page: str, bundle: LiveBundle, rows: Sequence[TitledSlate], user_id: str | None, hosts: Sequence[str]
    ) -> Self:
        """The rows, ready for a browser."""
        told = [RowOut(row.title, row.slot, SlateOut.of(bundle, row.slate, user_id, hosts)) for row in rows]
        return cls(page, user_id, told, bundle.version)

    @classmethod
    def at_once(cls, page: str, popular: SlateOut) -> Self:
        """One row of popular items, for a page that could not be made in time."""
        rows = [RowOut(POPULAR.capitalize(), POPULAR, popular)] if popular.items else []
        return cls(page, popular.user_id, rows, popular.version, POPULAR)

    def json(self) -> bytes:
        """The answer as it goes over the wire."""
        return orjson.dumps(self)
