"""What left long ago, and of which nobody said that it came, counts as delivered."""

import asyncio

import pytest

from mercat.orders.fulfillment import deliveries
from orders.streets import Street
from shopping import Shop


async def left(shop: Shop, *, days: int, vendor_order: str | None = None) -> None:
    """Let all shipments have left so many days ago, or those of one part."""
    which = "true" if vendor_order is None else f"vendor_order_id = '{vendor_order}'"
    ago = f"now() - interval '{days} days'"
    await shop.rows(f"UPDATE shipments SET shipped_at = {ago} WHERE {which} RETURNING id")
    which = which.replace("vendor_order_id", "id")
    await shop.rows(f"UPDATE vendor_orders SET shipped_at = {ago} WHERE {which} RETURNING id")


async def states(street: Street) -> dict[str, str]:
    seen = await street.seen()
    return {slug: street.vendor_order(slug, seen)["status"] for slug in ("pots", "wool")} | {"order": seen["status"]}


async def test_a_part_that_left_long_ago_counts_as_delivered_and_the_other_does_not(street: Street) -> None:
    await street.pay()
    for slug in ("pots", "wool"):
        assert (await street.send(slug)).status_code == 201
    await left(street.shop, days=15, vendor_order=street.vendor_order("pots")["id"])

    count = await deliveries.assume_delivered(street.shop.database)
    again = await deliveries.assume_delivered(street.shop.database)

    assert (count, again) == (1, 0)
    assert await states(street) == {"pots": "delivered", "wool": "shipped", "order": "shipped"}
    pots = street.vendor_order("pots", await street.seen())
    assert pots["shipments"][0]["delivered_at"] is not None
    assert [(move["from"], move["to"], move["actor"]) for move in pots["history"]][-1] == (
        "shipped", "delivered", "system",
    )  # fmt: skip
    await street.all_is_well()


async def test_it_waits_for_the_last_shipment(street: Street) -> None:
    await street.pay()
    first = (await street.send("pots", 1)).json()["shipments"][0]["id"]
    assert (await street.send("pots", 1)).status_code == 201
    await street.shop.rows(
        f"UPDATE shipments SET shipped_at = now() - interval '30 days' WHERE id = '{first}' RETURNING id"
    )

    assert await deliveries.assume_delivered(street.shop.database) == 0
    assert (await states(street))["pots"] == "shipped"


async def test_what_has_not_left_whole_stays(street: Street) -> None:
    await street.pay()
    assert (await street.send("pots", 1)).status_code == 201
    await left(street.shop, days=400)

    assert await deliveries.assume_delivered(street.shop.database) == 0
    assert (await states(street))["pots"] == "processing"


async def test_a_part_without_shipments_of_its_own_arrives_too(street: Street) -> None:
    await street.pay()
    assert (await street.shop.move(street.order["id"], "shipped")).status_code == 200
    await left(street.shop, days=20)
    await street.shop.rows("DELETE FROM shipments RETURNING id")

    assert await deliveries.assume_delivered(street.shop.database) == 2
    assert await states(street) == {"pots": "delivered", "wool": "delivered", "order": "delivered"}


async def test_several_workers_let_it_arrive_once(street: Street) -> None:
    await street.pay()
    assert (await street.shop.move(street.order["id"], "shipped")).status_code == 200
    await left(street.shop, days=20)

    counts = await asyncio.gather(*(deliveries.assume_delivered(street.shop.database) for _ in range(4)))

    assert sum(counts) == 2
    moved = "SELECT count(*) FROM order_history WHERE to_status = 'delivered' AND NOT followed"
    assert await street.shop.rows(moved) == [(2,)]


async def test_an_operator_can_turn_it_off(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    await street.pay()
    assert (await street.shop.move(street.order["id"], "shipped")).status_code == 200
    await left(street.shop, days=300)
    monkeypatch.setenv("MERCAT_DELIVERED_AFTER_DAYS", "0")

    assert await deliveries.assume_delivered(street.shop.database) == 0
    assert (await states(street))["order"] == "shipped"
