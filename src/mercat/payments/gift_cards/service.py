"""Verbs of operators on gift cards.

Neither blocking nor expiration moves money in the books: a card's balance stays owed to its holder, and can pay
again once the card is unblocked or may be used for longer.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, ledger
from mercat.auth import Actor
from mercat.kit import clock
from mercat.kit.conditional import etag_of, require_match
from mercat.kit.ids import new_id
from mercat.ledger import Account, Posting
from mercat.payments.gift_cards import codes, queries
from mercat.payments.gift_cards.schemas import GiftCardCreate, GiftCardIssued, GiftCardRead, GiftCardUpdate
from mercat.payments.models import GiftCard

IN_THE_LOG = ("initial", "expires_at", "blocked")


async def issue(session: AsyncSession, actor: Actor, new: GiftCardCreate) -> GiftCardIssued:
    """Issue a gift card. Its code is in the answer, and nowhere else."""
    code = codes.new()
    card = GiftCard(
        id=new_id(),
        code_hash=codes.hash_of(code),
        ending=codes.ending(code),
        currency=new.amount.currency,
        initial_minor=new.amount.minor,
        balance_minor=new.amount.minor,
        note=new.note,
        expires_at=new.expires_at,
    )
    session.add(card)
    made = await _saved(session, card)
    given = (Posting(Account.gifts_given, new.amount), Posting(Account.gift_cards, new.amount * -1))
    await ledger.post(session, ledger.Entry(f"gift_card.issued:{card.id}", given))
    await audit.record(session, actor, "gift_card.issued", card.id, changes=audit.difference({}, _state(made)))
    return GiftCardIssued(**dict(made), code=code)


async def change(
    session: AsyncSession, actor: Actor, card_id: UUID, wanted: GiftCardUpdate, *, if_match: str | None = None
) -> GiftCardRead:
    """Block or unblock a card, change its expiration, or add a note.

    Raises:
        GiftCardNotFound: there is none.
        PreconditionFailed: it was changed since.
    """
    card = await queries.find(session, card_id, for_update=True)
    before = queries.shown(card)
    require_match(if_match, etag_of(before, queries.EDITED))
    named = wanted.model_fields_set
    if "blocked" in named:
        card.blocked_at = (card.blocked_at or clock.now()) if wanted.blocked else None
    if "expires_at" in named:
        card.expires_at = wanted.expires_at
    if "note" in named:
        card.note = wanted.note
    after = await _saved(session, card)
    if after != before:
        changes = audit.difference(_state(before), _state(after))
        await audit.record(session, actor, "gift_card.updated", card_id, changes=changes)
    return after


async def _saved(session: AsyncSession, card: GiftCard) -> GiftCardRead:
    await session.flush()
    await session.refresh(card)
    return queries.shown(card)


def _state(card: GiftCardRead) -> dict[str, object]:
    return {name: getattr(card, name) for name in IN_THE_LOG}
