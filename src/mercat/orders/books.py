"""What orders mean for the ledger: money that came, what it was for, and what went back."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from psycopg.rows import class_row
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import ledger, payments
from mercat.kit.database import driver
from mercat.kit.money import Money
from mercat.ledger import Account, Posting
from mercat.orders import allocation
from mercat.orders.allocation import Bucket, Share
from mercat.orders.models import Order, OrderItem
from mercat.payments import refunds

HELD = {"gift_card": Account.gift_cards}
"""Where the money of a provider is, if not with it as cash."""
# part of every payment: through the driver
LINES = """
SELECT p.id, p.vendor_id, p.total_minor, p.shipping_tax_minor, p.commission_minor, p.commission_tax_minor,
    i.line_total_minor, i.discount_minor, i.tax_minor
FROM vendor_orders p JOIN order_items i ON i.vendor_order_id = p.id WHERE p.order_id = %s ORDER BY p.id
"""


class _Line(NamedTuple):
    """A line, and the part that it belongs to."""

    id: UUID
    vendor_id: UUID
    total_minor: int
    shipping_tax_minor: int
    commission_minor: int
    commission_tax_minor: int
    line_total_minor: int
    discount_minor: int
    tax_minor: int


async def came(session: AsyncSession, money: payments.Came) -> None:
    """Book money that came. It is the buyer's until the order is paid."""
    entry = ledger.Entry(
        f"payment.captured:{money.payment_id}",
        (_held(money.provider, money.amount), Posting(Account.prepayments, _minus(money.amount))),
        money.order_id,
        money.payment_id,
    )
    await ledger.post(session, entry)


async def fee(session: AsyncSession, about: payments.Facts, amount: Money) -> None:
    """Book what a provider keeps for itself, once for each payment."""
    postings = (Posting(Account.fees, amount, about.provider), Posting(Account.cash, _minus(amount), about.provider))
    entry = ledger.Entry(f"payment.fee:{about.payment_id}", postings, about.order_id, about.payment_id)
    await ledger.post(session, entry)


async def sold(session: AsyncSession, order: Order) -> None:
    """Book an order that is paid: what was the buyer's is now owed to the shops, and to the tax office through them.

    The shops owe the marketplace its cut of it.
    """
    postings = [Posting(Account.prepayments, Money(order.total_minor, order.currency))]
    for bucket in await buckets(session, order):
        postings += _split(bucket, order.currency, sign=-1)
    await ledger.post(session, ledger.Entry(f"order.paid:{order.id}", postings, order.id))


async def went_back(session: AsyncSession, back: refunds.Back, shares: Sequence[Share]) -> None:
    """Book money that went back: from the shops whose goods it was for, or from what was still the buyer's.

    The marketplace gives its cut of it back to the shops.
    """
    postings = [_held(back.provider, _minus(back.amount))]
    for share in shares:
        postings += _split(allocation.whole(share), back.amount.currency, sign=1)
    if not shares:
        postings.append(Posting(Account.prepayments, back.amount))
    await ledger.post(session, ledger.Entry(f"refund.paid:{back.refund_id}", postings, back.order_id, back.payment_id))


async def disputed(session: AsyncSession, change: payments.DisputeMove) -> None:
    """Book a dispute: opened, the bank holds the money; won, it is back; lost, it is gone."""
    held = Posting(Account.disputes, change.amount, change.provider)
    freed = Posting(Account.disputes, _minus(change.amount), change.provider)
    postings = {
        "open": (held, Posting(Account.cash, _minus(change.amount), change.provider)),
        "won": (freed, Posting(Account.cash, change.amount, change.provider)),
        "lost": (freed, Posting(Account.losses, change.amount)),
    }[change.state]
    cause = f"dispute.{change.state}:{change.dispute_id}"
    await ledger.post(session, ledger.Entry(cause, postings, change.order_id, change.payment_id))


async def buckets(session: AsyncSession, order: Order) -> list[Bucket]:
    """Return what the buyer pays for each shop's goods and shipping, and how much of it is tax.

    A part's discount may be on its shipping: what the lines do not account for is what shipping costs.
    """
    await session.flush()
    cursor = (await driver(session)).cursor(row_factory=class_row(_Line))
    await cursor.execute(LINES, (order.id,), prepare=True)
    parts: dict[UUID, _Line] = {}
    goods: dict[UUID, tuple[int, int]] = {}
    for line in await cursor.fetchall():
        parts[line.id] = line
        amount, tax = goods.get(line.id, (0, 0))
        goods[line.id] = amount + paid_for(order, line), tax + line.tax_minor
    found: list[Bucket] = []
    for part_id, part in parts.items():
        amount, tax = goods[part_id]
        sent = Bucket(part_id, part.vendor_id, "shipping", part.total_minor - amount, part.shipping_tax_minor)
        cut = part.commission_minor, part.commission_tax_minor
        found += (Bucket(part_id, part.vendor_id, "goods", amount, tax, *cut), sent)
    return found


def paid_for(order: Order, item: OrderItem | _Line) -> int:
    """Return what the buyer pays for a line, with its discount and its tax."""
    return item.line_total_minor - item.discount_minor + (0 if order.prices_include_tax else item.tax_minor)


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


def _held(provider: str, amount: Money) -> Posting:
    return Posting(HELD.get(provider, Account.cash), amount, provider if provider not in HELD else "")


def _minus(amount: Money) -> Money:
    return amount * -1
