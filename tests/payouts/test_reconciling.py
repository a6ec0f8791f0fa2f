"""What differs between payouts, providers and books is found, and repaired where there is one safe answer."""

from datetime import timedelta
from uuid import UUID

from mercat import payouts
from mercat.kit import clock
from mercat.payouts.transfers import send
from payouts.stories import a_shop, cleared, payable, refund, run, sold
from shopping import Shop


async def compare(shop: Shop, *, repair: bool = True) -> list[tuple[str, bool]]:
    since = clock.now() - timedelta(days=30)
    report = await payouts.reconcile(shop.database, since=since, repair=repair)
    assert report.away == []
    return [(found.kind, found.repaired) for found in report.differences]


async def a_payout(shop: Shop) -> UUID:
    """Make a payout that the test provider shall pay, and that nobody has sent for an hour."""
    vendor_id = await a_shop(shop, method="test")
    await sold(shop, vendor_id, "100.00", rate="0")
    await cleared(shop)
    await run(shop)
    ((payout_id,),) = await shop.rows("UPDATE payouts SET requested_at = now() - interval '1 hour' RETURNING id")
    assert isinstance(payout_id, UUID)
    return payout_id


async def test_a_payout_that_nobody_sent_is_sent_once(shop: Shop) -> None:
    await a_payout(shop)

    assert await compare(shop, repair=False) == [("payout_waits", False)]
    assert await compare(shop) == [("payout_waits", True)]
    assert await compare(shop) == []
    assert await shop.rows("SELECT count(*) FROM test_transfers") == [(1,)]


async def test_a_transfer_that_is_not_ours_is_told(shop: Shop) -> None:
    await send(shop.database, await a_payout(shop))
    await shop.rows("UPDATE test_transfers SET amount_minor = amount_minor + 1 RETURNING payout_id")
    assert await compare(shop) == [("transfer", False)]


async def test_a_payout_that_its_provider_does_not_know_is_told(shop: Shop) -> None:
    await send(shop.database, await a_payout(shop))
    await shop.rows("DELETE FROM test_transfers RETURNING payout_id")
    assert await compare(shop) == [("unknown_to_provider", False)]


async def test_a_status_that_the_books_do_not_know_is_told(shop: Shop) -> None:
    payout_id = await a_payout(shop)
    await shop.rows(
        "UPDATE payouts SET method = 'manual', sealed_iban = 'x', status = 'paid', settled_at = now() RETURNING id"
    )
    assert payout_id is not None
    assert await compare(shop) == [("not_as_booked", False)]


async def test_a_refund_of_long_ago_is_swept(shop: Shop) -> None:
    vendor_id = await a_shop(shop)
    order_id = await sold(shop, vendor_id, "100.00", rate="0")
    await cleared(shop)
    await refund(shop, order_id, "10.00")

    assert await compare(shop) == [("not_swept", True)]
    assert await compare(shop) == []
    assert await payable(shop, vendor_id) == ["90.00 EUR"]
