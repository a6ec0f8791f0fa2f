"""Invitations by mail to work for a vendor. No answer shows whether the address has an account."""

from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, auth, outbox
from mercat.auth import Actor, Purpose, delegation
from mercat.auth.delegation import InvalidLink
from mercat.kit import clock
from mercat.kit.ids import new_id
from mercat.kit.problems import Unauthenticated
from mercat.vendors.events import MemberInvited, MemberJoined
from mercat.vendors.exceptions import AlreadyMember, InvitationNotFound, NotInvited
from mercat.vendors.lifecycle import WORKING
from mercat.vendors.members import queries
from mercat.vendors.members.schemas import InvitationCreate, InvitationRead
from mercat.vendors.members.service import require_below
from mercat.vendors.models import Vendor, VendorInvitation, VendorMember
from mercat.vendors.permissions import MemberRole
from mercat.vendors.portal import VendorContext
from mercat.vendors.schemas import MembershipRead
from mercat.vendors.service import add_member


async def invite(session: AsyncSession, context: VendorContext, new: InvitationCreate) -> InvitationRead:
    """Send an address a link that makes its owner a member; a former link stops working.

    Raises:
        AboveYourRole: a member cannot grant a role above their own.
        AlreadyMember: the address belongs to a member.
    """
    require_below(context.role, new.role)
    invited = await auth.user_id_for(session, new.email)
    if invited is not None:
        await auth.hold(session, invited)
    works = exists().where(VendorMember.vendor_id == context.vendor_id, VendorMember.user_id == invited)
    if await session.scalar(select(works)):
        raise AlreadyMember
    key, now = delegation.key_of(new.email), clock.now()
    await session.execute(
        update(VendorInvitation)
        .where(VendorInvitation.vendor_id == context.vendor_id, VendorInvitation.email_key == key, *queries.OPEN)
        .values(revoked_at=now)
    )
    row = VendorInvitation(
        id=new_id(),
        vendor_id=context.vendor_id,
        email=new.email,
        email_key=key,
        role=new.role,
        inviter_id=context.actor.user_id,
        created_at=now,
        expires_at=now + delegation.LIFE[Purpose.vendor_invitation],
    )
    session.add(row)
    await session.flush()
    token_id = await delegation.issue(session, Purpose.vendor_invitation, data={"invitation_id": str(row.id)})
    await audit.record(
        session,
        context.actor,
        "vendor.member_invited",
        context.vendor_id,
        changes={"invitation": audit.Change(None, row.id), "role": audit.Change(None, new.role)},
    )
    await outbox.publish(session, MemberInvited(vendor_id=context.vendor_id, invitation_id=row.id, token_id=token_id))
    return queries.invitation(row)


async def revoke(session: AsyncSession, context: VendorContext, invitation_id: UUID) -> None:
    """Withdraw an invitation; its link stops working.

    Raises:
        InvitationNotFound: this vendor has no open invitation with this id.
    """
    taken = await session.scalar(
        update(VendorInvitation)
        .where(VendorInvitation.id == invitation_id, VendorInvitation.vendor_id == context.vendor_id, *queries.OPEN)
        .values(revoked_at=clock.now())
        .returning(VendorInvitation.id)
    )
    if taken is None:
        raise InvitationNotFound
    changes = {"invitation": audit.Change(invitation_id, None)}
    await audit.record(session, context.actor, "vendor.invitation_revoked", context.vendor_id, changes=changes)


async def accept(session: AsyncSession, actor: Actor, token: str) -> MembershipRead:
    """Become a member of the vendor of a link; an existing member keeps their role.

    Raises:
        InvalidLink: forged, used, expired, or withdrawn.
        NotInvited: it was sent to an address that is not proven to be the actor's. It still works for that one.
    """
    account = await delegation.lock(session, actor.user_id) if actor.user_id else None
    if account is None:
        raise Unauthenticated
    used = await delegation.use(session, Purpose.vendor_invitation, token)
    row: VendorInvitation | None = await session.scalar(
        update(VendorInvitation)
        .where(VendorInvitation.id == UUID(used.data["invitation_id"]), *queries.OPEN)
        .values(accepted_at=clock.now())
        .returning(VendorInvitation)
    )
    if row is None:
        raise InvalidLink
    if not account.email_verified or delegation.key_of(account.email) != row.email_key:
        raise NotInvited
    vendor = await session.get_one(Vendor, row.vendor_id)
    if vendor.status not in WORKING:
        raise InvalidLink
    if await add_member(session, actor, vendor.id, account.id, row.role):
        await outbox.publish(session, MemberJoined(vendor_id=vendor.id, user_id=account.id))
    role = await session.scalar(
        select(VendorMember.role).where(VendorMember.vendor_id == vendor.id, VendorMember.user_id == account.id)
    )
    return MembershipRead(id=vendor.id, slug=vendor.slug, name=vendor.name, role=MemberRole(role or row.role))
