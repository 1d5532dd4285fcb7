"""Schemathesis finds nothing: the server does what its OpenAPI page says, whatever it is sent."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from slatewright.serve.keys import Scope, made
from slatewright.serve.keys.key_file import change_keys
from slatewright.store.shop import Shop
from tests.serve.conftest import client_of

CONFIG = Path(__file__).with_name("schemathesis.toml")
MAIN = "from schemathesis.cli import schemathesis; schemathesis()"


def findings(client: httpx.Client, folder: Path, *options: str) -> str:
    """What Schemathesis prints; empty when it finds nothing."""
    command = [sys.executable, "-c", MAIN, "--config-file", str(CONFIG), "run", f"{client.base_url}/openapi.json"]
    asked = ["--checks", "all", "--seed", "11", "--continue-on-failure", *options]
    done = subprocess.run([*command, *asked], cwd=folder, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else "\n".join(line[:300] for line in done.stdout.splitlines()) + done.stderr


def test_nothing_is_found(client: httpx.Client, tmp_path: Path) -> None:
    found = findings(client, tmp_path, "--phases", "fuzzing", "--max-examples", "6")
    assert not found, found


@pytest.mark.long
def test_nothing_is_found_where_a_key_is_asked_for(shop: Shop, tmp_path: Path) -> None:
    key, text = made("fuzz", [Scope.ADMIN], "2024-04-01T00:00:00+00:00")
    change_keys(shop.keys, lambda _: [key])
    with client_of(shop) as client:
        found = findings(client, tmp_path, "--phases", "examples,coverage", "--header", f"X-API-Key: {text}")
    assert not found, found


def test_the_page_says_how_long_a_slate_may_be(reader: httpx.Client) -> None:
    page = reader.get("/openapi.json").json()
    asked = {one["name"]: one["schema"] for one in page["paths"]["/api/recommend/{user_id}"]["get"]["parameters"]}
    assert {choice.get("maximum") for choice in asked["k"]["anyOf"]} == {500, None}
    assert page["components"]["schemas"]["SessionIn"]["properties"]["k"]["maximum"] == 500


def test_the_page_says_which_calls_ask_for_a_key_once_there_is_one(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLATEWRIGHT_API_KEY", "sesame")
    with client_of(shop) as client:
        page = client.get("/openapi.json").json()
    asked = {
        (method, path): call.get("x-scope") for path, calls in page["paths"].items() for method, call in calls.items()
    }
    assert asked["get", "/api/recommend/{user_id}"] == "read"
    assert asked["post", "/api/session/recommend"] == "read"
    assert asked["post", "/api/events"] == "write"
    assert asked["get", "/api/health/live"] is None
    assert page["paths"]["/api/events"]["post"]["security"] == [{"key": []}, {"bearer": []}]
    assert set(page["components"]["securitySchemes"]) == {"key", "bearer"}
