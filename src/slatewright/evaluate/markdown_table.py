"""A table as Markdown."""

from collections.abc import Iterable, Sequence


def markdown_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Names come from data and files: a bar or a new line in one of them stays inside its cell."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"|{'|'.join(map(_cell, line))}|" for line in lines)


def _cell(text: str) -> str:
    inside = " ".join(text.splitlines()).replace("|", "\\|")
    return f" {inside} " if inside else " "
