"""A vendor's own products in its portal: all of them and no others, and edits of all or none."""

from typing import Any

import httpx2

from mercat import auth, vendors
from shopping import Person, Shop


async def listed(shop: Shop, person: Person, query: str = "") -> list[str]:
    answer = await shop.client.get(f"/vendor/products{query}", headers=person.headers)
    assert answer.status_code == 200, answer.text
    assert answer.json()["total"] >= len(answer.json()["items"])
    return [item["name"] for item in answer.json()["items"]]


async def edit(shop: Shop, person: Person, *items: dict[str, Any], query: str = "") -> httpx2.Response:
    return await shop.client.patch(f"/vendor/products{query}", json={"items": items}, headers=person.headers)


async def price(shop: Shop, product_id: str) -> int:
    return int((await shop.rows("SELECT price_minor FROM variants WHERE product_id = %s", product_id))[0][0])


async def test_a_shop_sees_all_of_its_own(shop: Shop) -> None:
    potter, _ = await shop.seller("clay")
    rival, _ = await shop.seller("wool")
    mug = await shop.item(vendor="clay", name="Mug", price="12.00", stock=3)
    await shop.item(vendor="wool", name="Scarf")
    draft = {"name": "A_Bowl", "price": "9.00", "status": "draft", "sku": "BOWL-1"}
    assert (await shop.client.post("/products", json=draft, headers=potter.headers)).status_code == 201

    assert sorted(await listed(shop, potter)) == ["A_Bowl", "Mug"]
    assert await listed(shop, potter, "?status=draft") == ["A_Bowl"]
    assert await listed(shop, potter, "?sort=name") == ["A_Bowl", "Mug"]
    assert await listed(shop, potter, "?sort=-price") == ["Mug", "A_Bowl"]
    assert await listed(shop, potter, "?sort=name&size=1&page=2") == ["Mug"]
    assert await listed(shop, potter, "?q=bowl-") == ["A_Bowl"]
    assert await listed(shop, potter, "?q=_") == ["A_Bowl"]
    assert await listed(shop, potter, "?q=scarf") == []
    assert await listed(shop, rival) == ["Scarf"]
    [shown] = (await shop.client.get("/vendor/products?q=mug", headers=potter.headers)).json()["items"]
    assert (shown["id"], shown["price"]["amount"], shown["stock_quantity"], shown["on_sale"]) == (
        mug.product_id,
        "12.00",
        3,
        True,
    )
    for headers, status in (({}, 401), ((await shop.buyer()).headers, 403)):
        assert (await shop.client.get("/vendor/products", headers=headers)).status_code == status


async def test_many_are_changed_together(shop: Shop) -> None:
    potter, _ = await shop.seller("clay")
    mug, cup = await shop.item(vendor="clay", name="Mug"), await shop.item(vendor="clay", name="Cup")

    edited = await edit(
        shop, potter, {"id": mug.product_id, "price": "14.00"}, {"id": cup.product_id, "status": "archived"}
    )

    assert edited.status_code == 200, edited.text
    assert [(item["name"], item["status"], item["on_sale"]) for item in edited.json()["items"]] == [
        ("Mug", "active", True),
        ("Cup", "archived", False),
    ]
    assert await price(shop, mug.product_id) == 1400
    assert (await shop.client.get(f"/products/{cup.slug}")).status_code == 404
    entries = await shop.rows("SELECT target_id FROM audit_log WHERE action = 'product.updated'")
    assert {str(target) for (target,) in entries} == {mug.product_id, cup.product_id}


async def test_one_that_is_another_shops_leaves_all_as_they_were(shop: Shop) -> None:
    potter, _ = await shop.seller("clay")
    mug, scarf = await shop.item(vendor="clay", name="Mug"), await shop.item(vendor="wool", name="Scarf")

    refused = await edit(
        shop, potter, {"id": mug.product_id, "price": "14.00"}, {"id": scarf.product_id, "price": "0.01"}
    )

    assert (refused.status_code, refused.json()["products"]) == (404, [scarf.product_id])
    assert [await price(shop, item.product_id) for item in (mug, scarf)] == [1000, 1000]
    stale = await edit(shop, potter, {"id": mug.product_id, "price": "14.00", "version": 77})
    assert stale.status_code == 412
    for items in ([], [{"id": mug.product_id}] * 2, [{"id": mug.product_id, "vendor_id": str(potter.id)}]):
        assert (await edit(shop, potter, *items)).status_code == 422


async def test_operators_who_also_sell_touch_only_the_shop_they_name(shop: Shop) -> None:
    operator = await shop.person(auth.Role.admin)
    mug, scarf = await shop.item(vendor="clay"), await shop.item(vendor="wool")
    async with shop.database.transaction() as session:
        for slug in ("clay", "wool"):
            shop_id = await vendors.ensure(session, auth.Actor.system(), slug, slug)
            await vendors.add_member(session, auth.Actor.system(), shop_id, operator.id, "staff")

    both = ({"id": mug.product_id, "price": "2.00"}, {"id": scarf.product_id, "price": "2.00"})
    assert (await edit(shop, operator, *both)).json()["code"] == "vendors.vendor_not_chosen"
    assert (await edit(shop, operator, *both, query="?vendor=clay")).status_code == 404
    assert (await edit(shop, operator, both[0], query="?vendor=clay")).status_code == 200


async def test_a_suspended_shop_changes_nothing(shop: Shop) -> None:
    potter, _ = await shop.seller("clay")
    mug = await shop.item(vendor="clay")
    await shop.rows("UPDATE vendors SET status = 'suspended' RETURNING 1")

    refused = await edit(shop, potter, {"id": mug.product_id, "price": "14.00"})

    assert (refused.status_code, refused.json()["code"]) == (409, "vendors.suspended")
    assert len(await listed(shop, potter)) == 1


async def test_a_shop_takes_its_own_products_away_as_a_file(shop: Shop) -> None:
    potter, _ = await shop.seller("clay")
    await shop.item(vendor="clay", name="Mug")
    await shop.item(vendor="wool", name="Scarf")

    file = await shop.client.get("/vendor/products/export", headers=potter.headers)

    assert (file.status_code, file.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert 'filename="clay.csv"' in file.headers["content-disposition"]
    lines = file.text.splitlines()
    assert lines[0].startswith("Handle,Title")
    assert [line.split(",")[1] for line in lines[1:]] == ["Mug"]
    assert (await shop.client.get("/vendor/products/export")).status_code == 401
