"""Reads about shops."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth import Actor
from mercat.kit.ids import parse_id
from mercat.kit.pagination import PageParams
from mercat.kit.problems import NotFound
from mercat.vendors.duties import DUTIES, Duty, MemberRole
from mercat.vendors.models import Vendor, VendorMember
from mercat.vendors.schemas import MembershipRead, VendorRead


@dataclass(frozen=True, slots=True)
class VendorCard:
    """A shop in a sentence."""

    id: UUID
    slug: str
    name: str


async def cards(session: AsyncSession, vendor_ids: Sequence[UUID]) -> dict[UUID, VendorCard]:
    """Return shops by id; unknown ids are left out."""
    rows = await session.execute(select(Vendor.id, Vendor.slug, Vendor.name).where(Vendor.id.in_(vendor_ids)))
    return {row.id: VendorCard(row.id, row.slug, row.name) for row in rows}


async def ids_of_member(session: AsyncSession, actor: Actor) -> list[UUID]:
    """Return the shops that the actor works for."""
    if actor.user_id is None:
        return []
    found = await session.scalars(
        select(VendorMember.vendor_id).where(VendorMember.user_id == actor.user_id).order_by(VendorMember.vendor_id)
    )
    return list(found)


async def memberships(session: AsyncSession, user_id: UUID) -> list[MembershipRead]:
    """Return for which shops somebody works, and as what."""
    rows = await session.execute(
        select(Vendor, VendorMember.role)
        .join(VendorMember, VendorMember.vendor_id == Vendor.id)
        .where(VendorMember.user_id == user_id)
        .order_by(Vendor.id)
    )
    return [MembershipRead(id=v.id, slug=v.slug, name=v.name, role=role) for v, role in rows]


async def owned_alone(session: AsyncSession, user_id: UUID) -> list[str]:
    """Return the slugs of the shops whose only owner somebody is; locks the owners: two cannot leave at once."""
    own = select(VendorMember.vendor_id).where(VendorMember.user_id == user_id, VendorMember.role == "owner")
    owners = await session.execute(
        select(VendorMember.vendor_id, VendorMember.user_id)
        .where(VendorMember.vendor_id.in_(own), VendorMember.role == "owner")
        .order_by(VendorMember.vendor_id, VendorMember.user_id)
        .with_for_update()
    )
    counted = Counter(vendor_id for vendor_id, _ in owners)
    alone = [vendor_id for vendor_id, count in counted.items() if count == 1]
    return list(await session.scalars(select(Vendor.slug).where(Vendor.id.in_(alone)).order_by(Vendor.slug)))


async def shop_of(session: AsyncSession, id_or_slug: str) -> VendorRead:
    """Return one active shop.

    Raises:
        NotFound: no such shop, or it is suspended.
    """
    vendor_id = parse_id(id_or_slug)
    wanted = Vendor.id == vendor_id if vendor_id else Vendor.slug == id_or_slug
    vendor = await session.scalar(select(Vendor).where(wanted, Vendor.status == "active"))
    if vendor is None:
        raise NotFound
    return _read(vendor)


async def is_active(session: AsyncSession, vendor_id: UUID) -> bool:
    """Whether there is such a shop and it is not suspended."""
    return await session.scalar(select(Vendor.status).where(Vendor.id == vendor_id)) == "active"


async def people_of(session: AsyncSession, vendor_id: UUID, *duties: Duty) -> list[UUID]:
    """Return who has one of these duties in a shop."""
    roles = [role.value for role in MemberRole if any(duty in DUTIES[role] for duty in duties)]
    people = select(VendorMember.user_id).where(VendorMember.vendor_id == vendor_id, VendorMember.role.in_(roles))
    return list(await session.scalars(people.order_by(VendorMember.user_id)))


async def page(session: AsyncSession, params: PageParams) -> tuple[list[VendorRead], int]:
    """Return a page of active shops by name, and how many there are."""
    active = select(Vendor).where(Vendor.status == "active")
    total = await session.scalar(select(func.count()).select_from(active.subquery()))
    rows = await session.scalars(
        active.order_by(func.lower(Vendor.name), Vendor.id).limit(params.size).offset(params.offset)
    )
    return [_read(vendor) for vendor in rows], total or 0


def _read(vendor: Vendor) -> VendorRead:
    return VendorRead(
        id=vendor.id,
        slug=vendor.slug,
        name=vendor.name,
        tagline=vendor.tagline,
        description=vendor.description,
        logo_url=vendor.logo_url,
    )
