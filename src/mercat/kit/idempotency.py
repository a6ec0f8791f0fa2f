"""`Idempotency-Key`: a POST that moves money or stock happens once, however often it is sent.

The key is claimed and the answer stored in the transaction of the effect itself: a crash between effect and answer
rolls both back or keeps both, so a retry is either resumed or replayed and never doubled. Refusals (4xx) roll the
claim back and may be tried again with the same key. Answers are kept for at least 24 hours.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Header, Request
from pydantic import BaseModel
from sqlalchemy import Index, LargeBinary, func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column
from starlette.responses import Response

from mercat.kit import clock
from mercat.kit.database import Database, driver
from mercat.kit.models import Base
from mercat.kit.openapi import MANDATORY
from mercat.kit.problems import CONSTRAINTS, Conflict, Invalid, Malformed

Shown = TypeVar("Shown", bound=BaseModel)
KEPT = timedelta(hours=48)
MAX_KEY = 255
EXAMPLE = "0f6f4f9e-5a0e-4f43-9d6c-6f1f7c1a2b3d"


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

DONE = """
UPDATE idempotency_keys SET body = convert_to((convert_from(body, 'UTF8')::jsonb || '{"done": true}')::text, 'UTF8')
WHERE scope = %s AND key = %s
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


class Claimed(BaseModel):
    """What a key stands for while somebody else is asked, and whether that was done. Only an id is kept with it."""

    id: UUID
    done: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """Who wants to do what once; `allowed` refuses what cannot be done, which keeps no key, and names what it is."""

    key: Key
    principal: str
    allowed: Callable[[], Awaitable[Claimed]]
    status: int = 200


async def read_key(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(
            description="Unique per intent (a UUID, say). The same key and body replay the first answer.",
            json_schema_extra=MANDATORY,
            examples=[EXAMPLE],
        ),
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
        str | None,
        Header(description="Optional here: with it, sending the request again does nothing twice.", examples=[EXAMPLE]),
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


async def once_outside(
    database: Database, claim: Claim, act: Callable[[], Awaitable[Shown]], again: Callable[[], Awaitable[Shown]]
) -> Response:
    """Do once what cannot be in one transaction because somebody else is asked on the way.

    The claim is committed before `act`. Should `act` not come to its end, the same key does it again; afterwards the
    key answers with `again`: how things are now.
    """
    async with database.transaction() as session:
        answer = await once(session, claim.key, claim.principal, claim.allowed, status=claim.status)
    if "idempotent-replayed" in answer.headers and Claimed.model_validate_json(bytes(answer.body)).done:
        return answer_anew(answer, await again())
    shown = await act()
    async with database.transaction() as session:
        scope = f"{claim.principal} {claim.key.route}"
        await (await driver(session)).execute(DONE, (scope, claim.key.value))
    return answer_anew(answer, shown)


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
