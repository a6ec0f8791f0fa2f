"""The page of a product on sale: found by id or slug, in the language of its reader.

Where there are several languages a product has a slug in each. The language that is asked for chooses the texts and
never whether there is a product: it is found by its slug of any language. Where two products have the same slug in two
languages, that of the language asked for comes first, then that of the source.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID
from zlib import crc32

from mercat import i18n
from mercat.catalog.currency_prices.display import IS_SHOWN, bodies_with_prices, require_shown, with_prices
from mercat.kit.cache import Answer
from mercat.kit.database import Reads
from mercat.kit.ids import parse_id

# the stock is looked up variant by variant: joined, the view would first be summed up over all levels
STOCK = """ARRAY(
    SELECT coalesce((
        SELECT CASE WHEN a.in_stock THEN a.available END FROM variant_availability a WHERE a.variant_id = v.id), -1)
    FROM unnest(c.variant_ids) WITH ORDINALITY AS v(id, n) ORDER BY v.n)"""
# the row's version as PostgreSQL counts it, and when it was written: together no other content ever had them
STATE = f"c.xmin::text, c.rendered_at, {STOCK}"
PAGE_BY_SLUG = f"SELECT page, variant_bodies, version, {STATE} FROM product_projections c WHERE slug = %s"  # noqa: S608 - our own parts
PAGE_BY_ID = PAGE_BY_SLUG.replace("slug = %s", "product_id = %s")
STATES = f"SELECT c.product_id, c.slug, {STATE} FROM product_projections c WHERE slug = ANY(%s) OR product_id = ANY(%s)"  # noqa: S608 - our own parts
WANTED = """
FROM unnest(%(ids)s::uuid[], %(slugs)s::text[], %(locales)s::text[]) WITH ORDINALITY AS w(id, slug, locale, n)
CROSS JOIN LATERAL (
    SELECT o.product_id FROM (
        SELECT w.id AS product_id, 0 AS place WHERE w.id IS NOT NULL
        UNION ALL
        SELECT s.product_id,
               CASE WHEN s.locale = w.locale THEN 1 ELSE 3 + array_position(%(order)s::text[], s.locale) END
        FROM product_projection_texts s WHERE s.slug = w.slug
        UNION ALL
        SELECT p.product_id, 2 FROM product_projections p WHERE p.slug = w.slug
    ) o ORDER BY o.place, o.product_id LIMIT 1
) found
JOIN product_projections c ON c.product_id = found.product_id
LEFT JOIN product_projection_texts t ON t.product_id = c.product_id AND t.locale = w.locale
"""
# which product it is belongs to the state: another one may have been written at the same moment
STATE_IN = f"c.product_id::text, c.xmin::text, c.rendered_at, t.xmin::text, t.rendered_at, {STOCK}"
PAGE_IN = f"""
SELECT coalesce(t.page, c.page), coalesce(t.variant_bodies, c.variant_bodies), c.version, coalesce(t.slug, c.slug),
       {STATE_IN} {WANTED}
"""
STATES_IN = f"SELECT w.n, {STATE_IN} {WANTED}"
# prices in another currency are a row of their own, which belongs to the state
PRICED = f"JOIN product_prices y ON y.product_id = c.product_id AND y.currency = %(currency)s WHERE {IS_SHOWN}"
STATE_PRICED = f"y.xmin::text, y.written_at, {STATE_IN}"
PAGE_PRICED = f"""
SELECT coalesce(t.page, c.page), coalesce(t.variant_bodies, c.variant_bodies), c.version, coalesce(t.slug, c.slug),
       y.price_minor, y.compare_at_minor, y.lowest_minor, y.variant_prices, y.variant_compare_at, y.variant_lowest,
       {STATE_PRICED} {WANTED} {PRICED}
