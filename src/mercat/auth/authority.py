"""What a person is and may do at this moment, whatever their token says about the moment it was made.

Asked of the primary at every request of people whose roles carry permissions, so that a role taken away or a blocked
account counts at once; for buyers it is remembered for a minute.
"""

from collections import OrderedDict
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth.actor import Actor
from mercat.auth.config import AuthSettings
from mercat.auth.permissions import Role, granted
from mercat.kit import clock
from mercat.kit.database import Reads, after_commit

REMEMBERED_SECONDS = 60.0
MOST = 10_000

BY_SESSION = """
SELECT s.id, s.second_factor, NULL::text[], u.id, trim(u.first_name || ' ' || u.last_name), u.username,
       ARRAY(SELECT r.role FROM user_roles r WHERE r.user_id = u.id ORDER BY r.role)
FROM sessions s JOIN users u ON u.id = s.user_id
WHERE s.id = %s AND s.revoked_at IS NULL AND s.expires_at > %s AND u.is_active
"""
BY_COOKIE = BY_SESSION.replace("s.id = %s", "s.cookie_hash = %s")
BY_KEY = """
SELECT NULL::uuid, k.second_factor, k.scopes, u.id, trim(u.first_name || ' ' || u.last_name), u.username,
       ARRAY(SELECT r.role FROM user_roles r WHERE r.user_id = u.id ORDER BY r.role)
FROM api_keys k JOIN users u ON u.id = k.user_id
WHERE k.key_hash = %s AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > %s) AND u.is_active
"""
# who uses a session or a key is noted once in a while only: a read must not become a write
USED_COOKIE = """
UPDATE sessions SET last_used_at = %(now)s, expires_at = %(now)s + make_interval(days => %(days)s)
WHERE cookie_hash = %(of)s AND last_used_at < %(now)s - interval '10 minutes'
"""
USED_KEY = """
UPDATE api_keys SET last_used_at = %(now)s
WHERE key_hash = %(of)s AND (last_used_at IS NULL OR last_used_at < %(now)s - interval '1 minute')
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """A person, as found at a moment (seconds since the epoch)."""

    actor: Actor
    found_at: float


class Standings:
    """The standings that this process remembers, by session, cookie or key."""

    def __init__(self) -> None:
        self._known: OrderedDict[UUID | bytes, Standing] = OrderedDict()

    async def of_session(self, reads: Reads, session_id: UUID) -> Actor | None:
        """Return who is signed in there, or None when the session has ended or the account is not active."""
        return await self._find(reads, session_id, BY_SESSION, None)

    async def of_cookie(self, reads: Reads, cookie_hash: bytes) -> Actor | None:
        """Return whose browser this is; using it prolongs the session."""
        return await self._find(reads, cookie_hash, BY_COOKIE, USED_COOKIE)

    async def of_key(self, reads: Reads, key_hash: bytes) -> Actor | None:
        """Return for whom a key acts, and within which scopes."""
        return await self._find(reads, key_hash, BY_KEY, USED_KEY)

    def forget(self, user_id: UUID | None) -> None:
        """Look this person up anew at their next request."""
        for name in [name for name, known in self._known.items() if known.actor.user_id == user_id]:
            del self._known[name]

    async def _find(self, reads: Reads, name: UUID | bytes, statement: str, used: str | None) -> Actor | None:
        now = clock.now()
        known = self._known.get(name)
        if known is not None and 0 <= now.timestamp() - known.found_at < REMEMBERED_SECONDS:
            return known.actor
        row = await reads.row(statement, (name, now))
        if row is None:
            self._known.pop(name, None)
            return None
        actor = _actor(row)
        if used is not None:
            await reads.note(used, {"of": name, "now": now, "days": AuthSettings.read().refresh_token_days})
        if not granted(actor.roles | actor.withheld):
            self._known[name] = Standing(actor, now.timestamp())
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return actor


standings = Standings()


def forget_standing(session: AsyncSession, user_id: UUID | None) -> None:
    """Let a change of a person's rights or sessions count in this process as soon as it is committed."""
    after_commit(session, partial(standings.forget, user_id))


def _actor(row: TupleRow) -> Actor:
    session_id, second_factor, scopes, user_id, name, username, role_names = row
    roles = frozenset(Role(role) for role in role_names)
    withheld = frozenset() if second_factor else roles & frozenset(AuthSettings.read().second_factor_roles)
    shown = name or username or (role_names[0] if role_names else "somebody")
    limits = None if scopes is None else frozenset(scopes)
    return Actor(user_id, shown, roles - withheld, withheld, session_id, limits)
