"""Numbers about jobs and events: counted where they run, or read from the queue when somebody asks for metrics."""

from mercat.kit import metrics
from mercat.kit.metrics import Number
from mercat.outbox.lanes import BULK_QUEUE, Lane

ATTEMPTS = metrics.counter("mercat_job_attempts", "Attempts of jobs, by how they ended.", "task", "outcome")
INTERVAL = metrics.gauge(
    "mercat_schedule_interval_seconds", "How often a schedule should queue its job.", "task", combined="livemax"
)
SECONDS = metrics.histogram("mercat_job_seconds", "How long attempts of jobs took.", "task", buckets=metrics.LONG)
HAPPENED = metrics.counter(
    "mercat_events",
    "Events that were brought to their handlers, once for each attempt.",
    "event",
)

LANE = f"""
CASE WHEN j.queue_name = '{BULK_QUEUE}' THEN '{Lane.bulk}' WHEN j.priority > {Lane.normal.priority} THEN '{Lane.urgent}'
    ELSE '{Lane.normal}' END
"""
"""As `Lane.of` has it."""
DUE = "j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= now())"
PARKED = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('failed', 'aborted')"
FIRED = "SELECT task_name, max(defer_timestamp) FROM procrastinate_periodic_defers GROUP BY task_name"

NUMBERS = (
    Number(
        "mercat_jobs_waiting",
        "Jobs that are due and that nobody runs yet.",
        f"SELECT {LANE}, j.task_name, count(*) FROM procrastinate_jobs j WHERE {DUE} GROUP BY 1, 2",  # noqa: S608 - constants
        ("lane", "task"),
    ),
    Number(
        "mercat_jobs_oldest_seconds",
        "How long the first job of a lane has been due.",
        f"""
        SELECT lane, extract(epoch FROM now() - coalesce(first.scheduled_at, (
            SELECT min(e.at) FROM procrastinate_events e WHERE e.job_id = first.id AND e.type = 'deferred'), now()))
        FROM (
            SELECT DISTINCT ON (1) {LANE} AS lane, j.id, j.scheduled_at FROM procrastinate_jobs j WHERE {DUE}
            ORDER BY 1, j.scheduled_at NULLS FIRST, j.id
        ) first
        """,  # noqa: S608 - made of constants
        ("lane",),
    ),
    Number("mercat_jobs_running", "Jobs under way.", "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"),
    Number("mercat_jobs_parked", "Jobs that were given up and wait for an operator.", PARKED),
    Number(
        "mercat_outbox_lag_seconds",
        "How long ago the first event happened that has not been brought to its handlers; those given up apart.",
        """
        SELECT coalesce(extract(epoch FROM now() - (
            SELECT e.occurred_at FROM procrastinate_jobs j JOIN events e ON e.id = (j.args->>'event_id')::uuid
            WHERE j.task_name = 'outbox.dispatch_event' AND j.status IN ('todo', 'doing') ORDER BY j.id LIMIT 1
        )), 0)
        """,
    ),
    Number("mercat_schedule_fired_timestamp_seconds", "When a schedule has last queued its job.", FIRED, ("task",)),
)
