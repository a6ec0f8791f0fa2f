"""Posts: who writes, changes and deletes them, their slugs, tags and moments."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from blogging import CONTENT, TITLE, author, status, titles, write, written
from mercat import auth
from mercat.kit import clock
from shopping import Person, Shop


async def rows(shop: Shop) -> list[tuple[Any, ...]]:
    """Return everything that there is of posts."""
    return await shop.rows("SELECT p::text, ARRAY(SELECT s.slug FROM post_slugs s ORDER BY 1) FROM posts p ORDER BY id")


async def test_a_post_is_written_and_read(shop: Shop) -> None:
    ada = await author(shop)

    made = await write(shop, ada, "  How to care for stoneware ", tags=["Care", "care!", "Ceramics"])

    post = made.json()
    assert made.status_code == 201
    assert post["slug"] == "how-to-care-for-stoneware"
    assert (post["title"], post["tags"], post["published"]) == (TITLE, ["Care", "Ceramics"], True)
    assert post["content_html"] == "<p>Stoneware likes <strong>warm</strong> water.</p>"
    assert post["excerpt"] == "Stoneware likes warm water."
    assert (post["author_id"], post["author"]) == (str(ada.id), {"id": str(ada.id), "name": "Test P."})
    assert post["published_at"] is not None
    for path in (f"/posts/{post['id']}", f"/posts/{post['slug']}", f"/posts/{post['id']}/", "/posts/"):
        read = await shop.client.get(path)
        assert read.status_code == 200
        assert ada.email not in read.text
        assert "password" not in read.text
    assert (await shop.client.get(f"/posts/{post['slug']}")).json() == post


async def test_slashes_at_the_end_do_no_harm(shop: Shop) -> None:
    ada = await author(shop)
    made = await shop.client.post("/posts/", json={"title": TITLE, "content": "x"}, headers=ada.headers)
    path = f"/posts/{made.json()['id']}/"
    body = {"title": "Other", "content": "y"}
    assert (await shop.client.put(path, json=body, headers=ada.headers)).json()["title"] == "Other"
    assert (await shop.client.delete(path, headers=ada.headers)).status_code == 204


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "ab"),
        ("title", "  ab  "),
        ("title", "\u200b\u200b\u200b\u200b"),
        ("title", "x" * 201),
        ("title", "two\nlines"),
        ("title", "nul\x00l"),
        ("title", None),
        ("title", 12345),
        ("content", ""),
        ("content", "  \n\t "),
        ("content", "\u2060\ufeff"),
        ("content", "x" * 50_001),
        ("content", "a\x00b"),
        ("tags", ["x"] * 21),
        ("tags", [""]),
        ("tags", ["x" * 61]),
        ("tags", "care"),
        ("tags", [None]),
        ("published", "yes"),
        ("publish_at", "tomorrow"),
        ("product_ids", ["0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c55"]),
        ("product_ids", ["no-id"]),
        ("author_id", "0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c55"),
        ("slug", "mine"),
    ],
)
async def test_what_is_no_post_is_refused(shop: Shop, field: str, value: object) -> None:
    ada = await author(shop)
    post = await written(shop, ada)
    before = await rows(shop)

    refused = [await write(shop, ada, **({"title": TITLE} | {field: value}))]
    if value is not None:
        path = f"/posts/{post['id']}"
        refused += [
            await shop.client.patch(path, json={field: value}, headers=ada.headers),
            await shop.client.put(path, json={"title": TITLE, "content": "x", field: value}, headers=ada.headers),
        ]

    assert {answer.status_code for answer in refused} <= {400, 422}, [answer.text for answer in refused]
    assert await rows(shop) == before


async def test_titles_and_texts_may_be_as_long_as_they_may(shop: Shop) -> None:
    ada = await author(shop)
    assert (await write(shop, ada, "abc", content="x")).status_code == 201
    longest = await write(shop, ada, "ä" * 200, content="y" * 50_000)
    assert longest.status_code == 201
    assert len(longest.json()["slug"]) <= 180
    assert longest.json()["excerpt"].endswith("…")


async def test_nobody_and_buyers_write_nothing(shop: Shop) -> None:
    ada = await author(shop)
    post = await written(shop, ada)
    before = await rows(shop)
    buyer, analyst, other = await shop.buyer(), await shop.person(auth.Role.analyst), await author(shop, "other")
    body = {"title": "Mine now", "content": "Mine."}
    path = f"/posts/{post['id']}"

    for person, may_write in ((None, False), (buyer, False), (analyst, False), (other, True)):
        headers = person.headers if person else {}
        answers = [
            await shop.client.put(path, json=body, headers=headers),
            await shop.client.patch(path, json=body, headers=headers),
            await shop.client.delete(path, headers=headers),
            await shop.client.post(f"{path}/image", files={"file": b"x"}, headers=headers),
            await shop.client.delete(f"{path}/image", headers=headers),
        ]
        if not may_write:
            answers.append(await shop.client.post("/posts", json=body, headers=headers))
        assert {answer.status_code for answer in answers} == {403 if person else 401}

    assert await rows(shop) == before


async def test_of_drafts_others_do_not_even_know(shop: Shop) -> None:
    ada, other, buyer, admin = await author(shop), await author(shop, "other"), await shop.buyer(), await shop.admin()
    draft = await written(shop, ada, published=False)
    before = await rows(shop)

    for path in (f"/posts/{draft['id']}", f"/posts/{draft['slug']}", f"/posts/{draft['id']}/products"):
        assert [await status(shop, path, person) for person in (None, buyer, other)] == [404, 404, 404]
        assert [await status(shop, path, person) for person in (ada, admin)] == [200, 200]
    for person in (other, buyer):
        refused = await shop.client.patch(f"/posts/{draft['id']}", json={"title": "Mine"}, headers=person.headers)
        assert refused.status_code == (404 if person is other else 403)
        assert (await shop.client.delete(f"/posts/{draft['id']}", headers=other.headers)).status_code == 404
    assert await titles(shop) == []
    assert [await titles(shop, "?published=false", one) for one in (None, buyer, other)] == [[], [], []]
    assert [await titles(shop, "?published=false", one) for one in (ada, admin)] == [[TITLE], [TITLE]]
    kept = await shop.client.get(f"/posts/{draft['slug']}", headers=ada.headers)
    assert kept.headers["cache-control"] == "private, no-store"
    assert await rows(shop) == before


@pytest.mark.parametrize("role", [auth.Role.admin, auth.Role.moderator])
async def test_staff_edit_and_delete_what_others_wrote(shop: Shop, role: auth.Role) -> None:
    ada, staff = await author(shop), await shop.person(role)
    post = await written(shop, ada)
    path = f"/posts/{post['id']}"

    changed = await shop.client.patch(path, json={"title": "Better title"}, headers=staff.headers)

    assert (changed.status_code, changed.json()["author_id"]) == (200, str(ada.id))
    assert (await shop.client.delete(path, headers=staff.headers)).status_code == 204
    assert await status(shop, path) == 404
    assert await rows(shop) == []
    assert await shop.rows("SELECT count(*) FROM post_slugs") == [(0,)]


async def test_everybody_writes_where_the_operator_lets_them(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_POSTS_OPEN", "true")
    buyer, other = await shop.buyer(), await shop.person()

    post = await written(shop, buyer)

    path = f"/posts/{post['id']}"
    assert (await shop.client.patch(path, json={"tags": ["a"]}, headers=other.headers)).status_code == 403
    assert (await shop.client.patch(path, json={"tags": ["a"]}, headers=buyer.headers)).status_code == 200
    assert (await shop.client.post("/posts", json={"title": TITLE, "content": "x"})).status_code == 401
    assert (await shop.client.delete(path, headers=buyer.headers)).status_code == 204


async def key(shop: Shop, person: Person, *scopes: str) -> dict[str, str]:
    body = {"name": "blog", "scopes": list(scopes), "password": "correct horse battery staple"}
    made = await shop.client.post("/users/me/api-keys", json=body, headers=person.headers)
    assert made.status_code == 201, made.text
    return {"X-API-Key": made.json()["key"]}


async def test_a_key_writes_posts_if_it_is_for_that(shop: Shop) -> None:
    ada = await author(shop)
    body = {"title": TITLE, "content": CONTENT}
    assert (await shop.client.post("/posts", json=body, headers=await key(shop, ada, "posts:write"))).status_code == 201
    for scope in ("self:write", "products:sell"):
        refused = await shop.client.post("/posts", json=body, headers=await key(shop, ada, scope))
        assert refused.status_code == 403
    assert await shop.rows("SELECT count(*) FROM posts") == [(1,)]


async def test_a_replacement_resets_and_a_change_leaves(shop: Shop) -> None:
    ada, item = await author(shop), await shop.item()
    post = await written(shop, ada, tags=["care"], product_ids=[item.product_id])
    path = f"/posts/{post['id']}"

    changed = (await shop.client.patch(path, json={"content": "# New"}, headers=ada.headers)).json()
    assert (changed["title"], changed["tags"], changed["product_ids"]) == (TITLE, ["care"], [item.product_id])
    assert changed["content_html"] == "<h2>New</h2>"
    assert changed["updated_at"] > post["updated_at"]
    assert changed["created_at"] == post["created_at"]

    replaced = (await shop.client.put(path, json={"title": TITLE, "content": "x"}, headers=ada.headers)).json()
    assert (replaced["tags"], replaced["product_ids"], replaced["published"]) == ([], [], True)

    back = await shop.client.patch(path, json={"published": False}, headers=ada.headers)
    assert (back.json()["published"], await status(shop, path)) == (False, 404)


async def test_slugs_follow_titles_and_old_ones_lead_on(shop: Shop) -> None:
    ada = await author(shop)
    post = await written(shop, ada, "First title")
    path = f"/posts/{post['id']}"

    async def rename(title: str) -> str:
        answer = await shop.client.patch(path, json={"title": title}, headers=ada.headers)
        return str(answer.json()["slug"])

    assert await rename("First title!") == "first-title"
    assert await rename("Second title") == "second-title"
    moved = await shop.client.get("/posts/first-title")
    assert (moved.status_code, moved.headers["location"]) == (301, "/api/v1/posts/second-title")
    assert (await written(shop, ada, "First title"))["slug"] == "first-title-2"
    assert await rename("First title") == "first-title"
    assert (await shop.client.get("/posts/second-title")).headers["location"] == "/api/v1/posts/first-title"
    assert await rename("Second title") == "second-title"
    await shop.client.patch(path, json={"published": False}, headers=ada.headers)
    assert [await status(shop, f"/posts/{slug}") for slug in ("first-title", "second-title")] == [404, 404]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Export", "export-2"),
        ("Größe & Fuß", "grosse-fuss"),
        ("喫茶店", "chi-cha-dian"),
        ("!!!", "post"),
        ("0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c55", "0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c55-2"),
        ("../../etc/passwd", "etc-passwd"),
    ],
)
async def test_slugs_lead_to_posts_whatever_the_title(shop: Shop, title: str, slug: str) -> None:
    ada = await author(shop)
    post = await written(shop, ada, title)
    assert post["slug"] == slug
    assert (await shop.client.get(f"/posts/{slug}")).json()["id"] == post["id"]


async def test_equal_titles_at_the_same_moment_get_a_slug_each(shop: Shop) -> None:
    people = [await author(shop, f"vendor-{n}") for n in range(4)]

    made = await asyncio.gather(*(write(shop, person, tags=["care", "new"]) for person in people for _ in range(3)))

    assert {answer.status_code for answer in made} == {201}
    assert len({answer.json()["slug"] for answer in made}) == 12
    assert await shop.rows("SELECT count(*) FROM posts") == [(12,)]
    assert await shop.rows("SELECT count(*) FROM post_tags") == [(2,)]


async def test_a_key_of_idempotency_writes_one_post(shop: Shop) -> None:
    ada = await author(shop)
    headers = {**ada.headers, "Idempotency-Key": "the-same-post"}
    body = {"title": TITLE, "content": CONTENT}
    first, again = [await shop.client.post("/posts", json=body, headers=headers) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    other = await shop.client.post("/posts", json={**body, "title": "Other"}, headers=headers)
    assert other.status_code in {409, 422}
    assert await shop.rows("SELECT count(*) FROM posts") == [(1,)]


async def test_an_etag_confirms_and_guards(shop: Shop) -> None:
    ada = await author(shop)
    post = await written(shop, ada)
    path = f"/posts/{post['slug']}"
    etag = (await shop.client.get(path)).headers["etag"]
    assert (await shop.client.get(path, headers={"If-None-Match": etag})).status_code == 304

    changed = await shop.client.patch(
        f"/posts/{post['id']}", json={"content": "New."}, headers={**ada.headers, "If-Match": etag}
    )
    assert changed.status_code == 200
    fresh = await shop.client.get(path, headers={"If-None-Match": etag})
    assert (fresh.status_code, fresh.json()["content"]) == (200, "New.")
    assert changed.headers["etag"] == fresh.headers["etag"]
    stale = {**ada.headers, "If-Match": etag}
    refused = [
        await shop.client.put(f"/posts/{post['id']}", json={"title": "abc", "content": "x"}, headers=stale),
        await shop.client.patch(f"/posts/{post['id']}", json={"title": "abc"}, headers=stale),
        await shop.client.delete(f"/posts/{post['id']}", headers=stale),
    ]
    assert [answer.status_code for answer in refused] == [412, 412, 412]
    assert (await shop.client.get(path)).json() == fresh.json()


async def test_of_two_edits_at_once_one_is_told(shop: Shop) -> None:
    ada = await author(shop)
    made = await write(shop, ada)
    path, headers = f"/posts/{made.json()['id']}", {**ada.headers, "If-Match": made.headers["etag"]}
    edits = [shop.client.patch(path, json={"content": f"v{n}"}, headers=headers) for n in range(4)]
    assert sorted(answer.status_code for answer in await asyncio.gather(*edits)) == [200, 412, 412, 412]


async def test_drafts_are_published_when_they_are_due(shop: Shop) -> None:
    ada = await author(shop)
    now = clock.now()
    soon, late = (now + timedelta(hours=1)).isoformat(), (now + timedelta(hours=9)).isoformat()
    first = await written(shop, ada, "Due soon", published=False, publish_at=soon)
    await written(shop, ada, "Due later", published=False, publish_at=late)
    called_off = await written(shop, ada, "Never", published=False, publish_at=soon)
    await shop.client.patch(f"/posts/{called_off['id']}", json={"publish_at": None}, headers=ada.headers)

    from mercat import outbox  # noqa: PLC0415 - for this test alone
    from mercat.content.posts import jobs  # noqa: PLC0415

    context = outbox.JobContext(shop.database)
    await jobs.publish_due(context)
    assert await titles(shop) == []
    with clock.standing_at(now + timedelta(hours=2)):
        await jobs.publish_due(context)
    assert await titles(shop) == ["Due soon"]
    read = (await shop.client.get(f"/posts/{first['slug']}")).json()
    assert (read["publish_at"], read["published"], read["version"]) == (None, True, 2)
    assert read["published_at"] > soon
    log = await shop.rows("SELECT actor, target_id::text FROM audit_log WHERE action = 'post.published'")
    assert log == [("system", first["id"])]
    told = await shop.rows("SELECT payload->>'post_id' FROM events WHERE name = 'post.published'")
    assert told == [(first["id"],)]
    with clock.standing_at(now + timedelta(hours=2)):
        await jobs.publish_due(context)
    assert await shop.rows("SELECT count(*) FROM events WHERE name = 'post.published'") == [(1,)]


async def test_each_publication_is_an_event_and_an_edit_is_none(shop: Shop) -> None:
    ada = await author(shop)
    post = await written(shop, ada, published=False)
    path = f"/posts/{post['id']}"
    assert await shop.rows("SELECT count(*) FROM events WHERE name = 'post.published'") == [(0,)]
    for changes in ({"published": True}, {"tags": ["a"]}, {"published": True}):
        assert (await shop.client.patch(path, json=changes, headers=ada.headers)).status_code == 200
    assert await shop.rows("SELECT payload->>'post_id' FROM events WHERE name = 'post.published'") == [(post["id"],)]
    first = (await shop.client.get(path)).json()["published_at"]
    for published in (False, True):
        await shop.client.patch(path, json={"published": published}, headers=ada.headers)
    assert (await shop.client.get(path)).json()["published_at"] == first


async def test_related_products_are_those_on_sale(shop: Shop) -> None:
    ada, admin = await author(shop), await shop.admin()
    mug, bowl = await shop.item(name="Mug"), await shop.item(name="Bowl")
    post = await written(shop, ada, product_ids=[bowl.product_id, mug.product_id, bowl.product_id])
    assert post["product_ids"] == [bowl.product_id, mug.product_id]

    async def shown() -> list[str]:
        answer = await shop.client.get(f"/posts/{post['id']}/products")
        return [product["name"] for product in answer.json()["items"]]

    assert await shown() == ["Bowl", "Mug"]
    await shop.client.delete(f"/products/{bowl.product_id}", headers=admin.headers)
    assert await shown() == ["Mug"]
    await shop.client.delete(f"/products/{bowl.product_id}/purge", headers=admin.headers)
    assert (await shop.client.get(f"/posts/{post['id']}")).json()["product_ids"] == [mug.product_id]
    assert (await shop.client.get("/posts/0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c55/products")).status_code == 404


async def test_what_a_person_wrote_is_told_and_forgotten(shop: Shop) -> None:
    ada, admin = await shop.person(auth.Role.moderator), await shop.admin()
    await shop.client.patch("/users/me", json={"first_name": "Ada", "last_name": "Quill"}, headers=ada.headers)
    post = await written(shop, ada)
    await written(shop, ada, "My secret plans", published=False)

    told = (await shop.client.get("/users/me/export", headers=ada.headers)).json()["posts"]["written"]
    assert [one["title"] for one in told] == [TITLE, "My secret plans"]

    assert (await shop.client.post(f"/users/{ada.id}/erase", headers=admin.headers)).status_code == 204
    read = (await shop.client.get(f"/posts/{post['slug']}")).json()
    assert (read["author_id"], read["author"], read["title"]) == (None, None, TITLE)
    assert read["updated_at"] == post["updated_at"]
    assert await shop.rows("SELECT count(*) FROM posts") == [(1,)]
    left = await shop.rows(
        "SELECT p::text FROM posts p WHERE p::text LIKE %s OR p::text LIKE %s", "%secret%", f"%{ada.id}%"
    )
    assert left == []
