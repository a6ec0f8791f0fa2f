"""Products as they are in the tables, with everything that readers see of them: four statements for any number."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import LiteralString, Protocol, TypeVar
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow, class_row

from mercat.files import Drawn

PRODUCTS = """
SELECT p.id, p.vendor_id, v.slug AS vendor_slug, v.name AS vendor_name, v.status AS vendor_status, p.brand_id,
    b.slug AS brand_slug, b.name AS brand_name, p.category_id, c.slug AS category_slug, c.name AS category_name,
    coalesce(c.path, '{}') AS category_path, p.slug, p.name, p.description_html, p.option_names, p.attributes,
    p.seo_title, p.seo_description, p.tax_class, p.status, p.listed, p.publish_at, p.version, p.created_at,
    p.updated_at, CASE WHEN r.count > 0 THEN round(r.stars::numeric / r.count, 2) ELSE 0 END AS rating_average,
    coalesce(r.count, 0) AS rating_count
FROM products p JOIN vendors v ON v.id = p.vendor_id
LEFT JOIN brands b ON b.id = p.brand_id LEFT JOIN categories c ON c.id = p.category_id
LEFT JOIN product_ratings r ON r.product_id = p.id
WHERE p.id = ANY(%s) AND p.deleted_at IS NULL
"""
VARIANTS = """
SELECT v.id, v.product_id, v.sku, v.options, v.currency, v.price_minor, v.compare_at_minor, v.weight_grams, v.barcode,
       v.image_url, f.width, f.height, f.renditions AS drawn, ARRAY(
           SELECT jsonb_build_array(x.currency, x.price_minor, x.compare_at_minor) FROM variant_prices x
           WHERE x.variant_id = v.id ORDER BY x.currency) AS prices
FROM variants v LEFT JOIN files f ON f.key = substr(v.image_url, 2)
WHERE v.product_id = ANY(%s) AND v.deleted_at IS NULL ORDER BY v.product_id, v.position, v.id
"""
IMAGES = """
SELECT i.id, i.product_id, i.url, i.alt, f.width, f.height, f.renditions AS drawn
FROM product_images i LEFT JOIN files f ON f.id = i.file_id
WHERE i.product_id = ANY(%s) ORDER BY i.product_id, i.position, i.id
"""
TAGS = """
SELECT pt.product_id, t.slug, t.name FROM product_tags pt JOIN tags t ON t.id = pt.tag_id
WHERE pt.product_id = ANY(%s) ORDER BY pt.product_id, pt.position, t.slug
"""


# not frozen: an import reads all products, and a frozen row takes three times as long to make
@dataclass(slots=True)
class VariantRow:
    """A variant that is not deleted. A sale of today lowers its price, see `reductions`."""

    id: UUID
    product_id: UUID
    sku: str | None
    options: list[str]
    currency: str
    price_minor: int
    compare_at_minor: int | None
    weight_grams: int | None
    barcode: str | None
    image_url: str | None
    width: int | None
    height: int | None
    drawn: list[Drawn] | None
    prices: list[tuple[str, int, int | None]] = field(default_factory=list)
    """Those that were set in other currencies, by currency: minor units, and what they are compared with."""
    own_minor: int | None = None
    """What it costs without the sale, if there is one."""
    lowest_minor: int | None = None
    """The lowest price of the 30 days before its reduction, see `applied_prices`."""

    def price_set_in(self, currency: str) -> tuple[int, int | None] | None:
        """Return what its vendor has set in another currency, with what that is compared with; None if nothing."""
        return next(((minor, former) for code, minor, former in self.prices if code == currency), None)


@dataclass(slots=True)
class ImageRow:
    """A picture of a product."""

    id: UUID
    product_id: UUID
    url: str
    alt: str
    width: int | None
    height: int | None
    drawn: list[Drawn] | None


@dataclass(slots=True)
class TagRow:
    """A tag of a product."""

    product_id: UUID
    slug: str
    name: str


@dataclass(slots=True)
class ProductRow:
    """A product that is not deleted, with its vendor, brand, category and rating."""

    id: UUID
    vendor_id: UUID
    vendor_slug: str
    vendor_name: str
    vendor_status: str
    brand_id: UUID | None
    brand_slug: str | None
    brand_name: str | None
    category_id: UUID | None
    category_slug: str | None
    category_name: str | None
    category_path: list[UUID]
    slug: str
    name: str
    description_html: str
    option_names: list[str]
    attributes: dict[str, str]
    seo_title: str
    seo_description: str
    tax_class: str
    status: str
    listed: bool
    publish_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime
    rating_average: Decimal
    rating_count: int
    slugs: dict[str, str] = field(default_factory=dict)
    """By language; empty where there is one."""
    variants: list[VariantRow] = field(default_factory=list)
    images: list[ImageRow] = field(default_factory=list)
    tags: list[TagRow] = field(default_factory=list)

    @property
    def on_sale(self) -> bool:
        """Whether buyers may see it."""
        return self.status == "active" and self.vendor_status == "active" and bool(self.variants)


class _OfProduct(Protocol):
    @property
    def product_id(self) -> UUID: ...


Kind = TypeVar("Kind")
OfProduct = TypeVar("OfProduct", bound=_OfProduct)


async def load(connection: AsyncConnection[TupleRow], product_ids: Sequence[UUID]) -> list[ProductRow]:
    """Read products with their variants, pictures and tags."""
    ids = list(product_ids)

    async def found(kind: type[Kind], statement: LiteralString) -> list[Kind]:
        cursor = connection.cursor(row_factory=class_row(kind))
        return await (await cursor.execute(statement, (ids,))).fetchall()

    products = await found(ProductRow, PRODUCTS)
    variants = _by_product(await found(VariantRow, VARIANTS))
    images = _by_product(await found(ImageRow, IMAGES))
    tags = _by_product(await found(TagRow, TAGS))
    for product in products:
        product.variants = variants.get(product.id, [])
        product.images = images.get(product.id, [])
        product.tags = tags.get(product.id, [])
    return products


def _by_product(rows: Iterable[OfProduct]) -> dict[UUID, list[OfProduct]]:
    grouped: dict[UUID, list[OfProduct]] = defaultdict(list)
    for row in rows:
        grouped[row.product_id].append(row)
    return grouped