"""
STATES_PRICED = f"SELECT w.n, {STATE_PRICED} {WANTED} {PRICED}"
CURRENT_SLUG = """
SELECT c.slug FROM product_slugs s JOIN product_projections c ON c.product_id = s.product_id
WHERE s.slug = %(slug)s AND c.slug <> %(slug)s
"""
CURRENT_SLUG_IN = """
SELECT found.slug FROM (
    SELECT c.slug, 2 AS place, c.product_id
    FROM product_slugs s JOIN product_projections c ON c.product_id = s.product_id WHERE s.slug = %(slug)s
    UNION ALL
    SELECT coalesce(t.slug, c.slug), CASE WHEN s.locale = %(locale)s THEN 1 ELSE 3 END, c.product_id
    FROM translated_slugs s
    JOIN product_projections c ON c.product_id = CASE WHEN s.kind = 'product' THEN s.key::uuid END
    LEFT JOIN product_projection_texts t ON t.product_id = c.product_id AND t.locale = s.locale
    WHERE s.kind = 'product' AND s.slug = %(slug)s
) found WHERE found.slug <> %(slug)s ORDER BY found.place, found.product_id LIMIT 1
"""


def subject_of(id_or_slug: str, locale: str, currency: str | None = None) -> str:
    """Return what the state of a page is asked by; pages in another currency are asked for apart."""
    if currency is not None:
        return f"{currency} {locale} {id_or_slug}"
    return f"{locale} {id_or_slug}" if len(i18n.content_locales()) > 1 else id_or_slug


async def page(reads: Reads, id_or_slug: str, locale: str) -> Answer:
    """Return a product on sale as the JSON that goes on the wire and its ETag, or a 404.

    The ETag is the product's version, which edits are guarded by, then a digest of what else is shown; see `etag`.
    Where there are several languages the answer's location is the product's slug in this one.
    """
    if len(i18n.content_locales()) > 1:
        row = await reads.row(PAGE_IN, _wanted([(locale, id_or_slug)]))
        if row is None:
            return Answer(b"", 404)
        head, bodies, version, slug, *state = row
        mark = "" if locale == i18n.source_locale() else locale
        tag = etag(version, head, state[-1], mark)
        return Answer(_whole(head, bodies, state[-1]), etag=tag, location=slug, proof=_state(*state))
    product_id = parse_id(id_or_slug)
    row = await reads.row(PAGE_BY_ID if product_id else PAGE_BY_SLUG, (product_id or id_or_slug,))
    if row is None:
        return Answer(b"", 404)
    head, bodies, version, *state = row
    return Answer(_whole(head, bodies, state[-1]), etag=etag(version, head, state[-1]), proof=_state(*state))


async def page_in_currency(reads: Reads, id_or_slug: str, locale: str, currency: str) -> Answer:
    """Return a product on sale with its prices in another currency than that of the books, or a 404.

    Raises:
        UnknownCurrency, ConversionStopped: no prices are shown in it.
    """
    row = await reads.row(PAGE_PRICED, {**_wanted([(locale, id_or_slug)]), "currency": currency})
    if row is None:
        await require_shown(reads, currency)
        return Answer(b"", 404)
    head, bodies, version, slug, minor, former, before, minors, formers, befores, *state = row
    head = with_prices(head, currency, minor, former, before)
    whole = _whole(head, bodies_with_prices(bodies, currency, minors, formers, befores), state[-1])
    tag = etag(version, head, state[-1], f"{locale} {currency} {minors} {formers} {befores}")
    location = slug if len(i18n.content_locales()) > 1 else ""
    return Answer(whole, etag=tag, location=location, proof=_state(*state))


async def priced_page_states(reads: Reads, wanted: Collection[str]) -> dict[str, bytes]:
    """Return what proves pages in other currencies, by what `subject_of` makes of what they are asked for by."""
    by_currency: dict[str, list[str]] = defaultdict(list)
    for one in wanted:
        by_currency[one.partition(" ")[0]].append(one)
    found: dict[str, bytes] = {}
    for currency, asked in by_currency.items():
        pairs = [(locale, name) for _, locale, name in (one.split(" ", 2) for one in asked)]
        rows = await reads.rows(STATES_PRICED, {**_wanted(pairs), "currency": currency})
        found |= {asked[row[0] - 1]: _state(*row[1:]) for row in rows}
    return found


def _whole(head: str, bodies: Sequence[str], stock: Sequence[int]) -> bytes:
    """Complete a page with the stock of its variants."""
    variants = ",".join(
        [
            f'{part[:-1]},"available":{max(count, 0)},"in_stock":{"true" if count >= 0 else "false"}}}'
            for part, count in zip(bodies, stock, strict=True)
        ]
    )
    units = sum(count for count in stock if count > 0)
    stocked = "true" if max(stock) >= 0 else "false"
    return f'{head[:-1]},"variants":[{variants}],"stock_quantity":{units},"in_stock":{stocked}}}'.encode()


async def page_states(reads: Reads, wanted: Collection[str]) -> dict[str, bytes]:
    """Return what proves pages of products on sale, by what `subject_of` makes of what they are asked for by."""
    if len(i18n.content_locales()) > 1:
        asked = list(wanted)
        pairs = [(locale, id_or_slug) for locale, _, id_or_slug in (one.partition(" ") for one in asked)]
        rows = await reads.rows(STATES_IN, _wanted(pairs))
        return {asked[row[0] - 1]: _state(*row[1:]) for row in rows}
    ids = {one: product_id for one in wanted if (product_id := parse_id(one))}
    slugs = [one for one in wanted if one not in ids]
    rows = await reads.rows(STATES, (slugs, list(ids.values())))
    by_id = {row[0]: row for row in rows}
    by_slug = {row[1]: row for row in rows}
    found = {one: by_id.get(ids[one]) if one in ids else by_slug.get(one) for one in wanted}
    return {one: _state(*row[2:]) for one, row in found.items() if row is not None}


def _wanted(asked: Sequence[tuple[str, str]]) -> dict[str, object]:
    """Return the parameters of `WANTED` for pairs of a language and an id or slug."""
    ids: list[UUID | None] = [parse_id(one) for _, one in asked]
    slugs = [None if found else one for found, (_, one) in zip(ids, asked, strict=True)]
    locales = [locale for locale, _ in asked]
    return {"ids": ids, "slugs": slugs, "locales": locales, "order": list(i18n.content_locales())}


def _state(*parts: object) -> bytes:
    """Write down what proves a page: moments as numbers, whatever the time zone they were read in."""
    return " ".join(f"{one.timestamp():.6f}" if isinstance(one, datetime) else str(one) for one in parts).encode()


def etag(version: int, head: str, stock: Sequence[int], mark: str = "") -> str:
    """Return a product's ETag: its version, then a digest of what changes without an edit.

    That is the stock of its variants (-1: cannot be bought), and on its page, `head`, the sizes of its pictures, its
    rating, and the names of its vendor and category. `mark` tells languages apart whose texts are the same.
    """
    return f'"{version}.{crc32((repr(list(stock)) + mark).encode(), crc32(head.encode())):08x}"'


async def current_slug(reads: Reads, old_slug: str, locale: str) -> Answer:
    """Return where the product on sale is today that once had this slug in some language, or a 404."""
    statement = CURRENT_SLUG_IN if len(i18n.content_locales()) > 1 else CURRENT_SLUG
    row = await reads.row(statement, {"slug": old_slug, "locale": locale})
    return Answer(b"", 404) if row is None else Answer(b"", 301, location=row[0])
