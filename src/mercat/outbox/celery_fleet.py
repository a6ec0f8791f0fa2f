"""A Celery fleet that runs our jobs. Its messages carry a job's number and nothing else.

What a message says is a hint: whether the job is run, by whom and with which arguments is decided by its row in
PostgreSQL. So a message may be lost, doubled or forged without a job being lost, doubled or made up. Imported only by
processes that speak to the broker.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from celery import Celery, signals
from kombu.connection import Connection
from kombu.entity import Queue
from kombu.exceptions import KombuError
from kombu.transport import redis, virtual

from mercat.kit.config import ProcessSettings
from mercat.kit.database import Database, DatabaseSettings
from mercat.kit.logs import configure, logger
from mercat.kit.startup import BadSettingError, PlaceholderSecretError, refuse_invalid, refuse_placeholders
from mercat.outbox.claims import Around, nothing_around, perform
from mercat.outbox.config import FleetSettings, JobSettings
from mercat.outbox.forwarder import Taken
from mercat.outbox.jobs import JobContext

TASK = "mercat.job"
BROKER_SECONDS = 5.0
KILLED_AFTER = 30.0
"""Seconds beyond a job's time after which its process is killed, for a job that does not even let itself be stopped."""


class BrokerAway(Exception):
    """The broker does not take messages."""


class Hands:
    """One event loop and one set of connections for a process of the fleet, made when it gets its first job.

    That is after the fork: neither may be shared with the process that it comes from.
    """

    def __init__(self, reactions: Mapping[Any, Sequence[Any]], around: Around = nothing_around) -> None:
        self._reactions = reactions
        self._around = around
        self._runner: asyncio.Runner | None = None
        self._context: JobContext | None = None

    def run(self, job_id: int) -> None:
        """Run a job if it still waits."""
        if self._runner is None or self._context is None:
            self._runner = asyncio.Runner()
            self._context = JobContext(Database(DatabaseSettings()), self._reactions)
        self._runner.run(self._perform(self._context, job_id))

    async def _perform(self, context: JobContext, job_id: int) -> None:
        async with self._around(context.database):
            await perform(context, job_id)

    def close(self) -> None:
        """Give the connections back."""
        if self._runner is not None and self._context is not None:
            self._runner.run(self._context.database.close())
            self._runner.close()
        self._runner = self._context = None


class Releasing(redis.QoS):
    """Counts a message as dealt with although Redis could not be told so.

    Else a process that finishes its job just while Redis is away holds a place for that message for good, and reads no
    other one. Redis hands the message out again after its visibility timeout, when its job is done.
    """

    def ack(self, delivery_tag: str) -> None:
        """Acknowledge a message."""
        try:
            super().ack(delivery_tag)  # type: ignore[no-untyped-call]  # Kombu's
        finally:
            virtual.QoS.ack(self, delivery_tag)  # type: ignore[no-untyped-call]  # Kombu's


def fleet(reactions: Mapping[Any, Sequence[Any]], around: Around = nothing_around) -> Celery:
    """Return the application that `celery -A mercat.worker worker` runs, each job inside what `around` opens."""
    try:
        refuse_placeholders()
        refuse_invalid()
    except (BadSettingError, PlaceholderSecretError) as error:
        raise SystemExit(f"error: {error}") from None
    redis.Channel.QoS = Releasing
    celery = application()
    hands = Hands(reactions, around)

    @celery.task(name=TASK, typing=False)  # type: ignore[untyped-decorator]  # Celery has no types
    def run(job_id: object, *_: object, **__: object) -> None:
        if type(job_id) is int and 0 < job_id < 2**63:
            hands.run(job_id)
        else:
            logger.warning("message_refused")

    def log(**_: object) -> None:
        configure(ProcessSettings().log_level)

    def close(**_: object) -> None:
        hands.close()

    signals.setup_logging.connect(log, weak=False)
    signals.worker_process_shutdown.connect(close, weak=False)
    return celery


def application() -> Celery:
    """Return an application that knows the broker."""
    settings = FleetSettings.read()
    celery = Celery("mercat", broker=settings.broker, set_as_current=False)
    longest = JobSettings.read().job_timeout_seconds + KILLED_AFTER
    celery.conf.update(
        # a message may come from anybody who reaches the broker: nothing in it is unpickled, and nobody commands us
        accept_content=["json"],
        task_serializer="json",
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        task_ignore_result=True,
        task_default_queue=settings.celery_queue,
        # a process takes from both, from the first one first; `-Q` reserves it for one of them
        task_queues=[Queue(name) for name in (settings.celery_queue, settings.bulk_queue)],  # type: ignore[no-untyped-call]  # Kombu's
        # a message is a hint, but one that is handed on is quicker than one that is forwarded again
        task_acks_late=True,
        worker_prefetch_multiplier=1,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        task_time_limit=longest,
        broker_transport_options=_transport(settings.broker, longest),
        broker_connection_timeout=BROKER_SECONDS,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
    )
    return celery


def _transport(broker: str, longest: float) -> dict[str, object]:
    if urlsplit(broker).scheme in {"amqp", "amqps"}:
        return {"confirm_publish": True}
    in_order = {"queue_order_strategy": "priority"}
    return in_order | {
        "visibility_timeout": 2 * longest,
        "socket_connect_timeout": BROKER_SECONDS,
        "socket_keepalive": True,
    }


class Deliverer:
    """Sends the numbers of jobs to the fleet, through one connection that is made anew after a failure."""

    def __init__(self) -> None:
        self._celery = application()
        self._settings = FleetSettings.read()
        self._connection: Connection | None = None

    def deliver(self, jobs: Sequence[Taken]) -> None:
        """Send the jobs' numbers, or some of them.

        Raises:
            BrokerAway: the broker did not take all of them.
        """
        connection = self._connection or self._celery.connection_for_write()
        self._connection = connection
        try:
            connection.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)
            with self._celery.amqp.Producer(connection) as producer:
                for job in jobs:
                    queue = self._settings.bulk_queue if job.bulk else self._settings.celery_queue
                    self._celery.send_task(
                        TASK, (job.id,), producer=producer, queue=queue, retry=False, confirm_timeout=BROKER_SECONDS
                    )
        except (*connection.connection_errors, *connection.channel_errors, KombuError, OSError) as error:
            self.close()
            raise BrokerAway(f"{type(error).__name__}: {error}") from error

    def close(self) -> None:
        """Leave the broker."""
        if self._connection is not None:
            self._connection.release()  # type: ignore[no-untyped-call]  # Kombu's
            self._connection = None
