"""Reads of the log."""

from collections.abc import AsyncGenerator, Sequence
from typing import Any, LiteralString

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.audit.schemas import AuditActor, AuditEntry, AuditFilter, AuditListing
from mercat.kit.database import driver
from mercat.kit.ids import parse_id
from mercat.kit.pagination import BadCursor, decode_cursor, encode_cursor

BATCH = 1_000
# what is about people is looked up for the entries of the page alone
ENTRIES: LiteralString = """
SELECT l.id, l.at, l.actor_id, coalesce(l.actor, a.name), l.action, l.target_id,
       l.changes || coalesce(t.changes, '{{}}'), nullif(l.request_id, ''), a.ip
FROM (SELECT * FROM audit_log WHERE {where} ORDER BY at {way}, id {way} {window}) l
LEFT JOIN audit_personal a ON a.entry_id = l.id AND a.part = 'actor'
LEFT JOIN audit_personal t ON t.entry_id = l.id AND t.part = 'target'
ORDER BY l.at {way}, l.id {way}
"""
COUNT: LiteralString = "SELECT count(*) FROM audit_log WHERE {where}"
WAYS: dict[str, tuple[LiteralString, LiteralString]] = {"-at": ("DESC", "<"), "at": ("ASC", ">")}
AFTER: LiteralString = "(at, id) {after} (SELECT at, id FROM audit_log WHERE id = %(after)s)"


async def page(session: AsyncSession, listing: AuditListing) -> tuple[list[AuditEntry], int]:
    """Return a numbered page, and how many entries there are."""
    where, values = _where(listing)
    connection = await driver(session)
    total = await (await connection.execute(COUNT.format(where=where), values)).fetchone()
    window = {"size": listing.size, "offset": listing.numbered.offset}
    wanted = ENTRIES.format(where=where, window="LIMIT %(size)s OFFSET %(offset)s", way=WAYS[listing.sort][0])
    found = await _entries(connection, wanted, {**values, **window})
    return found, total[0] if total else 0


async def by_cursor(session: AsyncSession, listing: AuditListing) -> tuple[list[AuditEntry], str | None]:
    """Return a page by cursor, and the cursor of the next one."""
    where, values = _where(listing)
    way, after = WAYS[listing.sort]
    if listing.cursor:
        values["after"] = parse_id(str(decode_cursor(listing.cursor, listing.sort, str)[0]))
        if values["after"] is None:
            raise BadCursor
        where = f"{where} AND {AFTER.format(after=after)}"
    values["size"] = listing.limit + 1
    found = await _entries(await driver(session), ENTRIES.format(where=where, window="LIMIT %(size)s", way=way), values)
    shown = found[: listing.limit]
    return shown, encode_cursor(listing.sort, str(shown[-1].id)) if len(found) > listing.limit else None


async def batches(connection: AsyncConnection[TupleRow], wanted: AuditFilter) -> AsyncGenerator[list[AuditEntry], None]:
    """Yield every entry of a transaction's moment, a batch at a time: memory does not grow with the log."""
    where, values = _where(wanted)
    async with connection.cursor("audit_entries") as cursor:
        await cursor.execute(ENTRIES.format(where=where, window="", way="DESC"), values)
        while rows := await cursor.fetchmany(BATCH):
            yield [_entry(row) for row in rows]


async def _entries(
    connection: AsyncConnection[TupleRow], wanted: LiteralString, values: dict[str, Any]
) -> list[AuditEntry]:
    rows = await (await connection.execute(wanted, values)).fetchall()
    return [_entry(row) for row in rows]


def _where(wanted: AuditFilter) -> tuple[LiteralString, dict[str, Any]]:
    """Return the conditions of a filter and their values. Each has an index that begins with its column."""
    conditions: list[LiteralString] = ["true"]
    values: dict[str, Any] = {}
    if wanted.actor is not None:
        account = parse_id(wanted.actor)
        conditions.append("actor = %(actor)s" if account is None else "actor_id = %(actor)s")
        values["actor"] = account or wanted.actor
    if wanted.action:
        conditions.append(_any_of("action", wanted.action, values))
    if wanted.target_type:
        conditions.append(_any_of("target_type", [f"{noun}." for noun in wanted.target_type], values))
    if wanted.target_id is not None:
        conditions.append("target_id = %(target_id)s")
        values["target_id"] = wanted.target_id
    if wanted.request_id is not None:
        conditions.append("request_id = %(request_id)s AND request_id <> ''")
        values["request_id"] = wanted.request_id
    if wanted.since is not None:
        conditions.append("at >= %(since)s")
        values["since"] = wanted.since
    if wanted.until is not None:
        conditions.append("at < %(until)s")
        values["until"] = wanted.until
    return " AND ".join(conditions), values


def _any_of(name: str, actions: Sequence[str], values: dict[str, Any]) -> str:
    """Return the condition that an action is one of these, or begins with one that ends in a full stop.

    The character after the full stop is the slash: so an index of actions finds what begins with a noun.
    """
    alternatives = []
    for n, action in enumerate(actions):
        key = f"{name}_{n}"
        values[key] = action
        if action.endswith("."):
            values[f"{key}_end"] = action[:-1] + "/"
            alternatives.append(f"action >= %({key})s AND action < %({key}_end)s")
        else:
            alternatives.append(f"action = %({key})s")
    return f"({' OR '.join(alternatives)})"


def _entry(row: TupleRow) -> AuditEntry:
    entry_id, at, actor_id, name, action, target_id, changes, request_id, ip = row
    return AuditEntry(
        id=entry_id,
        at=at,
        actor=AuditActor(id=actor_id, name=name),
        action=action,
        target_type=action.partition(".")[0],
        target_id=target_id,
        changes=changes,
        request_id=request_id,
        ip=ip,
    )
