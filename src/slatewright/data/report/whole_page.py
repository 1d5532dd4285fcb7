"""The frame of every page that is written to a file: it needs nothing else, no script, no font, no picture."""

from collections.abc import Iterable
from html import escape
from importlib.resources import files

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def whole_page(title: str, lead: str, parts: Iterable[str], *, footer: str, style: str = "") -> str:
    """A page as text, to be written as UTF-8.

    ``title``, ``lead`` (a line below it) and ``footer`` are escaped here; ``parts`` are markup already; ``style`` is
    added to the style sheet of the house.
    """
    sheet = files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{escape(title)}</title>\n<style>\n{sheet}{style}</style>\n</head>\n<body>\n<main>\n"
        f"<header><h1>{escape(title)}</h1><p>{escape(lead)}</p></header>\n"
        + "\n".join(parts)
        + f"\n<footer>{escape(footer)}</footer>\n</main>\n</body>\n</html>\n"
    )
