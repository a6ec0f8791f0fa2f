"""Runs pay each shop what it can be paid, once, whatever happens at the same time."""

import asyncio
from uuid import UUID

import pytest

from mercat.auth import Actor
from mercat.payouts import payout_runs
from mercat.payouts.exceptions import IllegalPayoutMove
from mercat.payouts.lifecycle import Status
from mercat.payouts.outcomes import move_by_hand
from payouts.stories import a_run, a_shop, cleared, payable, refund, run, sold, standing, swept
from shopping import Shop

PAYOUTS = "SELECT vendor_id, amount_minor::int, status FROM payouts ORDER BY id"


async def earned(shop: Shop, amount: str = "100.00") -> tuple[UUID, UUID]:
    """Make a shop with so much to be paid out; returns it and the order."""
    vendor_id = await a_shop(shop)
    order_id = await sold(shop, vendor_id, amount, rate="0")
    await cleared(shop)
    return vendor_id, order_id


async def settle(shop: Shop, target: Status) -> None:
    """Let an operator say what came of every payout."""
    for (payout_id,) in await shop.rows("SELECT id FROM payouts WHERE status IN ('requested', 'sent')"):
        async with shop.database.transaction() as session:
            await move_by_hand(session, Actor.system(), payout_id, target)


async def test_a_run_takes_the_balance_and_an_operator_says_that_it_arrived(shop: Shop) -> None:
    vendor_id, _ = await earned(shop)

    await run(shop)
    assert await shop.rows(PAYOUTS) == [(vendor_id, 10000, "requested")]
    assert await payable(shop, vendor_id) == ["0.00 EUR"]
    assert await standing(shop, vendor_id, "payouts") == 10000

    await settle(shop, Status.paid)
    assert await standing(shop, vendor_id, "payouts") == 0
    cash = "SELECT sum(amount_minor)::int FROM ledger_postings WHERE account = 'cash' AND party = 'manual'"
    assert await shop.rows(cash) == [(0,)]


async def test_runs_at_once_and_again_pay_once(shop: Shop) -> None:
    vendor_id, _ = await earned(shop)
    runs = [await a_run(shop) for _ in range(4)]

    await asyncio.gather(*(payout_runs.carry_out(shop.database, run_id) for run_id in [*runs, *runs]))
    await asyncio.gather(*(payout_runs.carry_out(shop.database, run_id) for run_id in runs))

    assert await shop.rows(PAYOUTS) == [(vendor_id, 10000, "requested")]
    assert await standing(shop, vendor_id, "payable", "payouts") == 10000


async def test_what_failed_is_on_the_balance_again_and_a_later_run_pays_it(shop: Shop) -> None:
    vendor_id, _ = await earned(shop)
    await run(shop)
    await settle(shop, Status.failed)
    assert await payable(shop, vendor_id) == ["100.00 EUR"]

    await run(shop)

    assert await shop.rows(PAYOUTS) == [(vendor_id, 10000, "failed"), (vendor_id, 10000, "requested")]


async def test_what_is_said_twice_counts_once_and_what_is_over_stays(shop: Shop) -> None:
    vendor_id, _ = await earned(shop)
    await run(shop)
    ((payout_id,),) = await shop.rows("SELECT id FROM payouts")

    async def say(target: Status) -> None:
        async with shop.database.transaction() as session:
            await move_by_hand(session, Actor.system(), payout_id, target)

    await asyncio.gather(*(say(Status.paid) for _ in range(4)))
    with pytest.raises(IllegalPayoutMove):
        await say(Status.failed)

    assert await shop.rows("SELECT count(*) FROM ledger_entries WHERE kind LIKE 'payout.%%'") == [(2,)]
    assert await standing(shop, vendor_id, "payable", "payouts") == 0
    assert await shop.rows("SELECT count(*) FROM events WHERE name = 'payouts.payout_paid'") == [(1,)]


async def test_one_payout_is_open_at_a_time(shop: Shop) -> None:
    vendor_id, _ = await earned(shop)
    await run(shop)
    await sold(shop, vendor_id, "50.00", rate="0")
    await cleared(shop)

    await run(shop)
    assert await shop.rows(PAYOUTS) == [(vendor_id, 10000, "requested")]
    assert await payable(shop, vendor_id) == ["50.00 EUR"]

    await settle(shop, Status.paid)
    await run(shop)
    assert [row[1:] for row in await shop.rows(PAYOUTS)] == [(10000, "paid"), (5000, "requested")]


async def test_a_refund_after_the_payout_is_netted_with_what_comes_next(shop: Shop) -> None:
    vendor_id, order_id = await earned(shop)
    await run(shop)
    await settle(shop, Status.paid)

    await refund(shop, order_id, "30.00")
    await swept(shop, order_id)
    assert await payable(shop, vendor_id) == ["-30.00 EUR"]
    await run(shop)
    assert len(await shop.rows(PAYOUTS)) == 1

    await sold(shop, vendor_id, "50.00", rate="0")
    await cleared(shop)
    await run(shop)
    assert (await shop.rows(PAYOUTS))[-1][1:] == (2000, "requested")


async def test_a_refund_that_nobody_has_heard_of_is_not_paid_out(shop: Shop) -> None:
    vendor_id, order_id = await earned(shop)
    await refund(shop, order_id, "30.00")

    await run(shop)

    assert await shop.rows(PAYOUTS) == [(vendor_id, 7000, "requested")]


async def test_little_money_unready_accounts_and_suspended_shops_wait(shop: Shop) -> None:
    poor = await a_shop(shop, "poor")
    nowhere = await a_shop(shop, "nowhere", method=None)
    suspended = await a_shop(shop, "suspended")
    changed = await a_shop(shop, "changed")
    for vendor_id in (nowhere, suspended, changed):
        await sold(shop, vendor_id)
    await sold(shop, poor, "0.99", rate="0")
    await shop.rows("UPDATE vendors SET status = 'suspended' WHERE id = %s RETURNING id", suspended)
    await shop.rows(
        "UPDATE payout_accounts SET held_until = now() + interval '1 day' WHERE vendor_id = %s RETURNING ready", changed
    )
    await cleared(shop)

    await run(shop)

    assert await shop.rows(PAYOUTS) == []


async def test_a_period_has_one_run(shop: Shop) -> None:
    async def begin() -> UUID | None:
        async with shop.database.transaction() as session:
            return await payout_runs.start(session, Actor.system(), period="2030-W01")

    begun = await asyncio.gather(*(begin() for _ in range(4)))

    assert len([run_id for run_id in begun if run_id is not None]) == 1
    assert await shop.rows("SELECT period FROM payout_runs") == [("2030-W01",)]
