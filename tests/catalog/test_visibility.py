"""Who sees what: drafts and archived products, other shops' products, and what readers may keep."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
import time_machine

from mercat import auth
from mercat.catalog import publication
from shopping import Person, Shop


async def make(shop: Shop, by: Person, **fields: Any) -> dict[str, Any]:
    answer = await shop.client.post("/products", json={"name": "Mug", "price": "1", **fields}, headers=by.headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


@pytest.mark.parametrize("status", ["draft", "archived"])
async def test_what_is_not_on_sale_is_for_those_who_may_edit_it(shop: Shop, status: str) -> None:
    owner, _ = await shop.seller("north-kiln")
    rival, _ = await shop.seller("south-mill")
    moderator = await shop.person(auth.Role.moderator)
    product = await make(shop, owner, status=status, stock_quantity=5, tags=["secret"])
    await shop.handle_events()
    assert (product["status"], product["is_active"]) == (status, False)

    for path in (f"/products/{product['id']}", "/products/mug"):
        for person in (None, rival, await shop.buyer()):
            answer = await shop.client.get(path, headers=person.headers if person else {})
            assert (answer.status_code, answer.json()["code"]) == (404, "catalog.product_not_found")
        for person in (owner, moderator, await shop.admin()):
            answer = await shop.client.get(path, headers=person.headers)
            assert answer.json() == product
            assert "public" not in answer.headers["cache-control"]
    for path in ("/products", "/products?cursor=", "/products/search?q=mug", "/products?tag=secret"):
        found = await shop.client.get(path, headers=owner.headers)
        assert found.json()["items"] == []
    assert (await shop.client.get("/products/suggest?q=mu")).json()["products"] == []
    item = {"variant_id": product["variants"][0]["id"], "quantity": 1}
    refused = await shop.client.post("/cart/add", json=item)
    assert refused.status_code in {404, 409}


async def test_publishing_and_withdrawing_show_at_once(shop: Shop) -> None:
    admin = await shop.admin()
    product = await make(shop, admin, status="draft")
    path = f"/products/{product['id']}"

    for status, seen in (("active", 200), ("archived", 404), ("active", 200), ("draft", 404)):
        await shop.client.patch(path, json={"status": status}, headers=admin.headers)
        assert (await shop.client.get(path)).status_code == seen
        assert (await shop.client.get("/products")).json()["total"] == (seen == 200)


async def test_a_draft_goes_on_sale_when_its_moment_comes_and_not_before(shop: Shop) -> None:
    admin = await shop.admin()
    moment = datetime.now(UTC) + timedelta(hours=1)
    draft = await make(shop, admin, status="draft", publish_at=moment.isoformat())
    archived = await make(shop, admin, status="archived", publish_at="2020-01-01T00:00:00+02:00")
    deleted = await make(shop, admin, status="draft", publish_at="2020-01-01T00:00:00Z")
    await shop.client.delete(f"/products/{deleted['id']}", headers=admin.headers)
    assert archived["publish_at"] == "2019-12-31T22:00:00Z"

    async def publish() -> list[str]:
        async with shop.database.transaction() as session:
            return [str(found) for found in await publication.publish(session, await publication.due(session))]

    assert await publish() == []
    assert (await shop.client.get("/products/mug")).status_code == 404
    with time_machine.travel(moment + timedelta(seconds=1), tick=False):
        assert await publish() == [draft["id"]]
        assert await publish() == []

    shown = (await shop.client.get("/products/mug")).json()
    assert (shown["status"], shown["publish_at"], shown["version"]) == ("active", None, draft["version"] + 1)
    assert (await shop.client.get("/products")).json()["total"] == 1


async def test_a_product_that_was_put_on_sale_and_withdrawn_stays_withdrawn(shop: Shop) -> None:
    admin = await shop.admin()
    moment = datetime.now(UTC) + timedelta(hours=1)
    draft = await make(shop, admin, status="draft", publish_at=moment.isoformat())
    for status in ("active", "draft"):
        body = {"status": status}
        answer = await shop.client.patch(f"/products/{draft['id']}", json=body, headers=admin.headers)
        assert answer.json()["publish_at"] is None

    with time_machine.travel(moment + timedelta(days=1), tick=False):
        async with shop.database.transaction() as session:
            assert await publication.due(session) == []

    assert (await shop.client.get("/products/mug")).status_code == 404


async def isolated(shop: Shop, product: dict[str, Any], intruder: Person) -> list[httpx2.Response]:
    path = f"/products/{product['id']}"
    stock = f"{path}/variants/{product['variants'][0]['id']}/stock"
    calls: list[tuple[str, str, Any]] = [
        ("PUT", path, {"name": "Mine", "price": "1"}),
        ("PATCH", path, {"name": "Mine"}),
        ("PATCH", path, {"status": "archived"}),
        ("PATCH", path, {}),
        ("DELETE", path, None),
        ("GET", stock, None),
        ("PUT", stock, {"available": 0}),
        ("PUT", stock, {"available": 7, "allow_backorder": True}),
    ]
    return [
        await shop.client.request(method, target, headers=intruder.headers, **({} if body is None else {"json": body}))
        for method, target, body in calls
    ]


@pytest.mark.parametrize("status", ["active", "draft"])
async def test_another_shops_product_does_not_exist_for_a_seller(shop: Shop, status: str) -> None:
    owner, _ = await shop.seller("north-kiln")
    rival, _ = await shop.seller("south-mill")
    product = await make(shop, owner, status=status, stock_quantity=3)

    answers = await isolated(shop, product, rival)

    assert [(a.status_code, a.json()["code"]) for a in answers] == [(404, "catalog.product_not_found")] * len(answers)
    own = await shop.client.get(f"/products/{product['id']}", headers=owner.headers)
    assert own.json() == product
    assert await shop.rows("SELECT count(*) FROM stock_movements") == [(1,)]


async def test_who_left_a_shop_or_lost_the_role_may_not_write_any_more(shop: Shop) -> None:
    owner, _ = await shop.seller("north-kiln")
    product = await make(shop, owner, stock_quantity=3)
    await shop.rows("DELETE FROM vendor_members RETURNING user_id")

    assert {a.status_code for a in await isolated(shop, product, owner)} == {404}

    member = await shop.person()
    await shop.rows("INSERT INTO vendor_members SELECT id, %s, 'owner' FROM vendors RETURNING user_id", member.id)
    assert {a.status_code for a in await isolated(shop, product, member)} == {403}
    assert (await shop.client.get(f"/products/{product['id']}")).json() == product


async def test_a_variant_of_another_product_is_not_reached_through_ones_own(shop: Shop) -> None:
    owner, _ = await shop.seller("north-kiln")
    rival, _ = await shop.seller("south-mill")
    theirs = await make(shop, owner, stock_quantity=3)
    own = await make(shop, rival)
    variant = theirs["variants"][0]["id"]

    stock = f"/products/{own['id']}/variants/{variant}/stock"
    answers = [
        await shop.client.get(stock, headers=rival.headers),
        await shop.client.put(stock, json={"available": 0}, headers=rival.headers),
    ]
    assert [(a.status_code, a.json()["code"]) for a in answers] == [(404, "catalog.variant_not_found")] * 2
    stolen = await shop.client.patch(
        f"/products/{own['id']}", json={"variants": [{"id": variant, "price": "1"}]}, headers=rival.headers
    )
    assert (stolen.status_code, stolen.json()["code"]) == (422, "catalog.unknown_variant")
    assert (await shop.client.get(f"/products/{theirs['id']}")).json() == theirs


@pytest.mark.parametrize("path", ["/products", "/products/mug", "/products/categories", "/products/search?q=mug"])
async def test_what_did_not_change_is_not_sent_again(shop: Shop, path: str) -> None:
    await shop.item(name="Mug", stock=2)
    await shop.handle_events()
    first = await shop.client.get(path)
    etag = first.headers["etag"]
    assert first.headers["cache-control"] == "public, max-age=0, must-revalidate"

    again = await shop.client.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)

    admin = await shop.admin()
    kitchen = await shop.client.post("/products/categories", json={"name": "Kitchen"}, headers=admin.headers)
    product = (await shop.client.get("/products/mug")).json()
    body = {"name": "Cup mug", "category_id": kitchen.json()["id"]}
    await shop.client.patch(f"/products/{product['id']}", json=body, headers=admin.headers)
    await shop.handle_events()

    changed = await shop.client.get(path, headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != etag


async def test_the_etag_follows_the_stock(shop: Shop) -> None:
    item = await shop.item(name="Mug", stock=1)
    path = f"/products/{item.product_id}"
    seen = [(await shop.client.get(path)).headers["etag"]]
    admin = await shop.admin()

    stock = f"{path}/variants/{item.variant_id}/stock"
    await shop.client.put(stock, json={"available": 3}, headers=admin.headers)
    seen.append((await shop.client.get(path, headers={"If-None-Match": seen[-1]})).headers["etag"])
    await shop.order(item)
    seen.append((await shop.client.get(path)).headers["etag"])

    assert len(set(seen)) == 3
    assert len({tag.split(".")[0] for tag in seen}) == 1
    edit = await shop.client.patch(path, json={"name": "Cup"}, headers={**admin.headers, "If-Match": seen[0]})
    assert edit.status_code == 200


async def test_what_is_not_there_is_a_404(shop: Shop) -> None:
    await shop.item(name="Mug")
    unknown = "0190a8c0-7e57-7000-8000-000000000001"

    for name in (
        "nothing",
        unknown,
        unknown.replace("-", ""),
        "0",
        "%F0%9F%98%80",
        "x" * 255,
        "MUG",
        "mug%20",
        "mug%2Fx",
    ):
        answer = await shop.client.get(f"/products/{name}")
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json"), name
    for name in ("%00", "x" * 256):
        assert (await shop.client.get(f"/products/{name}")).status_code == 422, name


READS = ("/products", "/products/mug", "/products/search?q=mug", "/products/suggest?q=m", "/products/categories")


@pytest.mark.parametrize("path", READS)
async def test_head_is_answered_like_get_without_a_body(shop: Shop, path: str) -> None:
    await shop.item(name="Mug")
    get = await shop.client.get(path)

    head = await shop.client.head(path)

    assert (head.status_code, head.content) == (200, b"")
    kept = {"etag", "cache-control", "content-type", "content-length", "content-security-policy"}
    assert {k: v for k, v in head.headers.items() if k in kept} == {k: v for k, v in get.headers.items() if k in kept}
    known = await shop.client.head(path, headers={"If-None-Match": get.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")


async def test_head_of_what_is_not_there_or_not_allowed_is_refused_like_get(shop: Shop) -> None:
    for path, status in (
        ("/products/nothing", 404),
        ("/products?page=0", 422),
        ("/auth/me", 401),
        ("/auth/login", 405),
    ):
        head, get = await shop.client.head(path), await shop.client.get(path)
        assert (head.status_code, head.content) == (status, b"")
        assert get.status_code == status
