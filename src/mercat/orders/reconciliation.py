"""Reconciliation of the ledger with payments and orders, and booking of missing entries."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import payments
from mercat.kit.database import driver
from mercat.kit.money import Money
from mercat.orders import books, transitions
from mercat.orders.refunds import refund_requests
from mercat.payments import gift_cards, refunds

# each branch: what must have an entry of that cause
MISSING = """
SELECT w.cause, w.kind, w.subject, w.order_id, w.amount, w.currency FROM (
    SELECT 'payment.captured:' || p.id AS cause, 'captured' AS kind, p.id AS subject, p.order_id,
        p.captured_minor AS amount, p.currency
    FROM payments p WHERE p.captured_minor > 0
    UNION ALL
    SELECT 'order.paid:' || o.id, 'paid', o.id, o.id, o.total_minor, o.currency
    FROM orders o WHERE o.paid_at IS NOT NULL AND o.total_minor > 0
    UNION ALL
    SELECT 'refund.paid:' || r.id, 'refunded', r.id, p.order_id, r.amount_minor, r.currency
    FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE r.status = 'succeeded' AND r.amount_minor > 0
    UNION ALL
    SELECT 'refund.reversed:' || r.id, 'reversed', r.id, p.order_id, r.amount_minor, r.currency
    FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE r.status = 'failed'
    AND EXISTS (SELECT FROM ledger_entries e WHERE e.cause = 'refund.paid:' || r.id)
) w WHERE NOT EXISTS (SELECT FROM ledger_entries e WHERE e.cause = w.cause) ORDER BY w.cause LIMIT 1000
"""


@dataclass(frozen=True, slots=True)
class MissingEntry:
    """Something that moved money and is not in the books."""

    cause: str
    kind: str
    subject: UUID
    order_id: UUID
    amount: Money


async def missing_entries(session: AsyncSession) -> list[MissingEntry]:
    """Return what moved money and is not in the books; nothing, unless another program wrote to the database."""
    rows = await (await (await driver(session)).execute(MISSING)).fetchall()
    return [
        MissingEntry(cause, kind, subject, order_id, Money(minor, currency))
        for cause, kind, subject, order_id, minor, currency in rows
    ]


async def book_missing(session: AsyncSession, missing: MissingEntry) -> bool:
    """Book what is missing, from the rows that say what happened; returns whether it is there now."""
    order = await transitions.for_update(session, missing.order_id)
    if missing.kind == "paid":
        await books.sold(session, order)
    elif missing.kind == "captured":
        about = await payments.snapshot(session, missing.subject)
        money = payments.CapturedPayment(
            missing.subject,
            order.id,
            about.provider,
            missing.amount,
            surplus=False,
            books=about.books if about.provider == gift_cards.PROVIDER else None,
        )
        await books.captured(session, money, order.rate)
    else:
        refund = await refunds.read(session, missing.subject)
        about = await payments.snapshot(session, refund.payment_id)
        back = refunds.Back(
            refund.id, refund.payment_id, order.id, about.provider, refund.amount, surplus=False,
            reversed=missing.kind == "reversed",
            on_card=refund.books_amount if about.provider == gift_cards.PROVIDER else None,
        )  # fmt: skip
        shares = await refund_requests.shares_of(session, refund.id, refund.amount.currency)
        await books.went_back(session, order, back, shares)
    return True
