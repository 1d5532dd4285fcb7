"""Draw a product as SVG: a backdrop by category, a shape and a colour by title, all decided by the item's words."""

import re
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from slatewright.serve.pictures.palette import Colours, colours, ground

WRAPPED = "parcel"  # the shape for "gift" and "set", where nothing says what is in it
_COLOUR = re.compile(r'(fill|stroke)="([bdlaskwogf])"')
_UNPRINTABLE = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML cannot hold
_LETTERS = 'x="200" y="262" text-anchor="middle" font-family="Georgia, serif" font-size="76" font-weight="600"'
_FRAME = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" role="img"><title>{title}</title>'
    '<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop stop-color="{light}"/>'
    '<stop offset="1" stop-color="{deep}"/></linearGradient></defs>'
    '<rect width="400" height="400" fill="url(#g)"/><circle cx="{x}" cy="{y}" r="{r}" fill="#fff" opacity=".38"/>'
    '<ellipse cx="200" cy="322" rx="132" ry="13" fill="#34373d" opacity=".13"/>{shape}</svg>'
)


def draw(item_id: str, title: str, category: str) -> str:
    """The picture of one item, an SVG document. Equal words give an equal picture."""
    seed, shelf = _seed(item_id), _seed(category or item_id)
    light, deep = ground(shelf)
    return _FRAME.format(
        title=escape(_UNPRINTABLE.sub(" ", title)),
        light=light,
        deep=deep,
        x=140 + seed % 120,
        y=150 + seed // 7 % 90,
        r=120 + seed // 11 % 50,
        shape=_coloured(_shape_for(f"{title} {category}") or _labelled(title), colours(title, seed)),
    )


def _shape_for(words: str) -> str | None:
    text = f" {re.sub(r'[^a-z]+', ' ', words.lower().replace(chr(39), ''))} "
    shapes = _shapes()
    for word, name in _vocabulary():
        if f" {word} " in text or f" {word}s " in text:
            return shapes[name]
    return None


def _labelled(title: str) -> str:
    """What nothing is known about hangs on a tag with its initials: no picture is better than a wrong one."""
    initials = "".join(word[0] for word in re.findall(r"[^\W_]+", title)[:2]).upper()
    return f'{_shapes()["tag"]}<text {_LETTERS} fill="w">{escape(initials)}</text>'


def _coloured(shape: str, tones: Colours) -> str:
    return _COLOUR.sub(lambda found: f'{found[1]}="{getattr(tones, found[2])}"', shape)


@cache
def _shapes() -> dict[str, str]:
    return {name: body for name, _, body in _read()}


@cache
def _vocabulary() -> tuple[tuple[str, str], ...]:
    """Words and the shape they call for; longer words first, so that a watering can is no can, and a gift jug a jug."""
    pairs = [(re.sub(r"[^a-z]+", " ", word), name) for name, words, _ in _read() for word in words.split(",") if word]
    return tuple(sorted(pairs, key=lambda pair: (pair[1] == WRAPPED, -len(pair[0]))))


def _read() -> Iterator[tuple[str, str, str]]:
    text = files("slatewright.serve.pictures").joinpath("shapes.xml").read_text(encoding="utf-8")
    for group in ElementTree.fromstring(text):  # noqa: S314  our own file
        body = "".join(ElementTree.tostring(part, encoding="unicode") for part in group)
        yield group.get("id", ""), group.get("words", ""), body


def _seed(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=6).digest())
