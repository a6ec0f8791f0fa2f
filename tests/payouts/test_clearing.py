"""What a shop has earned can be paid out when its hold is over, once, and refunds of later are taken from it."""

import asyncio

from payment_processing.conftest import Work
from payouts.stories import a_shop, cleared, deliver, payable, refund, sold, standing, swept
from shopping import Shop

SHARE = ("sales", "shipping", "tax", "commission")


async def test_it_moves_to_what_can_be_paid_out_once(shop: Shop) -> None:
    vendor_id = await a_shop(shop)
    await sold(shop, vendor_id, "100.00", rate="0.1")
    assert await standing(shop, vendor_id, *SHARE) == 9000

    assert await cleared(shop) == 1
    assert await cleared(shop) == 0

    assert await payable(shop, vendor_id) == ["90.00 EUR"]
    assert await standing(shop, vendor_id, *SHARE) == 0
    assert await shop.rows("SELECT count(*) FROM ledger_entries WHERE kind = 'vendor_order.cleared'") == [(1,)]


async def test_what_was_delivered_lately_or_not_at_all_stays(shop: Shop) -> None:
    vendor_id = await a_shop(shop)
    await sold(shop, vendor_id, days=13)
    await shop.rows(
        "UPDATE vendor_orders SET delivered_at = NULL WHERE order_id = %s RETURNING id", await sold(shop, vendor_id)
    )

    assert await cleared(shop) == 0
    assert await payable(shop, vendor_id) == []


async def test_an_order_with_an_open_dispute_waits_for_its_end(shop: Shop) -> None:
    vendor_id = await a_shop(shop)
    order_id = await sold(shop, vendor_id)
    await shop.rows(
        "INSERT INTO payment_disputes (id, payment_id, provider_ref, state, currency, amount_minor, reason) "
        "SELECT gen_random_uuid(), id, 'dp_1', 'open', 'EUR', 100, '' FROM payments WHERE order_id = %s RETURNING id",
        order_id,
    )
    assert await cleared(shop) == 0

    await shop.rows("UPDATE payment_disputes SET state = 'won' RETURNING id")
    assert await cleared(shop) == 1


async def test_a_refund_of_before_is_not_paid_out(shop: Shop) -> None:
    vendor_id = await a_shop(shop)
    order_id = await sold(shop, vendor_id, "100.00", rate="0.1")
    await refund(shop, order_id, "40.00")

    await cleared(shop)

    assert await payable(shop, vendor_id) == ["54.00 EUR"]


async def test_a_refund_of_later_is_taken_back_however_often_it_is_heard_of(shop: Shop, work: Work) -> None:
    vendor_id = await a_shop(shop)
    order_id = await sold(shop, vendor_id, "100.00", rate="0.1")
    await cleared(shop)

    await refund(shop, order_id, "40.00")
    await work()
    await asyncio.gather(*(swept(shop, order_id) for _ in range(4)))

    assert await payable(shop, vendor_id) == ["54.00 EUR"]
    assert await standing(shop, vendor_id, *SHARE) == 0
    assert await shop.rows("SELECT count(*) FROM ledger_entries WHERE kind = 'vendor_order.cleared'") == [(2,)]


async def test_a_part_that_was_not_cleared_is_left_alone_by_a_sweep(shop: Shop) -> None:
    vendor_id = await a_shop(shop)
    order_id = await sold(shop, vendor_id, days=1)
    await refund(shop, order_id, "40.00")

    await swept(shop, order_id)

    assert await payable(shop, vendor_id) == []
    assert await standing(shop, vendor_id, *SHARE) == 5400


async def test_schedules_at_once_clear_once(shop: Shop) -> None:
    vendor_id = await a_shop(shop)
    for _ in range(5):
        await deliver(shop, await sold(shop, vendor_id, "10.00", rate="0"))

    counts = await asyncio.gather(*(cleared(shop) for _ in range(4)))

    assert sum(counts) == 5
    assert await payable(shop, vendor_id) == ["50.00 EUR"]
