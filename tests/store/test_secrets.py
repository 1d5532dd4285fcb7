"""What opens a door stays out of records."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.store.secrets import without_secrets


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("postgresql://ann:hunter2@db.example/shop", "postgresql://ann:***@db.example/shop"),
        ("postgres://ann:p@ss/w:rd@db/shop?sslmode=require", "postgres://ann:***@db/shop?sslmode=require"),
        ("http://:token@127.0.0.1:5000", "http://:***@127.0.0.1:5000"),
        ("see https://x.example/?a=1&password=abc&b=2", "see https://x.example/?a=1&password=***&b=2"),
        ("https://x.example/?access_token=abc", "https://x.example/?access_token=***"),
        ("postgresql://ann@db/shop", "postgresql://ann@db/shop"),
        ("http://127.0.0.1:5000/a", "http://127.0.0.1:5000/a"),
        ("events.csv", "events.csv"),
    ],
)
def test_passwords_in_addresses_are_hidden(text: str, left: str) -> None:
    assert without_secrets(text) == left
    assert without_secrets({"a": [text, 1, None], text: True}) == {"a": [left, 1, None], left: True}


@given(st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1), st.from_regex(r"[a-z]{1,9}", fullmatch=True))
def test_no_password_is_left_whatever_its_letters(password: str, host: str) -> None:
    assert without_secrets(f"postgresql://ann:{password}@{host}/shop") == f"postgresql://ann:***@{host}/shop"
