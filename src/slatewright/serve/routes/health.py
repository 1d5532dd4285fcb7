"""Is the server alive, can it answer, how is it doing."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.datastructures import State

from slatewright.serve.responses import LiveOut, ReadyOut
from slatewright.serve.routes import Serving
from slatewright.serve.service import Service

router = APIRouter(tags=["health"])


def observe(state: State) -> None:
    """Tell the metrics how full this process is; whoever asks another worker of the server reads it there."""
    service: Service = state.service
    service.metrics.workers.set(1)
    service.metrics.fresh.set(len(service.live))
    service.metrics.intake.set(state.intake.waiting)
    state.answering.observe()


@router.get("/api/health/live", summary="The process runs")
async def live() -> LiveOut:
    """The process runs."""
    return LiveOut(live=True)


@router.get("/api/health/ready", summary="Slates can be answered", responses={503: {"model": ReadyOut}})
def ready(service: Serving, response: Response) -> ReadyOut:
    """A bundle is live, so slates can be answered; 503 while there is none."""
    bundle = service.pointer.bundle
    response.status_code = 200 if bundle else 503
    return ReadyOut(
        ready=bundle is not None,
        version=bundle.version if bundle else None,
        refused=service.pointer.refused,
        policy=service.policy.refused,
        pending=service.journal.waiting(),
    )


@router.get(
    "/metrics",
    summary="Numbers for Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}}},
)
def metrics(service: Serving, sent: Request) -> Response:
    """Requests and their times, events, slates by source and fallback, the live bundle, what waits in the journal."""
    service.metrics.pending.set(service.journal.waiting())
    observe(sent.app.state)
    return Response(service.metrics.text(), media_type=CONTENT_TYPE_LATEST)
