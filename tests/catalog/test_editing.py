"""Replacing, changing and removing products over HTTP."""

import asyncio
from collections import Counter
from typing import Any

import httpx2
import pytest

from shopping import Person, Shop


async def make(shop: Shop, **fields: Any) -> dict[str, Any]:
    admin = await shop.admin()
    body = {"name": "Mug", "price": "9.90", "stock_quantity": 5, **fields}
    answer = await shop.client.post("/products", json=body, headers=admin.headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def send(
    shop: Shop, method: str, product: dict[str, Any], body: Any = None, *, by: Person | None = None, **headers: str
) -> httpx2.Response:
    by = by or await shop.admin()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    arguments = {} if body is None else {"json": body}
    return await shop.client.request(method, f"/products/{product['id']}", headers={**by.headers, **named}, **arguments)


async def read(shop: Shop, product: dict[str, Any]) -> httpx2.Response:
    return await shop.client.get(f"/products/{product['id']}")


FULL: dict[str, Any] = {
    "description": "<p>Good</p>",
    "brand": "North Kiln",
    "tags": ["Kitchen"],
    "attributes": {"Material": "Clay"},
    "images": [{"url": "/media/a.webp", "alt": "A"}],
    "compare_at_price": "12.00",
    "sku": "MUG",
    "barcode": "123",
    "weight_grams": 300,
    "seo": {"title": "T", "description": "D"},
}


async def test_a_change_changes_what_it_names_and_nothing_else(shop: Shop) -> None:
    before = await make(shop, **FULL)

    answer = await send(shop, "PATCH", before, {"name": "Cup", "price": "8.00"})

    after = answer.json()
    assert answer.status_code == 200
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"name", "price", "lowest_price_30d", "variants", "version", "updated_at"}
    assert (after["name"], after["slug"], after["price"]["amount"]) == ("Cup", "mug", "8.00")
    assert after["lowest_price_30d"] == before["price"]  # both are announced as reductions from 12.00
    [variant] = before["variants"]
    assert after["variants"] == [{**variant, "price": after["price"], "lowest_price_30d": before["price"]}]
    assert (await read(shop, before)).json() == after


async def test_each_field_can_be_changed_alone(shop: Shop) -> None:
    product = await make(shop)
    expected = {
        "description": ("Plain", "Plain"),
        "brand": ("B", "B"),
        "tags": (["X", "Y"], ["X", "Y"]),
        "attributes": ({"a": "b"}, {"a": "b"}),
        "seo": ({"title": "T"}, {"title": "T", "description": ""}),
        "status": ("archived", "archived"),
        "slug": ("cup", "cup"),
    }

    for field, (given, shown) in expected.items():
        after = (await send(shop, "PATCH", product, {field: given})).json()
        value = after[field]["name"] if field == "brand" else after[field]
        assert value == shown, field


async def test_null_clears_what_can_be_without(shop: Shop) -> None:
    product = await make(shop, **FULL)
    nothing = dict.fromkeys(("brand", "compare_at_price", "sku", "barcode", "weight_grams", "category_id"))

    after = (await send(shop, "PATCH", product, nothing)).json()

    assert (after["brand"], after["compare_at_price"], after["category"]) == (None, None, None)
    variant = after["variants"][0]
    assert (variant["sku"], variant["barcode"], variant["weight_grams"]) == (None, None, None)
    assert (after["name"], after["tags"], after["stock_quantity"]) == ("Mug", ["Kitchen"], 5)


async def test_a_replacement_puts_back_to_the_default_what_it_leaves_out_but_not_the_product_s_parts(
    shop: Shop,
) -> None:
    product = await make(shop, **FULL, status="draft")

    after = (await send(shop, "PUT", product, {"name": "Bowl", "price": "7.00"})).json()

    assert (after["id"], after["slug"], after["name"]) == (product["id"], "mug", "Bowl")
    assert (after["status"], after["price"]["amount"], after["stock_quantity"]) == ("active", "7.00", 5)
    assert (after["description"], after["brand"], after["tags"], after["attributes"]) == ("", None, [], {})
    assert (after["images"], after["compare_at_price"], after["seo"]["title"]) == (product["images"], None, "")
    assert after["images"] != []
    variant = after["variants"][0]
    assert variant["id"] == product["variants"][0]["id"]
    former = product["variants"][0]
    for name in ("sku", "barcode", "weight_grams"):
        assert variant[name] == former[name] is not None

    bare = (await send(shop, "PUT", product, {"name": "Bowl", "price": "7.00", "images": [], "sku": None})).json()
    assert (bare["images"], bare["variants"][0]["sku"], bare["variants"][0]["barcode"]) == ([], None, former["barcode"])


