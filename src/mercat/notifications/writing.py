"""Writing a message down and queueing it, in the transaction that handles its event."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import outbox
from mercat.kit.ids import new_id
from mercat.notifications import jobs
from mercat.notifications.composing import Subject, compose
from mercat.notifications.links import Link
from mercat.notifications.models import Mail


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
    """Write a message and queue it, once for the event: the inbox row is in this transaction."""
    values = {**draft.values, "link": draft.link.url} if draft.link else draft.values
    letter = compose(draft.kind, draft.locale, Subject(draft.title, draft.subject), values)
    mail_id = new_id()
    mail = Mail(
        id=mail_id,
        event_id=event_id,
        user_id=draft.user_id,
        one_time_token_id=draft.link.token_id if draft.link else None,
        one_time_purpose=draft.link.purpose.value if draft.link else None,
        invoice_id=draft.invoice_id,
        commission_invoice_id=draft.commission_invoice_id,
        kind=draft.kind,
        recipient=draft.recipient,
        subject=letter.subject,
        body_text=letter.text,
        body_html=letter.html,
        message_id=f"<{mail_id}@{jobs.sender_domain()}>",
    )
    session.add(mail)
    await session.flush()
    await outbox.defer(session, jobs.send_mail, mail_id=str(mail_id))
