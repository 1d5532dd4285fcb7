"""What the OpenAPI page says of every call: how it may be refused, and which key it asks for."""

from typing import Any

from fastapi import FastAPI

from slatewright.serve.keys import Keyring, needed
from slatewright.serve.responses import RefusalOut

WAIT = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}}}


def _refused(description: str, **more: Any) -> dict[str, Any]:
    return {"model": RefusalOut, "description": description, **more}


REFUSALS: dict[int | str, dict[str, Any]] = {
    400: _refused("The body cannot be read."),
    401: _refused("No key, or a wrong one."),
    403: _refused("The key lacks the scope."),
    404: _refused("There is no such thing."),
    413: _refused("The body is too long."),
    414: _refused("The path and the query are too long."),
    422: _refused("A field cannot be used; the answer names it."),
    429: _refused("The key asks too often.", headers=WAIT),
    431: _refused("The headers are too long."),
    503: _refused("Not now: no bundle is live yet, the disk refuses, or there is too much to do.", headers=WAIT),
}
LENGTHS = frozenset({"k", "n"})
SCHEMES = {
    "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    "bearer": {"type": "http", "scheme": "bearer"},
}


def describe(app: FastAPI, ring: Keyring, max_k: int) -> None:
    """Let the page say how long a slate may be here, and which keys its calls ask for, as long as there are any."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        page = plain()
        _bounded(page, max_k)
        if not ring.locked:
            return page
        components = {**page.get("components", {}), "securitySchemes": SCHEMES}
        paths = {
            path: {method: _locked(method, path, call) for method, call in calls.items()}
            for path, calls in page["paths"].items()
        }
        return {**page, "components": components, "paths": paths}

    app.openapi = openapi  # type: ignore[method-assign]


def _bounded(page: dict[str, Any], max_k: int) -> None:
    """Every ``k`` of the page, in a query or in a body, gets the limit that the settings give it."""
    calls = [call for calls in page["paths"].values() for call in calls.values()]
    bodies = [body["properties"] for body in page["components"]["schemas"].values() if "properties" in body]
    given = [one["schema"] for call in calls for one in call.get("parameters", ()) if one["name"] in LENGTHS]
    for schema in (*given, *(properties["k"] for properties in bodies if "k" in properties)):
        for choice in schema.get("anyOf", [schema]):
            if choice.get("type") == "integer":
                choice["maximum"] = max_k


def _locked(method: str, path: str, call: dict[str, Any]) -> dict[str, Any]:
    scope = needed(method.upper(), path)
    return call if scope is None else {**call, "security": [{name: []} for name in SCHEMES], "x-scope": scope.value}
