"""Posts and pages are read in the language of their readers, and translated by who may edit them."""

import re
from typing import Any

import httpx2
import pytest

from blogging import author, written
from mercat.auth import Role
from mercat.kit.database import Reads
from shopping import Person, Shop

SOURCE = {"slug": "terms", "title": "Terms", "content": "Be *kind*."}


@pytest.fixture(autouse=True)
def _languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_LOCALES", "en,de,de-AT,fr")


async def put(shop: Shop, path: str, person: Person, **texts: str) -> httpx2.Response:
    return await shop.client.put(path, json={"texts": texts}, headers=person.headers)


async def read(shop: Shop, path: str, language: str = "en") -> dict[str, Any]:
    answer = await shop.client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_post_is_read_in_the_language_of_its_reader(shop: Shop) -> None:
    ada = await author(shop)
    post = await written(shop, ada, "Stoneware")
    path = f"/posts/{post['id']}"
    german = "Ton mag **warmes** Wasser. <script>x()</script> [x](javascript:x())"
    made = await put(shop, f"{path}/translations/de", ada, title="Steingut", content=german)
    assert made.status_code == 200, made.text
    assert (made.json()["missing"], made.json()["fields"]["content"]["text"]) == (0, german)

    answers = {}
    for place in (path, f"/posts/{post['slug']}"):
        for headers, query in (({"Accept-Language": "de"}, ""), ({}, "?locale=de"), ({"Accept-Language": "de-AT"}, "")):
            answer = await shop.client.get(place + query, headers=headers)
            shown = answer.json()
            assert (shown["title"], shown["content"], shown["slug"]) == ("Steingut", german, post["slug"])
            assert "<strong>warmes</strong>" in shown["content_html"]
            assert "<script" not in shown["content_html"]
            assert 'href="javascript' not in shown["content_html"]
            assert shown["excerpt"].startswith("Ton mag warmes Wasser.")
            assert answer.headers["content-language"] == headers.get("Accept-Language", "de")
            assert ("Accept-Language" in answer.headers.get("vary", "")) == (not query)
            answers[place + query] = answer
    english = await shop.client.get(path)
    assert english.json() == post
    assert english.headers["etag"] != answers[path].headers["etag"]
    etag = {"If-None-Match": answers[path].headers["etag"]}
    assert (await shop.client.get(path, headers={"Accept-Language": "de", **etag})).status_code == 304
    assert (await shop.client.get(path, headers={"Accept-Language": "fr", **etag})).json()["title"] == "Stoneware"
    assert (await shop.client.get(f"{path}?locale=xx")).status_code == 422

    # field by field, and gone when it is taken away
    assert (await put(shop, f"{path}/translations/de-AT", ada, title="Steinzeug")).status_code == 200
    austrian = await read(shop, path, "de-AT")
    assert (austrian["title"], austrian["content"]) == ("Steinzeug", german)
    assert [one["title"] for one in (await read(shop, "/posts?locale=de-AT"))["items"]] == ["Steinzeug"]
    assert [one["excerpt"] for one in (await read(shop, "/posts?cursor=", "de"))["items"]] == [
        answers[path].json()["excerpt"]
    ]
    gone = await shop.client.delete(f"{path}/translations/de", headers=ada.headers)
    assert gone.status_code == 204
    assert await read(shop, path, "de") == post
    assert [one["title"] for one in (await read(shop, "/posts", "de"))["items"]] == ["Stoneware"]


