"""Reactions to what happened to shops: mail to their owners, and to whoever is asked to work for one."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth, outbox, vendors
from mercat.i18n import DEFAULT_LOCALE
from mercat.notifications.links import Link
from mercat.notifications.writing import Draft, write
from mercat.vendors import members
from mercat.vendors.events import MemberInvited, VendorApproved, VendorReinstated, VendorRejected, VendorSuspended


@outbox.handler("notifications.notify_vendor_approved")
async def tell_of_approval(session: AsyncSession, event_id: UUID, event: VendorApproved) -> None:
    """Tell the owners that their shop is open."""
    await _to_owners(session, event_id, event.vendor_id, "shop_approved")


@outbox.handler("notifications.notify_vendor_rejected")
async def tell_of_rejection(session: AsyncSession, event_id: UUID, event: VendorRejected) -> None:
    """Tell the applicant why there will be no such shop."""
    await _to_owners(session, event_id, event.vendor_id, "shop_rejected", event.reason)


@outbox.handler("notifications.notify_vendor_suspended")
async def tell_of_suspension(session: AsyncSession, event_id: UUID, event: VendorSuspended) -> None:
    """Tell the owners why nothing of theirs is sold for the time being, and what is left to do."""
    await _to_owners(session, event_id, event.vendor_id, "shop_suspended", event.reason)


@outbox.handler("notifications.notify_vendor_reinstated")
async def tell_of_reinstatement(session: AsyncSession, event_id: UUID, event: VendorReinstated) -> None:
    """Tell the owners that their shop sells again."""
    await _to_owners(session, event_id, event.vendor_id, "shop_reinstated")


@outbox.handler("notifications.invite_member")
async def invite_member(session: AsyncSession, event_id: UUID, event: MemberInvited) -> None:
    """Send whoever is asked to work for a shop the link with which they do; one that was taken back is not sent."""
    asked = await members.summons(session, event.invitation_id)
    if asked is None or not asked.open:
        return
    card = await auth.hold(session, asked.user_id) if asked.user_id else None
    draft = Draft(
        kind="shop_invitation",
        recipient=asked.email,
        locale=card.locale if card else DEFAULT_LOCALE,
        values={"name": "", "words": {"seller": asked.shop}},
        user_id=card.id if card else None,
        link=Link("join-shop", auth.Purpose.shop_invitation, event.token_id),
    )
    await write(session, event_id, draft)


async def _to_owners(session: AsyncSession, event_id: UUID, vendor_id: UUID, kind: str, reason: str = "") -> None:
    """Write to each owner in their own language; who was erased meanwhile gets nothing."""
    shop = (await vendors.cards(session, [vendor_id]))[vendor_id]
    for owner in await members.owners_of(session, vendor_id):
        card = await auth.hold(session, owner)
        if card is None:
            continue
        values = {"name": card.name, "words": {"seller": shop.name, "reason": reason}}
        await write(session, event_id, Draft(kind, card.email, card.locale, values, user_id=card.id))
