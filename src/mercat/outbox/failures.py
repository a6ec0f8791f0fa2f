"""Why the last attempt of a job failed, kept for the operator: short, and without secrets or addresses of people."""

import re
from collections.abc import Iterator

import psycopg
from psycopg.rows import TupleRow
from sqlalchemy.exc import SQLAlchemyError

from mercat.kit.database import Database, driver
from mercat.kit.logs import SECRET_WORDS, logger

LONGEST_ERROR = 100
LONGEST_MESSAGE = 500
MASKS = (
    (re.compile(r"(?<=//)[^\s/]+@"), "***@"),
    (re.compile(r"[^\s@<>\"'(),:;=/*]+@[^\s@<>\"'(),:;=/*]+"), "<address>"),
    # whatever stands behind the name of a secret may be it
    (re.compile(rf"(?i)\b([\w-]*(?:{'|'.join(SECRET_WORDS)}))\b.+"), r"\1: ***"),
    (re.compile(r"(?i)\b(bearer|basic) +\S+"), r"\1 ***"),
    # an opaque word this long is a key; ids have their dashes in known places
    (re.compile(r"\b(?![0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b)[\w.+/=-]{32,}"), "***"),
)
"""What is made unreadable, and what stands there instead."""
NOTE = """
INSERT INTO job_failures (job_id, attempt, error, message) VALUES (%s, %s, %s, %s)
ON CONFLICT (job_id) DO UPDATE
SET attempt = excluded.attempt, error = excluded.error, message = excluded.message, failed_at = now()
"""


def sentence_of(error: BaseException) -> tuple[str, str]:
    """Return the kind of an error and what it says: its first line alone, since values of rows stand in the others."""
    leaves = list(_leaves(error))
    said = [_first_line(leaf) for leaf in leaves]
    if len(leaves) > 1:
        said = [f"{type(leaf).__name__}: {line}" for leaf, line in zip(leaves, said, strict=True)]
    return type(leaves[0]).__name__[:LONGEST_ERROR], "; ".join(said)[:LONGEST_MESSAGE]


async def note(database: Database, job_id: int, attempt: int, error: BaseException) -> None:
    """Keep why an attempt failed. That it cannot be kept is no reason to do anything else than before."""
    try:
        async with database.transaction() as session:
            await write(await driver(session), job_id, attempt, sentence_of(error))
    except (SQLAlchemyError, psycopg.Error) as trouble:  # the database is away, or the job is gone meanwhile
        logger.warning("job_failure_not_kept", job=job_id, error=type(trouble).__name__)


async def write(
    connection: psycopg.AsyncConnection[TupleRow], job_id: int, attempt: int, sentence: tuple[str, str]
) -> None:
    """Write down a failure in the caller's transaction."""
    await connection.execute(NOTE, (job_id, attempt, *sentence))


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error


def _first_line(error: BaseException) -> str:
    text = next(iter(str(error).replace("\0", "").splitlines()), "").encode("utf-8", "replace").decode()
    for pattern, instead in MASKS:
        text = pattern.sub(instead, text)
    return text
