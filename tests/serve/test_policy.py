"""Rules of a file, followed by a running server."""

from pathlib import Path

import httpx
import pytest

from slatewright.core.errors import BadInput
from slatewright.pipeline.policy.policy_file import POLICY
from slatewright.serve.policy import LAST_GOOD, Policy
from slatewright.store.shop import Shop
from slatewright.testing.town import town_pipeline
from tests.serve.conftest import client_of
from tests.serve.routes.test_slates import items_of
from tests.serve.test_live_bundle import ready, until

NO_COFFEE = '[[rule]]\nexclude = \'starts_with(item.id, "COF")\'\nname = "no coffee"\n'
BROKEN = "[[rule]]\nexclude = 'prise < 3'\n"


def coffee(client: httpx.Client) -> list[str]:
    slate = client.get("/api/recommend/nobody", params={"k": 80})
    return [item for item in items_of(slate) if item.startswith("COF")]


def test_a_running_server_follows_the_file(shop: Shop) -> None:
    path = shop.root / POLICY
    with client_of(shop) as client:
        item = coffee(client)[0]
        path.write_text(NO_COFFEE, encoding="utf-8")
        until(lambda: not coffee(client))
        why_not = client.get(f"/api/why-not/nobody/{item}").json()
        assert "By the rules of the shop it is not shown: 'no coffee'." in why_not["sentences"]

        path.write_text(BROKEN, encoding="utf-8")
        until(lambda: ready(client)["policy"] is not None)
        assert "did you mean price?" in str(ready(client)["policy"])
        assert not coffee(client)

        path.unlink()
        until(lambda: bool(coffee(client)))
        assert ready(client)["policy"] is None


def test_a_restart_with_a_broken_file_goes_on_with_the_last_good_one(shop: Shop) -> None:
    path = shop.root / POLICY
    path.write_text(NO_COFFEE, encoding="utf-8")
    with client_of(shop) as client:
        assert not coffee(client)
    path.write_text(BROKEN, encoding="utf-8")
    with client_of(shop) as client:
        assert not coffee(client)
        assert "policy.toml is refused: policy.toml, rule 1 (line 2): Exclude.where: column 1" in str(
            ready(client)["policy"]
        )


def test_rules_that_nobody_knows_show_nothing_until_the_file_is_mended(shop: Shop) -> None:
    path = shop.root / POLICY
    path.write_text(BROKEN, encoding="utf-8")
    with client_of(shop) as client:
        answer = client.get("/api/health/ready")
        assert answer.status_code == 503
        assert "did you mean price?" in answer.json()["refused"]
        path.write_text(NO_COFFEE, encoding="utf-8")
        until(lambda: ready(client)["ready"] is True)
        assert not coffee(client)


def test_the_last_good_file_is_kept_beside_it(tmp_path: Path) -> None:
    policy, pipeline = Policy(Shop(tmp_path)), town_pipeline()
    assert policy.over(pipeline).rules == ()
    (tmp_path / POLICY).write_text('[[rule]]\nexclude = "sellable"', encoding="utf-8")
    assert policy.changed()
    assert len(policy.over(pipeline).rules) == 1
    assert not policy.changed()
    (tmp_path / POLICY).write_text("nonsense", encoding="utf-8")
    assert len(policy.over(pipeline).rules) == 1
    assert policy.refused is not None
    (tmp_path / LAST_GOOD).unlink()
    with pytest.raises(BadInput, match="not valid TOML"):
        policy.over(pipeline)


def test_the_log_says_once_that_a_mended_file_is_followed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "slatewright.serve")
    policy, pipeline = Policy(Shop(tmp_path)), town_pipeline()
    for text in ("", BROKEN, NO_COFFEE, NO_COFFEE):
        (tmp_path / POLICY).write_text(text, encoding="utf-8")
        policy.over(pipeline)
    first, again = (record.getMessage() for record in caplog.records)
    assert first.startswith("policy.toml is refused")
    assert again == "policy.toml is followed again"
