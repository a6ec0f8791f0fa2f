"""Fleets: real brokers, real Celery processes, and a database that says what they did."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from kombu.connection import Connection
from psycopg.types.json import Jsonb

from mercat.embedded import Redis
from mercat.outbox import Lane
from surroundings import python_path

TESTS = Path(__file__).resolve().parents[1]
RABBITMQ = "amqp://guest:guest@127.0.0.1:5672//"
PATIENCE = 60.0
TABLES = """
CREATE TABLE released (at timestamptz DEFAULT now());
CREATE TABLE begun (name text, role text, pid int, at timestamptz DEFAULT now());
CREATE TABLE effects (name text, role text, pid int, at timestamptz DEFAULT now());
CREATE TABLE ticks (name text, role text, pid int, at timestamptz DEFAULT now());
CREATE TABLE paced (name text, role text, pid int, at timestamptz DEFAULT now());
"""
DEFER = """
SELECT unnest(procrastinate_defer_jobs_v1(
    ARRAY[ROW(%s, %s, %s, NULL, NULL, %s, NULL)::procrastinate_job_to_defer_v1]))
"""


def until(true: Callable[[], object], what: Callable[[], str]) -> None:
    """Wait for something to become true; how long it takes is nobody's promise."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, f"never happened; {what()}"
        time.sleep(0.05)


def rabbitmq_answers() -> bool:
    with suppress(OSError), Connection(RABBITMQ, connect_timeout=2) as connection:
        connection.connect()
        return True
    return False


BROKERS = ["redis", *(["rabbitmq"] if rabbitmq_answers() else [])]


def pytest_report_header() -> str:
    """Say which brokers the fleet was tested with."""
    return f"brokers: {', '.join(BROKERS)}"


@dataclass
class Fleet:
    """Processes on one database and one broker."""

    environment: dict[str, str]
    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, role: str, *command: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{role}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *command],
                env=self.environment | {"ROLE": role},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def forwarder(self) -> subprocess.Popen[bytes]:
        return self.start("forward", "outbox.fleet_jobs", "forward")

    def worker(self, role: str = "work") -> subprocess.Popen[bytes]:
        return self.start(role, "outbox.fleet_jobs", role)

    def celery(self, concurrency: int = 1, *more: str) -> subprocess.Popen[bytes]:
        return self.start(
            "celery", "celery", "-A", "outbox.fleet_jobs", "worker", "-c", str(concurrency),
            "--without-gossip", "--without-mingle", *more,
        )  # fmt: skip

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.environment["MERCAT_DATABASE_URL"], autocommit=True) as connection:
            cursor = connection.execute(sql, values)  # type: ignore[arg-type]  # a test's own SQL
            return cursor.fetchall() if cursor.description else []

    def defer(self, task: str, name: str, *, bulk: bool = False) -> int:
        lane = Lane.bulk if bulk else Lane.normal
        return int(self.rows(DEFER, lane.queue, task, lane.priority, Jsonb({"name": name}))[0][0])

    def release(self) -> None:
        self.rows("INSERT INTO released DEFAULT VALUES")

    def count(self, table: str) -> int:
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])

    def forwarded(self) -> int:
        """Count the jobs of a test that were forwarded; schedules fire at any moment."""
        known = "SELECT count(*) FROM forwarded_jobs f JOIN procrastinate_jobs j ON j.id = f.job_id"
        return int(self.rows(f"{known} WHERE task_name = 'test.mark'")[0][0])

    def effects(self) -> list[str]:
        return [row[0] for row in self.rows("SELECT name FROM effects ORDER BY name")]

    def jobs(self) -> list[tuple[Any, ...]]:
        """Return status and attempts of what the test deferred; the house's own schedules come and go."""
        return self.rows(
            "SELECT status::text, attempts FROM procrastinate_jobs"
            " WHERE task_name LIKE 'test.%%' AND task_name NOT IN ('test.tick', 'test.every_other_second') ORDER BY id",
        )

    def until(self, true: Callable[[], object]) -> None:
        until(true, lambda: f"jobs {self.jobs()}\n{self.logs()[-6000:]}")

    def logs(self) -> str:
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """End a process and its children at once, as a machine that loses its power would."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)

    def stop(self) -> None:
        for process in self.processes:
            self.kill(process)

    @property
    def broker(self) -> Connection:
        return Connection(self.environment["MERCAT_CELERY_BROKER_URL"])

    @property
    def queue(self) -> str:
        return self.environment["MERCAT_CELERY_QUEUE"]

    def listens_to_both_queues(self) -> bool:
        """Tell whether somebody takes messages from each queue; Redis knows nobody, and is asked for both at once."""
        if not self.environment["MERCAT_CELERY_BROKER_URL"].startswith("amqp"):
            return True
        with self.broker as connection:
            declare = connection.default_channel.queue_declare
            return all(declare(name, passive=True).consumer_count for name in (self.queue, f"{self.queue}.bulk"))

    def waiting(self, queue: str) -> int:
        """Count the messages that wait at the broker."""
        with self.broker as connection, suppress(*connection.channel_errors):  # Redis has no queue without messages
            return int(connection.default_channel.queue_declare(queue, passive=True).message_count)
        return 0

    def purge(self) -> int:
        """Empty the broker's queue; return how many messages were in it."""
        with self.broker as connection:
            queue = connection.SimpleQueue(self.queue)
            count = int(queue.clear() or 0)
            queue.close()
        return count

    def purge_all(self, wanted: int) -> None:
        """Empty the broker's queue until so many messages were in it."""
        seen = 0

        def enough() -> bool:
            nonlocal seen
            seen += self.purge()
            return seen >= wanted

        self.until(enough)


def a_fleet(database_url: str, broker: str, folder: Path) -> Fleet:
    environment = os.environ | {
        "PYTHONPATH": python_path(TESTS),
        "MERCAT_DATABASE_URL": database_url,
        "MERCAT_DATABASE_POOL_SIZE": "5",
        "MERCAT_CELERY_BROKER_URL": broker,
        "MERCAT_CELERY_QUEUE": f"test-{secrets.token_hex(6)}",
        "MERCAT_WORKER_HEARTBEAT_SECONDS": "0.5",
        "MERCAT_WORKER_STALLED_SECONDS": "3",
        "MERCAT_FORWARD_AGAIN_SECONDS": "2",
        "MERCAT_LOG_LEVEL": "INFO",
    }
    made = Fleet(environment, folder)
    made.rows(TABLES)
    return made


@pytest.fixture(params=BROKERS)
def fleet(request: pytest.FixtureRequest, database_url: str, redis_server: Redis, tmp_path: Path) -> Iterator[Fleet]:
    """Nothing runs yet; whatever is started is ended."""
    made = a_fleet(database_url, redis_server.url if request.param == "redis" else RABBITMQ, tmp_path)
    yield made
    made.stop()
    if request.param == "rabbitmq":
        with made.broker as connection:
            for queue in (made.queue, f"{made.queue}.bulk"):
                connection.default_channel.queue_delete(queue)


@pytest.fixture
def redis_fleet(database_url: str, redis_server: Redis, tmp_path: Path) -> Iterator[Fleet]:
    """A fleet whose broker can be stopped."""
    made = a_fleet(database_url, redis_server.url, tmp_path)
    yield made
    made.stop()
