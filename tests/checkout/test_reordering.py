"""What was ordered before goes into the cart again, as far as it can still be bought."""

from typing import Any

from shopping import Shop


async def reorder(shop: Shop, order_id: str, headers: dict[str, str]) -> Any:
    return await shop.client.post(f"/orders/{order_id}/reorder", headers=headers)


async def test_what_can_be_bought_is_in_the_cart_and_the_rest_is_named(shop: Shop) -> None:
    buyer, admin = await shop.buyer(), await shop.admin()
    mug, scarf, gone = await shop.item(stock=9), await shop.item(stock=5, name="Scarf"), await shop.item(name="Gone")
    order = (await shop.order(mug, scarf, gone, quantity=3, headers=buyer.headers)).json()
    assert (await shop.client.delete(f"/products/{gone.product_id}", headers=admin.headers)).status_code == 204

    once = await reorder(shop, order["id"], buyer.headers)
    twice = await reorder(shop, order["id"], buyer.headers)

    assert once.status_code == 200, once.text
    lines = {line["variant_id"]: line["quantity"] for line in once.json()["cart"]["items"]}
    assert lines == {mug.variant_id: 3, scarf.variant_id: 2}
    assert {(out["variant_id"], out["quantity"], out["code"]) for out in once.json()["left_out"]} == {
        (scarf.variant_id, 1, "inventory.insufficient_stock"),
        (gone.variant_id, 3, "cart.not_for_sale"),
    }
    assert {line["variant_id"]: line["quantity"] for line in twice.json()["cart"]["items"]} == {
        mug.variant_id: 6,
        scarf.variant_id: 2,
    }
    await shop.stock_is_explained()


async def test_only_ones_own_order(shop: Shop) -> None:
    order = (await shop.order(await shop.item(), headers=(await shop.buyer()).headers)).json()
    other = await shop.person()

    assert (await reorder(shop, order["id"], other.headers)).status_code == 404
    assert (await reorder(shop, order["id"], {})).status_code == 401
    assert await shop.rows("SELECT id FROM cart_items") == []
