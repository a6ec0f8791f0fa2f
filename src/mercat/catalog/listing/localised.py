"""Lists in another language than the source or another currency: what a statement needs besides."""

from mercat import i18n
from mercat.kit.database import Reads

# the page is chosen first, so that only what is shown is looked up
COMPLETED = """
SELECT {summary}, {others} FROM ({statement}) AS s({columns}) {joins}
ORDER BY s.position {direction}, s.product_id {direction}
"""
TEXTS = "LEFT JOIN product_projection_texts l ON l.product_id = s.product_id AND l.locale = %(locale)s"
PRICES = "JOIN product_prices y ON y.product_id = s.product_id AND y.currency = %(currency)s"
IS_PROJECTED = "SELECT FROM projected_locales WHERE locale = %s"
# filters name things as the source does, so that a link works in every language; what is no such name may be another's
ANY_CATEGORY = """coalesce({of_source}, (
    SELECT CASE WHEN s.kind = 'category' THEN s.key::uuid END FROM translated_slugs s
    WHERE s.kind = 'category' AND s.slug = %({key})s ORDER BY s.is_current DESC, s.locale LIMIT 1))"""
CATEGORIES = """
SELECT DISTINCT ON (s.slug) s.slug, s.key FROM translated_slugs s WHERE s.kind = 'category' AND s.slug = ANY(%s)
AND NOT EXISTS (SELECT FROM categories c WHERE c.slug = s.slug AND c.deleted_at IS NULL)
ORDER BY s.slug, s.is_current DESC, s.locale
"""


def completed(statement: str, columns: str, direction: str, *, other: bool, priced: bool) -> str:
    """Return a statement whose rows show the texts of the language `locale` or prices in `currency`, in the same order.

    `columns` names what it selects: `summary` first, `position` and `product_id` among the others. Prices come last:
    the lowest, what it is compared with, and the lowest of the 30 days before.
    """
    others = [f"s.{name}" for name in columns.split(", ")[1:]]
    others += ["y.price_minor", "y.compare_at_minor", "y.lowest_minor"] if priced else []
    joins = " ".join([TEXTS] * other + [PRICES] * priced)
    summary = "coalesce(l.summary, s.summary)" if other else "s.summary"
    return COMPLETED.format(
        statement=statement, columns=columns, others=", ".join(others), direction=direction, joins=joins,
        summary=summary,
    )  # fmt: skip


def of_any_language(name: str, of_source: str, key: str) -> str:
    """Return the SQL of what has a slug: a category's may be of any language."""
    of_source = of_source.format(key)
    if name != "category" or len(i18n.content_locales()) == 1:
        return of_source
    return ANY_CATEGORY.format(of_source=of_source, key=key)


async def orders_names(reads: Reads, locale: str) -> bool:
    """Whether every product has a name in this language to be ordered by; until then the source's order is shown."""
    return await reads.row(IS_PROJECTED, (locale,)) is not None


async def categories_called(reads: Reads, slugs: list[str]) -> dict[str, str]:
    """Return the ids of categories by slugs of other languages; what the source calls a category so is left out."""
    if len(i18n.content_locales()) == 1 or not slugs:
        return {}
    return dict(await reads.rows(CATEGORIES, (slugs,)))
