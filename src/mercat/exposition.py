"""Metrics for Prometheus: a page of the API behind a token, and a port of its own that nobody else can reach.

What the database says comes with those of the API alone: one answer is enough, and sums of several would be wrong.
"""

import asyncio
import secrets
from typing import Annotated

from fastapi import APIRouter, Header, Response
from prometheus_client import CollectorRegistry, start_http_server
from pydantic import Field, SecretStr

from mercat import ledger, outbox
from mercat.auth import Public
from mercat.kit import metrics
from mercat.kit.config import Settings
from mercat.kit.database import DatabaseSettings
from mercat.kit.problems import NotFound
from mercat.kit.settings_memory import by_settings
from mercat.payments import refunds

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
    found = await asyncio.to_thread(metrics.exposition, _registry())
    return Response(found, media_type=metrics.CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def serve_apart(port: int, *, with_database: bool) -> None:
    """Serve metrics from a thread, if a port is given.

    Raises:
        OSError: the port is taken.
    """
    if port:
        more = [_database()] if with_database else []
        start_http_server(port, MetricsSettings.read().metrics_host, registry=metrics.registry(*more))


@by_settings
def _registry() -> CollectorRegistry:
    return metrics.registry(_database())


@by_settings
def _database() -> metrics.FromDatabase:
    return metrics.FromDatabase(DatabaseSettings.read().database_url, NUMBERS)
