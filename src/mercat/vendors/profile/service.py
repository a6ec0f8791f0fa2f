"""Reading and changing a shop's own profile."""

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit
from mercat.kit.markup import clean
from mercat.vendors import queries
from mercat.vendors.desk import Seat
from mercat.vendors.models import Vendor
from mercat.vendors.profile.schemas import ProfileRead, ProfileUpdate

POLICIES = {
    "returns": "returns_policy",
    "shipping": "shipping_policy",
    "privacy": "privacy_policy",
    "imprint": "imprint",
}
CLEARABLE = {"logo_url", "website"}
KEPT = ("tagline", "description", "logo_url", "contact_email", "website", *POLICIES.values())


async def read(session: AsyncSession, seat: Seat) -> ProfileRead:
    """Return the profile."""
    return _shown(await session.get_one(Vendor, seat.vendor_id))


async def update(session: AsyncSession, seat: Seat, changes: ProfileUpdate) -> ProfileRead:
    """Change what is given, leave the rest."""
    vendor = await session.get_one(Vendor, seat.vendor_id, with_for_update={"key_share": True})
    before = {name: getattr(vendor, name) for name in KEPT}
    for name in changes.model_fields_set - {"policies"}:
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
        session, seat.actor, "vendor.profile_updated", vendor.id, changes=audit.difference(before, after)
    )
    return _shown(vendor)


def _shown(vendor: Vendor) -> ProfileRead:
    return ProfileRead(
        id=vendor.id,
        slug=vendor.slug,
        name=vendor.name,
        tagline=vendor.tagline,
        description=vendor.description,
        logo_url=vendor.logo_url,
        contact_email=vendor.contact_email,
        website=vendor.website,
        policies=queries.policies(vendor),
        status=vendor.status,
        status_reason=vendor.status_reason,
    )
