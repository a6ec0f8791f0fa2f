"""Lists of products on sale: the SQL that they become.

The rows hold ready-made JSON (see `projections`), so a list costs one statement and no object per product. Totals of a
whole list, a category, a tag, a brand or a vendor are kept in `product_counts`; only combined filters are counted live.
What is searched for by words is the business of `search`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.rows import TupleRow

from mercat.catalog.currency_prices.display import IS_SHOWN, require_shown, with_prices
from mercat.catalog.listing.localised import completed, of_any_language, orders_names
from mercat.catalog.listing.parameters import Narrowed
from mercat.catalog.listing.sorts import ORDERS, Order, Sort
from mercat.kit.database import Reads
from mercat.kit.ids import parse_id
from mercat.kit.pagination import (
    BadCursor,
    decode_cursor,
    encode_cursor,
    pages,
)
from mercat.kit.problems import FieldError
from mercat.kit.slugs import name_slug

# OFFSET 0 keeps PostgreSQL from turning this into a join, which would compare every product with every variant
STOCKED = """EXISTS (
    SELECT FROM variant_availability a WHERE a.variant_id = ANY(c.variant_ids) AND a.in_stock OFFSET 0
)"""
# said in every list as the partial indexes say it
LISTED = "c.listed"
# filter -> its condition, by id and by slug
BY_ID = {
    "category": "c.category_path @> ARRAY[{}]",
    "vendor": "c.vendor_id = {}",
    "brand": "c.brand_id = {}",
}
BY_SLUG = {
    "category": "(SELECT id FROM categories WHERE slug = %({})s AND deleted_at IS NULL)",
    "vendor": "(SELECT id FROM vendors WHERE slug = %({})s)",
    "brand": "(SELECT id FROM brands WHERE slug = %({})s)",
}


# the order of an index is followed until the page is full; the total is kept, or counted in an index alone
BY_INDEX = """
SELECT c.summary, {stocked}, ({total}){more} FROM {rows} WHERE {where}
ORDER BY {column} {direction}, {row_id} {direction} LIMIT %(size)s OFFSET %(offset)s
"""
# the result is read once, for the count and for the page alike: projections are wide rows
BY_COUNT = """
WITH found AS MATERIALIZED (
    SELECT c.product_id, {column} AS position FROM {rows} WHERE {where}
), shown AS MATERIALIZED (
    SELECT product_id, position FROM found
    ORDER BY position {direction}, product_id {direction} LIMIT %(size)s OFFSET %(offset)s
)
SELECT c.summary, {stocked}, (SELECT count(*) FROM found){found}
FROM shown JOIN product_projections c USING (product_id)
ORDER BY position {direction}, product_id {direction}
"""
PROJECTIONS = "product_projections c"
WITH_PRICES = " JOIN product_prices x ON x.product_id = c.product_id AND x.currency = %(currency)s AND x.listed"
# what was found by something else has its prices looked up one by one: OFFSET 0 keeps PostgreSQL from a join that reads
# those of the whole catalogue
WITH_PRICES_OF_FOUND = """ CROSS JOIN LATERAL (
    SELECT price_minor FROM product_prices x
    WHERE x.product_id = c.product_id AND x.currency = %(currency)s AND x.listed OFFSET 0
) x"""
BY_PRICE_ALONE = "product_prices x WHERE x.currency = %(currency)s AND x.listed AND "
BY_TEXTS = "product_projection_texts t JOIN product_projections c ON c.product_id = t.product_id"
BY_CURSOR = """
SELECT c.summary, {stocked}, {column}, {row_id} FROM {rows} WHERE {where}
ORDER BY {column} {direction}, {row_id} {direction} LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Filters:
    """SQL conditions on `product_projections c`, their parameters, and the SQL of how many rows they leave."""

    where: str
    params: dict[str, Any]
    total: str
    one_pass: bool = False
    """Whether counting has to visit the rows anyway: the page is then chosen from what the count has found."""


