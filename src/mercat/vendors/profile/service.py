"""Reading and changing a vendor's own profile."""

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit
from mercat.kit.markup import clean
from mercat.vendors.models import Vendor
from mercat.vendors.portal import VendorContext
from mercat.vendors.profile import pictures, queries
from mercat.vendors.profile.schemas import ProfileRead, ProfileUpdate

POLICIES = {
    "returns": "returns_policy",
    "shipping": "shipping_policy",
    "privacy": "privacy_policy",
    "imprint": "imprint",
}
CLEARABLE = {"logo_url", "website"}
KEPT = ("tagline", "description", "logo_url", "contact_email", "website", *POLICIES.values())


async def read(session: AsyncSession, context: VendorContext) -> ProfileRead:
    """Return the profile."""
    return await queries.shown(session, await session.get_one(Vendor, context.vendor_id))


async def update(
    session: AsyncSession, context: VendorContext, changes: ProfileUpdate, *, if_match: str | None = None
) -> ProfileRead:
    """Change what is given, leave the rest.

    Raises:
        PreconditionFailed: the profile was changed since.
    """
    vendor = await queries.for_update(session, context, if_match=if_match)
    before = {name: getattr(vendor, name) for name in KEPT}
    if "logo_url" in changes.model_fields_set:
        await pictures.hang(session, vendor, pictures.ProfilePicture.logo, changes.logo_url)
    for name in changes.model_fields_set - {"logo_url", "policies"}:
        value = getattr(changes, name)
        if value is not None or name in CLEARABLE:
            setattr(vendor, name, clean(value) if name == "description" else value)
    for name, column in POLICIES.items():
        text = getattr(changes.policies, name)
        if text is not None:
            setattr(vendor, column, clean(text))
    await session.flush()
    await session.refresh(vendor)
    after = {name: getattr(vendor, name) for name in KEPT}
    await audit.record(
        session, context.actor, "vendor.profile_updated", vendor.id, changes=audit.difference(before, after)
    )
    return await queries.shown(session, vendor)
