"""Adjustments of a vendor's balance by hand: the only way to do it, with a reason."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, vendors
from mercat.auth import Actor
from mercat.kit import clock
from mercat.kit.ids import new_id
from mercat.kit.money import Money
from mercat.kit.problems import NotFound
from mercat.payouts import books
from mercat.payouts.models import Adjustment


async def adjust(session: AsyncSession, actor: Actor, vendor_id: UUID, amount: Money, reason: str) -> Adjustment:
    """Credit a vendor's balance with the marketplace's money, or debit it with a negative amount.

    Raises:
        NotFound: no such vendor.
    """
    if vendor_id not in await vendors.references(session, [vendor_id]):
        raise NotFound
    made = Adjustment(
        id=new_id(),
        vendor_id=vendor_id,
        currency=amount.currency,
        amount_minor=amount.minor,
        reason=reason,
        actor=actor.reference,
        made_at=clock.now(),
    )
    session.add(made)
    await session.flush()
    await books.adjusted(session, made.id, vendor_id, amount)
    told = audit.difference({}, {"vendor_id": vendor_id, "amount": amount, "reason": reason})
    await audit.record(session, actor, "adjustment.made", made.id, changes=told)
    return made
