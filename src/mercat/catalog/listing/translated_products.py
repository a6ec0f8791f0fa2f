"""Listed products with the texts of other languages, for whoever keeps an index in each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import translations
from mercat.catalog.listing.listed_products import ListedProduct
from mercat.kit.database import driver
from mercat.translations import Key, Texts

TEXTS = """
SELECT product_id, locale, name_key, page FROM product_projection_texts
WHERE product_id = ANY(%s) AND locale = ANY(%s) AND page IS NOT NULL
"""


async def in_locales(
    session: AsyncSession, products: Sequence[ListedProduct], locales: Sequence[str]
) -> dict[str, list[ListedProduct]]:
    """Return products as readers of other languages find them, by language and in the same order. Three statements.

    What is not translated is as it was written. Attributes, options and their values are in the order of the source's.
    """
    if not locales or not products:
        return {}
    connection = await driver(session)
    rows = await connection.execute(TEXTS, ([product.id for product in products], list(locales)))
    pages: dict[tuple[UUID, str], tuple[str, Mapping[str, Any]]] = {
        (row[0], row[1]): (row[2], orjson.loads(row[3])) async for row in rows
    }
    above = {Key("category", category.id) for product in products for category in product.categories}
    texts = await translations.load(connection, above)
    return {
        locale: [_in_locale(product, pages.get((product.id, locale)), texts, locale) for product in products]
        for locale in locales
    }


def _in_locale(
    product: ListedProduct, page: tuple[str, Mapping[str, Any]] | None, texts: Texts, locale: str
) -> ListedProduct:
    categories = tuple(
        replace(one, name=texts.of(Key("category", one.id), locale).get("name") or one.name)
        for one in product.categories
    )
    if page is None:
        return replace(product, categories=categories)
    name_key, shown = page
    return replace(
        product,
        name=shown["name"],
        name_key=name_key,
        description=shown["description"],
        brand=replace(product.brand, name=shown["brand"]["name"]) if product.brand else None,
        categories=categories,
        attributes=shown["attributes"],
        options={option["name"]: tuple(option["values"]) for option in shown["options"]},
    )
