"""What nobody foresaw is logged without naming anybody."""

import asyncio
import logging

import httpx
import pytest
from fastapi import FastAPI

from slatewright.serve.guarding import LastResort

HISTORIES: dict[str, str] = {}


def app_that_breaks(log_details: bool) -> FastAPI:
    app = FastAPI()

    @app.get("/api/recommend/{user_id}")
    async def broken(user_id: str) -> None:
        try:
            HISTORIES[user_id]
        except KeyError as error:
            raise RuntimeError(f"no history of {user_id}") from error

    app.add_middleware(LastResort, log_details=log_details)
    return app


@pytest.mark.parametrize("log_details", [False, True])
def test_the_log_names_the_place_and_only_on_request_the_person(
    log_details: bool, caplog: pytest.LogCaptureFixture
) -> None:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app_that_breaks(log_details))
        async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
            return await client.get("/api/recommend/miranda")

    with caplog.at_level(logging.ERROR, logger="slatewright.serve"):
        answer = asyncio.run(ask())
    assert answer.status_code == 500
    assert "miranda" not in answer.text
    assert ("miranda" in caplog.text) is log_details
    assert "RuntimeError" in caplog.text
    assert "KeyError" in caplog.text
    assert "in broken" in caplog.text
