"""Making shops and letting people work for them."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit
from mercat.auth import Actor
from mercat.kit.ids import new_id
from mercat.vendors.models import Vendor, VendorMember

HOUSE = "marketplace"
"""Slug of the marketplace's own shop, which sells what operators add without naming a vendor."""


async def ensure(session: AsyncSession, actor: Actor, slug: str, name: str, **profile: str | None) -> UUID:
    """Return the shop with this slug, made if it was not there; `profile` only fills a new one."""
    shop = {"slug": slug, "name": name, **profile}
    made: UUID | None = await session.scalar(
        insert(Vendor).values(id=new_id(), **shop).on_conflict_do_nothing(index_elements=["slug"]).returning(Vendor.id)
    )
    if made is not None:
        await audit.record(session, actor, "vendor.created", made, changes=audit.difference({}, shop))
        return made
    return (await session.scalars(select(Vendor.id).where(Vendor.slug == slug))).one()


async def add_member(session: AsyncSession, actor: Actor, vendor_id: UUID, user_id: UUID, role: str) -> None:
    """Let somebody work for a shop; once is enough."""
    member = {"user_id": user_id, "role": role}
    added = await session.scalar(
        insert(VendorMember)
        .values(vendor_id=vendor_id, **member)
        .on_conflict_do_nothing()
        .returning(VendorMember.user_id)
    )
    if added is not None:
        await audit.record(session, actor, "vendor.member_added", vendor_id, changes=audit.difference({}, member))


async def forget(session: AsyncSession, user_id: UUID) -> None:
    """Let somebody who is erased work for no shop any more."""
    await session.execute(delete(VendorMember).where(VendorMember.user_id == user_id))
