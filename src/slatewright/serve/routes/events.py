"""Events come back: what users did, and which slates were shown."""

from fastapi import APIRouter
from fastapi import Request as Sent

from slatewright.core.clock import wall_clock
from slatewright.events.journal import Events
from slatewright.serve.requests import BadField, EventsIn
from slatewright.serve.responses import ReceiptOut
from slatewright.serve.routes import Serving, taken
from slatewright.serve.service import Service

router = APIRouter(prefix="/api", tags=["events"])


@router.post("/events", summary="Take in a batch of events")
async def post_events(body: EventsIn, service: Serving, sent: Sent) -> ReceiptOut:
    """Take in a batch of events. The answer comes once they are on the disk: what is acknowledged is never lost.

    An event_id counts once, however often it is sent. All events of a batch are taken, or none.
    """
    _, receipt = await taken(sent, lambda: _events(body, service), len(body.interactions) + len(body.impressions))
    return ReceiptOut(accepted=receipt.accepted, duplicates=receipt.duplicates)


def _events(body: EventsIn, service: Service) -> Events:
    most, now = service.serving.max_events, wall_clock()
    if len(body.interactions) + len(body.impressions) > most:
        raise BadField("interactions", f"and impressions together must be at most {most}", len(body.interactions))
    return Events(
        [one.record(now, f"interactions.{at}") for at, one in enumerate(body.interactions)],
        [one.record(now, f"impressions.{at}") for at, one in enumerate(body.impressions)],
    )
