"""Whatever goes wrong, the answer is JSON of one shape."""

import httpx
import pytest

from slatewright.core.errors import NotWritten
from slatewright.events.journal import Journal, Receipt
from slatewright.serve.refusing import LONGEST_ECHO, echo


def test_what_was_sent_is_echoed_harmlessly() -> None:
    assert echo(float("nan")) == "nan"
    assert echo("\ud800é") == r"'\ud800\xe9'"
    assert len(echo("x" * 10_000)) == LONGEST_ECHO


def test_a_disk_that_refuses_gives_503_and_takes_nothing(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    before = client.get("/api/recommend/u00003").json()["items"]

    def full(*_: object) -> Receipt:
        raise NotWritten("journal.sqlite could not be written (disk full); nothing was taken")

    monkeypatch.setattr(Journal, "append_together", full)
    act = {"user_id": "u00003", "item_id": before[0]["item_id"]}
    answer = client.post("/api/events", json={"interactions": [act]})
    assert answer.status_code == 503
    assert "disk full" in answer.json()["detail"]
    assert client.get("/api/recommend/u00003").json()["items"] == before


def test_a_bug_gives_500_without_its_details(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    act = {"interactions": [{"user_id": "u00003", "item_id": "COF-0000"}]}
    monkeypatch.setattr(Journal, "append_together", broken)
    answer = client.post("/api/events", json=act)
    assert answer.status_code == 500
    assert answer.json() == {"detail": "something broke in the server; its log has the details", "errors": []}
    assert "secret detail" in caplog.text
    assert "content-security-policy" in answer.headers
    monkeypatch.undo()
    assert client.post("/api/events", json=act).status_code == 200


def test_many_problems_are_cut_to_a_few(reader: httpx.Client) -> None:
    answer = reader.post("/api/events", json={"interactions": [{}] * 500})
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) == 20


def test_a_misspelt_field_is_told_without_a_word_on_the_list_that_holds_it(reader: httpx.Client) -> None:
    shown = {"slate_id": "s", "item_ids": [7]}
    answer = reader.post("/api/items", json={"items": [{"item": "COF-0000", "facts": {"price": 1}}]})
    assert [one["field"] for one in answer.json()["errors"]] == ["items.0.item_id", "items.0.item"]
    answer = reader.post("/api/events", json={"impressions": [shown]})
    assert [one["field"] for one in answer.json()["errors"]] == ["impressions.0.item_ids.0"]
    answer = reader.post("/api/events", json={"impressions": [{**shown, "item_ids": []}]})
    assert [one["field"] for one in answer.json()["errors"]] == ["impressions.0.item_ids"]


@pytest.mark.parametrize("text", ["not json", "", '{"interactions": [}'])
def test_a_body_that_is_no_json_is_named_as_the_body(reader: httpx.Client, text: str) -> None:
    answer = reader.post("/api/events", content=text, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.json()["errors"]] == ["body"]