async def test_who_may_edit_a_post_translates_it(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_POSTS_OPEN", "true")
    ada, grace, reader = await author(shop), await author(shop, "other"), await shop.person()
    moderator = await shop.person(Role.moderator)
    post = await written(shop, ada, "Draft", published=False)
    path = f"/posts/{post['id']}/translations/de"

    for other in (grace, reader):
        assert (await put(shop, path, other, title="Fremd")).status_code == 404
        assert (await shop.client.get(path, headers=other.headers)).status_code == 404
    assert (await shop.client.put(path, json={"texts": {}})).status_code == 401
    assert (await put(shop, path, moderator, title="Entwurf")).status_code == 200
    own = await written(shop, reader, "Mine")
    assert (await put(shop, f"/posts/{own['id']}/translations/de", reader, title="Meins")).status_code == 200

    missing = {}
    for person in (ada, grace, moderator):
        answer = await shop.client.get("/translations/missing?kind=post&locale=fr", headers=person.headers)
        missing[person.id] = [(one["key"], one["field"], one["vendor_id"]) for one in answer.json()["items"]]
    assert missing[ada.id] == [(post["id"], "content", None), (post["id"], "title", None)]
    assert missing[grace.id] == []
    assert len(missing[moderator.id]) == 4

    export = await shop.client.get("/translations/export?kind=post&locale=de", headers=ada.headers)
    assert "Entwurf" in export.text
    assert "Meins" not in export.text
    file = {"file": ("texts.csv", export.text.replace("Entwurf", "Skizze").encode(), "text/csv")}
    brought = await shop.client.post("/translations/import", files=file, headers=moderator.headers)
    assert brought.status_code == 202, brought.text
    outcome = f"/translations/imports/{brought.json()['id']}"
    assert (await shop.client.get(outcome, headers=moderator.headers)).status_code == 200
    assert (await shop.client.get(outcome, headers=grace.headers)).status_code == 404

    [(changes, personal)] = await shop.rows(
        "SELECT l.changes, p.changes FROM audit_log l JOIN audit_personal p ON p.entry_id = l.id "
        "WHERE l.action = 'post.translated' AND l.target_id = %s ORDER BY l.id LIMIT 1", post["id"]
    )  # fmt: skip
    assert changes == {"texts.de": None}  # what people write can be forgotten
    assert personal["texts.de"]["after"] == {"title": "Entwurf"}
    assert (await shop.client.delete(f"/posts/{post['id']}", headers=ada.headers)).status_code == 204
    assert await shop.rows("SELECT key FROM translations WHERE key = %s", post["id"]) == []


async def test_a_page_is_read_in_the_language_of_its_reader_and_never_in_that_of_a_former_version(shop: Shop) -> None:
    admin, ada = await shop.admin(), await author(shop)
    assert (await shop.client.post("/pages", json=SOURCE, headers=admin.headers)).status_code == 201
    path = "/pages/terms/translations/de"
    assert (await put(shop, path, ada, title="Fremd")).status_code == 403
    made = await put(shop, path, admin, title="AGB", content="Sei *nett*. <b>x</b>")
    assert made.status_code == 200, made.text

    answer = await shop.client.get("/pages/terms?locale=de")
    shown = answer.json()
    assert (shown["title"], shown["version"]) == ("AGB", 1)
    assert shown["content_html"] == "<p>Sei <em>nett</em>. &lt;b&gt;x&lt;/b&gt;</p>"
    assert answer.headers["content-language"] == "de"
    assert [one["title"] for one in (await read(shop, "/pages", "de"))["items"]] == ["AGB"]
    assert [one["title"] for one in (await read(shop, "/pages", "fr"))["items"]] == ["Terms"]
    assert (await read(shop, "/pages/terms"))["content"] == SOURCE["content"]
    assert (await read(shop, "/pages/terms/versions/1", "de"))["title"] == "Terms"

    second = {"title": "Terms", "content": "Be kinder."}
    assert (await shop.client.post("/pages/terms/versions", json=second, headers=admin.headers)).status_code == 201
    shown = await read(shop, "/pages/terms", "de")
    assert (shown["title"], shown["content"], shown["version"]) == ("AGB", "Be kinder.", 2)
    assert shown["content_html"] == "<p>Be kinder.</p>"
    outdated = await shop.client.get("/translations/missing?kind=page&locale=de", headers=admin.headers)
    assert [(one["key"], one["field"], one["outdated"]) for one in outdated.json()["items"]] == [
        ("terms", "content", True)
    ]
    assert (await put(shop, path, admin, title="AGB", content="Sei netter.")).status_code == 200
    assert (await read(shop, "/pages/terms", "de"))["content"] == "Sei netter."


@pytest.mark.parametrize(("locales", "more"), [("en", 0), ("en,de", 1)])
async def test_another_language_costs_one_statement_however_long_the_list(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, locales: str, more: int
) -> None:
    monkeypatch.setenv("MERCAT_LOCALES", locales)
    ada, admin = await author(shop), await shop.admin()
    for n in range(5):
        await written(shop, ada, f"Post {n}")
        page = {**SOURCE, "slug": f"page-{n}"}
        assert (await shop.client.post("/pages", json=page, headers=admin.headers)).status_code == 201
    asked: list[str] = []
    rows = Reads.rows

    async def recorded(self: Reads, sql: str, params: Any = ()) -> Any:
        asked.append(sql)
        return await rows(self, sql, params)

    monkeypatch.setattr(Reads, "rows", recorded)
    for path, statements in (
        ("/posts", 2),
        ("/posts?cursor=", 1),
        ("/posts/post-1", 1),
        ("/pages", 1),
        ("/pages/page-1", 1),
    ):
        asked.clear()
        await read(shop, path, "de")
        about = [sql for sql in asked if re.search(r"\b(posts|pages|translations)\b", sql)]
        assert len(about) == statements + more, path
