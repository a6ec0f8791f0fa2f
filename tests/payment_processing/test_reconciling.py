"""Comparing with provider and ledger: every seeded difference is found, and repaired where that is safe."""

from datetime import timedelta

import psycopg

from mercat import payment_processing
from mercat.kit import clock
from payment_processing.books import books_balance
from payment_processing.conftest import Work
from payment_processing.test_paying import ordered, status
from payment_processing.test_refunding import eur, paid_order, refund
from shopping import Shop

EVERYTHING = timedelta(days=1)


async def reconcile(shop: Shop, *, repair: bool = True) -> payment_processing.Report:
    return await payment_processing.reconcile(shop.database, since=clock.now() - EVERYTHING, repair=repair)


async def found(shop: Shop, *, repair: bool = True) -> list[tuple[str, bool]]:
    report = await reconcile(shop, repair=repair)
    return [(difference.kind, difference.repaired) for difference in report.differences]


async def test_what_agrees_is_left_alone(shop: Shop, work: Work) -> None:
    order = await paid_order(shop)
    await refund(shop, order["payment"]["id"], amount=eur("1.00"))
    cancelled = await ordered(shop, payment_method_id="test_decline")
    await shop.move(cancelled["id"], "cancelled")
    await ordered(shop)
    await work()

    report = await reconcile(shop)

    assert (report.charges, report.payments, report.differences) == (2, 3, [])


async def test_money_that_we_never_heard_of_pays_its_order(shop: Shop) -> None:
    order = await ordered(shop, payment_method_id="test_processing")
    await shop.rows("UPDATE test_charges SET state = 'captured', captured_minor = amount_minor RETURNING ref")

    assert await found(shop, repair=False) == [("captured", False)]
    assert await status(shop, order["id"]) == ("pending", "pending")
    assert await found(shop) == [("captured", True)]
    assert await status(shop, order["id"]) == ("paid", "paid")
    assert await found(shop) == []
    await books_balance(shop)


async def test_a_charge_whose_name_was_lost_finds_its_payment(shop: Shop) -> None:
    order = await ordered(shop, payment_method_id="test_processing")
    await shop.rows("UPDATE payments SET provider_ref = NULL RETURNING id")
    await shop.rows("UPDATE test_charges SET state = 'captured', captured_minor = amount_minor RETURNING ref")

    assert await found(shop) == [("money_without_payment", True)]
    assert await status(shop, order["id"]) == ("paid", "paid")
    await books_balance(shop)


async def test_a_refund_that_names_none_of_ours_is_left_to_a_person(shop: Shop) -> None:
    order = await paid_order(shop)
    await shop.rows("""
        INSERT INTO test_returns (ref, charge_ref, refund_id, amount_minor)
        SELECT 'elsewhere', ref, gen_random_uuid(), 500 FROM test_charges RETURNING ref""")

    assert await found(shop) == [("refunded", False)]
    assert await status(shop, order["id"]) == ("paid", "paid")


async def test_a_refund_that_nobody_sent_is_sent(shop: Shop) -> None:
    order = await paid_order(shop)
    await refund(shop, order["payment"]["id"], amount=eur("1.00"))
    await shop.rows("DELETE FROM test_returns RETURNING ref")
    await shop.rows("""
        UPDATE refunds SET status = 'pending', settled_at = NULL, provider_ref = NULL,
            created_at = now() - interval '1 hour' RETURNING id""")
    await shop.rows("UPDATE payments SET refunded_minor = 0, refunding_minor = 100, status = 'captured' RETURNING id")
    await shop.rows("UPDATE orders SET refunded_minor = 0 RETURNING id")

    assert await found(shop) == [("refund_pending", True)]
    assert await shop.rows("SELECT count(*) FROM test_returns") == [(1,)]
    assert await found(shop) == []
    await books_balance(shop)


async def test_a_charge_that_was_not_called_off_is(shop: Shop) -> None:
    order = await ordered(shop, payment_method_id="test_decline")
    await shop.move(order["id"], "cancelled")  # and the worker never ran

    assert await found(shop) == [("not_called_off", True)]
    assert await shop.rows("SELECT state FROM test_charges") == [("cancelled",)]
    assert await found(shop) == []


async def test_what_the_ledger_lacks_is_booked(shop: Shop) -> None:
    order = await paid_order(shop)
    await refund(shop, order["payment"]["id"], amount=eur("1.00"))
    async with await psycopg.AsyncConnection.connect(shop.database.settings.database_url) as past_our_code:
        for table in ("ledger_postings", "ledger_entries"):
            await past_our_code.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
            await past_our_code.execute(f"DELETE FROM {table}")

    kinds = await found(shop)

    assert kinds == [("not_in_ledger", True)] * 3
    assert await found(shop) == []
    await books_balance(shop)


async def test_a_payment_that_the_provider_does_not_know_is_left_to_a_person(shop: Shop) -> None:
    await paid_order(shop)
    await shop.rows("DELETE FROM test_charges RETURNING ref")

    assert await found(shop) == [("unknown_to_provider", False)]
