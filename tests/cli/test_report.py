"""slatewright report"""

import json
from pathlib import Path

from .conftest import refusal, slatewright


def test_it_says_the_most_important_and_writes_the_page(shop: Path) -> None:
    text = slatewright("report", "--shop", shop, "--k", 5)
    assert "- pipeline " in text
    assert "Of 100 people" in text
    page = (shop / "reports" / "report.html").read_text(encoding="utf-8")
    assert "slatewright report --k 5" in page
    assert 'id="curves"' in page
    assert 'id="slates"' in page
    assert (shop / "reports" / "evaluation.json").is_file()


def test_options_say_what_is_drawn(shop: Path) -> None:
    options = ("--by", "history_length", "--by-item", "category", "--user", "u00001", "--no-curves", "--k", 5)
    answer = json.loads(slatewright("report", "--shop", shop, *options, "--json"))
    assert [one["by"] for one in answer["evaluation"]["breakdowns"]] == ["history_length", "category"]
    assert answer["says"][0].startswith("pipeline ")
    page = Path(answer["page"]).read_text(encoding="utf-8")
    assert "User u00001" in page
    assert 'id="curves"' not in page
    assert "--by-item category --user u00001 --no-curves" in page


def test_slates_can_be_left_out(shop: Path) -> None:
    slatewright("report", "--shop", shop, "--k", 5, "--no-curves", "--no-slates")
    assert 'id="slates"' not in (shop / "reports" / "report.html").read_text(encoding="utf-8")
    assert "give one of them" in refusal("report", "--shop", shop, "--no-slates", "--user", "u00001")


def test_a_curve_over_a_knob(shop: Path) -> None:
    answer = json.loads(slatewright("report", "--shop", shop, "--k", 5, "--curve", "epochs", "--no-slates", "--json"))
    page = Path(answer["page"]).read_text(encoding="utf-8")
    assert "ALS by epochs" in page
    assert "by data" not in page
    assert "number 'dropout'" in refusal("report", "--shop", shop, "--curve", "dropout")


def test_validation_and_bundles_as_in_evaluate(shop: Path) -> None:
    test = json.loads(slatewright("report", "--shop", shop, "--no-curves", "--json"))["evaluation"]
    inner = json.loads(slatewright("report", "--shop", shop, "--no-curves", "--validation", "--json"))["evaluation"]
    assert inner["as_of"] < test["as_of"]
    old = json.loads(slatewright("list", "--shop", shop, "--json"))[0]
    judged = json.loads(slatewright("report", "--shop", shop, "--bundle", old["version"], "--json"))["evaluation"]
    assert judged["as_of"] == old["as_of"]
    assert "it takes no protocol=rolling" in refusal(
        "report", "--shop", shop, "--bundle", "live", "--protocol", "rolling"
    )


def test_who_is_not_judged_cannot_be_shown(shop: Path) -> None:
    assert "no test user 'ghost'" in refusal("report", "--shop", shop, "--user", "ghost")
