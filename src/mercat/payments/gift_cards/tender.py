"""Payment with a gift card, and its refund: a payment and the balance change in one transaction, under a lock.

Lock order: the order, its payments, the card, then the coupon and the stock.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit
from mercat.auth import Actor
from mercat.kit import clock
from mercat.kit.database import driver
from mercat.kit.ids import new_id
from mercat.kit.money import Money
from mercat.payments.exceptions import GiftCardEmpty, GiftCardNotValid
from mercat.payments.gift_cards.codes import hash_of
from mercat.payments.gift_cards.queries import unknown
from mercat.payments.models import GiftCard

PROVIDER = "gift_card"
# a transaction that waited for the lock sees the remaining balance
LOCK = """
SELECT id, currency, balance_minor, blocked_at IS NULL AND (expires_at IS NULL OR expires_at > %s)
FROM gift_cards WHERE code_hash = %s FOR UPDATE
"""
TAKE = """
UPDATE gift_cards SET balance_minor = balance_minor - %(taken)s, updated_at = %(now)s
WHERE id = %(card_id)s AND balance_minor >= %(taken)s
"""
INSERT = """
INSERT INTO payments (id, order_id, user_id, provider, status, currency, amount_minor, captured_minor, gift_card_id,
    created_at)
VALUES (%(id)s, %(order_id)s, %(user_id)s, 'gift_card', 'captured', %(currency)s, %(taken)s, %(taken)s, %(card_id)s,
    %(now)s)
"""


@dataclass(frozen=True, slots=True)
class Tender:
    """A code that is to pay for an order up to its card's balance."""

    code: str
    order_id: UUID
    user_id: UUID | None
    total: Money


@dataclass(frozen=True, slots=True)
class Taken:
    """What a card paid."""

    payment_id: UUID
    amount: Money


async def pay(session: AsyncSession, actor: Actor, tender: Tender) -> Taken:
    """Take what an order costs from a card, or its balance. Waits for a concurrent payment with the card.

    Raises:
        UnknownGiftCard: there is none.
        GiftCardNotValid: it is blocked, has expired, or is in another currency.
        GiftCardEmpty: its balance is empty.
    """
    connection = await driver(session)
    now = clock.now()
    row = await (await connection.execute(LOCK, (now, hash_of(tender.code)), prepare=True)).fetchone()
    if row is None:
        raise unknown("gift_card")
    card_id, currency, left, valid = row
    if not valid or currency != tender.total.currency:
        raise GiftCardNotValid
    taken = Money(min(left, tender.total.minor), currency)
    if not taken.minor:
        raise GiftCardEmpty
    payment_id = new_id()
    values = {
        "id": payment_id,
        "order_id": tender.order_id,
        "user_id": tender.user_id,
        "currency": currency,
        "taken": taken.minor,
        "card_id": card_id,
        "now": now,
    }
    await connection.execute(TAKE, values, prepare=True)
    await connection.execute(INSERT, values, prepare=True)
    paid = audit.difference({}, {"order_id": tender.order_id, "provider": PROVIDER, "captured": taken})
    await audit.record(session, actor, "payment.captured", payment_id, changes=paid)
    return Taken(payment_id, taken)


async def give_back(session: AsyncSession, card_id: UUID, amount: Money) -> None:
    """Refund to the card that paid, blocked or expired as it may be; the caller makes sure of once."""
    credited = GiftCard.balance_minor + amount.minor
    await session.execute(
        update(GiftCard).where(GiftCard.id == card_id).values(balance_minor=credited, updated_at=clock.now())
    )
