"""slatewright evaluate"""

import json
from pathlib import Path

from slatewright.core.clock import iso

from .conftest import refusal, slatewright


def test_the_recipe_stands_beside_popularity(shop: Path) -> None:
    text = slatewright("evaluate", "--shop", shop, "--k", 5)
    assert "users with a new item" in text
    assert "ists of 5" in text
    for name in ("popularity", "pipeline", "95% bootstrap interval"):
        assert name in text
    assert (shop / "reports" / "evaluation.md").is_file()


def test_json_and_an_instant(shop: Path) -> None:
    answer = json.loads(slatewright("evaluate", "--shop", shop, "--at", "2024-02-10", "--json"))
    assert answer["as_of"].startswith("2024-02-10")
    assert answer["k"] == 20


def test_validation_lies_before_the_test_part(shop: Path) -> None:
    test = json.loads(slatewright("evaluate", "--shop", shop, "--json"))
    validation = json.loads(slatewright("evaluate", "--shop", shop, "--validation", "--json"))
    assert validation["as_of"] < test["as_of"]


def test_a_bundle_is_judged_by_what_happened_since(shop: Path) -> None:
    old = json.loads(slatewright("list", "--shop", shop, "--json"))[0]
    answer = json.loads(slatewright("evaluate", "--shop", shop, "--bundle", old["version"], "--json"))
    assert answer["as_of"] == old["as_of"] == iso(1707955200000000)
    assert refusal("evaluate", "--shop", shop, "--bundle", "live").startswith("error: ")


def test_an_instant_without_events_after_it(shop: Path) -> None:
    assert refusal("evaluate", "--shop", shop, "--at", "2030-01-01").startswith("error: ")


def test_the_numbers_of_some_users_and_some_items_apart(shop: Path) -> None:
    text = slatewright(
        "evaluate", "--shop", shop, "--k", 5, "--by", "history_length", "--by-item", "popularity", "--all"
    )
    assert "Recall by history_length of users" in text
    assert "Exposure by popularity of items" in text
    assert "Popularity lift" in text
    assert "## By popularity of items" in (shop / "reports" / "evaluation.md").read_text()


def test_a_fact_that_does_not_exist_is_refused_by_name(shop: Path) -> None:
    assert "got 'shoe_size', which is known of none" in refusal("evaluate", "--shop", shop, "--by", "shoe_size")


def test_rolling_windows_through_the_whole_pipeline(shop: Path) -> None:
    options = ("--protocol", "rolling", "--windows", 2, "--window-days", 7, "--k", 5)
    text = " ".join(slatewright("evaluate", "--shop", shop, *options).split())
    assert "Trained 2 times, on what was known before 2024-02-" in text
    assert "Split: rolling (windows 2, window_days 7.0" in text
    assert "audit: 7 checks passed" in text
    assert "NDCG by fold, users with a new item" in text
    report = json.loads((shop / "reports" / "evaluation.json").read_text())
    assert report["protocol"]["name"] == "rolling"
    assert [fold["protocol"]["knobs"]["windows"] for fold in report["folds"]] == [2, 2]
    assert {one["outcome"] for one in report["audit"]} == {"passed"}
    markdown = (shop / "reports" / "evaluation.md").read_text()
    assert "## By fold, users with a new item" in markdown
    assert "## Audit\n\nAudit: 7 checks passed.\n\n- passed: time: " in markdown


def test_sampled_negatives_are_labelled_wherever_they_show(shop: Path) -> None:
    options = ("--protocol", "last-n", "--negatives", 20, "--k", 5)
    text = " ".join(slatewright("evaluate", "--shop", shop, *options).split())
    assert "SAMPLED NEGATIVES: right items are ranked among 20 drawn items only (uniform)" in text
    assert "warning: k: right items are ranked among 20 sampled items" in text
    assert "warning: time: last-n leaks in time by construction" in text
    assert "SAMPLED NEGATIVES" in (shop / "reports" / "evaluation.md").read_text()
    report = json.loads((shop / "reports" / "evaluation.json").read_text())
    assert (report["protocol"]["negatives"], report["protocol"]["drawn"]) == (20, "uniform")
    assert "pipeline" not in [one["name"] for one in report["groups"][0]["measured"]]


def test_what_the_audit_finds_ends_the_command_and_can_be_allowed(shop: Path) -> None:
    said = refusal("evaluate", "--shop", shop, "--k", 1000)
    assert "the audit stopped this evaluation" in said
    assert "k: lists of 1000 hold the whole catalogue" in said
    assert "--allow k" in said
    text = slatewright("evaluate", "--shop", shop, "--k", 1000, "--allow", "k")
    assert "ALLOWED BY HAND: k: lists of 1000 hold the whole catalogue" in text
    assert "allow must be of the checks time" in refusal("evaluate", "--shop", shop, "--allow", "everything")


def test_options_of_another_protocol_and_of_no_bundle_are_refused(shop: Path) -> None:
    said = refusal("evaluate", "--shop", shop, "--windows", 3)
    assert "there is no setting 'windows' in a split global-time; it has at, test_share" in said
    assert "a protocol must be one of global-time, rolling" in refusal("evaluate", "--shop", shop, "--protocol", "luck")
    assert "it takes no protocol=rolling, windows=3" in refusal(
        "evaluate", "--shop", shop, "--bundle", "live", "--protocol", "rolling", "--windows", 3
    )


def test_the_settings_name_the_protocol_and_options_win(shop: Path) -> None:
    settings = shop / "slatewright.toml"
    settings.write_text(settings.read_text() + '[split]\nprotocol = "by-user"\ntest_share = 0.4\nrng = 7\n')
    said = json.loads(slatewright("evaluate", "--shop", shop, "--k", 5, "--unseen-share", 1, "--json"))["protocol"]
    assert (said["name"], said["knobs"]["test_share"], said["knobs"]["unseen_share"]) == ("by-user", 0.4, 1)
    said = json.loads(slatewright("evaluate", "--shop", shop, "--k", 5, "--protocol", "k-fold", "--folds", 2, "--json"))
    assert (said["protocol"]["name"], said["protocol"]["knobs"]["rng"], len(said["folds"])) == ("k-fold", 7, 2)
