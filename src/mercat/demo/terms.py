"""Giving the demo marketplace its coupons, its ways of shipping and its tax rates."""

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import pricing
from mercat.auth import Actor
from mercat.demo import content

OPERATOR = Actor.system()


async def load_terms(session: AsyncSession) -> None:
    """Enter what `content` says, through the operators' verbs."""
    for coupon in content.coupons():
        await pricing.promotions.create(session, OPERATOR, coupon)
    for zone, methods in content.zones():
        made = await pricing.shipping.create_zone(session, OPERATOR, zone)
        for method in methods:
            await pricing.shipping.add_method(session, OPERATOR, made.id, method)
    for rate in content.rates():
        await pricing.taxes.create(session, OPERATOR, rate)
