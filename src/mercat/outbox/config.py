"""Settings of jobs, of the worker, and of the fleet that it may hand them to."""

from typing import Annotated

from pydantic import Field

from mercat.kit.config import Settings, address
from mercat.kit.redis import RedisSettings


class JobSettings(Settings):
    """How the worker works."""

    worker_concurrency: int = Field(4, ge=1, le=100, description="Jobs that one worker process runs at a time.")
    worker_bulk_concurrency: int = Field(
        2,
        ge=1,
        le=100,
        description="Of them imports and other bulk work, at most; one hand less than all is the limit.",
    )
    worker_heartbeat_seconds: float = Field(5.0, gt=0, description="How often a worker says that it lives.")
    worker_stalled_seconds: float = Field(20.0, gt=0, description="Silence after which its jobs go to another worker.")
    job_max_attempts: int = Field(12, ge=1, description="Attempts before a job is parked for an operator.")
    job_max_lost_workers: int = Field(3, ge=1, description="Workers that a job may end before it is parked.")
    job_timeout_seconds: float = Field(1200.0, gt=0, description="Seconds that one attempt of a job may take.")
    events_kept_days: int = Field(90, ge=1, description="Days after which events that were handled are deleted.")

    @property
    def bulk_hands(self) -> int:
        """How many of its jobs may be bulk: one hand is left to people where there are several."""
        return max(1, min(self.worker_bulk_concurrency, self.worker_concurrency - 1))


class FleetSettings(Settings):
    """How jobs reach a Celery fleet; only `worker --forward celery` and the fleet itself read it."""

    celery_broker_url: Annotated[str, address("redis", "rediss", "unix", "amqp", "amqps")] = Field(
        "", description="Broker of the fleet, redis:// or amqp://; empty: the marketplace's Redis."
    )
    celery_queue: str = Field("mercat", min_length=1, max_length=100, description="Queue of the fleet at the broker.")
    forward_window: int = Field(500, ge=1, le=100_000, description="Jobs that wait at the broker at a time, at most.")
    forward_again_seconds: float = Field(
        60.0, gt=0, description="Seconds after which a job that nobody began is forwarded again; doubles each time."
    )

    @property
    def bulk_queue(self) -> str:
        """Queue of the fleet for bulk work."""
        return f"{self.celery_queue}.bulk"

    @property
    def broker(self) -> str:
        """The broker's address as Celery writes it."""
        url = self.celery_broker_url or RedisSettings.read().redis_url
        return url.replace("unix://", "redis+socket://", 1) if url.startswith("unix://") else url
