"""Reads of a vendor's own products, in whatever state they are."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import files
from mercat.catalog.vendor_products.schemas import OwnFilter, OwnProduct
from mercat.kit.money import Money
from mercat.kit.pagination import PageParams

ORDERS = {
    "created_at": "p.created_at",
    "name": "lower(p.name)",
    "price": "(SELECT min(v.price_minor) FROM variants v WHERE v.product_id = p.id AND v.deleted_at IS NULL)",
    "updated_at": "p.updated_at",
}
MATCHES = """
AND (CAST(:status AS text[]) IS NULL OR p.status = ANY(CAST(:status AS text[])))
AND (CAST(:q AS text) IS NULL OR p.name ILIKE '%' || :q || '%' OR EXISTS (
    SELECT FROM variants v WHERE v.product_id = p.id AND v.deleted_at IS NULL AND v.sku ILIKE :q || '%'))
"""
OWN = f"FROM products p WHERE p.vendor_id = :vendor AND p.deleted_at IS NULL {MATCHES}"
# the page is chosen first: what hangs on a product is only looked up for those that are shown
PAGE = """
SELECT p.id, p.slug, p.name, p.status, p.listed, p.version, p.created_at, p.updated_at,
       c.product_id IS NOT NULL AS on_sale, v.currency, v.price, v.variant_count, v.skus, v.stock,
       i.url, i.alt, i.width, i.height, i.renditions
FROM ({chosen}) AS chosen JOIN products p ON p.id = chosen.id LEFT JOIN product_projections c ON c.product_id = p.id
LEFT JOIN LATERAL (
    SELECT min(currency) AS currency, min(price_minor) AS price, count(*) AS variant_count,
           (array_agg(sku ORDER BY position, variants.id) FILTER (WHERE sku IS NOT NULL))[1:10] AS skus,
           coalesce(sum((SELECT a.available FROM variant_availability a WHERE a.variant_id = variants.id)), 0) AS stock
    FROM variants WHERE product_id = p.id AND deleted_at IS NULL) v ON true
LEFT JOIN LATERAL (
    SELECT m.url, m.alt, f.width, f.height, f.renditions FROM product_images m LEFT JOIN files f ON f.id = m.file_id
    WHERE m.product_id = p.id ORDER BY m.position, m.id LIMIT 1) i ON true
ORDER BY chosen.n
"""
CHOSEN = """SELECT p.id, row_number() OVER (ORDER BY {order} {direction} NULLS LAST, p.id {direction}) AS n {own}
ORDER BY n LIMIT :size OFFSET :offset"""
NAMED = "SELECT p.id, array_position(CAST(:ids AS uuid[]), p.id) AS n FROM products p WHERE p.id = ANY(:ids)"


async def page(session: AsyncSession, vendor_id: UUID, filters: OwnFilter) -> tuple[list[OwnProduct], int]:
    """Return a page of a vendor's products and how many match."""
    wanted = {"vendor": vendor_id, "status": list(filters.status) or None, "q": _literal(filters.q)}
    total = await session.scalar(text(f"SELECT count(*) {OWN}"), wanted)
    name = filters.sort.removeprefix("-")
    direction = "DESC" if filters.sort.startswith("-") else "ASC"
    chosen = CHOSEN.format(order=ORDERS[name], direction=direction, own=OWN)
    return await _shown(session, chosen, {**wanted, **_window(filters)}), total or 0


async def some(session: AsyncSession, product_ids: Sequence[UUID]) -> list[OwnProduct]:
    """Return these products in this order; the caller has made sure whose they are."""
    return await _shown(session, NAMED, {"ids": list(product_ids)})


async def _shown(session: AsyncSession, chosen: str, params: dict[str, Any]) -> list[OwnProduct]:
    rows = await session.execute(text(PAGE.format(chosen=chosen)), params)
    return [
        OwnProduct(
            id=row.id,
            slug=row.slug,
            name=row.name,
            status=row.status,
            listed=row.listed,
            on_sale=row.on_sale,
            price=Money(row.price, row.currency) if row.variant_count else None,
            variant_count=row.variant_count,
            skus=row.skus or [],
            stock_quantity=row.stock,
            image=files.picture(row.url, row.alt, row.width, row.height, row.renditions) if row.url else None,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )
        for row in rows
    ]


def _window(params: PageParams) -> dict[str, int]:
    return {"size": params.size, "offset": params.offset}


def _literal(words: str | None) -> str | None:
    """Return words in which no character is a wildcard."""
    return words and words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
