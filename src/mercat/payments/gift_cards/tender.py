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
from mercat.kit.currencies import step_of
from mercat.kit.database import driver
from mercat.kit.exchange_rates import FrozenRate
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
INSERT INTO payments (id, order_id, user_id, provider, status, currency, amount_minor, captured_minor, books_currency,
    books_minor, gift_card_id, created_at)
VALUES (%(id)s, %(order_id)s, %(user_id)s, 'gift_card', 'captured', %(currency)s, %(paid)s, %(paid)s,
    %(card_currency)s, %(taken)s, %(card_id)s, %(now)s)
"""


@dataclass(frozen=True, slots=True)
class Tender:
    """A code that is to pay for an order up to its card's balance; `rate` is the order's."""

    code: str
    order_id: UUID
    user_id: UUID | None
    total: Money
    rate: FrozenRate | None = None

    def taken_from(self, balance: Money) -> tuple[Money, Money]:
        """Return what a balance pays of the order, and what leaves the card for it.

        A balance that does not cover the order is used up, whatever its last unit is worth in the order's currency.
        """
        if self.rate is None:
            paid = min(balance, self.total)
            return paid, paid
        all_of_it = self.rate.from_books(balance)
        if all_of_it < self.total:  # what is left to pay can be paid by card, if the whole could
            return all_of_it - Money(all_of_it.minor % step_of(all_of_it.currency), all_of_it.currency), balance
        return self.total, min(balance, self.rate.to_books(self.total))


@dataclass(frozen=True, slots=True)
class Taken:
    """What a card paid of an order, and what has left it for that."""

    payment_id: UUID
    amount: Money
    from_card: Money


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
    books = tender.rate.books if tender.rate else tender.total.currency
    if not valid or currency != books:
        raise GiftCardNotValid
    paid, taken = tender.taken_from(Money(left, currency))
    if not paid.minor:
        raise GiftCardEmpty
    payment_id = new_id()
    values = {
        "id": payment_id,
        "order_id": tender.order_id,
        "user_id": tender.user_id,
        "currency": paid.currency,
        "paid": paid.minor,
        "card_currency": currency,
        "taken": taken.minor,
        "card_id": card_id,
        "now": now,
    }
    await connection.execute(TAKE, values, prepare=True)
    await connection.execute(INSERT, values, prepare=True)
    captured = audit.difference({}, {"order_id": tender.order_id, "provider": PROVIDER, "captured": paid})
    await audit.record(session, actor, "payment.captured", payment_id, changes=captured)
    return Taken(payment_id, paid, taken)


async def give_back(session: AsyncSession, card_id: UUID, amount: Money) -> None:
    """Refund to the card that paid, blocked or expired as it may be; the caller makes sure of once."""
    credited = GiftCard.balance_minor + amount.minor
    await session.execute(
        update(GiftCard).where(GiftCard.id == card_id).values(balance_minor=credited, updated_at=clock.now())
    )
