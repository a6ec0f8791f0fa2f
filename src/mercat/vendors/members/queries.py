"""Reads of a vendor's members and invitations."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth
from mercat.auth import delegation
from mercat.kit import clock
from mercat.vendors.members.schemas import InvitationRead, InvitationRecord, MemberRead
from mercat.vendors.models import Vendor, VendorInvitation, VendorMember
from mercat.vendors.permissions import MemberRole

OPEN = (VendorInvitation.accepted_at.is_(None), VendorInvitation.revoked_at.is_(None))


@dataclass(frozen=True, slots=True)
class Summons:
    """The values of an invitation's mail. `user_id` is None if the address has no account."""

    vendor: str
    email: str
    user_id: UUID | None
    open: bool


async def members(session: AsyncSession, vendor_id: UUID) -> list[MemberRead]:
    """Return a vendor's members, in the order in which they joined."""
    rows = list(
        await session.scalars(
            select(VendorMember)
            .where(VendorMember.vendor_id == vendor_id)
            .order_by(VendorMember.joined_at, VendorMember.user_id)
        )
    )
    accounts = await auth.user_references(session, [row.user_id for row in rows])
    return [
        MemberRead(
            user_id=row.user_id,
            name=accounts[row.user_id].name,
            email=accounts[row.user_id].email,
            role=MemberRole(row.role),
            joined_at=row.joined_at,
        )
        for row in rows
        if row.user_id in accounts
    ]


async def one(session: AsyncSession, vendor_id: UUID, user_id: UUID) -> MemberRead:
    """Return a member of a vendor."""
    return next(member for member in await members(session, vendor_id) if member.user_id == user_id)


async def invitations(session: AsyncSession, vendor_id: UUID) -> list[InvitationRead]:
    """Return the open invitations, the newest first."""
    rows = await session.scalars(
        select(VendorInvitation)
        .where(VendorInvitation.vendor_id == vendor_id, *OPEN)
        .order_by(VendorInvitation.id.desc())
    )
    return [invitation(row) for row in rows]


async def invitations_of_person(session: AsyncSession, user_id: UUID, email: str | None) -> list[InvitationRecord]:
    """Return the invitations that a person sent, or that were sent to the address that is proven to be theirs."""
    theirs = [VendorInvitation.inviter_id == user_id]
    if email is not None:
        theirs.append(VendorInvitation.email_key == delegation.key_of(email))
    rows = await session.execute(
        select(VendorInvitation, Vendor.slug)
        .join(Vendor, Vendor.id == VendorInvitation.vendor_id)
        .where(or_(*theirs))
        .order_by(VendorInvitation.id)
    )
    return [
        InvitationRecord(
            vendor=slug,
            email=None if row.inviter_id == user_id else row.email,
            role=MemberRole(row.role),
            sent_by_oneself=row.inviter_id == user_id,
            created_at=row.created_at,
            accepted_at=row.accepted_at,
            revoked_at=row.revoked_at,
        )
        for row, slug in rows
    ]


async def summons(session: AsyncSession, invitation_id: UUID) -> Summons | None:
    """Return what an invitation's mail says, or None if it is gone."""
    found = (
        await session.execute(
            select(VendorInvitation, Vendor.name)
            .join(Vendor, Vendor.id == VendorInvitation.vendor_id)
            .where(VendorInvitation.id == invitation_id)
        )
    ).first()
    if found is None:
        return None
    row, vendor = found
    user_id = await auth.user_id_for(session, row.email)
    return Summons(vendor, row.email, user_id, row.accepted_at is None and row.revoked_at is None)


async def owners_of(session: AsyncSession, vendor_id: UUID) -> Sequence[UUID]:
    """Return the accounts of a vendor's owners."""
    owners = select(VendorMember.user_id).where(VendorMember.vendor_id == vendor_id, VendorMember.role == "owner")
    return (await session.scalars(owners.order_by(VendorMember.user_id))).all()


def invitation(row: VendorInvitation) -> InvitationRead:
    """Return an invitation as the vendor's owners see it."""
    return InvitationRead(
        id=row.id,
        email=row.email,
        role=MemberRole(row.role),
        created_at=row.created_at,
        expires_at=row.expires_at,
        expired=row.expires_at <= clock.now(),
    )
