"""Uses of coupons for orders, and their return: both once, also concurrently."""

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from psycopg import AsyncCursor
from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth
from mercat.kit import clock
from mercat.kit.database import driver
from mercat.kit.ids import new_id
from mercat.pricing.exceptions import CouponUsedUp

# the guard counts: when all uses are taken, no row is found. What ends while the row is waited for is seen, too
CLAIM = """
WITH claimed AS (
    UPDATE promotions SET used_count = used_count + 1
    WHERE id = %(promotion_id)s AND deleted_at IS NULL AND is_active
    AND (usage_limit IS NULL OR used_count < usage_limit)
    RETURNING id, once_per_customer)
INSERT INTO coupon_uses (id, promotion_id, order_id, user_id, email_hash, once, used_at)
SELECT %(id)s, c.id, %(order_id)s, %(user_id)s, %(email_hash)s, c.once_per_customer, %(now)s FROM claimed c
RETURNING id
"""
GIVE_BACK = """
WITH returned AS (
    UPDATE coupon_uses SET returned_at = %s WHERE order_id = %s AND returned_at IS NULL RETURNING promotion_id)
UPDATE promotions p SET used_count = p.used_count - 1 FROM returned r WHERE p.id = r.promotion_id
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """A coupon, the order that uses it, and whose that is."""

    promotion_id: UUID
    order_id: UUID
    user_id: UUID | None
    email: str


class Claimed:
    """A claim under way; `settle` says whether it was in time."""

    def __init__(self, cursor: AsyncCursor[TupleRow]) -> None:
        self.cursor = cursor

    async def settle(self) -> None:
        """Wait for the claim.

        Raises:
            CouponUsedUp: another order was faster. By constraint, CouponUsedBefore: this customer has used it.
        """
        if await self.cursor.fetchone() is None:
            raise CouponUsedUp


async def claim(session: AsyncSession, wanted: Claim) -> Claimed:
    """Take one use of a coupon. Locks the coupon until the transaction ends; in a pipeline nothing waits yet."""
    connection = await driver(session)
    named = {
        "id": new_id(),
        "promotion_id": wanted.promotion_id,
        "order_id": wanted.order_id,
        "user_id": wanted.user_id,
        "email_hash": email_hash(wanted.promotion_id, wanted.email),
        "now": clock.now(),
    }
    return Claimed(await connection.execute(CLAIM, named, prepare=True))


async def give_back(session: AsyncSession, order_id: UUID) -> None:
    """Return the use of a coupon that an order took, if it took one: once, however often this is called.

    Locks the coupon: call it before the stock is locked, as placing an order does.
    """
    await (await driver(session)).execute(GIVE_BACK, (clock.now(), order_id))


def email_hash(promotion_id: UUID, email: str) -> bytes:
    """Return what a customer's mailbox is known by for one coupon; other coupons know it by another."""
    return sha256(promotion_id.bytes + auth.mailbox_of(email).encode()).digest()
