"""Facts for whoever listens, and jobs for later: both written in the caller's own transaction.

Mail and money overtake bulk work: give what may take its time `lane=Lane.bulk`, at `job`, at `every` or as an event's
`lane`, or defer and publish it inside `with outbox.lane(outbox.Lane.bulk):`. What a bulk job defers is bulk too.

Owns: the events table, the inbox of handled events, the job queue (procrastinate) and its schedules, why jobs failed,
and which of them were forwarded to a fleet.
Calls: nothing.
Publishes: nothing.
Listens: nothing.
"""

from mercat.outbox.backfill import record_parked
from mercat.outbox.carriers import fleet, forward
from mercat.outbox.claims import Claim, carry, defer_claimed
from mercat.outbox.config import JobSettings
from mercat.outbox.events import DomainEvent, Handler, handler, publish
from mercat.outbox.exceptions import JobIsRunning, JobIsWaiting, JobNotFound, JobQueuedAgain
from mercat.outbox.inspection import find, listing, parked, schedules
from mercat.outbox.intervals import Interval, daily, hourly, minutes, seconds
from mercat.outbox.isolation import apart, in_parts, work_off
from mercat.outbox.job_worker import run_worker
from mercat.outbox.jobs import JobContext, defer, every, is_queued, job, open_jobs
from mercat.outbox.lanes import Lane, lane
from mercat.outbox.management import FormerJob, cancel, retry, retry_parked
from mercat.outbox.numbers import NUMBERS
from mercat.outbox.personal import events_about, forget
from mercat.outbox.retention import purge
from mercat.outbox.schemas import JobFilter, JobRead, JobState, LastFailure, ScheduleRead

__all__ = [
    "NUMBERS",
    "Claim",
    "DomainEvent",
    "FormerJob",
    "Handler",
    "Interval",
    "JobContext",
    "JobFilter",
    "JobIsRunning",
    "JobIsWaiting",
    "JobNotFound",
    "JobQueuedAgain",
    "JobRead",
    "JobSettings",
    "JobState",
    "Lane",
    "LastFailure",
    "ScheduleRead",
    "apart",
    "cancel",
    "carry",
    "daily",
    "defer",
    "defer_claimed",
    "events_about",
    "every",
    "find",
    "fleet",
    "forget",
    "forward",
    "handler",
    "hourly",
    "in_parts",
    "is_queued",
    "job",
    "lane",
    "listing",
    "minutes",
    "open_jobs",
    "parked",
    "publish",
    "purge",
    "record_parked",
    "retry",
    "retry_parked",
    "run_worker",
    "schedules",
    "seconds",
    "work_off",
]
