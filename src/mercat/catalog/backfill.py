"""What a product file has no column for: when products were made elsewhere, and their attributes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.catalog.projections import refresh_projections

BACKFILL = text("""
UPDATE products p SET created_at = b.created_at, attributes = CAST(b.attributes AS jsonb)
FROM unnest(CAST(:slugs AS text[]), CAST(:moments AS timestamptz[]), CAST(:attributes AS text[]))
     AS b(slug, created_at, attributes)
WHERE p.slug = b.slug RETURNING p.slug, p.id
""")


@dataclass(frozen=True, slots=True)
class PastProduct:
    """What is said about a product that was imported just before."""

    slug: str
    created_at: datetime
    attributes: Mapping[str, str]


async def backfill(session: AsyncSession, products: Sequence[PastProduct]) -> dict[str, UUID]:
    """Complete products in the transaction that imported them; returns their ids by slug."""
    values = {
        "slugs": [product.slug for product in products],
        "moments": [product.created_at for product in products],
        "attributes": [orjson.dumps(product.attributes).decode() for product in products],
    }
    ids = {row.slug: row.id for row in await session.execute(BACKFILL, values)}
    await refresh_projections(session, list(ids.values()))
    return ids