def filters_of(asked: Narrowed) -> Filters:
    """Translate the filters of a list."""
    conditions: list[str] = [LISTED]
    params: dict[str, Any] = {}
    kept: list[tuple[str, str]] = []
    for name, condition in BY_ID.items():
        alternatives = []
        for n, value in enumerate(getattr(asked, name)):
            found, key = parse_id(value), f"{name}_{n}"
            params[key] = found or value
            target = f"%({key})s::uuid" if found else of_any_language(name, BY_SLUG[name], key)
            alternatives.append(condition.format(target))
            kept.append((name, f"{target}::text"))
        if alternatives:
            conditions.append(f"({' OR '.join(alternatives)})")
    if asked.tag:
        params["tags"] = [name_slug(tag) for tag in asked.tag]
        conditions.append(f"c.tags {'@>' if len(asked.tag) == 1 else '&&'} %(tags)s::text[]")
        kept += [("tag", "(%(tags)s::text[])[1]")] * len(asked.tag)
    of = "x" if asked.foreign else "c"
    given = [
        (asked.min_price, "min_price", f"{of}.price_minor >= %(min_price)s"),
        (asked.max_price, "max_price", f"{of}.price_minor <= %(max_price)s"),
        (asked.in_stock, "in_stock", STOCKED if asked.in_stock else f"NOT {STOCKED}"),
    ]
    narrowing = [(value, name, condition) for value, name, condition in given if value is not None]
    for value, name, condition in narrowing:
        params[name] = value
        conditions.append(condition)
    where = " AND ".join(conditions)
    if narrowing or len(kept) > 1:
        params["currency"] = asked.foreign
        rows = f"{PROJECTIONS}{WITH_PRICES if _compares_prices(asked) else ''} WHERE {where}"
        if asked.foreign and not kept and asked.in_stock is None:  # what costs so much is counted in an index alone
            rows = BY_PRICE_ALONE + " AND ".join(conditions[1:])
        return Filters(where, params, f"SELECT count(*) FROM {rows}", one_pass=bool(kept))  # noqa: S608 - our own conditions
    dimension, key = kept[0] if kept else ("all", "''")
    return Filters(where, params, _kept_total(dimension, key))


def _compares_prices(asked: Narrowed) -> bool:
    """Whether filters compare prices in another currency."""
    return asked.foreign is not None and (asked.min_price is not None or asked.max_price is not None)


def _kept_total(dimension: str, key: str) -> str:
    return f"SELECT coalesce(sum(delta), 0) FROM product_counts WHERE dimension = '{dimension}' AND key = {key}"  # noqa: S608 - our own dimensions


async def read(reads: Reads, asked: Narrowed, sort: Sort, other: str | None = None) -> bytes:
    """Return a list as the JSON that goes on the wire; `other` is a language other than the source."""
    shape = await _shape(reads, asked, sort, other)
    if asked.cursor is not None:
        return await _by_cursor(reads, asked, sort, asked.cursor, shape)
    items, total = await numbered(reads, asked, shape)
    return b'{"items":[%b],%b}' % (items, counted(asked, total))


@dataclass(frozen=True, slots=True)
class Shape:
    """Which rows a list goes through in which order, and in which language and currency it shows them."""

    order: Order
    other: str | None
    currency: str | None
    rows: str
    column: str
    row_id: str = "c.product_id"
    priced: bool = False
    """Whether rows are compared or ordered by their prices in the currency."""

    def statement(self, template: str, filters: Filters, where: str, columns: str) -> str:
        """Return a statement; `columns` are the names of what it selects."""
        conditions = [IS_SHOWN] if self.currency else []
        conditions += ["t.locale = %(locale)s"] if self.rows.startswith(BY_TEXTS) else []
        prices = (WITH_PRICES_OF_FOUND if template is BY_COUNT else WITH_PRICES) if self.priced else ""
        plain = not self.other and not self.currency
        statement = template.format(
            stocked=STOCKED, where=" AND ".join([*conditions, where]), total=filters.total, column=self.column,
            direction=self.order.direction, rows=f"{self.rows}{prices}", row_id=self.row_id,
            more="" if plain else f", {self.column}, {self.row_id}", found="" if plain else ", position, product_id",
        )  # fmt: skip
        if plain:
            return statement
        return completed(
            statement, columns, self.order.direction, other=self.other is not None, priced=self.currency is not None
        )

    async def rows_of(self, reads: Reads, statement: str, params: Mapping[str, Any]) -> list[TupleRow]:
        """Run a statement and return its rows as they are shown.

        Raises:
            UnknownCurrency, ConversionStopped: no prices are shown in the currency.
        """
        rows = await reads.rows(statement, {**params, "locale": self.other, "currency": self.currency})
        if self.currency is None:
            return rows
        if not rows:
            await require_shown(reads, self.currency)
        return [(with_prices(row[0], self.currency, *row[-3:]), *row[1:]) for row in rows]


