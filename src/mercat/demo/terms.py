"""Giving the demo marketplace its coupons, its ways of shipping and its tax rates."""

from collections import defaultdict
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import pricing
from mercat.auth import Actor
from mercat.demo.content import Content
from mercat.demo.languages import load_method_names

OPERATOR = Actor.system()


async def load_terms(session: AsyncSession, content: Content) -> None:
    """Enter what `content` says, through the operators' verbs."""
    for coupon in content.coupons:
        await pricing.promotions.create(session, OPERATOR, coupon)
    methods: dict[str, list[UUID]] = defaultdict(list)
    for one in content.zones:
        made = await pricing.shipping.create_zone(session, OPERATOR, one.zone)
        for method in one.methods:
            offered = await pricing.shipping.add_method(session, OPERATOR, made.id, method)
            methods[method.name].append(offered.id)
    await load_method_names(session, methods)
    for rate in content.tax_rates:
        await pricing.taxes.create(session, OPERATOR, rate)
