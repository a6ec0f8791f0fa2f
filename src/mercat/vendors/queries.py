"""Reads about vendors."""

import difflib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import files
from mercat.auth import Actor
from mercat.kit.ids import parse_id
from mercat.kit.pagination import PageParams
from mercat.kit.problems import NotFound
from mercat.kit.sorts import Sorts, numbered_page
from mercat.vendors.exceptions import VendorIsSuspended, VendorNotFound
from mercat.vendors.lifecycle import WORKING, Status
from mercat.vendors.localisation import page_in_language
from mercat.vendors.models import HOUSE, Vendor, VendorMember
from mercat.vendors.permissions import PERMISSIONS_OF_ROLE, VendorPermission
from mercat.vendors.schemas import MembershipRead, Policies, VendorListed, VendorPage, VendorRead


@dataclass(frozen=True, slots=True)
class VendorReference:
    """A vendor in short."""

    id: UUID
    slug: str
    name: str


SORTS = Sorts(Vendor.id, {"name": func.lower(Vendor.name), "created_at": Vendor.created_at})


async def references(session: AsyncSession, vendor_ids: Sequence[UUID]) -> dict[UUID, VendorReference]:
    """Return vendors by id; unknown ids are left out."""
    rows = await session.execute(select(Vendor.id, Vendor.slug, Vendor.name).where(Vendor.id.in_(vendor_ids)))
    return {row.id: VendorReference(row.id, row.slug, row.name) for row in rows}


async def ids_of_member(session: AsyncSession, actor: Actor) -> list[UUID]:
    """Return the vendors that the actor works for; those with an open application are not among them yet."""
    if actor.user_id is None:
        return []
    found = await session.scalars(
        select(VendorMember.vendor_id)
        .join(Vendor, Vendor.id == VendorMember.vendor_id)
        .where(VendorMember.user_id == actor.user_id, Vendor.status.in_(WORKING))
        .order_by(VendorMember.vendor_id)
    )
    return list(found)


async def memberships(session: AsyncSession, user_id: UUID) -> list[MembershipRead]:
    """Return for which vendors a person works, and in which role."""
    rows = await session.execute(
        select(Vendor, VendorMember.role)
        .join(VendorMember, VendorMember.vendor_id == Vendor.id)
        .where(VendorMember.user_id == user_id)
        .order_by(Vendor.id)
    )
    return [MembershipRead(id=v.id, slug=v.slug, name=v.name, role=role) for v, role in rows]


async def owned_alone(session: AsyncSession, user_id: UUID) -> list[str]:
    """Return the slugs of the vendors whose only owner a person is; locks the owners: two cannot leave at once."""
    own = (
        select(VendorMember.vendor_id)
        .join(Vendor, Vendor.id == VendorMember.vendor_id)
        .where(VendorMember.user_id == user_id, VendorMember.role == "owner", Vendor.status.in_(WORKING))
    )
    owners = await session.execute(
        select(VendorMember.vendor_id, VendorMember.user_id)
        .where(VendorMember.vendor_id.in_(own), VendorMember.role == "owner")
        .order_by(VendorMember.vendor_id, VendorMember.user_id)
        .with_for_update()
    )
    counted = Counter(vendor_id for vendor_id, _ in owners)
    alone = [vendor_id for vendor_id, count in counted.items() if count == 1]
    return list(await session.scalars(select(Vendor.slug).where(Vendor.id.in_(alone)).order_by(Vendor.slug)))


async def store_of(session: AsyncSession, id_or_slug: str, other: str | None = None) -> VendorPage:
    """Return one active vendor with what it promises; in another language than the source's, if one is given.

    Raises:
        NotFound: no such vendor, or it is suspended.
    """
    vendor_id = parse_id(id_or_slug)
    wanted = Vendor.id == vendor_id if vendor_id else Vendor.slug == id_or_slug
    vendor = await session.scalar(select(Vendor).where(wanted, Vendor.status == Status.active))
    if vendor is None:
        raise NotFound
    found = await page_of(session, vendor)
    return found if other is None else await page_in_language(session, found, other)