async def test_a_replacement_that_names_no_variants_keeps_all_of_them(shop: Shop) -> None:
    sizes = [
        {"sku": f"TEE-{size}", "options": {"Size": size}, "stock_quantity": 2, "compare_at_price": "30.00"}
        for size in ("S", "M")
    ]
    product = await make(shop, name="Tee", price="20.00", options=[{"name": "Size"}], variants=sizes)

    after = (await send(shop, "PUT", product, {"name": "Shirt", "price": "25.00"})).json()

    assert [(one["id"], one["sku"], one["available"]) for one in after["variants"]] == [
        (one["id"], one["sku"], 2) for one in product["variants"]
    ]
    assert {(one["price"]["amount"], one["compare_at_price"]) for one in after["variants"]} == {("25.00", None)}
    only = (await send(shop, "PUT", product, {"name": "Shirt", "price": "25.00", "variants": []})).json()
    assert [one["options"] for one in only["variants"]] == [{}]


async def test_a_replacement_must_be_whole(shop: Shop) -> None:
    product = await make(shop)

    refused = [await send(shop, "PUT", product, body) for body in ({"name": "Bowl"}, {"price": "7.00"}, {}, [], None)]

    assert [answer.status_code for answer in refused] == [422] * 5
    assert (await read(shop, product)).json() == product


async def test_a_refused_change_changes_nothing(shop: Shop) -> None:
    product = await make(shop, **FULL)
    other = await make(shop, name="Bowl", sku="BOWL")
    etag = (await read(shop, product)).headers["etag"]
    bodies: list[tuple[dict[str, Any], int]] = [
        ({"name": "X", "price": "-1"}, 422),
        ({"name": "X", "price": {"amount": "1", "currency": "USD"}}, 422),
        ({"name": "X", "stock_quantity": True}, 422),
        ({"name": "X", "stock_quantity": "3"}, 422),
        ({"name": "X", "sku": "BOWL"}, 409),
        ({"name": "X", "slug": other["slug"]}, 409),
        ({"name": "X", "category_id": other["id"]}, 422),
        ({"name": "X", "vendor_id": other["vendor"]["id"]}, 422),
        ({"name": "X", "id": other["id"]}, 422),
        ({"name": "X", "options": [{"name": "Size"}]}, 422),
        ({"name": "X", "variants": [{"id": other["variants"][0]["id"]}]}, 422),
        ({"name": "X", "created_at": "2020-01-01T00:00:00Z"}, 422),
        ({"name": ""}, 422),
    ]

    for body, status in bodies:
        answer = await send(shop, "PATCH", product, body)
        assert answer.status_code == status, body

    now = await read(shop, product)
    assert (now.json(), now.headers["etag"]) == (product, etag)
    await shop.stock_is_explained()


async def test_fields_of_one_variant_are_not_set_on_several(shop: Shop) -> None:
    product = await make(
        shop, stock_quantity=None, variants=[{"options": {"Size": s}, "stock_quantity": 1} for s in "SM"]
    )

    for field, value in (("sku", "X"), ("stock_quantity", 9), ("barcode", "1"), ("weight_grams", 1)):
        answer = await send(shop, "PATCH", product, {field: value})
        assert (answer.status_code, answer.json()["code"]) == (422, "catalog.has_variants")
    assert (await read(shop, product)).json() == product

    raised = (await send(shop, "PATCH", product, {"price": "11"})).json()
    assert {variant["price"]["amount"] for variant in raised["variants"]} == {"11.00"}


SIZES = [{"options": {"Size": size}, "sku": f"SKU-{size}", "stock_quantity": n} for n, size in enumerate("SML", 1)]


async def test_variants_keep_their_identity_by_their_options(shop: Shop) -> None:
    product = await make(shop, stock_quantity=None, variants=SIZES)
    small, medium, _ = product["variants"]

    wanted = [{"options": {"Size": "M"}, "sku": "NEW-M"}, {"options": {"Size": "S"}}, {"options": {"Size": "XL"}}]
    after = (await send(shop, "PATCH", product, {"variants": wanted, "price": "5"})).json()

    assert [v["title"] for v in after["variants"]] == ["M", "S", "XL"]
    assert [v["id"] for v in after["variants"][:2]] == [medium["id"], small["id"]]
    assert [(v["sku"], v["available"]) for v in after["variants"]] == [("NEW-M", 2), (None, 1), (None, 0)]
    await shop.stock_is_explained()


