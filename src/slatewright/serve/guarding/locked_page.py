"""What a browser is shown where a key is asked for: a page that asks its reader for it."""

from importlib.resources import files

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse
from starlette.types import Scope

PAGES = "/slates"  # pages whose links are followed with the key


def opens_with_a_key(scope: Scope) -> bool:
    """Whether somebody opens one of our pages in a browser."""
    path: str = scope["path"]
    asked = scope["method"] == "GET" and (path == PAGES or path.startswith(f"{PAGES}/"))
    return asked and "text/html" in Headers(scope=scope).get("accept", "")


def locked_page() -> HTMLResponse:
    """The page that asks for the key, sends it in a header by its own script and shows what comes back."""
    html = files("slatewright.serve").joinpath("static", "locked.html").read_text(encoding="utf-8")
    return HTMLResponse(html, 401, {"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"})
