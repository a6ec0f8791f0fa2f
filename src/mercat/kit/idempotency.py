"""`Idempotency-Key`: a POST that moves money or stock happens once, however often it is sent.

The key is claimed and the answer stored in the transaction of the effect itself: a crash between effect and answer
rolls both back or keeps both, so a retry is either resumed or replayed and never doubled. Refusals (4xx) roll the
claim back and may be tried again with the same key. Answers are kept for at least 24 hours.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Annotated

from fastapi import Header, Request
from pydantic import BaseModel
from sqlalchemy import Index, LargeBinary, func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column
from starlette.responses import Response

from mercat.kit import clock
from mercat.kit.database import driver
from mercat.kit.models import Base
from mercat.kit.problems import CONSTRAINTS, Conflict, Invalid, Malformed

KEPT = timedelta(hours=48)
MAX_KEY = 255


class StoredAnswer(Base):
    """What was answered to one key of one principal on one route."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index(None, "created_at"),)
    scope: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class KeyMissing(Malformed):
    """The route moves money or stock and got no key."""

    code = "idempotency.key_missing"
    detail = "Send an Idempotency-Key header (1 to 255 printable characters): this request must not happen twice."


class KeyReused(Invalid):
    """The key belongs to another request."""

    code = "idempotency.key_reused"
    detail = "This Idempotency-Key was used for a different request."


class InProgress(Conflict):
    """The first request with this key is still running."""

    code = "idempotency.in_progress"
    detail = "The first request with this Idempotency-Key is still running. Ask again in a moment."
    headers = {"Retry-After": "1"}  # noqa: RUF012 - a mapping that nobody changes


CONSTRAINTS["pk_idempotency_keys"] = InProgress

# one round trip: nobody waits for a running twin, they are told so
CLAIM = """
SELECT claim.got, k.request_hash, k.status, k.body
FROM (SELECT pg_try_advisory_xact_lock(hashtextextended(%(scope)s || ' ' || %(key)s, 0)) AS got) AS claim
LEFT JOIN idempotency_keys k ON k.scope = %(scope)s AND k.key = %(key)s
"""
STORE = """
INSERT INTO idempotency_keys (scope, key, request_hash, status, body) VALUES (%s, %s, %s, %s, %s)
"""


FORGET = """
DELETE FROM idempotency_keys k USING unnest(%s::text[]) AS p(principal) WHERE starts_with(lower(k.scope), p.principal)
"""


@dataclass(frozen=True, slots=True)
class Key:
    """A request's key together with what it stands for."""

    value: str
    route: str
    request_hash: bytes


async def read_key(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(description="Unique per intent (a UUID, say). The same key and body replay the first answer."),
    ] = None,
) -> Key:
    """Read the mandatory header; the path and the body's hash are part of what the key means."""
    value = (idempotency_key or "").strip()
    if not 1 <= len(value) <= MAX_KEY or not value.isascii() or not value.isprintable():
        raise KeyMissing
    body = await request.body()
    route = f"{request.method} {request.url.path}"
    return Key(value, route, blake2b(body, digest_size=20).digest())


async def read_optional_key(
    request: Request,
    idempotency_key: Annotated[
        str | None, Header(description="Optional here: with it, sending the request again does nothing twice.")
    ] = None,
) -> Key | None:
    """Read the header where a request may also be sent without one."""
    return None if idempotency_key is None else await read_key(request, idempotency_key)


async def once(
    session: AsyncSession, key: Key, principal: str, work: Callable[[], Awaitable[BaseModel]], *, status: int = 201
) -> Response:
    """Do `work` in this transaction unless it was done before; answer with its result or the stored one.

    Raises:
        KeyReused: the key was used with another body.
        InProgress: its first request has not finished.
    """
    scope = f"{principal} {key.route}"
    connection = await driver(session)
    row = await (await connection.execute(CLAIM, {"scope": scope, "key": key.value})).fetchone()
    if row is None or not row[0]:
        raise InProgress
    _, request_hash, stored_status, stored_body = row
    if request_hash is not None:
        if bytes(request_hash) != key.request_hash:
            raise KeyReused
        return _json(bytes(stored_body), stored_status, {"Idempotent-Replayed": "true"})
    result = await work()
    body = result.model_dump_json(exclude_none=False).encode()
    await connection.execute(STORE, (scope, key.value, key.request_hash, status, body))
    return _json(body, status, {})


def answer_anew(answer: Response, shown: BaseModel) -> Response:
    """Answer with how things are now in place of how they were when the key was first used."""
    replayed = {name: value for name, value in answer.headers.items() if name == "idempotent-replayed"}
    return _json(shown.model_dump_json().encode(), answer.status_code, replayed)


async def purge(session: AsyncSession) -> int:
    """Forget answers older than `KEPT`; returns how many."""
    connection = await driver(session)
    result = await connection.execute("DELETE FROM idempotency_keys WHERE created_at < %s", (clock.now() - KEPT,))
    return result.rowcount


async def forget(session: AsyncSession, principals: Sequence[str]) -> None:
    """Forget every answer that was given to these principals, whatever the case of their letters."""
    await (await driver(session)).execute(FORGET, ([f"{principal.lower()} " for principal in principals],))


def _json(body: bytes, status: int, headers: dict[str, str]) -> Response:
    return Response(body, status_code=status, headers=headers, media_type="application/json")
