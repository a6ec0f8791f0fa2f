"""Orders in their buyers' currencies, and what they are worth in the books: to the cent, whatever is given back."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest

from ledger.test_converted import RATES, rate_of
from mercat import orders
from mercat.kit.ids import new_id
from mercat.kit.money import Money
from mercat.ledger import SHARE_OF_VENDOR, Account
from mercat.pricing.arithmetic import Line, Taxes, Terms
from payouts.stories import SYSTEM, a_shop, cleared, deliver, sell, swept
from shopping import Shop

PRICES = {"USD": (2199, 333), "CHF": (2050, 305), "JPY": (3298, 501), "KWD": (6689, 1007)}
TAXES = Taxes({"standard": Decimal("0.19")}, included=True)


async def an_order(shop: Shop, currency: str, vendor_ids: Sequence[UUID]) -> UUID:
    prices = zip(vendor_ids, PRICES[currency], strict=True)
    lines = [Line(vendor_id, Money(minor, currency), 3, new_id()) for vendor_id, minor in prices]
    return await sell(
        shop.database, lines, Terms(currency, taxes=TAXES), rates=["0.1", "0.15"], tax_rate="0.19",
        exchange=rate_of(currency),
    )  # fmt: skip


async def books(shop: Shop, order_id: UUID) -> dict[tuple[str, str], tuple[int, int]]:
    """Return what an order has left on each account, in the books and in the buyer's currency."""
    rows = await shop.rows(
        "SELECT p.account, p.party, sum(p.amount_minor)::int, coalesce(sum(p.original_minor), 0)::int, "
        "array_agg(DISTINCT p.currency) FROM ledger_postings p JOIN ledger_entries e ON e.id = p.entry_id "
        "WHERE e.order_id = %s GROUP BY 1, 2",
        order_id,
    )
    assert all(currencies == ["EUR"] for *_, currencies in rows)
    return {(account, party): (minor, original) for account, party, minor, original, _ in rows}


async def left_to_refund(shop: Shop, order_id: UUID) -> int:
    (row,) = await shop.rows("SELECT captured_minor - refunded_minor FROM payments WHERE order_id = %s", order_id)
    return int(row[0])


async def give_back(shop: Shop, order_id: UUID, minor: int, currency: str) -> None:
    ((payment_id,),) = await shop.rows("SELECT id FROM payments WHERE order_id = %s", order_id)
    async with shop.database.transaction() as session:
        await orders.refund(session, SYSTEM, order_id, payment_id, orders.Wanted("Broken", Money(minor, currency)))


@pytest.mark.parametrize("currency", sorted(PRICES))
async def test_an_order_keeps_its_rate_and_what_it_is_worth(shop: Shop, currency: str) -> None:
    vendor_ids = [await a_shop(shop, slug) for slug in ("north-kiln", "quire")]
    order_id, rate = await an_order(shop, currency, vendor_ids), rate_of(currency)

    async with shop.database.transaction() as session:
        order = await orders.read(session, order_id)
    total = Money(3 * sum(PRICES[currency]), currency)
    assert (order.currency, order.total) == (currency, total)
    assert order.exchange is not None
    assert order.exchange.model_dump() == {
        "rate": RATES[currency], "dated": date(2026, 11, 27), "source": "ecb", "total": rate.to_books(total).wire(),
    }  # fmt: skip
    assert [item.books_total for item in order.items] == [rate.to_books(item.line_total) for item in order.items]
    assert sum((one.total for one in order.vendor_orders), Money.zero(currency)) == total
    assert await shop.rows("SELECT books_minor, books_currency FROM payments") == [(rate.to_books(total).minor, "EUR")]


@pytest.mark.parametrize("currency", sorted(PRICES))
@pytest.mark.parametrize("seed", range(3))
async def test_whatever_is_given_back_the_books_are_worth_what_is_left(shop: Shop, currency: str, seed: int) -> None:
    random, rate = Random(seed), rate_of(currency)
    vendor_ids = [await a_shop(shop, slug) for slug in ("north-kiln", "quire")]
    order_id = await an_order(shop, currency, vendor_ids)
    await deliver(shop, order_id)
    clears_after = random.randrange(4)
    given = 0
    while (left := await left_to_refund(shop, order_id)) > 0:
        if given == clears_after:
            await cleared(shop)
        await give_back(shop, order_id, left if given == 5 else random.randint(1, left), currency)
        await swept(shop, order_id)
        given += 1
        for (account, _), (minor, original) in (await books(shop, order_id)).items():
            if account != Account.exchange_differences:
                assert abs(minor - rate.to_books(Money(original, currency)).minor) <= (
                    4 if account == Account.payable else 0
                ), account

    stands = await books(shop, order_id)
    assert not any(original for _, original in stands.values())
    kept = defaultdict(int)
    for (account, _), (minor, _) in stands.items():
        kept[account] += minor
    nothing = (*SHARE_OF_VENDOR, Account.cash, Account.prepayments, Account.commission_income, Account.commission_tax)
    assert not any(kept[account] for account in nothing)
    assert kept[Account.payable] == -kept[Account.exchange_differences]  # what clearing has rounded
    assert abs(kept[Account.payable]) <= 4
    (worth,) = await shop.rows("SELECT sum(books_minor)::int FROM refunds")
    assert worth == (rate.to_books(Money(3 * sum(PRICES[currency]), currency)).minor,)


async def test_a_vendor_is_paid_in_the_currency_of_the_books(shop: Shop) -> None:
    vendor_ids = [await a_shop(shop, slug) for slug in ("north-kiln", "quire")]
    order_id = await an_order(shop, "USD", vendor_ids)
    await deliver(shop, order_id)
    await cleared(shop)

    stands = await books(shop, order_id)
    for vendor_id, minor, share in zip(vendor_ids, PRICES["USD"], ("0.1", "0.15"), strict=True):
        price = Money(3 * minor, "USD")
        commission = Decimal(price.minor) * Decimal(share) / Decimal(RATES["USD"])
        # of the price without tax, and tax on it: the same share of the price
        expected = rate_of("USD").to_books(price).minor - commission
        assert abs(-stands[Account.payable, str(vendor_id)][0] - expected) <= 3


async def test_a_rate_is_there_exactly_in_other_currencies(shop: Shop) -> None:
    vendor_ids = [await a_shop(shop, slug) for slug in ("north-kiln", "quire")]
    order_id = await an_order(shop, "USD", vendor_ids)
    for change in ("exchange_rate = NULL", "currency = books_currency"):
        with pytest.raises(Exception, match="rate_known"):
            await shop.rows(f"UPDATE orders SET {change} WHERE id = %s RETURNING id", order_id)
