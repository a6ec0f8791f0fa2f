"""Writing down what is changed, in the transaction that changes it.

A hot path: one statement through the driver, whose result nobody waits for, so it travels in the caller's pipeline.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.audit.changes import NONE, Changes, as_json, refuse_secrets, written
from mercat.kit import clock
from mercat.kit.caller import client_ip_var
from mercat.kit.database import driver
from mercat.kit.ids import new_id
from mercat.kit.logs import request_id_var


class Actor(Protocol):
    """Who acts. The name of one without an account says what it is: the system, an import, a guest."""

    @property
    def user_id(self) -> UUID | None:
        """The account."""

    @property
    def name(self) -> str:
        """What people read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What was done to what. `action` is a noun and a past participle; the noun is the kind of the target.

    `personal` are changes of values that are about the target, a person: they can be forgotten, see `forget`.
    """

    action: str
    target: UUID | None
    changes: Changes = field(default_factory=dict)
    personal: Changes = field(default_factory=dict)


# both tables at once: the personal parts exist if and only if their entry does
WRITE = """
WITH given AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(entries)s::jsonb)
        AS e(id uuid, action text, target_id uuid, changes jsonb, acted_under uuid, personal jsonb)
), entries AS (
    INSERT INTO audit_log (id, at, actor_id, actor, action, target_id, changes, request_id)
    SELECT id, %(at)s, %(actor_id)s::uuid, %(actor)s::text, action, target_id, changes, %(request_id)s FROM given
), actors AS (
    INSERT INTO audit_personal (entry_id, part, person_id, name, ip)
    SELECT id, 'actor', acted_under, %(name)s::text, %(ip)s::text FROM given WHERE %(known)s
)
INSERT INTO audit_personal (entry_id, part, person_id, changes)
SELECT id, 'target', target_id, personal FROM given WHERE personal IS NOT NULL
"""
FORGET = "SELECT audit_forget(%s)"


def target_named(kind: str, name: str) -> UUID:
    """Return the target of entries about what has a name instead of an id: the same for ever (RFC 9562, 5.5)."""
    return uuid5(NAMESPACE_URL, f"urn:mercat:{kind}:{name}")


async def record(
    session: AsyncSession,
    actor: Actor,
    action: str,
    target: UUID | None,
    *,
    changes: Changes = NONE,
    personal: Changes = NONE,
) -> None:
    """Write an entry in the caller's transaction, with the request's id and address. See `Entry`.

    Raises:
        SecretField: a field is named like a secret.
    """
    await record_many(session, actor, [Entry(action, target, changes, personal)])


async def record_many(session: AsyncSession, actor: Actor, entries: Sequence[Entry]) -> None:
    """Write the entries of a batch, in one statement whatever their number. See `record`."""
    if not entries:
        return
    for entry in entries:
        refuse_secrets(entry.changes)
        refuse_secrets(entry.personal)
    user_id, ip = actor.user_id, client_ip_var.get() or None
    parameters = {
        "at": clock.now(),
        "actor_id": user_id,
        "actor": actor.name if user_id is None else None,
        "request_id": request_id_var.get(),
        "name": actor.name if user_id is not None else None,
        "ip": ip,
        "known": user_id is not None or ip is not None,
        "entries": as_json([_given(entry, user_id) for entry in entries]),
    }
    connection = await driver(session)
    await connection.execute(WRITE, parameters, prepare=True)


def _given(entry: Entry, user_id: UUID | None) -> dict[str, object]:
    entry_id = new_id()
    # that a value of a person changed is the log's to say, which value it was is not
    changes = {**written(entry.changes), **dict.fromkeys(entry.personal)}
    return {
        "id": entry_id,
        "action": entry.action,
        "target_id": entry.target,
        "changes": changes,
        "acted_under": user_id or entry.target or entry_id,
        "personal": written(entry.personal) or None,
    }


async def forget(session: AsyncSession, person_id: UUID) -> int:
    """Erase what the log knows of a person; returns how many parts that were. What was done stays written down.

    A guest is known by what they did: forget their order.
    """
    connection = await driver(session)
    row = await (await connection.execute(FORGET, (person_id,))).fetchone()
    return row[0] if row else 0
