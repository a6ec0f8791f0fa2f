"""Changes of members' roles, and their removal.

Locks: the account, then all members of the vendor by key. So two owners cannot leave at once, and an actor who lost
their own role while they waited decides nothing any more.
"""

from uuid import UUID

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, outbox
from mercat.auth import Actor, Role, delegation
from mercat.kit import clock
from mercat.vendors.events import MemberLeft
from mercat.vendors.exceptions import AboveYourRole, LastVendorOwner, MemberNotFound
from mercat.vendors.lifecycle import WORKING
from mercat.vendors.members import queries
from mercat.vendors.members.schemas import MemberRead
from mercat.vendors.models import Vendor, VendorInvitation, VendorMember
from mercat.vendors.permissions import PERMISSIONS_OF_ROLE, MemberRole, VendorPermission
from mercat.vendors.portal import MissingVendorPermission, VendorContext

RANK = {MemberRole.staff: 0, MemberRole.manager: 1, MemberRole.owner: 2}


async def change_role(session: AsyncSession, context: VendorContext, user_id: UUID, role: MemberRole) -> MemberRead:
    """Change a member's role.

    Raises:
        MemberNotFound, AboveYourRole, MissingVendorPermission, LastVendorOwner: it must stay as it is.
    """
    people = await _locked(session, context, user_id)
    require_below(_acting(context, people), role, MemberRole(people[user_id]))
    if people[user_id] != role:
        _keep_an_owner(people, user_id, role)
        await session.execute(
            update(VendorMember)
            .where(VendorMember.vendor_id == context.vendor_id, VendorMember.user_id == user_id)
            .values(role=role)
        )
        changes = {"user_id": audit.Change(user_id, user_id), "role": audit.Change(people[user_id], role)}
        await audit.record(session, context.actor, "vendor.member_role_changed", context.vendor_id, changes=changes)
    return await queries.one(session, context.vendor_id, user_id)


async def remove(session: AsyncSession, context: VendorContext, user_id: UUID) -> None:
    """Remove a member, or leave. Invitations that they sent are withdrawn; without any vendor they sell no more.

    Raises:
        MemberNotFound, AboveYourRole, MissingVendorPermission, LastVendorOwner: they must stay.
    """
    people = await _locked(session, context, user_id)
    if user_id != context.actor.user_id:
        require_below(_acting(context, people), MemberRole(people[user_id]))
    _keep_an_owner(people, user_id, None)
    await session.execute(
        delete(VendorMember).where(VendorMember.vendor_id == context.vendor_id, VendorMember.user_id == user_id)
    )
    await session.execute(
        update(VendorInvitation)
        .where(VendorInvitation.vendor_id == context.vendor_id, VendorInvitation.inviter_id == user_id, *queries.OPEN)
        .values(revoked_at=clock.now())
    )
    member = {"user_id": user_id, "role": people[user_id]}
    await audit.record(
        session, context.actor, "vendor.member_removed", context.vendor_id, changes=audit.difference(member, {})
    )
    await _sell_no_more(session, context.actor, user_id)
    await outbox.publish(session, MemberLeft(vendor_id=context.vendor_id, user_id=user_id))


def require_below(acting: MemberRole, *roles: MemberRole) -> None:
    """Reject granting, or changing, what is above one's own role.

    Raises:
        AboveYourRole: some of it is.
    """
    if any(RANK[role] > RANK[acting] for role in roles):
        raise AboveYourRole


async def _locked(session: AsyncSession, context: VendorContext, user_id: UUID) -> dict[UUID, str]:
    """Lock an account and the members of the vendor, and return the current role of each.

    Raises:
        MemberNotFound: the account is none of them.
    """
    await delegation.lock(session, user_id)
    rows = await session.execute(
        select(VendorMember.user_id, VendorMember.role)
        .where(VendorMember.vendor_id == context.vendor_id)
        .order_by(VendorMember.user_id)
        .with_for_update()
    )
    people = {row.user_id: row.role for row in rows}
    if user_id not in people:
        raise MemberNotFound
    return people


def _acting(context: VendorContext, people: dict[UUID, str]) -> MemberRole:
    """Return the actor's role in the vendor, now that it cannot change any more.

    Raises:
        MissingVendorPermission: nothing that lets them, any more.
    """
    role = people.get(context.actor.user_id) if context.actor.user_id else None
    if role is None or VendorPermission.members not in PERMISSIONS_OF_ROLE[MemberRole(role)]:
        raise MissingVendorPermission
    return MemberRole(role)


def _keep_an_owner(people: dict[UUID, str], user_id: UUID, becomes: MemberRole | None) -> None:
    owners = [member for member, role in people.items() if role == MemberRole.owner]
    if owners == [user_id] and becomes is not MemberRole.owner:
        raise LastVendorOwner


async def _sell_no_more(session: AsyncSession, actor: Actor, user_id: UUID) -> None:
    """Take the vendor role back from an account that works for no vendor; the caller has locked the account."""
    works = exists().where(
        VendorMember.user_id == user_id, Vendor.id == VendorMember.vendor_id, Vendor.status.in_(WORKING)
    )
    if not await session.scalar(select(works)):
        await delegation.take(session, actor, user_id, Role.vendor)
