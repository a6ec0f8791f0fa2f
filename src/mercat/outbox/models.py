"""Events as they happened, which of them each handler has seen, and what is known about jobs beside their queue."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Table, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mercat.kit.models import Base, Identified

# the queue's own table, which its library makes and changes: named here so that ours can refer to it
queue = Table("procrastinate_jobs", Base.metadata, Column("id", BigInteger, primary_key=True))


class StoredEvent(Identified, Base):
    """One domain event, written in the transaction that made it true."""

    __tablename__ = "events"
    __table_args__ = (Index(None, "occurred_at"),)
    name: Mapped[str]
    payload: Mapped[dict[str, object]] = mapped_column(JSONB)
    request_id: Mapped[str]
    occurred_at: Mapped[datetime] = mapped_column(server_default=func.now())


class HandledEvent(Base):
    """The inbox: this handler has dealt with this event, committed together with what it did."""

    __tablename__ = "handled_events"
    event_id: Mapped[UUID] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    handler: Mapped[str] = mapped_column(primary_key=True)
    handled_at: Mapped[datetime] = mapped_column(server_default=func.now())


class JobFailure(Base):
    """Why the last attempt of a job failed, and how many workers it has lost; gone with the job."""

    __tablename__ = "job_failures"
    __table_args__ = (
        CheckConstraint("length(error) <= 100", name="error"),
        CheckConstraint("length(message) <= 500", name="message"),
    )
    job_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("procrastinate_jobs.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    attempt: Mapped[int]
    error: Mapped[str]
    message: Mapped[str]
    workers_lost: Mapped[int] = mapped_column(server_default="0")
    failed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ForwardedJob(Base):
    """A job whose number was sent to the fleet for this attempt; gone with the job.

    It says nothing about who runs the job, which only its row in the queue does.
    """

    __tablename__ = "forwarded_jobs"
    job_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("procrastinate_jobs.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    attempts: Mapped[int]
    times: Mapped[int]
    again_at: Mapped[datetime]
