"""Whether this process lives, and whether it can serve."""

import psycopg
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from starlette.types import ASGIApp, Receive, Scope, Send

from mercat import exchange, outbox
from mercat.auth import Public
from mercat.kit import migrations, redis
from mercat.kit.database import OUTAGES, get_database

router = APIRouter(prefix="/health", tags=["operations"], dependencies=[Public])
HEAD = migrations.head()


class Health(BaseModel):
    """A process and what it depends on."""

    status: str = Field(examples=["ok"])
    """`ok`, `degraded` (serving without Redis or the replica) or `unavailable`."""
    checks: dict[str, str] = Field(examples=[{"database": "ok", "migrations": "ok", "jobs": "ok", "redis": "ok"}])


ALIVE = Health(status="ok", checks={})


@router.get("/live")
async def alive() -> Health:
    """Answer as long as the process can answer at all."""
    return ALIVE  # for the documentation: `Alive` has answered before


class Alive:
    """Pure ASGI, far out: answers `/health/live` before anything is counted or routed; it is asked all the time."""

    answer = Response(ALIVE.model_dump_json(), media_type="application/json", headers={"Cache-Control": "no-store"})

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        alive = scope["type"] == "http" and scope["path"] == "/health/live" and scope["method"] == "GET"
        await (self.answer if alive else self.app)(scope, receive, send)


@router.get("/ready", responses={503: {"model": Health, "description": "PostgreSQL is away or not migrated."}})
async def ready(request: Request, response: Response) -> Health:
    """Tell whether to send requests here: the primary answers and has this version's schema.

    Redis or a replica may be away; jobs that were parked and rates that are old wait for an operator and keep nobody.
    """
    database = get_database(request)
    checks = {"database": "ok", "migrations": "ok", "jobs": "ok", "redis": "ok"}
    try:
        row = await database.primary.row("SELECT version_num FROM alembic_version")
        if row is None or row[0] < HEAD:
            checks["migrations"] = "behind"
        if parked := await outbox.parked(database.primary):
            checks["jobs"] = f"{parked} parked"
        if trouble := await exchange.trouble(database.primary):
            checks["rates"] = trouble
    except psycopg.errors.UndefinedTable:
        checks["migrations"] = "behind"
    except OUTAGES as error:
        checks["database"] = f"away ({type(error).__name__})"
    if database.has_replica:
        try:
            await database.replica.row("SELECT 1")
            checks["replica"] = "ok"
        except OUTAGES as error:
            checks["replica"] = f"away ({type(error).__name__})"
    if not await redis.answers(request.app.state.redis):
        checks["redis"] = "away"
    serving = checks["database"] == checks["migrations"] == "ok"
    if not serving:
        response.status_code = 503
        response.headers["Retry-After"] = "2"
        return Health(status="unavailable", checks=checks)
    complete = checks["redis"] == "ok" and checks.get("replica", "ok") == "ok"
    return Health(status="ok" if complete else "degraded", checks=checks)