async def test_variants_may_change_places(shop: Shop) -> None:
    product = await make(shop, stock_quantity=None, variants=SIZES[:2])
    small, medium = product["variants"]

    swapped = [
        {"id": small["id"], "options": {"Size": "M"}, "sku": "SKU-M"},
        {"id": medium["id"], "options": {"Size": "S"}, "sku": "SKU-S"},
    ]
    answer = await send(shop, "PATCH", product, {"variants": swapped})

    assert answer.status_code == 200, answer.text
    after = answer.json()["variants"]
    assert [(v["id"], v["title"], v["sku"]) for v in after] == [
        (small["id"], "M", "SKU-M"),
        (medium["id"], "S", "SKU-S"),
    ]
    assert [v["available"] for v in after] == [1, 2]


async def test_a_new_variant_may_have_the_sku_of_one_that_goes(shop: Shop) -> None:
    product = await make(shop, stock_quantity=None, variants=SIZES[:2])
    gone = product["variants"][1]["id"]

    wanted = [{"options": {"Size": "S"}, "sku": "SKU-S"}, {"options": {"Size": "XL"}, "sku": "SKU-M", "price": "1"}]
    answer = await send(shop, "PATCH", product, {"variants": wanted})

    assert answer.status_code == 200, answer.text
    assert [v["sku"] for v in answer.json()["variants"]] == ["SKU-S", "SKU-M"]
    assert gone not in {v["id"] for v in answer.json()["variants"]}
    assert await shop.rows("SELECT deleted_at IS NULL FROM variants WHERE id = %s", gone) == [(False,)]


async def test_a_variant_that_is_named_is_not_also_found_by_its_options(shop: Shop) -> None:
    product = await make(shop, stock_quantity=None, variants=SIZES[:1])
    small = product["variants"][0]

    moved = [{"id": small["id"], "options": {"Size": "M"}}, {"options": {"Size": "S"}, "price": "3"}]
    after = (await send(shop, "PATCH", product, {"variants": moved})).json()["variants"]

    assert [(v["title"], v["id"] == small["id"]) for v in after] == [("M", True), ("S", False)]
    twice = [{"id": small["id"], "options": {"Size": "M"}}, {"id": small["id"], "options": {"Size": "L"}}]
    answer = await send(shop, "PATCH", product, {"variants": twice})
    assert (answer.status_code, answer.json()["code"]) == (422, "catalog.duplicate_variant")
    assert (await read(shop, product)).json()["variants"] == after


async def test_back_orders_can_be_allowed_without_a_count(shop: Shop) -> None:
    product = await make(shop, stock_quantity=2)

    after = (await send(shop, "PATCH", product, {"variants": [{"allow_backorder": True}]})).json()

    assert after["variants"][0]["available"] == 2
    assert await shop.rows("SELECT on_hand, allow_backorder FROM stock_levels") == [(2, True)]
    await shop.stock_is_explained()


async def test_a_product_with_one_variant_becomes_one_with_several_and_back(shop: Shop) -> None:
    product = await make(shop, sku="MUG")

    unpriced = await send(shop, "PATCH", product, {"options": [{"name": "Size"}], "variants": SIZES})
    assert (unpriced.status_code, unpriced.json()["code"]) == (422, "catalog.price_missing")
    wanted = {"options": [{"name": "Size"}], "variants": SIZES, "price": "9"}
    several = (await send(shop, "PATCH", product, wanted)).json()
    assert [v["title"] for v in several["variants"]] == ["S", "M", "L"]
    assert several["stock_quantity"] == 6
    single = await send(shop, "PATCH", product, {"variants": [], "price": "4", "sku": "MUG", "stock_quantity": 1})

    assert single.status_code == 200, single.text
    assert [(v["title"], v["sku"], v["available"]) for v in single.json()["variants"]] == [("Default", "MUG", 1)]
    assert single.json()["options"] == []
    await shop.stock_is_explained()


async def test_who_read_another_version_is_told_so(shop: Shop) -> None:
    product = await make(shop)
    first = (await read(shop, product)).headers["etag"]
    changed = await send(shop, "PATCH", product, {"name": "Cup"}, If_Match=first)
    assert changed.status_code == 200
    assert changed.headers["etag"] != first

    for method, body in (("PATCH", {"name": "X"}), ("PUT", {"name": "X", "price": "1"}), ("DELETE", None)):
        late = await send(shop, method, product, body, If_Match=first)
        assert (late.status_code, late.json()["code"]) == (412, "request.precondition_failed")
    assert (await read(shop, product)).json() == changed.json()

    for tag in ("*", f'"x", {changed.headers["etag"]}'):
        answer = await send(shop, "PATCH", product, {"description": tag}, If_Match=tag)
        assert answer.status_code == (200 if tag == "*" else 412)
    current = (await read(shop, product)).headers["etag"]
    assert (await send(shop, "DELETE", product, If_Match=current)).status_code == 204


