"""Shapes of jobs and schedules as operators see them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, JsonValue, StringConstraints

from mercat.kit.pagination import PageParams
from mercat.kit.shapes import MOST_VALUES, Shape


class JobState(StrEnum):
    """Where a job is in its life. One that succeeds is deleted."""

    queued = "queued"
    scheduled = "scheduled"
    running = "running"
    failed = "failed"
    parked = "parked"


class JobFilter(PageParams):
    """Which jobs, and in which order."""

    sort: Literal["-queued_at", "queued_at", "-attempts", "attempts"] = "-queued_at"
    """Order of the list: downward with a minus sign."""
    status: list[JobState] = Field([], max_length=MOST_VALUES, examples=[["parked"]])
    """`queued`; `scheduled` for later; `running`; `failed` and tried again; or `parked` after its last attempt. Given
    several times, any of these."""
    task: list[Annotated[str, StringConstraints(max_length=128, pattern=r"^[a-z][a-z0-9_.]*$")]] = Field(
        [], max_length=MOST_VALUES, examples=[["notifications.send_mail"]]
    )
    """What it does, as in `notifications.send_mail`; given several times, any of these."""


class LastFailure(Shape):
    """Why the last attempt failed."""

    error: str = Field(examples=["SMTPConnectError"])
    """The kind of error."""
    message: str = Field(examples=["connection refused"])
    """What it said, without secrets and addresses of people."""
    attempt: int = Field(examples=[3])
    at: datetime


class JobRead(Shape):
    """One job."""

    id: int = Field(examples=[4711])
    task: str = Field(examples=["notifications.send_mail"])
    status: JobState
    attempts: int = Field(examples=[3])
    """Attempts that have ended."""
    queued_at: datetime | None
    due_at: datetime | None
    """Not before then; null is at once."""
    started_at: datetime | None
    """When the attempt under way began."""
    forwarded: bool
    """Whether this attempt was announced to the fleet."""
    arguments: dict[str, JsonValue] = Field(examples=[{"mail_id": "0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c58"}])
    """Ids as they are; whatever else a job was given is hidden."""
    last_failure: LastFailure | None


class ScheduleRead(Shape):
    """Something that is done again and again."""

    task: str = Field(examples=["orders.expire_due"])
    cron: str = Field(examples=["* * * * * */15"])
    """When, in UTC, as cron. Of six fields the last counts seconds: `* * * * * */15` is every 15 seconds."""
    last_fired_at: datetime | None
    next_at: datetime
