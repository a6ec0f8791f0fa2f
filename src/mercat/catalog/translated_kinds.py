"""What of the catalogue can be translated: products, categories, brands, and the names and values of attributes.

Options and attributes are translated once for all products: `attribute` is a dictionary whose keys are their names,
equal whatever the case of the letters.
"""

from collections.abc import Collection
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import translations, vendors
from mercat.auth import Actor, Permission
from mercat.catalog.slugs import ADDRESSES
from mercat.files import LONGEST_ALT
from mercat.translations import HTML, NAME, TextField

PRODUCTS = """
SELECT p.id, p.vendor_id AS owner_id, jsonb_build_object(
    'name', p.name, 'description_html', p.description_html, 'seo_title', p.seo_title,
    'seo_description', p.seo_description) || coalesce((
        SELECT jsonb_object_agg('alt.' || i.id, i.alt) FROM product_images i WHERE i.product_id = p.id), '{}') AS texts
FROM products p WHERE p.deleted_at IS NULL
"""
CATEGORIES = """
SELECT id, NULL::uuid AS owner_id, jsonb_build_object('name', name) AS texts FROM categories WHERE deleted_at IS NULL
"""
BRANDS = "SELECT id, NULL::uuid AS owner_id, jsonb_build_object('name', name) AS texts FROM brands"
ATTRIBUTES = """
SELECT f.folded AS id, NULL::uuid AS owner_id, jsonb_build_object('name', min(u.name)) || coalesce(
    jsonb_object_agg('values.' || u.value, u.value) FILTER (WHERE u.value <> ''), '{}') AS texts
FROM (
    SELECT o.name, v.options[o.n] AS value
    FROM products p CROSS JOIN LATERAL unnest(p.option_names) WITH ORDINALITY AS o(name, n)
    JOIN variants v ON v.product_id = p.id AND v.deleted_at IS NULL
    WHERE p.deleted_at IS NULL
    UNION
    SELECT a.key, a.value FROM products p CROSS JOIN LATERAL jsonb_each_text(p.attributes) a
    WHERE p.deleted_at IS NULL
) u JOIN unnest(%(names)s::text[], %(folded)s::text[]) AS f(name, folded) ON f.name = u.name
GROUP BY f.folded
"""
NAMES = """
SELECT o.name FROM products p CROSS JOIN LATERAL unnest(p.option_names) AS o(name) WHERE p.deleted_at IS NULL
UNION SELECT k.name FROM products p CROSS JOIN LATERAL jsonb_object_keys(p.attributes) AS k(name)
WHERE p.deleted_at IS NULL
"""


async def _own(session: AsyncSession, actor: Actor) -> Collection[UUID]:
    return await vendors.ids_of_member(session, actor) if actor.can(Permission.products_sell) else ()


async def _folded(connection: AsyncConnection[TupleRow]) -> dict[str, object]:
    """Return which names are one attribute: PostgreSQL knows no names that are equal as Python has it."""
    names = [row[0] async for row in await connection.execute(NAMES)]
    return {"names": names, "folded": [name.casefold() for name in names]}


PRODUCT = translations.Kind(
    name="product",
    path="/products",
    parameter="product_id",
    tag="catalogue",
    fields={
        "name": NAME,
        "description_html": HTML,
        "seo_title": NAME,
        "seo_description": TextField(1_000, prose=True),
        "alt.*": TextField(LONGEST_ALT, prose=True),
    },
    sources=PRODUCTS,
    locked="SELECT id FROM products WHERE id = ANY(%s::uuid[]) AND deleted_at IS NULL ORDER BY id FOR KEY SHARE",
    slugs=translations.Slugs(
        of="name",
        instead="product",
        taken="SELECT slug, product_id::text FROM product_slugs WHERE slug = ANY(%s)",
        reserved=ADDRESSES,
    ),
    owned_by=_own,
    selling=vendors.require_selling,
    handles="SELECT handle, id::text, vendor_id FROM products WHERE handle = ANY(%s) AND deleted_at IS NULL",
)
CATEGORY = translations.Kind(
    name="category",
    path="/categories",
    parameter="category_id",
    tag="catalogue",
    fields={"name": NAME},
    sources=CATEGORIES,
    locked="SELECT id FROM categories WHERE id = ANY(%s::uuid[]) AND deleted_at IS NULL ORDER BY id FOR KEY SHARE",
    slugs=translations.Slugs(
        of="name",
        instead="category",
        taken="SELECT slug, id::text FROM categories WHERE slug = ANY(%s) AND deleted_at IS NULL",
    ),
    handles="SELECT slug, id::text, NULL::uuid FROM categories WHERE slug = ANY(%s) AND deleted_at IS NULL",
)
BRAND = translations.Kind(
    name="brand", path="/brands", parameter="brand_id", tag="catalogue", fields={"name": NAME}, sources=BRANDS
)
ATTRIBUTE = translations.Kind(
    name="attribute",
    path="/attributes",
    parameter="attribute",
    tag="catalogue",
    fields={"name": NAME, "values.*": TextField(1_000, prose=True)},
    sources=ATTRIBUTES,
    by_id=False,
    prepare=_folded,
)
for kind in (PRODUCT, CATEGORY, BRAND, ATTRIBUTE):
    translations.register(kind)
