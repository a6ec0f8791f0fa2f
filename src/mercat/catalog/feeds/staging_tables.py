"""A batch of a feed in temporary tables: COPY in PostgreSQL's text format, written here because it is the hot loop."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from mercat.catalog.feeds.shapes import FeedProduct, FeedVariant, SetPrice
from mercat.kit.ids import new_id
from mercat.kit.slugs import name_slug

CREATE = """
CREATE TEMP TABLE feed_products (
    product_id uuid, vendor_id uuid, fresh boolean, partial boolean, absent text[], line integer,
    handle text, slug text, name text, description_html text, brand_id uuid, category_id uuid,
    option_names text[], seo_title text, seo_description text, status text, listed boolean,
    tag_ids uuid[], image_ids uuid[], image_urls text[], image_alts text[]
) ON COMMIT DROP;
CREATE TEMP TABLE feed_variants (
    new_id uuid, variant_id uuid, product_id uuid, vendor_id uuid, fresh boolean, line integer, position integer,
    sku text, options text[], currency text, price_minor bigint, compare_at_minor bigint, weight_grams integer,
    barcode text, image_url text, quantity integer, allow_backorder boolean, tracked boolean, keeps_count boolean,
    unknown text[]
) ON COMMIT DROP;
"""
COPY_PRODUCTS = "COPY feed_products FROM STDIN"
COPY_VARIANTS = """COPY feed_variants (new_id, product_id, vendor_id, fresh, line, position, sku, options, currency,
    price_minor, compare_at_minor, weight_grams, barcode, image_url, quantity, allow_backorder,
    tracked, keeps_count, unknown) FROM STDIN"""
DROP = "DROP TABLE feed_products, feed_variants"
CREATE_PRICES = """
CREATE TEMP TABLE feed_prices (
    new_id uuid, currency text, price_minor bigint, compare_at_minor bigint, keeps_compare_at boolean
) ON COMMIT DROP
"""
COPY_PRICES = "COPY feed_prices FROM STDIN"
DROP_PRICES = "DROP TABLE feed_prices"

NULL = "\\N"
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
SPECIAL = frozenset("\\\t\n\r")


@dataclass(slots=True)
class Staged:
    """A product of the feed and its row in the catalogue."""

    product: FeedProduct
    vendor_id: UUID
    product_id: UUID = field(default_factory=new_id)
    fresh: bool = True
    slug: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """Ids by slug."""

    brands: dict[str, UUID]
    categories: dict[str, UUID]
    tags: dict[str, UUID]


async def stage(connection: AsyncConnection[TupleRow], batch: Iterable[Staged], names: Names) -> bool:
    """Put a batch into `feed_products` and `feed_variants`, which are gone with the transaction or by `DROP`.

    Returns whether it has prices in other currencies: only then there is `feed_prices`.
    """
    products: list[str] = []
    variants: list[str] = []
    prices: list[str] = []
    for staged in batch:
        products.append(_product_row(staged, names))
        variants.extend(_variant_rows(staged, prices))
    await connection.execute(CREATE)
    async with connection.cursor() as cursor:
        async with cursor.copy(COPY_PRODUCTS) as copy:
            await copy.write("".join(products))
        async with cursor.copy(COPY_VARIANTS) as copy:
            await copy.write("".join(variants))
    await connection.execute("ANALYZE feed_products; ANALYZE feed_variants")
    if prices:
        await connection.execute(CREATE_PRICES)
        async with connection.cursor() as cursor, cursor.copy(COPY_PRICES) as copy:
            await copy.write("".join(prices))
        await connection.execute("ANALYZE feed_prices")
    return bool(prices)


def _product_row(staged: Staged, names: Names) -> str:
    product = staged.product
    absent = product.absent
    brand = names.brands[name_slug(product.brand)] if product.brand else NULL
    category = names.categories[name_slug(product.category)] if product.category else NULL
    tag_ids = dict.fromkeys([names.tags[name_slug(tag)] for tag in product.tags])
    images = product.images
    cells = (
        str(staged.product_id),
        str(staged.vendor_id),
        "t" if staged.fresh else "f",
        "t" if product.partial else "f",
        array(tuple(sorted(absent))),
        str(product.line),
        text(product.handle),
        staged.slug,
        text(product.name),
        text(product.description_html),
        str(brand),
        str(category),
        array(product.option_names),
        text(product.seo_title),
        text(product.seo_description),
        product.status,
        flag(product.listed),
        NULL if "tags" in absent else f"{{{','.join(map(str, tag_ids))}}}",
        NULL if "images" in absent else f"{{{','.join([str(new_id()) for _ in images])}}}",
        NULL if "images" in absent else array(tuple(image.url for image in images)),
        NULL if "images" in absent else array(tuple(image.alt for image in images)),
    )
    return "\t".join(cells) + "\n"


def _variant_rows(staged: Staged, prices: list[str]) -> list[str]:
    product = f"{staged.product_id}\t{staged.vendor_id}\t{'t' if staged.fresh else 'f'}"
    keeps_policy = "policy" in staged.product.absent
    rows = []
    for position, variant in enumerate(staged.product.variants):
        key = str(new_id())
        rows.append(_variant_row(variant, f"{key}\t{product}\t{variant.line}\t{position}", keeps_policy=keeps_policy))
        if variant.prices:
            prices += [_price_row(key, price) for price in variant.prices]
    return rows


def _price_row(key: str, price: SetPrice) -> str:
    minor, former = price.minor, price.compare_at
    return (
        f"{key}\t{price.currency}\t{NULL if minor is None else minor}\t{NULL if former is None else former}\t"
        f"{'t' if price.keeps_compare_at else 'f'}\n"
    )


def _variant_row(variant: FeedVariant, before: str, *, keeps_policy: bool) -> str:
    compare_at, grams, quantity = variant.compare_at, variant.grams, variant.quantity
    price, tracked, unknown = variant.price, variant.tracked, variant.unknown
    policy = "t" if variant.allow_backorder else "f"
    if tracked is not False and (keeps_policy or "policy" in unknown):
        policy = NULL
    money = f"{NULL}\t{NULL}" if price is None else f"{price.currency}\t{price.minor}"
    return (
        f"{before}\t{text(variant.sku)}\t{array(variant.options)}\t"
        f"{money}\t{NULL if compare_at is None else compare_at.minor}\t"
        f"{NULL if grams is None else grams}\t{text(variant.barcode)}\t{text(variant.image_url)}\t"
        f"{NULL if quantity is None else quantity}\t{policy}\t{flag(tracked)}\t"
        f"{'t' if variant.keeps_count else 'f'}\t{array(tuple(sorted(unknown)))}\n"
    )


def flag(value: bool | None) -> str:  # noqa: FBT001 - a cell
    """Write a truth value as a cell of COPY's text format."""
    return NULL if value is None else "t" if value else "f"


def text(value: str | None) -> str:
    """Write a cell of COPY's text format."""
    if value is None:
        return NULL
    return value if SPECIAL.isdisjoint(value) else value.translate(ESCAPES)


@lru_cache(maxsize=4_096)
def array(values: tuple[str, ...]) -> str:
    """Write a text array as a cell of COPY's text format."""
    quoted = ['"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values]
    return text("{" + ",".join(quoted) + "}")