async def _shape(reads: Reads, asked: Narrowed, sort: Sort, other: str | None) -> Shape:
    order, currency = ORDERS[sort], asked.foreign
    priced = _compares_prices(asked)
    if other is not None and order.column == "name_key" and await orders_names(reads, other):
        return Shape(order, other, currency, BY_TEXTS, "t.name_key", "t.product_id", priced)
    if currency and order.column == "price_minor":
        return Shape(order, other, currency, PROJECTIONS, "x.price_minor", "x.product_id", priced=True)
    return Shape(order, other, currency, PROJECTIONS, f"c.{order.column}", priced=priced)


async def numbered(reads: Reads, asked: Narrowed, shape: Shape) -> tuple[bytes, int]:
    """Return the items of a numbered page as joined JSON, and the total over all pages."""
    filters = filters_of(asked)
    offset = ((asked.page or 1) - 1) * asked.size
    template = BY_COUNT if filters.one_pass else BY_INDEX
    statement = shape.statement(template, filters, filters.where, "summary, in_stock, total, position, product_id")
    rows = await shape.rows_of(reads, statement, {**filters.params, "size": asked.size, "offset": offset})
    if rows:
        return join(rows), int(rows[0][2])
    beyond = await reads.row(filters.total, filters.params) if offset else None
    return b"", int(beyond[0]) if beyond else 0


def counted(asked: Narrowed, total: int) -> bytes:
    """Return the numbers of a page's envelope."""
    return b'"page":%d,"size":%d,"total":%d,"pages":%d' % (
        asked.page or 1,
        asked.size,
        total,
        pages(total, asked.size),
    )


async def _by_cursor(reads: Reads, asked: Narrowed, sort: Sort, cursor: str, shape: Shape) -> bytes:
    order, filters = shape.order, filters_of(asked)
    # a place among prices in one currency is none in another
    name = f"{sort}:{shape.currency}" if shape.currency and order.column == "price_minor" else sort
    where, params = filters.where, dict[str, Any](filters.params)
    if cursor:
        params |= _position(cursor, name, order)
        sign = "<" if order.direction == "DESC" else ">"
        where = f"{where} AND ({shape.column}, {shape.row_id}) {sign} (%(after)s, %(after_id)s)"
    statement = shape.statement(BY_CURSOR, filters, where, "summary, in_stock, position, product_id")
    rows = await shape.rows_of(reads, statement, {**params, "limit": asked.limit + 1})
    more = len(rows) > asked.limit
    rows = rows[: asked.limit]
    following = "null"
    if more:
        following = f'"{encode_cursor(name, order.write(rows[-1][2]), str(rows[-1][3]))}"'
    return b'{"items":[%b],"next_cursor":%b}' % (join(rows), following.encode())


def join(rows: list[TupleRow]) -> bytes:
    """Complete each projection with the current stock."""
    return ",".join(
        [
            f'{projection[:-1]},"in_stock":true}}' if stocked else f'{projection[:-1]},"in_stock":false}}'
            for projection, stocked, *_ in rows
        ]
    ).encode()


def _position(cursor: str, name: str, order: Order) -> Mapping[str, object]:
    value, product_id = decode_cursor(cursor, name, order.kind, str)
    try:
        return {"after": order.read(value), "after_id": UUID(str(product_id))}
    except (ValueError, ArithmeticError):
        raise BadCursor(errors=(FieldError("cursor", "not a cursor of this list", "bad_cursor"),)) from None
