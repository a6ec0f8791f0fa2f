"""Reads of a vendor's own profile."""

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.conditional import Fields, etag_of, require_match
from mercat.vendors import queries
from mercat.vendors.models import Vendor
from mercat.vendors.portal import VendorContext
from mercat.vendors.profile.schemas import ProfileRead

EDITED: Fields = {
    "tagline": True, "description": True, "contact_email": True, "website": True, "policies": True, "logo": {"url"},
    "banner": {"url"},
}  # fmt: skip
"""Sizes of pictures follow within moments, and are no edit."""


async def for_update(session: AsyncSession, context: VendorContext, *, if_match: str | None = None) -> Vendor:
    """Return the vendor, locked against other changes of it; what is sold meanwhile does not wait.

    Raises:
        PreconditionFailed: its profile was changed since.
    """
    vendor = await session.get_one(
        Vendor, context.vendor_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if if_match is not None:
        require_match(if_match, etag_of(await shown(session, vendor), EDITED))
    return vendor


async def shown(session: AsyncSession, vendor: Vendor) -> ProfileRead:
    """Return the profile as a vendor's members see it."""
    page = await queries.page_of(session, vendor)
    return ProfileRead(**dict(page), status=vendor.status, status_reason=vendor.status_reason)
