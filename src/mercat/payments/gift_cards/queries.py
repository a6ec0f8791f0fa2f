"""Reads of gift cards."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit import clock
from mercat.kit.conditional import Fields
from mercat.kit.money import Money
from mercat.kit.problems import FieldError
from mercat.kit.rows import required
from mercat.kit.sorts import Sorts, numbered_page
from mercat.payments.charges import worth
from mercat.payments.exceptions import GiftCardNotFound, GiftCardNotValid, UnknownGiftCard
from mercat.payments.gift_cards.codes import hash_of
from mercat.payments.gift_cards.schemas import BalanceRead, GiftCardDetail, GiftCardListing, GiftCardRead, GiftCardUse
from mercat.payments.models import GiftCard, Payment

EDITED: Fields = {"note", "expires_at", "blocked"}
"""What operators change; a card's balance moves with every purchase."""


SORTS = Sorts(
    GiftCard.id,
    {"created_at": GiftCard.created_at, "balance": GiftCard.balance_minor, "expires_at": GiftCard.expires_at},
    optional=frozenset({"expires_at"}),
)


async def page(session: AsyncSession, params: GiftCardListing) -> tuple[list[GiftCardRead], int]:
    """Return a page of gift cards, and how many there are."""
    rows, total = await numbered_page(session, SORTS.ordered(select(GiftCard), params.sort), params)
    return [shown(row) for row in rows.scalars()], total


async def find(session: AsyncSession, card_id: UUID, *, for_update: bool = False) -> GiftCard:
    """Return a gift card, locked on demand.

    Raises:
        GiftCardNotFound: there is none.
    """
    statement = select(GiftCard).where(GiftCard.id == card_id)
    return await required(session, statement, GiftCardNotFound, lock=for_update)


async def detail(session: AsyncSession, card_id: UUID) -> GiftCardDetail:
    """Return a gift card with what it paid.

    Raises:
        GiftCardNotFound: there is none.
    """
    card = await find(session, card_id)
    rows = await session.scalars(
        select(Payment).where(Payment.gift_card_id == card_id).order_by(Payment.id.desc()).limit(1000)
    )
    return GiftCardDetail(**dict(shown(card)), uses=[_use(row) for row in rows])


async def balance(session: AsyncSession, code: str) -> BalanceRead:
    """Return what can be paid with a code.

    Raises:
        UnknownGiftCard: there is none.
        GiftCardNotValid: it is blocked or has expired.
    """
    card = await session.scalar(select(GiftCard).where(GiftCard.code_hash == hash_of(code)))
    if card is None:
        raise unknown("code")
    require_valid(card)
    return BalanceRead(balance=Money(card.balance_minor, card.currency), expires_at=card.expires_at)


def unknown(field: str) -> UnknownGiftCard:
    """Return the error of a code that was given in a field."""
    return UnknownGiftCard(errors=(FieldError(field, "no such gift card", "unknown"),))


def require_valid(card: GiftCard) -> None:
    """Reject an unusable card.

    Raises:
        GiftCardNotValid: it is blocked or has expired.
    """
    if card.blocked_at is not None or (card.expires_at is not None and card.expires_at <= clock.now()):
        raise GiftCardNotValid


def shown(card: GiftCard) -> GiftCardRead:
    """Return a gift card as operators see it."""
    return GiftCardRead(
        id=card.id,
        ending=card.ending,
        initial=Money(card.initial_minor, card.currency),
        balance=Money(card.balance_minor, card.currency),
        note=card.note,
        expires_at=card.expires_at,
        blocked=card.blocked_at is not None,
        created_at=card.created_at,
        updated_at=card.updated_at,
    )


def _use(payment: Payment) -> GiftCardUse:
    paid, refunded = (Money(minor, payment.currency) for minor in (payment.captured_minor, payment.refunded_minor))
    return GiftCardUse(
        payment_id=payment.id,
        order_id=payment.order_id,
        amount=worth(payment, paid) or paid,
        refunded=worth(payment, refunded) or refunded,
        paid=paid,
        at=payment.created_at,
    )
