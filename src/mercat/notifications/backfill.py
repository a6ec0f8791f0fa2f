"""Mail that was refused elsewhere: written down as it stood, for the operator to see and to send again."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import escape
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.ids import new_id
from mercat.notifications.jobs import sender_domain
from mercat.notifications.models import Mail


@dataclass(frozen=True, slots=True)
class RefusedMail:
    """A message that a server refused; `kind` is its template, `text` its words."""

    kind: str
    recipient: str
    subject: str
    text: str
    reason: str
    at: datetime


async def record_refused(session: AsyncSession, mail: RefusedMail) -> None:
    """Write a refused message."""
    mail_id = new_id()
    session.add(
        Mail(
            id=mail_id,
            event_id=new_id(),
            kind=mail.kind,
            recipient=mail.recipient,
            subject=mail.subject,
            body_text=mail.text,
            body_html=f"<p>{escape(mail.text)}</p>",
            message_id=f"<{mail_id.hex}@{sender_domain()}>",
            status="refused",
            reason=mail.reason,
            created_at=mail.at,
            sent_at=mail.at,
        )
    )
