"""Reactions to what happened to accounts: mail that their owners should get."""

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth, outbox
from mercat.auth.events import (
    AccessChanged,
    EmailChanged,
    EmailClaimedAgain,
    EmailProofAsked,
    EmailVerified,
    PasswordChanged,
    PasswordResetAsked,
)
from mercat.kit.config import ProcessSettings
from mercat.notifications.links import Link
from mercat.notifications.models import Mail
from mercat.notifications.writing import Draft, write


@outbox.handler("notifications.send_verification_link")
async def send_proof_link(session: AsyncSession, event_id: UUID, event: EmailProofAsked) -> None:
    """Write to the address that is to be proven, with the link that proves it."""
    purpose = auth.Purpose(event.purpose)
    recipient = await auth.address_to_prove(session, event.token_id)
    path = "verify-email" if purpose is auth.Purpose.verify_email else "confirm-email"
    await _to_person(session, event_id, event.user_id, purpose.value, Link(path, purpose, event.token_id), recipient)


@outbox.handler("notifications.send_reset_link")
async def send_reset_link(session: AsyncSession, event_id: UUID, event: PasswordResetAsked) -> None:
    """Write to whoever forgot the password, with the link that sets a new one."""
    link = Link("reset-password", auth.Purpose.reset_password, event.token_id)
    await _to_person(session, event_id, event.user_id, "reset_password", link)


@outbox.handler("notifications.notify_former_address")
async def tell_former_address(session: AsyncSession, event_id: UUID, event: EmailChanged) -> None:
    """Tell the address that an account had so far, in case somebody else changed it."""
    await _to_person(session, event_id, event.user_id, "email_changed", None, event.old_email)


@outbox.handler("notifications.notify_address_claimed")
async def tell_of_claim(session: AsyncSession, event_id: UUID, event: EmailClaimedAgain) -> None:
    """Tell the owner of an address that somebody tried to use it for another account."""
    await _to_person(session, event_id, event.user_id, "email_claimed_again")


@outbox.handler("notifications.notify_password_changed")
async def tell_of_password(session: AsyncSession, event_id: UUID, event: PasswordChanged) -> None:
    """Tell somebody that their password was changed, in case they did not do it."""
    await _to_person(session, event_id, event.user_id, "password_changed")


@outbox.handler("notifications.notify_access_changed")
async def tell_of_access(session: AsyncSession, event_id: UUID, event: AccessChanged) -> None:
    """Tell somebody that there is one way more, or less, into their account, in case they did not do it."""
    await _to_person(session, event_id, event.user_id, event.change)


@outbox.handler("notifications.welcome")
async def welcome(session: AsyncSession, event_id: UUID, event: EmailVerified) -> None:
    """Greet somebody who has shown that their address is theirs, the first time they do; an index sees to it."""
    card = await auth.hold(session, event.user_id)
    greeted = select(exists().where(Mail.user_id == event.user_id, Mail.kind == "welcome"))
    if card is None or await session.scalar(greeted):
        return
    values = {"name": card.name, "home": ProcessSettings.read().public_url}
    draft = Draft("welcome", card.email, card.locale, values, user_id=event.user_id)
    await write(session, event_id, draft)


async def _to_person(
    session: AsyncSession,
    event_id: UUID,
    user_id: UUID,
    kind: str,
    link: Link | None = None,
    recipient: str | None = None,
) -> None:
    """Write to an account's own address, or to `recipient`; who was erased meanwhile gets nothing."""
    card = await auth.hold(session, user_id)
    if card is None:
        return
    draft = Draft(
        kind=kind,
        recipient=recipient or card.email,
        locale=card.locale,
        # until the address is proven, the name may be a stranger's words to its owner
        values={"name": card.name if card.email_verified else ""},
        user_id=user_id,
        link=link,
    )
    await write(session, event_id, draft)
