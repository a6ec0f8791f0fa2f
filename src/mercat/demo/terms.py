"""Giving the demo marketplace its coupons, its ways of shipping and its tax rates."""

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import pricing
from mercat.auth import Actor
from mercat.demo.content import Content

OPERATOR = Actor.system()


async def load_terms(session: AsyncSession, content: Content) -> None:
    """Enter what `content` says, through the operators' verbs."""
    for coupon in content.coupons:
        await pricing.promotions.create(session, OPERATOR, coupon)
    for one in content.zones:
        made = await pricing.shipping.create_zone(session, OPERATOR, one.zone)
        for method in one.methods:
            await pricing.shipping.add_method(session, OPERATOR, made.id, method)
    for rate in content.tax_rates:
        await pricing.taxes.create(session, OPERATOR, rate)
