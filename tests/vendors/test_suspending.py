"""A suspended shop sells nothing from the moment on, and finishes what was begun."""

import asyncio

import anyio
from sqlalchemy import text

from letters import Mailbox
from mercat import auth, vendors
from mercat.vendors.onboarding import Decision
from shopping import Shop
from vendors.people import decide

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


async def until_waiting(shop: Shop, count: int = 1) -> None:
    """Return when so many transactions wait for a lock."""
    with anyio.fail_after(10):
        while (await shop.rows(WAITING))[0][0] < count:
            await anyio.lowlevel.checkpoint()


async def test_everything_of_the_shop_leaves_sale_and_comes_back(shop: Shop, mailbox: Mailbox) -> None:
    owner, clay = await shop.seller("clay")
    mug = await shop.item(vendor="clay", name="Mug")
    scarf = await shop.item(vendor="wool", name="Scarf")
    cart = await shop.guest_cart(mug, scarf)
    order = (await shop.order(mug)).json()
    await mailbox.letters()

    suspended = await decide(shop, clay, "suspend", "Parcels never arrive.")

    assert suspended.json()["status"] == "suspended"
    # at once, before any job has run
    refused = await shop.order(mug)
    assert (refused.status_code, refused.json()["code"]) == (409, "cart.not_for_sale")
    shown = (await shop.client.get("/cart", headers=cart)).json()
    assert [line["problem"] for line in shown["items"]] == ["cart.not_for_sale", None]
    out = await shop.check_out(cart)
    assert (out.status_code, out.json()["code"]) == (409, "checkout.cart_changed")
    put = await shop.client.post("/cart/add", json={"variant_id": mug.variant_id, "quantity": 1})
    assert put.status_code == 409
    assert (await shop.client.get("/vendors/clay")).status_code == 404

    letters = await mailbox.letters()
    assert [letter.subject for letter in letters] == ["Your shop is suspended"]
    assert "Parcels never arrive." in letters[0].text
    assert (await shop.client.get(f"/products/{mug.slug}")).status_code == 404
    assert [p["name"] for p in (await shop.client.get("/products")).json()["items"]] == ["Scarf"]
    assert (await shop.client.get("/products/search?q=mug")).json()["total"] == 0

    # the portal stays open for what was sold
    assert (await shop.move(order["id"], "paid")).is_success
    assert (await shop.client.get(f"/orders/{order['id']}", headers=owner.headers)).status_code == 200
    assert (await shop.client.get("/vendor/profile", headers=owner.headers)).json()["status"] == "suspended"
    for method, path, body in (
        ("POST", "/products", {"name": "Cup", "price": "1.00"}),
        ("PATCH", f"/products/{mug.product_id}", {"name": "Cup"}),
    ):
        answer = await shop.client.request(method, path, json=body, headers=owner.headers)
        assert (answer.status_code, answer.json()["code"]) == (409, "vendors.suspended")

    assert (await decide(shop, clay, "reinstate")).json()["status"] == "active"
    told = [letter.subject for letter in await mailbox.letters() if letter.to == owner.email]
    assert sorted(told) == [f"New order {order['number']}", "Your shop is open again"]
    assert (await shop.client.get(f"/products/{mug.slug}")).status_code == 200
    assert (await shop.order(mug)).status_code == 201
    await shop.stock_is_explained()


async def test_an_order_that_waits_for_a_suspension_is_refused(shop: Shop) -> None:
    _, clay = await shop.seller("clay")
    mug = await shop.item(vendor="clay")
    async with shop.database.transaction() as session:
        await vendors.onboarding.decide(session, auth.Actor.system(), clay, Decision.suspend, reason="Fraud.")
        # it has read that the shop sells, and waits for the shop
        order = asyncio.create_task(shop.order(mug))
        await until_waiting(shop)

    answer = await order
    assert (answer.status_code, answer.json()["code"]) == (409, "cart.not_for_sale")
    assert await shop.rows("SELECT 1 FROM orders") == []
    assert await shop.level(mug) == (10, 0)


async def test_a_suspension_waits_for_orders_under_way(shop: Shop) -> None:
    _, clay = await shop.seller("clay")
    mug = await shop.item(vendor="clay")
    await shop.admin()
    async with shop.database.transaction() as session:
        # holds the order up just before its end
        await session.execute(text("SELECT FROM stock_levels WHERE variant_id = :v FOR UPDATE"), {"v": mug.variant_id})
        order = asyncio.create_task(shop.order(mug))
        await until_waiting(shop)
        suspension = asyncio.create_task(decide(shop, clay, "suspend"))
        await until_waiting(shop, 2)

    assert (await order).status_code == 201
    assert (await suspension).status_code == 200
    assert (await shop.order(mug)).status_code == 409


async def test_of_many_buyers_none_buys_after_the_suspension(shop: Shop) -> None:
    _, clay = await shop.seller("clay")
    mug = await shop.item(vendor="clay", stock=100)
    await shop.admin()

    async def buy() -> int:
        return (await shop.order(mug)).status_code

    async def stop() -> int:
        return (await decide(shop, clay, "suspend")).status_code

    outcomes = await asyncio.gather(*(buy() for _ in range(8)), stop(), *(buy() for _ in range(8)))

    assert set(outcomes) <= {200, 201, 409}
    sold = len(await shop.rows("SELECT 1 FROM orders"))
    assert await shop.level(mug) == (100, sold)
    assert await buy() == 409


async def test_a_product_added_beside_a_suspension_is_not_on_sale_afterwards(shop: Shop, mailbox: Mailbox) -> None:
    owner, clay = await shop.seller("clay")
    await shop.admin()

    async def add(n: int) -> None:
        await shop.client.post("/products", json={"name": f"Mug {n}", "price": "1.00"}, headers=owner.headers)

    await asyncio.gather(*(add(n) for n in range(6)), decide(shop, clay, "suspend"), *(add(n) for n in range(6)))
    await mailbox.work()

    assert await shop.rows("SELECT 1 FROM product_projections WHERE vendor_id = %s", clay) == []
