"""What a basket can be reduced by: the sales of the moment, and the coupon that is named."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import TupleRow, class_row

from mercat.kit.money import Money
from mercat.kit.problems import FieldError, Problem
from mercat.pricing.arithmetic import Discount, Kind, Scope
from mercat.pricing.exceptions import CouponNotActive, CouponUsedBefore, CouponUsedUp, UnknownCoupon
from mercat.pricing.promotions.codes import key_of

COLUMNS = """
id, code, kind, applies_to, percent, amount_minor, minimum_minor, currency, vendor_ids, category_ids, product_ids,
starts_at, ends_at, usage_limit, used_count, once_per_customer, is_active
"""
# a hot path: both in one statement, each found by an index of its own
PROMOTIONS = f"""
SELECT {COLUMNS}, false AS used_before FROM promotions
WHERE code IS NULL AND is_active AND deleted_at IS NULL AND (starts_at IS NULL OR starts_at <= %(now)s)
AND (ends_at IS NULL OR ends_at > %(now)s)
UNION ALL
SELECT {COLUMNS}, EXISTS (
    SELECT FROM coupon_uses u
    WHERE u.promotion_id = p.id AND u.user_id = %(user_id)s::uuid AND u.returned_at IS NULL) AS used_before
FROM promotions p WHERE code_key = %(key)s AND deleted_at IS NULL
ORDER BY id
"""  # noqa: S608 - made of constants


@dataclass(frozen=True, slots=True)
class PromotionRow:
    """A promotion that is not deleted; `used_before`: a coupon, by the buyer."""

    id: UUID
    code: str | None
    kind: str
    applies_to: str
    percent: Decimal | None
    amount_minor: int | None
    minimum_minor: int | None
    currency: str
    vendor_ids: list[UUID]
    category_ids: list[UUID]
    product_ids: list[UUID]
    starts_at: datetime | None
    ends_at: datetime | None
    usage_limit: int | None
    used_count: int
    once_per_customer: bool
    is_active: bool
    used_before: bool = False


@dataclass(frozen=True, slots=True)
class Coupon:
    """A coupon that was named; `problem` is why it reduces nothing, whatever is bought."""

    code: str
    discount: Discount | None
    once_per_customer: bool = False
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """The applicable promotions."""

    sales: tuple[Discount, ...]
    coupon: Coupon | None


class Asked:
    """The question, under way; `offered` waits for its answer."""

    def __init__(self, code: str | None, now: datetime, cursor: AsyncCursor[PromotionRow]) -> None:
        self.code, self.now, self.cursor = code, now, cursor

    async def offered(self) -> Offered:
        """Return the applicable promotions, with the problem of the coupon."""
        rows = await self.cursor.fetchall()
        sales = tuple(discount_of(row) for row in rows if row.code is None)
        if not self.code:
            return Offered(sales, None)
        named = next((row for row in rows if row.code is not None), None)
        return Offered(sales, self._coupon(named))

    def _coupon(self, row: PromotionRow | None) -> Coupon:
        if row is None or row.code is None:  # sales have no code
            error = FieldError("coupon", "no such coupon", "unknown")
            return Coupon(self.code or "", None, problem=UnknownCoupon(errors=(error,)))
        return Coupon(row.code, discount_of(row), row.once_per_customer, _problem(row, self.now))


async def offered(
    connection: AsyncConnection[TupleRow], code: str | None, user_id: UUID | None, now: datetime
) -> Asked:
    """Query the applicable promotions. In a pipeline nothing waits for the answer yet."""
    cursor = connection.cursor(row_factory=class_row(PromotionRow))
    key = key_of(code) if code else None
    await cursor.execute(PROMOTIONS, {"now": now, "user_id": user_id, "key": key}, prepare=True)
    return Asked(code, now, cursor)


def _problem(row: PromotionRow, now: datetime) -> Problem | None:
    begun = row.starts_at is None or row.starts_at <= now
    over = row.ends_at is not None and row.ends_at <= now
    if not row.is_active or not begun or over:
        return CouponNotActive()
    if row.used_before and row.once_per_customer:
        return CouponUsedBefore()
    if row.usage_limit is not None and row.used_count >= row.usage_limit:
        return CouponUsedUp()
    return None


def discount_of(row: PromotionRow) -> Discount:
    """Return the discount of a promotion."""

    def money(minor: int | None) -> Money | None:
        return None if minor is None else Money(minor, row.currency)

    return Discount(
        id=row.id,
        kind=Kind(row.kind),
        each=row.applies_to == "lines",
        percent=int(row.percent * 100) if row.percent is not None else 0,
        amount=money(row.amount_minor),
        scope=Scope(frozenset(row.vendor_ids), frozenset(row.category_ids), frozenset(row.product_ids)),
        minimum=money(row.minimum_minor),
    )
