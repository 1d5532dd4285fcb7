"""Errors become answers: which field, what it must be, what it got. No answer repeats a whole body."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from slatewright.core.errors import BadInput, NotThere, NotWritten, SlatewrightError
from slatewright.serve.requests import BadField
from slatewright.serve.turns import Crowded, TooLate

BROKEN = "something broke in the server; its log has the details"
LONGEST_ECHO = 100
MOST_PROBLEMS = 20
RETRY_SECONDS = "1"
PLACES = ("body", "query", "path", "header")


class NotReady(SlatewrightError, RuntimeError):
    """No bundle is live yet."""


def refuse_with(app: FastAPI) -> None:
    """Install the handlers."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(BadField, _bad_field)
    app.add_exception_handler(BadInput, _plainly(422))
    app.add_exception_handler(NotThere, _plainly(404))
    app.add_exception_handler(NotReady, _plainly(503))
    app.add_exception_handler(NotWritten, _plainly(503))
    app.add_exception_handler(Crowded, _plainly(503))
    app.add_exception_handler(TooLate, _plainly(503))
    app.add_exception_handler(HTTPException, _http)


def refusal(
    status: int, detail: str, errors: Sequence[dict[str, str]] = (), headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """The one shape that every refusal has; a 503 passes, so it says when to come back."""
    if status == 503:
        headers = {"Retry-After": RETRY_SECONDS, **(headers or {})}
    return JSONResponse({"detail": detail, "errors": list(errors)}, status, headers)


def echo(value: object) -> str:
    """What was sent, in printable ASCII and cut short: NaN, lone surrogates and megabytes all become harmless."""
    text = ascii(value)
    return text if len(text) <= LONGEST_ECHO else text[: LONGEST_ECHO - 3] + "..."


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    found = error.errors() if isinstance(error, RequestValidationError) else ()
    problems = [
        {"field": _field(problem), "message": str(problem["msg"]), "got": echo(problem.get("input"))}
        for problem in _deepest(found)[:MOST_PROBLEMS]
    ]
    first = problems[0] if problems else {"field": "request", "message": "cannot be read"}
    return refusal(422, f"{first['field']}: {first['message']}", problems)


def _deepest(found: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Without what is said of a whole of which a part is wrong: a list counts only what is right in it."""
    wholes = {tuple(one["loc"][:depth]) for one in found for depth in range(len(one["loc"]))}
    return [one for one in found if tuple(one["loc"]) not in wholes]


async def _bad_field(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, BadField):
        return refusal(422, str(error))
    problem = {"field": error.field, "message": error.problem, "got": echo(error.got)}
    return refusal(422, f"{error.field}: {error.problem}", [problem])


async def _http(request: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = str(error.detail) if isinstance(error, HTTPException) else BROKEN
    return refusal(status, detail, headers=error.headers if isinstance(error, HTTPException) else None)


def _plainly(status: int) -> Callable[[Request, Exception], Awaitable[JSONResponse]]:
    async def answer(request: Request, error: Exception) -> JSONResponse:
        return refusal(status, str(error).encode("ascii", "backslashreplace").decode()[:1000])

    return answer


def _field(problem: Mapping[str, Any]) -> str:
    """``interactions.0.value`` for the location ``("body", "interactions", 0, "value")``."""
    if problem["type"] == "json_invalid":  # its location goes on with a position in the text, which is no field
        return "body"
    parts = [str(part) for part in problem["loc"]]
    return ".".join(parts[1:] if len(parts) > 1 and parts[0] in PLACES else parts)
