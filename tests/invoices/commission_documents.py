"""Invoices over commissions to test with, and the stories that they are about."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from mercat import ledger, orders, vendors
from mercat.auth import Actor
from mercat.invoices.commissions import Month, bill
from mercat.invoices.commissions.document import ChargedLine, CommissionDocument, CommissionSource
from mercat.invoices.document import Party
from mercat.kit import clock
from mercat.kit.exchange_rates import FrozenRate
from mercat.kit.ids import new_id
from mercat.kit.money import Money
from mercat.pricing.arithmetic import Line, Terms
from payouts.stories import sell
from shopping import Shop

SYSTEM = Actor.system()
MERCAT = Party(name="Mercat", lines=("Mercat GmbH", "Beispielweg 7", "10115 Berlin"), tax_id="DE123456789")
KILN = Party(name="North Kiln Ltd", lines=("North Kiln", "3 Harbour Street", "SW1Y 4JH London", "United Kingdom"))
JANUARY = Month.parse("2030-01")
BOOKED = """
SELECT party, currency, to_char(e.posted_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month,
    -sum(amount_minor) FILTER (WHERE account = 'commission_income')::int,
    sum(amount_minor) FILTER (WHERE account = 'commission')::int
FROM ledger_postings p JOIN ledger_entries e ON e.id = p.entry_id
WHERE account IN ('commission', 'commission_income') AND e.kind <> 'vendor_order.cleared'
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
BILLED = """
SELECT vendor_id::text, currency, to_char(month, 'YYYY-MM'), commission_minor::int, (commission_minor + tax_minor)::int
FROM commission_invoices ORDER BY 1, 2, 3
"""
"""Both are (shop, currency, month, commission, commission and tax)."""


def a_line(number: int, commission: int, rate: str | None = "0.19", *, day: str = "2030-01-15") -> ChargedLine:
    """Return a line; below nothing it is a refund."""
    tax = round(commission * Decimal(rate or 0))
    return ChargedLine(
        day=day,
        what="refund" if commission < 0 else "sale",
        order_number=f"M-{100_000 + number}",
        base=commission * 10,
        commission=commission,
        tax=tax,
        rate=rate,
    )


def a_document(*lines: ChargedLine, **more: Any) -> CommissionDocument:
    """Return a document as it is frozen."""
    values = {
        "kind": "invoice",
        "vendor_id": uuid4(),
        "month": "2030-01",
        "locale": "en",
        "currency": "EUR",
        "supplier": MERCAT,
        "buyer": KILN,
        "lines": lines,
        "total": sum(line.commission + line.tax for line in lines),
    }
    source = CommissionSource.model_validate(values | more)
    return CommissionDocument(number="MARKETPLACE-F2030-00017", issued_on="2030-02-01", source=source)


class Calendar:
    """The clock of a story, which stands where it is put, and goes as it does when it is let go."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.at: datetime | None = datetime(2030, 1, 15, 12, tzinfo=UTC)
        self.really = clock.now
        patch.setattr(clock, "now", self.now)

    def now(self) -> datetime:
        """Return what it shows; a moment later each time, as clocks do."""
        if self.at is None:
            return self.really()
        self.at += timedelta(microseconds=1)
        return self.at

    def turn(self, written: str) -> None:
        """Put it elsewhere."""
        self.at = datetime.fromisoformat(written).replace(tzinfo=UTC)

    def let_go(self) -> None:
        """Let it show the time that it is, by which people's tokens are looked at."""
        self.at = None


async def a_sale(
    shop: Shop,
    vendor_ids: Sequence[UUID],
    amount: str = "100.00",
    *,
    rate: str = "0.1",
    tax_rate: str = "0",
    exchange: FrozenRate | None = None,
) -> UUID:
    """Let each of these shops have sold something for so much now, in one order."""
    currency = exchange.currency if exchange else "EUR"
    lines = [Line(vendor_id, Money.of(amount, currency), 1, new_id()) for vendor_id in vendor_ids]
    rates = [rate] * len(lines)
    return await sell(shop.database, lines, Terms(currency), rates=rates, tax_rate=tax_rate, exchange=exchange)


async def given_back(shop: Shop, order_id: UUID, amount: str, currency: str = "EUR") -> None:
    """Give so much of an order back now."""
    ((payment_id,),) = await shop.rows("SELECT id FROM payments WHERE order_id = %s", order_id)
    async with shop.database.transaction() as session:
        await orders.refund(session, SYSTEM, order_id, payment_id, orders.Wanted("", Money.of(amount, currency)))


async def a_shop(shop: Shop, slug: str = "north-kiln") -> UUID:
    """Make a shop."""
    async with shop.database.transaction() as session:
        return await vendors.ensure(session, SYSTEM, slug, slug.title())


async def billed(shop: Shop, month: Month = JANUARY) -> Sequence[UUID]:
    """Bill a month."""
    return await bill(shop.database, month)


async def folded(shop: Shop) -> None:
    """Bring the mark of the books to their end."""
    for _ in range(3):
        async with shop.database.transaction() as session:
            await ledger.fold(session)


async def billed_long_ago(shop: Shop, vendor_id: UUID) -> UUID:
    """Let a shop have been billed long ago for something that it sold; returns the document."""
    with pytest.MonkeyPatch.context() as patch:
        calendar = Calendar(patch)
        calendar.turn("2020-01-15T12:00:00")
        await a_sale(shop, [vendor_id])
        calendar.turn("2020-02-01T06:17:00")
        (document,) = await bill(shop.database, Month.parse("2020-01"), vendor_id=vendor_id)
    return document
