"""What orders mean for the ledger: captures, what they were for, and refunds."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from psycopg.rows import class_row
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import ledger, payments
from mercat.kit.database import driver
from mercat.kit.exchange_rates import FrozenRate
from mercat.kit.money import Money
from mercat.ledger import Account, Posting
from mercat.orders.arithmetic.shares import BUCKETS, Bucket, Share, Sold, SoldVendorOrder, paid_for
from mercat.orders.models import Order
from mercat.payments import refunds

HELD = {"gift_card": Account.gift_cards}
"""The account of a provider's money, if it is not cash with the provider."""
# part of every payment: through the driver
LINES = """
SELECT p.id, p.vendor_id, p.total_minor, p.shipping_tax_minor, p.commission_minor, p.commission_tax_minor,
    i.id AS item_id, i.line_total_minor, i.discount_minor, i.tax_minor, i.tax_rate,
    i.commission_minor AS item_commission
FROM vendor_orders p JOIN order_items i ON i.vendor_order_id = p.id
WHERE p.order_id = %s AND i.replaces_id IS NULL ORDER BY p.id, i.position
"""


class _Line(NamedTuple):
    """A line, and the vendor order that it belongs to."""

    id: UUID
    vendor_id: UUID
    total_minor: int
    shipping_tax_minor: int
    commission_minor: int
    commission_tax_minor: int
    item_id: UUID
    line_total_minor: int
    discount_minor: int
    tax_minor: int
    tax_rate: Decimal
    item_commission: int

    @property
    def rate(self) -> str:
        """The rate of its tax, as everything of that rate has it; empty without tax."""
        return f"{self.tax_rate.normalize():f}" if self.tax_rate else ""


@dataclass(frozen=True, slots=True)
class ProviderConversion:
    """What a charge has brought at a provider that counts in the currency of the books, and what it is booked as.

    Of a refund both are below zero.
    """

    cause: str
    payment_id: UUID
    provider: str
    booked: Money
    settled: Money


async def captured(session: AsyncSession, money: payments.CapturedPayment, rate: FrozenRate | None) -> None:
    """Book a captured payment of an order with this rate. The money is the buyer's until the order is paid."""
    entry = ledger.Entry(
        f"payment.captured:{money.payment_id}",
        (_held(money.provider, money.amount, money.books), Posting(Account.prepayments, _minus(money.amount))),
        money.order_id,
        money.payment_id,
        rate,
    )
    await ledger.post(session, entry)


async def fee(session: AsyncSession, order: Order, about: payments.PaymentSnapshot, amount: Money) -> None:
    """Book the provider's fee, once for each payment."""
    postings = (Posting(Account.fees, amount, about.provider), Posting(Account.cash, _minus(amount), about.provider))
    cause = f"payment.fee:{about.payment_id}"
    await ledger.post(session, ledger.Entry(cause, postings, about.order_id, about.payment_id, order.rate))


async def settled(session: AsyncSession, order: Order, move: ProviderConversion) -> None:
    """Book by how much a provider's own conversion differs from the order's rate, once for each charge or refund."""
    if order.rate is None or move.settled.currency != move.booked.currency:
        return
    more = move.settled - move.booked
    postings = (Posting(Account.cash, more, move.provider), Posting(Account.exchange_differences, _minus(more)))
    await ledger.post(session, ledger.Entry(move.cause, postings, order.id, move.payment_id, order.rate))


async def sold(session: AsyncSession, order: Order) -> None:
    """Book an order that is paid: the buyer's money is now owed to the vendors, and to the tax office through them.

    The vendors owe the marketplace its commission of it.
    """
    postings = [Posting(Account.prepayments, Money(order.total_minor, order.currency))]
    for vendor_order in await vendor_orders(session, order):
        for name in BUCKETS:
            postings += _split(vendor_order.bucket(name), order.currency, sign=-1)
    await ledger.post(session, ledger.Entry(f"order.paid:{order.id}", postings, order.id, rate=order.rate))


