"""Who in a shop is there for what."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.vendors.duties import DUTIES, Duty
from mercat.vendors.models import VendorMember


async def people_on_duty(session: AsyncSession, vendor_id: UUID, duty: Duty) -> list[UUID]:
    """Return the accounts of those whose role in a shop carries a duty, in key order."""
    roles = [role for role, duties in DUTIES.items() if duty in duties]
    found = await session.scalars(
        select(VendorMember.user_id)
        .where(VendorMember.vendor_id == vendor_id, VendorMember.role.in_(roles))
        .order_by(VendorMember.user_id)
    )
    return list(found)
