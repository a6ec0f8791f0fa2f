"""What the audit log says about the catalogue."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from catalog.feeds.conftest import plain, text_of
from mercat import audit
from mercat.auth import Actor
from mercat.catalog import publication
from mercat.catalog.feeds import import_file, importer
from shopping import Person, Shop


async def entries(shop: Shop, action: str) -> list[audit.AuditEntry]:
    async with shop.database.primary_session() as session:
        found, _ = await audit.page(session, audit.AuditListing(action=[action]))
    return found


async def changes(shop: Shop, action: str = "product.updated") -> dict[str, Any]:
    [entry] = await entries(shop, action)
    return entry.model_dump(mode="json")["changes"]


async def make(shop: Shop, **fields: Any) -> dict[str, Any]:
    admin = await shop.admin()
    answer = await shop.client.post("/products", json={"name": "Mug", "price": "9.90", **fields}, headers=admin.headers)
    made: dict[str, Any] = answer.json()
    return made


async def patch(shop: Shop, product: dict[str, Any], *, by: Person | None = None, **fields: Any) -> dict[str, Any]:
    by = by or await shop.admin()
    answer = await shop.client.patch(f"/products/{product['id']}", json=fields, headers=by.headers)
    assert answer.status_code == 200, answer.text
    edited: dict[str, Any] = answer.json()
    return edited


async def test_an_edit_names_the_fields_that_changed_and_no_others(shop: Shop) -> None:
    product = await make(shop, tags=["Kitchen"], description="Good")

    await patch(shop, product, name="Cup", description="Good", tags=["Kitchen", "New"], brand="North Kiln")

    assert await changes(shop) == {
        "name": {"before": "Mug", "after": "Cup"},
        "tags": {"before": ["Kitchen"], "after": ["Kitchen", "New"]},
        "brand": {"before": None, "after": "North Kiln"},
    }
    [entry] = await entries(shop, "product.updated")
    assert (entry.actor.name, str(entry.target_id), entry.ip) == ("Test Person", product["id"], "127.0.0.1")


async def test_an_edit_that_changes_nothing_is_still_an_edit(shop: Shop) -> None:
    await patch(shop, await make(shop), name="Mug")

    assert await changes(shop) == {}


async def test_variants_are_told_apart_by_their_ids(shop: Shop) -> None:
    sizes = [{"options": {"Size": size}, "sku": f"SKU-{size}"} for size in "SML"]
    product = await make(shop, variants=sizes)
    small, medium, large = (variant["id"] for variant in product["variants"])

    wanted = [sizes[0], {**sizes[1], "price": "12"}, {"options": {"Size": "XL"}, "price": "15", "stock_quantity": 4}]
    after = await patch(shop, product, variants=wanted)
    new = after["variants"][2]["id"]

    found = await changes(shop)
    assert set(found) == {"variants", "stock"}
    before, now = found["variants"]["before"], found["variants"]["after"]
    assert (set(before), set(now)) == ({medium, large}, {medium, new})
    assert small not in before
    assert before[medium] == {"price": {"amount": "9.90", "currency": "EUR"}}
    assert now[medium] == {"price": {"amount": "12.00", "currency": "EUR"}}
    assert (before[large]["sku"], now[new]["options"], now[new]["position"]) == ("SKU-L", ["XL"], 2)
    assert found["stock"] == {
        "before": {new: {"available": 0, "allow_backorder": False}},
        "after": {new: {"available": 4, "allow_backorder": False}},
    }


async def test_a_count_says_what_it_changed_and_one_that_changes_nothing_says_nothing(shop: Shop) -> None:
    item, admin = await shop.item(stock=5), await shop.admin()
    await shop.order(item, quantity=2)
    path = f"/products/{item.product_id}/variants/{item.variant_id}/stock"

    for _ in range(2):
        await shop.client.put(path, json={"available": 8, "allow_backorder": True}, headers=admin.headers)

    assert await changes(shop, "product.stock_set") == {
        "stock": {
            "before": {item.variant_id: {"available": 3, "allow_backorder": False}},
            "after": {item.variant_id: {"available": 8, "allow_backorder": True}},
        }
    }


async def test_what_publishes_itself_is_the_systems_doing(shop: Shop) -> None:
    due = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    product = await make(shop, status="draft", publish_at=due)

    async with shop.database.transaction() as session:
        await publication.publish(session, await publication.due(session))

    [entry] = await entries(shop, "product.published")
    assert (entry.actor.id, entry.actor.name, str(entry.target_id)) == (None, "system", product["id"])
    found = await changes(shop, "product.published")
    assert found["status"] == {"before": "draft", "after": "active"}
    assert (found["publish_at"]["before"] is not None, found["publish_at"]["after"]) == (True, None)


async def test_a_category_is_told_by_what_changed(shop: Shop) -> None:
    admin = await shop.admin()
    made = await shop.client.post("/products/categories", json={"name": "Kitchen"}, headers=admin.headers)

    await shop.client.patch(
        f"/products/categories/{made.json()['id']}", json={"name": "Cuisine", "position": 0}, headers=admin.headers
    )

    assert await changes(shop, "category.updated") == {"name": {"before": "Kitchen", "after": "Cuisine"}}
    created = await changes(shop, "category.created")
    assert {name: change["after"] for name, change in created.items()} == {
        "name": "Kitchen",
        "slug": "kitchen",
        "position": 0,
        "filters": [],
    }


async def test_the_shops_first_product_makes_its_shop_on_the_way(shop: Shop) -> None:
    await make(shop)
    await make(shop)

    [entry] = await entries(shop, "vendor.created")
    assert entry.actor.name == "Test Person"
    assert (await changes(shop, "vendor.created"))["slug"] == {"before": None, "after": "marketplace"}


async def test_an_import_is_one_entry_and_none_if_it_changes_nothing(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "spring.csv"
    path.write_text(text_of([plain("cup"), plain("pot"), {"Handle": "bad"}]), encoding="utf-8")

    for _ in range(2):
        await import_file(shop.database, path, vendor_slug="acme", actor=Actor(name="import"))

    [entry] = await entries(shop, "feed.imported")
    assert (entry.actor.id, entry.actor.name, entry.request_id, entry.ip) == (None, "import", None, None)
    told = {name: change["after"] for name, change in (await changes(shop, "feed.imported")).items()}
    assert told == {"file": "spring.csv", "created": 2, "updated": 0, "unchanged": 0}
    assert await entries(shop, "product.") == []


async def test_each_transaction_of_an_import_is_an_entry_of_the_same_run(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "BATCH_PRODUCTS", 2)
    path = tmp_path / "spring.csv"
    path.write_text(text_of([plain(f"cup-{n}") for n in range(5)]), encoding="utf-8")

    await import_file(shop.database, path, vendor_slug="acme", actor=Actor(name="import"))

    found = await entries(shop, "feed.imported")
    assert len({entry.target_id for entry in found}) == 1
    counted = [change for entry in found for name, change in entry.changes.items() if name == "created"]
    assert [change.after for change in counted if change] == [1, 2, 2]