async def went_back(session: AsyncSession, order: Order, back: refunds.Back, shares: Sequence[Share]) -> None:
    """Book a refund: from the vendors whose goods it was for, or from what was still the buyer's.

    The marketplace refunds its commission on it to the vendors. What was `reversed` is booked the other way round.
    """
    sign = -1 if back.reversed else 1
    postings = [_held(back.provider, back.amount * -sign, back.on_card * -sign if back.on_card else None)]
    for share in shares:
        postings += _split(share.whole, back.amount.currency, sign=sign)
    if not shares:
        postings.append(Posting(Account.prepayments, back.amount * sign))
    cause = f"refund.{'reversed' if back.reversed else 'paid'}:{back.refund_id}"
    await ledger.post(session, ledger.Entry(cause, postings, back.order_id, back.payment_id, order.rate))


async def disputed(session: AsyncSession, order: Order, change: payments.DisputeMove) -> None:
    """Book a dispute: opened, the bank holds the money; won, it is back; lost, it is gone."""
    held = Posting(Account.disputes, change.amount, change.provider)
    freed = Posting(Account.disputes, _minus(change.amount), change.provider)
    postings = {
        "open": (held, Posting(Account.cash, _minus(change.amount), change.provider)),
        "won": (freed, Posting(Account.cash, change.amount, change.provider)),
        "lost": (freed, Posting(Account.losses, change.amount)),
    }[change.state]
    cause = f"dispute.{change.state}:{change.dispute_id}"
    await ledger.post(session, ledger.Entry(cause, postings, change.order_id, change.payment_id, order.rate))


async def vendor_orders(session: AsyncSession, order: Order) -> list[SoldVendorOrder]:
    """Return what the buyer pays for each vendor order, line by line, and its shipping; nothing of it is refunded yet.

    A vendor order's discount may be on its shipping: what the lines do not account for is the price of shipping. On
    documents, shipping is taxed like the goods if those have one rate.
    """
    await session.flush()
    cursor = (await driver(session)).cursor(row_factory=class_row(_Line))
    await cursor.execute(LINES, (order.id,), prepare=True)
    lines: dict[UUID, list[_Line]] = {}
    for line in await cursor.fetchall():
        lines.setdefault(line.id, []).append(line)
    return [_sold_vendor_order(order, of_vendor_order) for of_vendor_order in lines.values()]


def _sold_vendor_order(order: Order, lines: Sequence[_Line]) -> SoldVendorOrder:
    one = lines[0]
    goods = [
        Sold(
            "goods",
            line.rate,
            paid_for(line.line_total_minor, line.discount_minor, line.tax_minor, tax_included=order.prices_include_tax),
            line.tax_minor,
            line.item_commission,
            line.item_id,
        )
        for line in lines
    ]
    rates = {line.rate for line in lines}
    rate = rates.pop() if len(rates) == 1 and one.shipping_tax_minor else "shipping"
    sent = Sold("shipping", rate, one.total_minor - sum(line.amount for line in goods), one.shipping_tax_minor)
    return SoldVendorOrder(one.id, one.vendor_id, (*goods, sent), one.commission_minor, one.commission_tax_minor)


def _split(bucket: Bucket, currency: str, *, sign: int) -> list[Posting]:
    vendor = str(bucket.vendor_id)
    account = Account.sales if bucket.name == "goods" else Account.shipping
    amounts = (
        (account, bucket.amount - bucket.tax, vendor),
        (Account.tax, bucket.tax, vendor),
        (Account.commission, -bucket.commission - bucket.commission_tax, vendor),
        (Account.commission_income, bucket.commission, vendor),
        (Account.commission_tax, bucket.commission_tax, ""),
    )
    return [Posting(name, Money(sign * minor, currency), party) for name, minor, party in amounts]


def _held(provider: str, amount: Money, books: Money | None) -> Posting:
    books = None if books is None or books.currency == amount.currency else books
    return Posting(HELD.get(provider, Account.cash), amount, provider if provider not in HELD else "", books)


def _minus(amount: Money) -> Money:
    return amount * -1