async def test_of_two_edits_of_one_version_one_wins(shop: Shop) -> None:
    product = await make(shop)
    etag = (await read(shop, product)).headers["etag"]

    answers = await asyncio.gather(
        *(send(shop, "PATCH", product, {"name": f"Name {n}"}, If_Match=etag) for n in range(5))
    )

    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 4}
    [winner] = [answer.json() for answer in answers if answer.status_code == 200]
    assert (await read(shop, product)).json() == winner


async def test_edits_at_once_without_a_condition_all_happen_and_the_card_is_the_last(shop: Shop) -> None:
    product = await make(shop)

    answers = await asyncio.gather(*(send(shop, "PATCH", product, {"name": f"Name {n}"}) for n in range(8)))

    assert {answer.status_code for answer in answers} == {200}
    assert sorted(a.json()["version"] for a in answers) == list(range(product["version"] + 1, product["version"] + 9))
    last = max((answer.json() for answer in answers), key=lambda one: int(one["version"]))
    assert (await read(shop, product)).json() == last


async def test_a_deleted_product_is_gone_for_everybody_and_its_orders_stay(shop: Shop) -> None:
    product = await make(shop, sku="MUG")
    item = [{"variant_id": product["variants"][0]["id"], "quantity": 1}]
    order = await shop.client.post(
        "/orders",
        json={"items": item, "email": "ada@example.com", "shipping_address": ADDRESS},
        headers={"Idempotency-Key": "1"},
    )
    assert order.status_code == 201

    answer = await send(shop, "DELETE", product)

    assert (answer.status_code, answer.content) == (204, b"")
    admin = await shop.admin()
    for path in (f"/products/{product['id']}", "/products/mug"):
        assert (await shop.client.get(path)).status_code == 404
        assert (await shop.client.get(path, headers=admin.headers)).status_code == 404
    assert (await shop.client.get("/products")).json()["total"] == 0
    for method, body in (("PATCH", {"name": "X"}), ("PUT", {"name": "X", "price": "1"}), ("DELETE", None)):
        assert (await send(shop, method, product, body)).status_code == 404
    read_order = await shop.client.get(f"/orders/{order.json()['id']}", headers=admin.headers)
    assert read_order.json()["items"][0]["name"] == "Mug"
    again = await make(shop, sku="MUG")
    assert again["slug"] == "mug-2"


async def test_two_deletions_at_once_are_one(shop: Shop) -> None:
    product = await make(shop)

    answers = await asyncio.gather(*(send(shop, "DELETE", product) for _ in range(4)))

    assert Counter(answer.status_code for answer in answers) == {204: 1, 404: 3}


async def test_an_edit_that_waited_for_a_deletion_finds_nothing(shop: Shop) -> None:
    product = await make(shop)

    deleted, *edits = await asyncio.gather(
        send(shop, "DELETE", product), *(send(shop, "PATCH", product, {"name": f"N{n}"}) for n in range(4))
    )

    assert deleted.status_code == 204
    assert {answer.status_code for answer in edits} <= {200, 404}
    assert (await read(shop, product)).status_code == 404
    assert await shop.rows("SELECT 1 FROM product_projections") == []


@pytest.mark.parametrize("old", ["mug", "api", "products", "v1"])
async def test_an_old_slug_leads_to_the_new_one(shop: Shop, old: str) -> None:
    product = await make(shop, slug=old)
    await send(shop, "PATCH", product, {"slug": "second"})
    await send(shop, "PATCH", product, {"slug": "third"})

    for path in (f"/products/{old}", f"/products/{old}/", "/products/second"):
        answer = await shop.client.get(path)
        assert answer.status_code == 301
        assert answer.headers["location"] == "/api/v1/products/third"
    followed = await shop.client.get(f"/products/{old}", follow_redirects=True)
    assert followed.json()["id"] == product["id"]


async def test_a_slug_is_never_given_to_another_product(shop: Shop) -> None:
    product, other = await make(shop), await make(shop, name="Cup")
    await send(shop, "PATCH", product, {"slug": "bowl"})

    taken = await send(shop, "PATCH", other, {"slug": "mug"})
    assert (taken.status_code, taken.json()["code"]) == (409, "catalog.slug_taken")
    assert (await make(shop))["slug"] == "mug-2"
    back = await send(shop, "PATCH", product, {"slug": "mug"})
    assert (back.status_code, back.json()["slug"]) == (200, "mug")
    assert (await shop.client.get("/products/bowl")).headers["location"].endswith("/mug")


ADDRESS = {"name": "A", "line1": "B", "city": "C", "postal_code": "SW1Y 4JH", "country": "GB"}
