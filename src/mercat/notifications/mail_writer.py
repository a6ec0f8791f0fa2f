"""Writing a message down and queueing it, in the transaction that handles its event."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import outbox
from mercat.kit import clock
from mercat.kit.ids import new_id
from mercat.kit.logs import logger
from mercat.notifications import jobs
from mercat.notifications.composer import Letter, Subject, compose
from mercat.notifications.config import MailSettings
from mercat.notifications.links import Link
from mercat.notifications.models import Mail
from mercat.notifications.own_texts import own_text

BY_STRANGERS = ("change_email", "email_claimed_again", "reset_password", "vendor_invitation", "verify_email")
"""Mail that anyone can cause to be sent to an address by naming it."""
TO_STRANGERS = (*BY_STRANGERS, "order_cancelled", "order_expired", "order_placed", "payment_failed")
"""And mail about orders that cost nothing, as long as the address is not proven."""


TURN = text("SELECT pg_advisory_xact_lock(hashtextextended(:address, 5))")


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be written to whom; the templates of the kind say what `values` they need."""

    kind: str
    title: str
    recipient: str
    locale: str
    values: Mapping[str, Any]
    subject: Mapping[str, str] = field(default_factory=dict)
    user_id: UUID | None = None
    proven: bool = False
    link: Link | None = None
    invoice_id: UUID | None = None
    commission_invoice_id: UUID | None = None


async def write(session: AsyncSession, event_id: UUID, draft: Draft) -> None:
    """Write a message and queue it, once for the event: the inbox row is in this transaction.

    Mail that strangers can cause is not written to an address that has had enough of it within the hour.
    """
    if await _is_flooded(session, draft):
        logger.warning("mail_withheld", kind=draft.kind, cause=str(event_id))
        return
    values = {**draft.values, "link": draft.link.url} if draft.link else draft.values
    own = await own_text(session, draft.kind, draft.locale)
    letter = compose(draft.kind, draft.locale, Subject(draft.title, draft.subject), values, own)
    await _queue(
        session,
        letter,
        event_id=event_id,
        user_id=draft.user_id,
        one_time_token_id=draft.link.token_id if draft.link else None,
        one_time_purpose=draft.link.purpose.value if draft.link else None,
        invoice_id=draft.invoice_id,
        commission_invoice_id=draft.commission_invoice_id,
        kind=draft.kind,
        recipient=draft.recipient,
    )


async def write_test(session: AsyncSession, user_id: UUID, recipient: str, letter: Letter) -> UUID:
    """Write a letter of made-up data to an operator and queue it; returns the id of the message.

    Its kind is none of those that templates are of: a test of the welcome is no welcome.
    """
    return await _queue(
        session, letter, event_id=new_id(), user_id=user_id, kind="mail_template_test", recipient=recipient
    )


async def _queue(session: AsyncSession, letter: Letter, **of: object) -> UUID:
    """Write a letter down and queue it; `of` are the columns of `Mail` that say whose it is."""
    mail_id = new_id()
    mail = Mail(
        id=mail_id,
        subject=letter.subject,
        body_text=letter.text,
        body_html=letter.html,
        message_id=f"<{mail_id}@{jobs.sender_domain()}>",
        **of,
    )
    session.add(mail)
    await session.flush()
    await outbox.defer(session, jobs.send_mail, mail_id=str(mail_id))
    return mail_id


async def _is_flooded(session: AsyncSession, draft: Draft) -> bool:
    """Whether an address got as much mail within the hour as strangers may cause. What is paid for always arrives."""
    if draft.kind not in (BY_STRANGERS if draft.proven else TO_STRANGERS):
        return False
    # whoever writes to the same address waits here, so that counting and writing are one step
    await session.execute(TURN, {"address": draft.recipient.lower()})
    recent = (Mail.kind.in_(TO_STRANGERS), Mail.created_at > clock.now() - timedelta(hours=1))
    same = func.lower(Mail.recipient) == draft.recipient.lower()
    count = await session.scalar(select(func.count()).select_from(Mail).where(same, *recent))
    return (count or 0) >= MailSettings.read().mails_per_address_and_hour
