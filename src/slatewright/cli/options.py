"""Options that several commands share, declared once."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

ShopFolder: TypeAlias = Annotated[
    Path, typer.Option("--shop", envvar="SLATEWRIGHT_SHOP", help="The shop's folder.", show_default="this folder")
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Length: TypeAlias = Annotated[int, typer.Option("--k", "-k", help="Length of the slate.")]
Judged: TypeAlias = Annotated[int, typer.Option("--k", "-k", help="Length of the lists that are judged.")]
Inside: TypeAlias = Annotated[
    bool, typer.Option("--validation", help="Judge by the latest part of training: for choosing knobs.")
]
Bundle: TypeAlias = Annotated[
    str | None, typer.Option(help="Judge this bundle by what happened since it was trained, or `live`.")
]
HERE = Path()