async def slugs_like(session: AsyncSession, slug: str, *, most: int = 3) -> list[str]:
    """Return the slugs of vendors that resemble this one, the nearest first; whatever their state."""
    known = list(await session.scalars(select(Vendor.slug)))
    return difflib.get_close_matches(slug, known, n=most)


def policies(vendor: Vendor) -> Policies:
    """Return what a vendor promises."""
    return Policies(
        returns=vendor.returns_policy,
        shipping=vendor.shipping_policy,
        privacy=vendor.privacy_policy,
        imprint=vendor.imprint,
    )


async def require_selling(session: AsyncSession, vendor_id: UUID) -> None:
    """Reject what a suspended vendor cannot do.

    Raises:
        VendorIsSuspended: it is.
    """
    if await session.scalar(select(Vendor.status).where(Vendor.id == vendor_id)) == Status.suspended:
        raise VendorIsSuspended


async def find(session: AsyncSession, id_or_slug: str) -> UUID:
    """Return a vendor's id, whatever its state; for operators.

    Raises:
        VendorNotFound: there is none.
    """
    vendor_id = parse_id(id_or_slug)
    wanted = Vendor.id == vendor_id if vendor_id else Vendor.slug == id_or_slug
    found = await session.scalar(select(Vendor.id).where(wanted))
    if found is None:
        raise VendorNotFound
    return found


async def require(session: AsyncSession, vendor_id: UUID) -> None:
    """Make sure that this vendor exists, whatever its state.

    Raises:
        VendorNotFound: there is none.
    """
    if await session.scalar(select(Vendor.id).where(Vendor.id == vendor_id)) is None:
        raise VendorNotFound


async def is_active(session: AsyncSession, vendor_id: UUID) -> bool:
    """Whether this vendor exists and may sell."""
    return await session.scalar(select(Vendor.status).where(Vendor.id == vendor_id)) == Status.active


async def page(
    session: AsyncSession,
    params: PageParams,
    statuses: Collection[Status] | None = (Status.active,),
    *,
    sort: str = "name",
) -> tuple[list[VendorListed], int]:
    """Return a page of the vendors of some states, or of all, and how many there are.

    The marketplace's own vendor is not among the active ones: it exists as soon as something is bought or billed,
    and need not sell anything.
    """
    found = select(Vendor)
    if statuses is not None:
        found = found.where(Vendor.status.in_(statuses), Vendor.slug != HOUSE)
    rows, total = await numbered_page(session, SORTS.ordered(found, sort), params)
    vendors = list(rows.scalars())
    read = await shown(session, vendors)
    listed = [VendorListed(**dict(one), status=vendor.status) for one, vendor in zip(read, vendors, strict=True)]
    return listed, total


async def shown(session: AsyncSession, found: Sequence[Vendor]) -> list[VendorRead]:
    """Return vendors as buyers see them, with the sizes of their pictures: one query for all of them."""
    alts = {url: vendor.name for vendor in found for url in (vendor.logo_url, vendor.banner_url) if url}
    shown_as = await files.pictures(session, alts)
    return [
        VendorRead(
            id=vendor.id,
            slug=vendor.slug,
            name=vendor.name,
            tagline=vendor.tagline,
            description=vendor.description,
            logo=shown_as.get(vendor.logo_url or ""),
            banner=shown_as.get(vendor.banner_url or ""),
        )
        for vendor in found
    ]


async def page_of(session: AsyncSession, vendor: Vendor) -> VendorPage:
    """Return a vendor with how to reach it and what it promises."""
    return VendorPage(
        **dict((await shown(session, [vendor]))[0]),
        contact_email=vendor.contact_email,
        website=vendor.website,
        policies=policies(vendor),
    )


async def people_with_permission(session: AsyncSession, vendor_id: UUID, permission: VendorPermission) -> list[UUID]:
    """Return the accounts of those whose role in a vendor has a permission, in key order."""
    roles = [role for role, permissions in PERMISSIONS_OF_ROLE.items() if permission in permissions]
    found = await session.scalars(
        select(VendorMember.user_id)
        .where(VendorMember.vendor_id == vendor_id, VendorMember.role.in_(roles))
        .order_by(VendorMember.user_id)
    )
    return list(found)
