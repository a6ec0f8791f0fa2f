"""Queries that nobody means well with: plain words or a 422, and never a word to the database."""

import pytest

from shopping import Shop

pytestmark = pytest.mark.usefixtures("each_engine")

HOSTILE = (
    "'; DROP TABLE products; --", "' OR 1=1 --", "mug' & !mug", "mug:*", "mug:A", "!mug", "(mug", "mug)", "<->",
    "mug <2> mug",
    "\\'mug", "\\", "\\\\'", "mug AND (red OR blue)^2", "name:mug", "mug~2", "m?g", "m*g", "/.*/", "[a TO z]",
    "{!lucene}",
    '{"$where": "sleep(1000)"}', "$text", "(?:a+)+$", "%", "_", "%25", "n=mug", "a~mug", "~mug", "#1", "&#39;",
    "<script>",
    "\u200bmug", "mu\u200dg", "\u202emug", "\ufeff", "💥" * 50, "ﷺ" * 50, "Ω̴̢̛" * 30, '"' * 200, "-" * 200, '-"' * 100,
    "or " * 60, "a-" * 100, "' " * 100, "1e999", "-0", "NaN", "null", "\t\n\r mug", "x" * 200, "ß" * 200, "İ" * 200,
)  # fmt: skip
REFUSED = ("x" * 201, "mug\0", "x" * 10_000, "mug " * 2_500)


@pytest.mark.parametrize("path", ["/products/search", "/products", "/products/suggest"])
async def test_whatever_is_typed_is_words_or_refused(shop: Shop, path: str) -> None:
    await shop.item(name="Mug")
    await shop.handle_events()

    for typed in HOSTILE:
        answer = await shop.client.get(path, params={"q": typed})
        suggested = path.endswith("suggest") and len(typed) > 100
        assert answer.status_code == (422 if suggested else 200), (typed, answer.text)
    for typed in REFUSED:
        answer = await shop.client.get(path, params={"q": typed})
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), typed[:20]
        assert typed[:20] not in answer.text
    assert await shop.rows("SELECT count(*) FROM products") == [(1,)]
    still = (await shop.client.get(path, params={"q": "mug"})).json()
    assert len(still["items" if "items" in still else "products"]) == 1
