"""Colours of a drawn product: the word for it in the title where there is one, otherwise one of a quiet palette."""

import colorsys
from typing import NamedTuple

WORDS = {
    "oak": "#c8965a",
    "walnut": "#7d5a3c",
    "wood": "#b98a56",
    "enamel": "#e9e4d6",
    "brass": "#cda44b",
    "gold": "#d2a941",
    "linen": "#d9cbb0",
    "slate": "#64717d",
    "grey": "#7d8790",
    "gray": "#7d8790",
    "forest": "#3f6b4f",
    "green": "#5b9067",
    "cobalt": "#2f55b5",
    "blue": "#4a78b8",
    "copper": "#bd6e45",
    "ivory": "#ece2cb",
    "cream": "#ece2cb",
    "white": "#eceae4",
    "steel": "#97a4af",
    "silver": "#a9b2ba",
    "black": "#3b3d42",
    "red": "#c24a43",
    "pink": "#e08fa3",
    "rose": "#d77f8f",
    "purple": "#83609f",
    "orange": "#dd8640",
    "yellow": "#e2b948",
    "brown": "#85603f",
    "vintage": "#b5796b",
    "retro": "#4f9a94",
}
QUIET = ("#c8684f", "#d99a45", "#4f8f7b", "#3f6f92", "#7a6aa5", "#b75d78", "#6f8f45", "#4a8ea3", "#a5694a", "#58637a")
GROUNDS = (
    ("#fbf1e4", "#f1dcc2"),
    ("#eef4ec", "#d3e3d2"),
    ("#edf2f8", "#cfdeed"),
    ("#faecec", "#f0d0cf"),
    ("#f3effa", "#dcd3ee"),
    ("#eef5f5", "#cbe2e2"),
    ("#fbf6df", "#efe2b0"),
    ("#f4f1ec", "#ddd5c8"),
)


class Colours(NamedTuple):
    """What the letters in ``shapes.xml`` stand for."""

    b: str  # base
    d: str  # its shade
    l: str  # its light  # noqa: E741
    a: str  # accent
    s: str = "#aeb8c1"  # steel
    k: str = "#34373d"  # ink
    w: str = "#fffdf8"  # paper
    o: str = "#b98a56"  # wood
    g: str = "#5d9562"  # leaf
    f: str = "#e58a35"  # flame


def colours(title: str, seed: int) -> Colours:
    """The colours of one product."""
    words = title.lower().replace(",", " ").split()
    base = next((WORDS[word] for word in words if word in WORDS), QUIET[seed % len(QUIET)])
    accent = QUIET[(seed // 16) % len(QUIET)]
    if accent == base:
        accent = QUIET[(QUIET.index(base) + 4) % len(QUIET)]
    return Colours(base, _lit(base, 0.8), _lit(base, 1.16), accent)


def ground(seed: int) -> tuple[str, str]:
    """Two tones of a backdrop."""
    return GROUNDS[seed % len(GROUNDS)]


def _lit(colour: str, factor: float) -> str:
    """The colour in more or less light."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    parts = colorsys.hls_to_rgb(hue, min(0.97, lightness * factor), saturation)
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)
