"""Mail that was written, and whether it was sent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, Identified, Stamped


class Mail(Identified, Base):
    """One message, rendered when its event was handled. `message_id` is its own and stays the same on every attempt.

    A link that works once stands in the bodies as `LINK` and is put in when the message leaves, so that nobody who
    reads this table can follow it. `user_id` is the account it was written to, if it was one; `invoice_id` is the
    document that goes with it, `commission_invoice_id` the one that goes to a vendor.
    """

    __tablename__ = "mails"
    __table_args__ = (
        CheckConstraint("status IN ('queued', 'sent', 'refused')", name="status"),
        CheckConstraint("(one_time_token_id IS NULL) = (one_time_purpose IS NULL)", name="one_time"),
        Index(None, "created_at"),
        Index(None, "user_id"),
        Index("uq_mails_one_welcome", "user_id", unique=True, postgresql_where=text("kind = 'welcome'")),
    )
    event_id: Mapped[UUID]
    user_id: Mapped[UUID | None]
    one_time_token_id: Mapped[UUID | None]
    one_time_purpose: Mapped[str | None]
    invoice_id: Mapped[UUID | None]
    commission_invoice_id: Mapped[UUID | None]
    kind: Mapped[str]
    recipient: Mapped[str]
    subject: Mapped[str]
    body_text: Mapped[str]
    body_html: Mapped[str]
    message_id: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str] = mapped_column(server_default="queued")
    reason: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    sent_at: Mapped[datetime | None]


class MailTemplate(Stamped, Base):
    """An operator's own text of a kind of mail in one language; what is empty is as shipped.

    The row stays when the text is removed, so that `version`, which counts edits and guards them, never begins anew.
    """

    __tablename__ = "mail_templates"
    kind: Mapped[str] = mapped_column(primary_key=True)
    locale: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(server_default="", default="")
    introduction: Mapped[str] = mapped_column(server_default="", default="")
    closing: Mapped[str] = mapped_column(server_default="", default="")
    version: Mapped[int] = mapped_column(server_default="1", default=1)
