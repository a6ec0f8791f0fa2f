"""What is kept of mail to a person."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import Field
from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.shapes import Shape
from mercat.notifications.models import Mail


class MailRecord(Shape):
    """A message, without its words."""

    kind: str = Field(examples=["order_placed"])
    recipient: str = Field(examples=["ada@example.com"])
    subject: str = Field(examples=["Your order M-100001"])
    status: str = Field(examples=["sent"])
    created_at: datetime
    sent_at: datetime | None


async def record_of(session: AsyncSession, user_id: UUID, email: str | None) -> list[MailRecord]:
    """Return the mail to a person, to their account or to the address that they have proven."""
    rows = await session.scalars(select(Mail).where(or_(*_to(user_id, email))).order_by(Mail.id))
    return [MailRecord.model_validate(mail, from_attributes=True) for mail in rows]


async def forget(session: AsyncSession, user_id: UUID, email: str | None, event_ids: Sequence[UUID]) -> None:
    """Delete the mail to a person, or because of these events; what is not sent yet is not sent any more."""
    await session.execute(delete(Mail).where(or_(*_to(user_id, email), Mail.event_id.in_(event_ids))))


def _to(user_id: UUID, email: str | None) -> list[ColumnElement[bool]]:
    theirs = [Mail.user_id == user_id]
    return theirs if email is None else [*theirs, func.lower(Mail.recipient) == email.lower()]
