"""Facts for whoever listens, and jobs for later: both written in the caller's own transaction.

Owns: the events table, the inbox of handled events, the job queue (procrastinate) and its schedules, why jobs failed,
and which of them were forwarded to a fleet.
Calls: nothing.
Publishes: nothing.
Listens: nothing.
"""

from mercat.outbox.carriers import fleet, forward
from mercat.outbox.config import JobSettings
from mercat.outbox.events import DomainEvent, Handler, handler, publish
from mercat.outbox.exceptions import JobIsRunning, JobIsWaiting, JobNotFound, JobQueuedAgain
from mercat.outbox.inspecting import find, listing, parked, schedules
from mercat.outbox.jobs import JobContext, defer, every, is_queued, job, open_jobs
from mercat.outbox.managing import FormerJob, cancel, retry, retry_parked
from mercat.outbox.personal import events_about, forget
from mercat.outbox.purging import purge
from mercat.outbox.schemas import JobFilter, JobRead, JobState, LastFailure, ScheduleRead
from mercat.outbox.working import run_worker

__all__ = [
    "DomainEvent",
    "FormerJob",
    "Handler",
    "JobContext",
    "JobFilter",
    "JobIsRunning",
    "JobIsWaiting",
    "JobNotFound",
    "JobQueuedAgain",
    "JobRead",
    "JobSettings",
    "JobState",
    "LastFailure",
    "ScheduleRead",
    "cancel",
    "defer",
    "events_about",
    "every",
    "find",
    "fleet",
    "forget",
    "forward",
    "handler",
    "is_queued",
    "job",
    "listing",
    "open_jobs",
    "parked",
    "publish",
    "purge",
    "retry",
    "retry_parked",
    "run_worker",
    "schedules",
]
