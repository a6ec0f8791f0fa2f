"""Moving a shop's money by hand: the one way to do it, and it is written down why."""

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
    """Give a shop so much of the marketplace's money, or with less than nothing take it from what it can be paid.

    Raises:
        NotFound: no such shop.
    """
    if vendor_id not in await vendors.cards(session, [vendor_id]):
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
