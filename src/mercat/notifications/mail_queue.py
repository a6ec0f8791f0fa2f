"""Mail that was written, for operators: what waits or was refused, and trying again."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, outbox
from mercat.auth import Actor
from mercat.kit.problems import Conflict, NotFound
from mercat.notifications.jobs import send_mail
from mercat.notifications.models import Mail
from mercat.notifications.personal import MailRecord

MailStatus = Literal["queued", "refused", "sent"]


class MailNotFound(NotFound):
    """No such message."""

    code = "mail.not_found"
    detail = "There is no such message."


class MailNotRefused(Conflict):
    """It was sent, or is about to be sent."""

    code = "mail.not_refused"
    detail = "This message has left, or is being sent already."


class OutgoingMail(MailRecord):
    """A message and what became of it, without its words."""

    id: UUID
    reason: str


async def outgoing(session: AsyncSession, *, status: MailStatus | None, limit: int) -> Sequence[OutgoingMail]:
    """Return the newest messages, of one status or of all."""
    newest = select(Mail).order_by(Mail.created_at.desc(), Mail.id.desc()).limit(limit)
    rows = await session.scalars(newest.where(Mail.status == status) if status else newest)
    return [OutgoingMail.model_validate(mail, from_attributes=True) for mail in rows]


async def retry(session: AsyncSession, actor: Actor, mail_id: UUID) -> None:
    """Send a message after all that was refused, or whose job was given up. It keeps its Message-ID.

    Raises:
        MailNotFound: there is none.
        MailNotRefused: it was sent, or waits for its next attempt.
    """
    mail = await session.get(Mail, mail_id, with_for_update=True)
    if mail is None:
        raise MailNotFound
    waiting = mail.status == "queued" and await outbox.is_queued(session, send_mail, mail_id=str(mail_id))
    if mail.status == "sent" or waiting or not mail.body_text:
        raise MailNotRefused
    before = mail.status
    await session.execute(update(Mail).where(Mail.id == mail_id).values(status="queued", reason="", sent_at=None))
    await outbox.defer(session, send_mail, mail_id=str(mail_id))
    await audit.record(session, actor, "mail.retried", mail_id, changes={"status": audit.Change(before, "queued")})
