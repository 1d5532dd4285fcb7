"""Which scope a call needs. What is not named here reads where it is a GET and is administrative otherwise."""

from slatewright.serve.keys.key import Scope

TELLING = ("/api/slates", "/slates")  # what users did, and what came of it: the API and its page
LOCKED, OPEN = "/api/", "/api/health/"
READING = frozenset({"GET", "HEAD"})
POSTS = {
    "/api/session/recommend": Scope.READ,
    "/api/session/page": Scope.READ,
    "/api/events": Scope.WRITE,
    "/api/users": Scope.WRITE,
}


def needed(method: str, path: str) -> Scope | None:
    """The scope that a call needs; None where anybody may ask. ``path`` as it was sent, percent-encoded."""
    if any(path == one or path.startswith(f"{one}/") for one in TELLING):
        return Scope.ADMIN
    if not path.startswith(LOCKED) or path.startswith(OPEN):
        return None
    return Scope.READ if method in READING else POSTS.get(path, Scope.ADMIN)
