"""Reads of tax rates for those who keep them."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.pagination import PageParams
from mercat.kit.rows import required
from mercat.kit.sorts import numbered_page
from mercat.pricing.exceptions import RateNotFound
from mercat.pricing.fields import written
from mercat.pricing.models import TaxRate
from mercat.pricing.taxes.schemas import RateRead

PLAIN = ("id", "name", "country", "region", "tax_class", "valid_from", "valid_to", "version")


async def page(session: AsyncSession, params: PageParams) -> tuple[list[RateRead], int]:
    """Return a page of rates by place, class and beginning, and how many there are."""
    alive = select(TaxRate).where(TaxRate.deleted_at.is_(None))
    ordered = alive.order_by(
        TaxRate.country, TaxRate.region.nulls_first(), TaxRate.tax_class, TaxRate.valid_from, TaxRate.id
    )
    rows, total = await numbered_page(session, ordered, params)
    return [shown(row) for row in rows.scalars()], total


async def find(session: AsyncSession, rate_id: UUID, *, for_update: bool = False) -> TaxRate:
    """Return a rate, locked on demand.

    Raises:
        RateNotFound: there is none, or it was deleted.
    """
    statement = select(TaxRate).where(TaxRate.id == rate_id, TaxRate.deleted_at.is_(None))
    return await required(session, statement, RateNotFound, lock=for_update)


def shown(row: TaxRate) -> RateRead:
    """Return a rate as operators see it."""
    return RateRead(**{name: getattr(row, name) for name in PLAIN}, rate=written(row.rate))
