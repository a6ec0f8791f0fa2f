"""Operators run jobs again or give them up; either is written down. For the API and for `mercat jobs`."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, outbox
from mercat.auth import Actor
from mercat.outbox import FormerJob


async def retry_job(session: AsyncSession, actor: Actor, job_id: int) -> outbox.JobRead:
    """Run a job that failed again, now and with all its attempts. See `outbox.retry` for what it refuses."""
    await audit.record_many(session, actor, [_retried(await outbox.retry(session, job_id))])
    return await outbox.find(session, job_id)


async def retry_parked_jobs(session: AsyncSession, actor: Actor) -> list[int]:
    """Run all parked jobs again; returns their numbers."""
    former = await outbox.retry_parked(session)
    await audit.record_many(session, actor, [_retried(job) for job in former])
    return [job.id for job in former]


async def cancel_job(session: AsyncSession, actor: Actor, job_id: int) -> None:
    """Cancel a job that no worker runs. See `outbox.cancel` for what it refuses."""
    former = await outbox.cancel(session, job_id)
    lost = audit.difference({"task": former.task, "status": former.status, "attempts": former.attempts}, {})
    await audit.record(session, actor, "job.cancelled", named(job_id), changes=lost)


def named(job_id: int) -> UUID:
    """Return a job's number as the log names things: 4711 is 00000000-0000-0000-0000-000000001267."""
    return UUID(int=job_id)


def _retried(former: FormerJob) -> audit.Entry:
    changed = audit.difference(
        {"status": former.status, "attempts": former.attempts},
        {"task": former.task, "status": outbox.JobState.queued, "attempts": 0},
    )
    return audit.Entry("job.retried", named(former.id), changed)
