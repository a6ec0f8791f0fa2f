"""Sending what was written."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import invoices, outbox
from mercat.invoices import commissions
from mercat.kit import clock, metrics
from mercat.kit.logs import logger
from mercat.notifications.config import MailSettings
from mercat.notifications.message import AttachedFile, UnusableAddress, message_of
from mercat.notifications.models import Mail
from mercat.notifications.refusals import MailRefused
from mercat.notifications.transport import domain_of, transport

MAIL = metrics.counter("mercat_mails", "Mail that left, or was refused for good.", "outcome")
PATIENCE = 600
"""Attempts before a message is left to an operator: at five minutes from one to the next, two days."""


@outbox.job("notifications.send_mail", attempts=PATIENCE)
async def send_mail(context: outbox.JobContext, mail_id: str) -> None:
    """Send one message, outside of any transaction; an attempt after a crash carries the same Message-ID."""
    async with context.database.transaction() as session:
        mail = await session.get(Mail, UUID(mail_id))
        if mail is None or mail.status != "queued":
            return
        attached = await _attached(session, mail)
    settings = MailSettings.read()
    try:
        await transport(settings).send(message_of(mail, settings.mail_from, attached))
    except (MailRefused, UnusableAddress) as refused:
        logger.warning("mail_refused", mail=mail_id, reason=str(refused))
        MAIL.labels("refused").inc()
        await _settle(context, mail.id, "refused", str(refused))
    else:
        MAIL.labels("sent").inc()
        await _settle(context, mail.id, "sent", "")


@outbox.every(outbox.daily(3, 53), "notifications.forget_bodies", lane=outbox.Lane.bulk)
async def forget_bodies(context: outbox.JobContext) -> None:
    """Empty the bodies of mail that was sent, or refused, longer ago than `MERCAT_MAIL_BODIES_KEPT_DAYS`."""
    async with context.database.transaction() as session:
        await empty_bodies(session, clock.now() - timedelta(days=MailSettings.read().mail_bodies_kept_days))


async def empty_bodies(session: AsyncSession, before: datetime) -> None:
    """Empty the bodies of mail that was written before a moment and waits no more."""
    done = (Mail.status != "queued", Mail.created_at < before, Mail.body_text != "")
    await session.execute(update(Mail).where(*done).values(body_text="", body_html=""))


async def _attached(session: AsyncSession, mail: Mail) -> AttachedFile | None:
    if mail.invoice_id is not None:
        document = await invoices.attachment_of(session, mail.invoice_id)
        return AttachedFile(document.filename, document.content)
    if mail.commission_invoice_id is not None:
        bill = await commissions.document_of(session, mail.commission_invoice_id)
        return AttachedFile(bill.filename, bill.content)
    return None


def sender_domain() -> str:
    """Return the domain that our Message-IDs end with."""
    return domain_of(MailSettings.read().mail_from)


async def _settle(context: outbox.JobContext, mail_id: UUID, status: str, reason: str) -> None:
    async with context.database.transaction() as session:
        await session.execute(
            update(Mail).where(Mail.id == mail_id).values(status=status, reason=reason, sent_at=clock.now())
        )
