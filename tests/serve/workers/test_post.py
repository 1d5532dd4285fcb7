"""A post survives the way to the worker."""

from slatewright.serve.settings import Serving
from slatewright.serve.workers.post import Post


def test_a_post_is_read_as_it_was_told() -> None:
    serving = Serving(port=81, origins=("https://shop.example",), cache_mb=1, page=False, deadline_ms=0.5)
    post = Post("a shop", serving, 1, 3, 5, 6, 7, "/numbers", 20)
    assert Post.read(post.text()) == post
    assert str(post.folder) == "/numbers"
