"""What of vendors can be translated: how they present themselves, and what they promise."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import translations
from mercat.auth import Actor, Permission
from mercat.translations import HTML, TextField
from mercat.vendors.lifecycle import WORKING
from mercat.vendors.models import Vendor, VendorMember
from mercat.vendors.permissions import PERMISSIONS_OF_ROLE, VendorPermission

PROFILES = """
SELECT id, id AS owner_id, jsonb_build_object(
    'tagline', tagline, 'description', description, 'returns_policy', returns_policy,
    'shipping_policy', shipping_policy, 'privacy_policy', privacy_policy, 'imprint', imprint) AS texts
FROM vendors WHERE status IN ('active', 'suspended')
"""
POLICY = TextField(HTML.longest // 2, prose=True, html=True)


async def _presented_by(session: AsyncSession, actor: Actor) -> Collection[UUID]:
    """Return the vendors whose profile the actor may change."""
    if actor.user_id is None or not actor.can(Permission.products_sell):
        return ()
    roles = [role for role, permissions in PERMISSIONS_OF_ROLE.items() if VendorPermission.profile in permissions]
    found = await session.scalars(
        select(VendorMember.vendor_id)
        .join(Vendor, Vendor.id == VendorMember.vendor_id)
        .where(VendorMember.user_id == actor.user_id, VendorMember.role.in_(roles), Vendor.status.in_(WORKING))
    )
    return list(found)


VENDOR = translations.Kind(
    name="vendor",
    path="/vendors",
    parameter="vendor_id",
    tag="vendors",
    fields={
        "tagline": TextField(200),
        "description": POLICY,
        "returns_policy": POLICY,
        "shipping_policy": POLICY,
        "privacy_policy": POLICY,
        "imprint": POLICY,
    },
    sources=PROFILES,
    locked="SELECT id FROM vendors WHERE id = ANY(%s::uuid[]) ORDER BY id FOR KEY SHARE",
    owned_by=_presented_by,
)
translations.register(VENDOR)
