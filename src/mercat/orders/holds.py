"""What unpaid orders may reserve: a number of units of a variant for each buyer, and not for long.

To take a product off sale without paying, an attacker needs as many mailboxes as it has units, divided by the limit,
and new ones again and again.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from psycopg import AsyncCursor
from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth
from mercat.kit.database import driver
from mercat.orders.config import OrderSettings
from mercat.orders.exceptions import TooManyOnHold

TOO_MANY = """
SELECT i.variant_id, sum(i.quantity)::int FROM orders o JOIN order_items i ON i.order_id = o.id
WHERE o.status = 'pending' AND (o.user_id = %(user_id)s OR o.guest_key = %(guest_key)s)
AND i.variant_id = ANY(%(variants)s) GROUP BY 1 HAVING sum(i.quantity) > %(most)s ORDER BY 1
"""


def guest_key(user_id: UUID | None, email: str) -> bytes | None:
    """Return a guest's key, the same however they write their address; None for a person with an account."""
    return None if user_id else sha256(b"guest" + auth.mailbox_of(email).encode()).digest()


def hold_ends(placed_at: datetime, window: timedelta, *, proven: bool) -> datetime:
    """Return until when an order may await payment; `proven`: its buyer's account has proven its address."""
    longest = timedelta(hours=OrderSettings.read().unproven_hold_hours)
    return placed_at + (window if proven else min(window, longest))


class Held:
    """A pending query of how much a buyer holds; `require_within` waits for its answer."""

    def __init__(self, cursor: AsyncCursor[TupleRow] | None, limit: int) -> None:
        self.cursor, self.limit = cursor, limit

    async def require_within(self) -> None:
        """Reject an order with which its buyer holds too much.

        Raises:
            TooManyOnHold: of these variants.
        """
        found = await self.cursor.fetchall() if self.cursor else []
        if found:
            lines = [{"variant_id": str(variant), "on_hold": count, "limit": self.limit} for variant, count in found]
            raise TooManyOnHold(limit=self.limit, lines=lines)


async def ask_held(session: AsyncSession, user_id: UUID | None, email: str, variants: Iterable[UUID]) -> Held:
    """Query of which variants a buyer's unpaid orders hold too much. In a pipeline nothing waits for the answer yet.

    Query after the order's reservation: its stock levels are locked then, so that of two orders of one buyer the
    second one knows of the first.
    """
    most = OrderSettings.read().unpaid_units_per_buyer
    if not most:
        return Held(None, most)
    connection = await driver(session)
    buyer = {"user_id": user_id, "guest_key": guest_key(user_id, email)}
    asked = {**buyer, "variants": list(variants), "most": most}
    return Held(await connection.execute(TOO_MANY, asked, prepare=True), most)
