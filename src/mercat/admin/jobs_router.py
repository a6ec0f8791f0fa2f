"""Jobs and schedules over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from mercat import outbox
from mercat.admin import job_actions
from mercat.auth import REFUSED, Actor, Permission, Requires
from mercat.kit.database import PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, complete, envelope
from mercat.kit.problems import Forbidden, Invalid

router = APIRouter(prefix="/jobs", tags=["jobs"])
Reader = Depends(Requires(Permission.jobs_read))
Manager = Annotated[Actor, Depends(Requires(Permission.jobs_manage))]
Number = Annotated[int, Path(ge=1, lt=2**63)]


@router.get("", dependencies=[Reader], responses=refusals(*REFUSED, Forbidden, Invalid))
async def list_jobs(wanted: Annotated[outbox.JobFilter, Query()], session: PrimarySession) -> Page[outbox.JobRead]:
    """List the jobs that are not done, newest first. Those that are `parked` have used up their attempts and wait."""
    found, total = await outbox.listing(session, wanted)
    return envelope(found, wanted, total)


@router.get("/schedules", dependencies=[Reader], responses=refusals(*REFUSED, Forbidden))
async def list_schedules(session: PrimarySession) -> Page[outbox.ScheduleRead]:
    """List the schedules of the marketplace: when each ran last, and when it will next."""
    return complete(await outbox.schedules(session))


@router.get("/{job_id}", dependencies=[Reader], responses=refusals(*REFUSED, Forbidden, Invalid, outbox.JobNotFound))
async def read_job(job_id: Number, session: PrimarySession) -> outbox.JobRead:
    """Return a job with its last failure. One that is done is not there any more."""
    return await outbox.find(session, job_id)


@router.post(
    "/{job_id}/retry",
    responses=refusals(
        *REFUSED, Forbidden, Invalid, outbox.JobNotFound, outbox.JobIsRunning, outbox.JobIsWaiting,
        outbox.JobQueuedAgain,
    ),
)  # fmt: skip
async def retry_job(job_id: Number, actor: Manager, session: Session) -> outbox.JobRead:
    """Run a job that failed again: at once, and with all its attempts."""
    return await job_actions.retry_job(session, actor, job_id)


@router.delete(
    "/{job_id}",
    status_code=204,
    responses=refusals(*REFUSED, Forbidden, Invalid, outbox.JobNotFound, outbox.JobIsRunning),
)
async def cancel_job(job_id: Number, actor: Manager, session: Session) -> None:
    """Cancel a job that no worker runs. Its work is not done."""
    await job_actions.cancel_job(session, actor, job_id)
