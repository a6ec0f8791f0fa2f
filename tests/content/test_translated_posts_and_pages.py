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
            assert (shown["title"], shown["content"], shown["slug"]) == ("Steingut", german, "steingut")
            assert "<strong>warmes</strong>" in shown["content_html"]
            assert "<script" not in shown["content_html"]
            assert 'href="javascript' not in shown["content_html"]
            assert shown["excerpt"].startswith("Ton mag warmes Wasser.")
            assert answer.headers["content-language"] == headers.get("Accept-Language", "de")
            assert ("Accept-Language" in answer.headers.get("vary", "")) == (not query)
            answers[place + query] = answer
    english = await shop.client.get(path)
    assert english.json() == {**post, "slugs": {**post["slugs"], "de": "steingut", "de-AT": "steingut"}}
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
    slugs = dict.fromkeys(("en", "de", "fr"), "stoneware") | {"de-AT": "steinzeug"}
    assert await read(shop, path, "de") == {**post, "slugs": slugs}
    former = await shop.client.get("/posts/steingut?locale=de")
    assert (former.status_code, former.headers["location"]) == (301, "/api/v1/posts/stoneware?locale=de")
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
    assert changes == {"slug.de": None, "texts.de": None}  # what people write can be forgotten
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


async def test_a_post_has_a_slug_in_each_language_and_former_ones_lead_on(shop: Shop) -> None:
    ada = await author(shop)
    post = await written(shop, ada, "Stoneware")
    path = f"/posts/{post['id']}"
    assert (await put(shop, f"{path}/translations/de", ada, title="Über Steingut")).status_code == 200
    assert (await put(shop, f"{path}/translations/fr", ada, title="Le grès")).status_code == 200
    slugs = {"en": "stoneware", "de": "uber-steingut", "de-AT": "uber-steingut", "fr": "le-gres"}

    for asked in ("stoneware", "uber-steingut", "le-gres", post["id"]):
        for locale, title in (("en", "Stoneware"), ("de", "Über Steingut"), ("fr", "Le grès")):
            answer = await shop.client.get(f"/posts/{asked}", params={"locale": locale})
            shown = answer.json()
            assert (shown["title"], shown["slug"], shown["slugs"]) == (title, slugs[locale], slugs)
            assert answer.headers["content-location"] == f"/api/v1/posts/{slugs[locale]}?locale={locale}"
    assert [one["slug"] for one in (await read(shop, "/posts", "de-AT"))["items"]] == ["uber-steingut"]

    changed = {"texts": {"title": "Alles über Steingut"}, "slug": "steingut"}
    answer = await shop.client.put(f"{path}/translations/de", json=changed, headers=ada.headers)
    assert (answer.status_code, answer.json()["slug"]) == (200, "steingut")
    for locale, now in (("de", "steingut"), ("en", "stoneware")):
        moved = await shop.client.get(f"/posts/uber-steingut?locale={locale}")
        assert (moved.status_code, moved.headers["location"]) == (301, f"/api/v1/posts/{now}?locale={locale}")
    renamed = await shop.client.patch(path, json={"title": "Clay"}, headers=ada.headers)
    assert renamed.json()["slugs"] == {**slugs, "en": "clay", "de": "steingut", "de-AT": "steingut"}
    assert (await shop.client.get("/posts/stoneware")).headers["location"] == "/api/v1/posts/clay"


async def test_no_two_posts_have_a_slug_in_the_languages_of_a_reader(shop: Shop) -> None:
    ada = await author(shop)
    first, second = await written(shop, ada, "Stoneware"), await written(shop, ada, "Gift")
    german = {"texts": {"title": "Gift"}}
    answer = await shop.client.put(f"/posts/{first['id']}/translations/de", json=german, headers=ada.headers)
    assert answer.json()["slug"] == "gift-2"
    asked = {"texts": {"title": "Gift"}, "slug": "gift"}
    refused = await shop.client.put(f"/posts/{first['id']}/translations/de", json=asked, headers=ada.headers)
    assert refused.status_code == 409
    for reserved in ("export", "feed"):
        asked = {"texts": {"title": "Gift"}, "slug": reserved}
        refused = await shop.client.put(f"/posts/{first['id']}/translations/de", json=asked, headers=ada.headers)
        assert refused.status_code == 409
    assert (await put(shop, f"/posts/{second['id']}/translations/de", ada, title="Geschenk")).status_code == 200

    third = await written(shop, ada, "Geschenk")  # and none in the source language that another has elsewhere
    assert third["slug"] == "geschenk-2"
    assert (await read(shop, "/posts/geschenk", "de"))["id"] == second["id"]
    assert (await shop.client.delete(f"/posts/{second['id']}", headers=ada.headers)).status_code == 204
    assert (await shop.client.get("/posts/geschenk")).status_code == 404
    assert await shop.rows("SELECT count(*) FROM translated_slugs WHERE key = %s", second["id"]) == [(0,)]


async def test_a_draft_is_not_found_by_its_slug_of_another_language(shop: Shop) -> None:
    ada = await author(shop)
    post = await written(shop, ada, "Draft", published=False)
    assert (await put(shop, f"/posts/{post['id']}/translations/de", ada, title="Entwurf")).status_code == 200
    for path in ("/posts/entwurf", "/posts/draft"):
        assert (await shop.client.get(path)).status_code == 404


async def test_labels_of_menus_are_read_in_the_language_of_their_reader(shop: Shop) -> None:
    admin, ada = await shop.admin(), await author(shop)
    below = {"label": "Privacy", "kind": "page", "target": "privacy"}
    terms = {"label": "Terms", "kind": "page", "target": "terms"}
    items = [{**terms, "children": [below]}, {"label": "Terms", "kind": "url", "target": "/terms"}]
    assert (await shop.client.put("/menus/footer", json={"items": items}, headers=admin.headers)).status_code == 200
    path = "/menus/footer/translations/de"
    assert (await put(shop, path, ada, **{"labels.Terms": "Fremd"})).status_code == 403
    assert (await put(shop, path, admin, **{"labels.Nothing": "Nichts"})).status_code == 422
    assert (await put(shop, path, admin, **{"labels.Terms": "x" * 121})).status_code == 422
    made = await put(shop, path, admin, **{"labels.Terms": "AGB"})
    assert (made.status_code, made.json()["missing"]) == (200, 1)

    def labels(menu: dict[str, Any]) -> list[str]:
        return [one["label"] for item in menu["items"] for one in (item, *item["children"])]

    german = await shop.client.get("/menus/footer?locale=de")
    assert labels(german.json()) == ["AGB", "Privacy", "AGB"]
    assert german.headers["content-language"] == "de"
    assert labels(await read(shop, "/menus/footer", "de-AT")) == ["AGB", "Privacy", "AGB"]
    english = await shop.client.get("/menus/footer")
    assert labels(english.json()) == ["Terms", "Privacy", "Terms"]
    assert english.headers["etag"] != german.headers["etag"]

    # who has read it in German may write it; another label is not translated any more
    edit = {"items": [{**terms, "label": "Conditions"}]}
    tagged = {**admin.headers, "If-Match": german.headers["etag"]}
    assert (await shop.client.put("/menus/footer", json=edit, headers=tagged)).status_code == 200
    assert labels(await read(shop, "/menus/footer", "de")) == ["Conditions"]
    assert (await shop.client.put("/menus/footer", json=edit, headers=tagged)).status_code == 412
