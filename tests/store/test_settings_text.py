import tomllib

from slatewright.data.columns import FactsRecognition, Recognition
from slatewright.store.settings_text import FactsFound, Found, settings_text


def found(kinds: tuple[str, ...], columns: dict[str, str]) -> Found:
    known = Recognition(columns, dict.fromkeys(columns, "by its name"))
    return Found(("e.csv",), "", known, kinds, "", True, ())


def test_the_text_is_toml_whatever_the_names() -> None:
    odd = 'a "b" \\ c\n\x7f😀'
    facts = FactsFound(
        ("i.csv",), "item_id", FactsRecognition(odd, {"title": odd}, None, {"item_id": "by its name"}), ()
    )
    text = settings_text(odd, found((odd, "view"), {"user_id": odd, "kind": "did"}), {"items": facts})
    read = tomllib.loads(text)
    assert read["shop"]["name"] == odd
    assert read["events"]["columns"]["user_id"] == odd
    assert read["items"]["columns"] == {"item_id": odd, "title": odd}
    assert read["weights"][odd] == 1.0


def test_weights_of_kinds() -> None:
    def weights(kinds: tuple[str, ...], columns: dict[str, str]) -> dict[str, float]:
        return dict(tomllib.loads(settings_text("s", found(kinds, columns), {}))["weights"])

    assert weights(("purchase",), {}) == {"purchase": 1.0}
    assert weights(("purchase", "return"), {}) == {"purchase": 1.0}
    assert weights(("view",), {"kind": "did"}) == {"view": 1.0, "cart": 3.0, "purchase": 5.0}
