"""Which members of a vendor have which permission."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.vendors.models import VendorMember
from mercat.vendors.permissions import PERMISSIONS_OF_ROLE, VendorPermission


async def people_with_permission(session: AsyncSession, vendor_id: UUID, permission: VendorPermission) -> list[UUID]:
    """Return the accounts of those whose role in a vendor has a permission, in key order."""
    roles = [role for role, permissions in PERMISSIONS_OF_ROLE.items() if permission in permissions]
    found = await session.scalars(
        select(VendorMember.user_id)
        .where(VendorMember.vendor_id == vendor_id, VendorMember.role.in_(roles))
        .order_by(VendorMember.user_id)
    )
    return list(found)
