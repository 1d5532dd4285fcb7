"""slatewright keys"""

import json
from pathlib import Path

import pytest

from slatewright.serve.keys import sum_of
from slatewright.serve.keys.key_file import read_keys
from slatewright.store.shop import Shop

from .conftest import refusal, slatewright


def test_a_key_is_shown_once_listed_and_revoked(shop: Path) -> None:
    text = slatewright("keys", "create", "storefront", "--scope", "read", "--scope", "write", "--shop", shop).strip()
    (key,) = read_keys(Shop.open(shop).keys)
    assert key.sha256 == sum_of(text)
    listed = slatewright("keys", "--shop", shop)
    assert key.id in listed
    assert "read write" in listed
    assert "no limit" in listed
    assert text not in listed
    assert f"revoked: {key.id}" in slatewright("keys", "revoke", key.id, "--shop", shop)
    assert read_keys(Shop.open(shop).keys) == ()
    deeds = Shop.open(shop).ledger.deeds()
    assert [deed["what"] for deed in deeds] == ["create a key", "revoke a key"]
    assert all(str(deed["who"]).startswith("user ") for deed in deeds)
    assert text not in str(deeds)


def test_a_key_for_programs(shop: Path) -> None:
    limits = ("--per-second", 20, "--burst", 50)
    made = json.loads(slatewright("keys", "create", "batch", *limits, "--json", "--shop", shop))
    assert (made["scopes"], made["per_second"], made["burst"]) == (["read"], 20, 50)
    (listed,) = json.loads(slatewright("keys", "list", "--json", "--shop", shop))
    assert listed == {name: value for name, value in made.items() if name != "key"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("create",), "keys create must be followed by what the key is for"),
        (("revoke",), "keys revoke must be followed by the id or the name of a key"),
        (("revoke", "nothing"), "there is no key 'nothing'; there are: none"),
        (("create", "a/b"), "the name of a key must be"),
    ],
)
def test_what_cannot_be_done_is_one_line(shop: Path, arguments: tuple[str, ...], said: str) -> None:
    assert said in refusal("keys", *arguments, "--shop", shop)


def test_of_two_keys_with_one_name_the_id_is_asked_for(shop: Path) -> None:
    for _ in range(2):
        slatewright("keys", "create", "storefront", "--shop", shop)
    assert "2 keys are named 'storefront'; say which by its id" in refusal(
        "keys", "revoke", "storefront", "--shop", shop
    )


def test_promotions_are_in_the_ledger(shop: Path) -> None:
    old = json.loads(slatewright("list", "--json", "--shop", shop))[0]["version"]
    slatewright("promote", old, "--shop", shop)
    slatewright("rollback", "--shop", shop)
    assert [deed["what"] for deed in Shop.open(shop).ledger.deeds()] == ["promote", "roll back"]
