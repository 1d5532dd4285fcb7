import pytest

from slatewright.data.synonyms import EVENT_COLUMNS, KIND_OF_WORD, KINDS, plain


@pytest.mark.parametrize("name", ["user_id", "userID", "User ID", "USER-ID", "userid", "user_id:token"])
def test_plain_names(name: str) -> None:
    assert plain(name) == "userid"


def test_no_synonym_means_two_things() -> None:
    words = [word for synonyms in EVENT_COLUMNS.values() for word in synonyms]
    assert len(words) == len(set(words))
    assert all(word == plain(word) for word in words)


def test_words_for_kinds() -> None:
    assert KIND_OF_WORD["addtocart"] == "cart"
    assert KIND_OF_WORD["transaction"] == "purchase"
    assert all(KIND_OF_WORD[plain(kind)] == kind for kind in KINDS if "_" not in kind)
    words = [word for group in KINDS.values() for word in group.split()]
    assert len(words) == len(set(words))
