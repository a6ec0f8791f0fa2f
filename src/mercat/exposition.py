"""Metrics for Prometheus: a page of the API behind a token, and a port of its own that nobody else can reach.

Processes that serve the same port count into files of one folder (`FOLDER`), so that whichever is asked answers for all
of them. What the database says comes with those of the API alone: one answer is enough, and sums of several would be
wrong.
"""

import asyncio
import os
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import psycopg
from fastapi import APIRouter, Header, Response
from prometheus_client import CollectorRegistry, generate_latest, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector
from psycopg.rows import TupleRow
from pydantic import Field, SecretStr

from mercat import ledger, outbox
from mercat.auth import Public
from mercat.embedded import alive
from mercat.kit import metrics
from mercat.kit.config import Settings
from mercat.kit.database import DatabaseSettings
from mercat.kit.logs import logger
from mercat.kit.metrics import Number
from mercat.kit.problems import NotFound
from mercat.kit.settings_memory import by_settings
from mercat.payments import refunds

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The library's own variable; it has to be set before the library is loaded."""
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
KEPT_SECONDS = 5.0
"""How long numbers of the database are good for whoever asks again."""
STATEMENT_TIMEOUT_MS = 5_000
NUMBERS = (*outbox.NUMBERS, *ledger.NUMBERS, *refunds.NUMBERS)
router = APIRouter(tags=["operations"], dependencies=[Public])


class MetricsSettings(Settings):
    """Who may read metrics, and where."""

    metrics_token: SecretStr = Field(
        SecretStr(""), description="Bearer token of GET /metrics of the API; empty: there is no such page."
    )
    metrics_host: str = Field("127.0.0.1", description="Address of the ports for metrics alone; none for the world.")
    metrics_port: int = Field(0, ge=0, le=65_535, description="Port of `mercat serve` for metrics alone; 0 is none.")
    worker_metrics_port: int = Field(0, ge=0, le=65_535, description="The same of `mercat worker`.")


@router.get("/metrics", include_in_schema=False)
async def exposition(authorization: Annotated[str, Header()] = "") -> Response:
    """Return metrics to whoever has the token.

    Raises:
        NotFound: there is no token, or another one.
    """
    token = MetricsSettings.read().metrics_token.get_secret_value()
    if not token or not secrets.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
        raise NotFound
    found = await asyncio.to_thread(generate_latest, _of_page())
    return Response(found, media_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def serve_apart(port: int, *, with_database: bool) -> None:
    """Serve metrics from a thread, if a port is given.

    Raises:
        OSError: the port is taken.
    """
    if port:
        start_http_server(port, MetricsSettings.read().metrics_host, registry=_registry(with_database=with_database))


@by_settings
def _of_page() -> CollectorRegistry:
    return _registry(with_database=True)


def _registry(*, with_database: bool) -> CollectorRegistry:
    """Return what is told to whoever asks: what processes count, and what the database says."""
    found = CollectorRegistry()
    if folder := os.environ.get(FOLDER):
        found.register(_Living(folder))
    else:
        found.register(_Own())
        ProcessCollector(registry=found)
    if with_database:
        found.register(FromDatabase(DatabaseSettings.read().database_url, NUMBERS))
    return found


class _Asked(Collector):
    """Says nothing beforehand: a registry is put together before there is anything to ask."""

    def describe(self) -> list[Metric]:
        """Return nothing."""
        return []


class FromDatabase(_Asked):
    """Reads numbers by one connection of its own, at most once in a few seconds."""

    def __init__(self, database_url: str, numbers: Sequence[Number]) -> None:
        self._url = database_url
        self._numbers = numbers
        self._lock = threading.Lock()
        self._kept: list[Metric] = []
        self._until = 0.0

    def collect(self) -> Iterator[Metric]:
        """Yield the numbers, and whether PostgreSQL gave them."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._kept = self._read()
                self._until = time.monotonic() + KEPT_SECONDS
            yield from self._kept

    def _read(self) -> list[Metric]:
        found: list[Metric] = []
        answers = 1
        try:
            with psycopg.connect(
                self._url,
                autocommit=True,
                connect_timeout=3,
                application_name="mercat metrics",
                options=f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c default_transaction_read_only=on",
            ) as connection:
                found.extend(_metric(one, connection.execute(one.sql).fetchall()) for one in self._numbers)
        except psycopg.Error as error:
            logger.warning("metrics_incomplete", error=type(error).__name__)
            answers = 0
        up = "Whether PostgreSQL gave all numbers that are read from it."
        found.append(GaugeMetricFamily("mercat_database_up", up, value=answers))
        return found


def _metric(number: Number, rows: Sequence[TupleRow]) -> Metric:
    metric = GaugeMetricFamily(number.name, number.about, labels=number.labels)
    for *labels, value in rows:
        metric.add_metric([str(label) for label in labels], float(value or 0))
    return metric


class _Own(_Asked):
    """What this process counts, put beside something else."""

    def collect(self) -> Iterator[Metric]:
        yield from metrics.OWN.collect()


class _Living(_Asked):
    """What processes count together; gauges of those that were killed are forgotten first."""

    def __init__(self, folder: str) -> None:
        self._combined: Collector = MultiProcessCollector(None, path=folder)  # type: ignore[no-untyped-call]  # the library's
        self._folder = Path(folder)

    def collect(self) -> Iterator[Metric]:
        for file in self._folder.glob("gauge_live*_*.db"):
            pid = int(file.stem.rpartition("_")[2])
            if not alive(pid):
                with suppress(FileNotFoundError):
                    mark_process_dead(pid, str(self._folder))  # type: ignore[no-untyped-call]  # the library's
        yield from self._combined.collect()
