"""What events and waiting jobs say about a person, by id or by address."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.database import driver

ABOUT = (
    "SELECT id FROM events e WHERE EXISTS (SELECT FROM jsonb_each_text(e.payload) p WHERE p.value = ANY(%s::text[]))"
)
FORGET_EVENTS = """
DELETE FROM events e
WHERE EXISTS (SELECT FROM jsonb_each_text(e.payload) p WHERE lower(p.value) = ANY(%(words)s::text[]))
"""
FORGET_JOBS = """
DELETE FROM procrastinate_jobs j WHERE status <> 'doing'
AND EXISTS (SELECT FROM jsonb_each_text(j.args) a WHERE lower(a.value) = ANY(%(words)s::text[]))
"""
# one that a worker is at would be missed by it: it only forgets whom it was about
FORGET_RUNNING = """
UPDATE procrastinate_jobs j SET args = (
    SELECT jsonb_object_agg(a.key, CASE WHEN lower(a.value #>> '{}') = ANY(%(words)s::text[])
        THEN to_jsonb(%(nobody)s::text) ELSE a.value END) FROM jsonb_each(j.args) a)
WHERE status = 'doing' AND EXISTS (SELECT FROM jsonb_each_text(j.args) a WHERE lower(a.value) = ANY(%(words)s::text[]))
"""
FORGET_FAILURES = """
DELETE FROM job_failures f WHERE EXISTS (SELECT FROM unnest(%(words)s::text[]) w WHERE strpos(lower(f.message), w) > 0)
"""


async def events_about(session: AsyncSession, things: Sequence[UUID]) -> list[UUID]:
    """Return the events that name one of these ids. Reads all events that are kept."""
    if not things:
        return []
    rows = await (await driver(session)).execute(ABOUT, ([str(thing) for thing in things],))
    return [row[0] async for row in rows]


async def forget(session: AsyncSession, words: Sequence[str], *, nobody: str) -> None:
    """Delete events and jobs that name somebody by one of these words; in a job under way `nobody` takes its place."""
    values = {"words": [word.lower() for word in words], "nobody": nobody}
    connection = await driver(session)
    for statement in (FORGET_EVENTS, FORGET_JOBS, FORGET_RUNNING, FORGET_FAILURES):
        await connection.execute(statement, values)
