"""Projections in other languages than that which products are written in, beside those that readers of it get.

Every projection has a row in each of the other languages, so that a list in one of them is ordered by an index of its
own. What is the same as in the source is not kept twice: a product without any translation is a row of a few bytes.
Where there is one language nothing of this runs.
"""

from collections.abc import Sequence
from typing import LiteralString
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import i18n, translations
from mercat.catalog.localisation import in_locale, is_translated, slugs_of, things_of
from mercat.catalog.product_json import as_json, details_of, summary_of, variant_of
from mercat.catalog.product_rows import ProductRow
from mercat.kit.database import driver
from mercat.translations import Key, Texts

COLUMNS = ("product_id", "locale", "slug", "name_key", "summary", "page", "variant_bodies")
TYPES = ("uuid", "text", "text", "text", "text", "text", "text[]")
STAGE: LiteralString = (
    "CREATE TEMP TABLE IF NOT EXISTS staged_texts ON COMMIT DELETE ROWS AS "
    "SELECT {} FROM product_projection_texts WITH NO DATA"
)
COPY: LiteralString = "COPY staged_texts ({}) FROM STDIN (FORMAT BINARY)"
MERGE: LiteralString = """
INSERT INTO product_projection_texts AS t ({columns}) SELECT {columns} FROM staged_texts
ON CONFLICT (product_id, locale) DO UPDATE SET {assignments}, rendered_at = now()
WHERE (t.slug, t.name_key, t.summary, t.page, t.variant_bodies) IS DISTINCT FROM
      (excluded.slug, excluded.name_key, excluded.summary, excluded.page, excluded.variant_bodies)
RETURNING product_id
"""
KNOWN = "SELECT locale FROM projected_locales"
FORGET_TEXTS = "DELETE FROM product_projection_texts WHERE locale <> ALL(%s)"
FORGET = "DELETE FROM projected_locales WHERE locale <> ALL(%s)"
KEEP = "INSERT INTO projected_locales (locale) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING"
Row = tuple[UUID, str, str | None, str, str | None, str | None, list[str] | None]


async def load_texts(connection: AsyncConnection[TupleRow], products: Sequence[ProductRow]) -> Texts:
    """Read the texts of products, and let each product say its slugs. Two statements; none with one language."""
    if len(i18n.content_locales()) == 1:
        return translations.NOTHING
    texts = await translations.load(connection, things_of(products))
    for product in products:
        product.slugs = slugs_of(product, texts)
    return texts


async def write(connection: AsyncConnection[TupleRow], products: Sequence[ProductRow], texts: Texts) -> set[UUID]:
    """Write the rows of products on sale; returns the products whose rows differ from what was there.

    Three statements whatever the number of products and languages; none with one language.
    """
    locales = i18n.content_locales()[1:]
    if not locales or not products:
        return set()
    columns: LiteralString = ", ".join(COLUMNS)
    assignments: LiteralString = ", ".join([f"{name} = excluded.{name}" for name in COLUMNS[2:]])
    await connection.execute(STAGE.format(columns))
    translated = {Key(kind, key) for kind, key, _ in texts.found}
    async with connection.cursor() as cursor, cursor.copy(COPY.format(columns)) as copy:
        copy.set_types(TYPES)
        for product in products:
            for row in rows_of(product, texts, locales, translated):
                await copy.write_row(row)
    changed = await connection.execute(MERGE.format(columns=columns, assignments=assignments))
    written = {row[0] async for row in changed}
    await connection.execute("DELETE FROM staged_texts")
    return written


def rows_of(product: ProductRow, texts: Texts, locales: Sequence[str], translated: set[Key]) -> list[Row]:
    """Return the rows of a product in the order of `COLUMNS`, one a language."""
    key = product.name.casefold()
    if not is_translated(product, translated):
        return [(product.id, locale, None, key, None, None, None) for locale in locales]
    source = _json(product)
    rows: list[Row] = []
    for locale in locales:
        other = in_locale(product, texts, locale)
        summary, page, bodies = _json(other)
        row = (
            product.id,
            locale,
            other.slug if other.slug != product.slug else None,
            other.name.casefold(),
            summary if summary != source[0] else None,
            page if page != source[1] else None,
            bodies if bodies != source[2] else None,
        )
        rows.append(row)
    return rows


async def need_another_run(session: AsyncSession) -> bool:
    """Whether projections were last written in other languages than those of today."""
    known = await (await (await driver(session)).execute(KNOWN)).fetchall()
    return {row[0] for row in known} != set(_written())


async def keep_only_known(session: AsyncSession) -> None:
    """Note that every projection has been written in the languages of today, and forget those of others."""
    connection = await driver(session)
    await connection.execute("SET LOCAL statement_timeout = 0")  # a language that goes has a row of every product
    await connection.execute(FORGET_TEXTS, (list(i18n.content_locales()[1:]),))
    await connection.execute(FORGET, (list(_written()),))
    await connection.execute(KEEP, (list(_written()),))


def _written() -> tuple[str, ...]:
    """Return the languages that projections know of: none where there is one, which nothing has to be said about."""
    locales = i18n.content_locales()
    return locales if len(locales) > 1 else ()


def _json(product: ProductRow) -> tuple[str, str, list[str]]:
    summary = summary_of(product)
    page = as_json({**summary, **details_of(product)})
    return as_json(summary), page, [as_json(variant_of(variant, product)) for variant in product.variants]
