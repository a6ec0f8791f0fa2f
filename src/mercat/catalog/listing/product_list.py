"""Lists of products on sale: what may be asked, and the SQL it becomes.

The rows hold ready-made JSON (see `projections`), so a list costs one statement and no object per product. Totals of a
whole list, a category, a tag, a brand or a vendor are kept in `product_counts`; only combined filters are counted live.
What is searched for by words is the business of `search`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Self
from urllib.parse import parse_qsl
from uuid import UUID

from psycopg.rows import TupleRow
from pydantic import AfterValidator, Field, StringConstraints, ValidationError

from mercat import i18n
from mercat.catalog.listing.localised import in_language, of_any_language, orders_names
from mercat.catalog.listing.sorts import ORDERS, Order, Sort
from mercat.catalog.slugs import tag_slug
from mercat.kit.body_guard import BadText
from mercat.kit.database import Reads
from mercat.kit.errors import from_validation
from mercat.kit.ids import parse_id
from mercat.kit.money import Money, NotAnAmount, default_currency
from mercat.kit.pagination import (
    BadCursor,
    BothWays,
    decode_cursor,
    encode_cursor,
    pages,
)
from mercat.kit.problems import FieldError
from mercat.kit.shapes import MOST_VALUES

Names = Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=200)]], Field(max_length=MOST_VALUES)]
SEVERAL = ("category", "tag", "vendor", "brand")


def _minor(text: str) -> int:
    try:
        return Money.of(text, default_currency()).minor
    except NotAnAmount as error:
        raise error.refused() from None


Pairs = Sequence[tuple[str, str]]


def query_pairs(query_string: bytes) -> Pairs:
    """Read a raw query string.

    Raises:
        BadText: bytes outside UTF-8, or a flood of parameters.
    """
    if not query_string:
        return ()
    try:
        return parse_qsl(query_string.decode("ascii"), keep_blank_values=True, max_num_fields=100, errors="strict")
    except ValueError:
        raise BadText from None


class Narrowed(BothWays):
    """What a list of products may be narrowed by. Everything else is a 422."""

    category: Names = Field([], examples=[["kitchen"]])
    """Category by id or slug, with everything below it. This and the next three may be given several times: any will
    do."""
    tag: Names = Field([], examples=[["stoneware"]])
    """Tag by name or slug."""
    vendor: Names = Field([], examples=[["north-kiln"]])
    """Vendor by id or slug."""
    brand: Names = Field([], examples=[["fernweh"]])
    """Brand by id or slug."""
    min_price: Annotated[str, AfterValidator(_minor)] | None = Field(None, examples=["5.00"])
    """Lowest price, in the marketplace's currency."""
    max_price: Annotated[str, AfterValidator(_minor)] | None = Field(None, examples=["50.00"])
    """Highest price, in the marketplace's currency."""
    in_stock: bool | None = None
    """Only what can be bought now, or only what cannot."""
    locale: Annotated[i18n.KnownLocale, StringConstraints(max_length=i18n.LONGEST_TAG)] | None = Field(
        None, examples=["de"]
    )
    """Language of the texts; without it, that which `Accept-Language` wants most."""

    @classmethod
    def from_pairs(cls, found: Pairs) -> Self:
        """Read the parameters of a query.

        Raises:
            Invalid: an unknown or repeated parameter, or a value that its field does not take.
        """
        if not found:
            return cls()
        values: dict[str, Any] = {name: value for name, value in found if name not in SEVERAL}
        for name, value in found:
            if name in SEVERAL:
                values.setdefault(name, []).append(value)
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise from_validation(error.errors()) from None


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
        params["tags"] = [tag_slug(tag) for tag in asked.tag]
        conditions.append(f"c.tags {'@>' if len(asked.tag) == 1 else '&&'} %(tags)s::text[]")
        kept += [("tag", "(%(tags)s::text[])[1]")] * len(asked.tag)
    given = [
        (asked.min_price, "min_price", "c.price_minor >= %(min_price)s"),
        (asked.max_price, "max_price", "c.price_minor <= %(max_price)s"),
        (asked.in_stock, "in_stock", STOCKED if asked.in_stock else f"NOT {STOCKED}"),
    ]
    narrowing = [(value, name, condition) for value, name, condition in given if value is not None]
    for value, name, condition in narrowing:
        params[name] = value
        conditions.append(condition)
    where = " AND ".join(conditions)
    if narrowing or len(kept) > 1:
        total = f"SELECT count(*) FROM product_projections c WHERE {where}"  # noqa: S608 - our own conditions
        return Filters(where, params, total, one_pass=bool(kept))
    dimension, key = kept[0] if kept else ("all", "''")
    return Filters(where, params, _kept_total(dimension, key))


def _kept_total(dimension: str, key: str) -> str:
    return f"SELECT coalesce(sum(delta), 0) FROM product_counts WHERE dimension = '{dimension}' AND key = {key}"  # noqa: S608 - our own dimensions


async def read(reads: Reads, asked: Narrowed, sort: Sort, other: str | None = None) -> bytes:
    """Return a list as the JSON that goes on the wire; `other` is a language other than the source."""
    shape = await _shape(reads, sort, other)
    if asked.cursor is not None:
        return await _by_cursor(reads, asked, sort, asked.cursor, shape)
    items, total = await numbered(reads, asked, shape)
    return b'{"items":[%b],%b}' % (items, counted(asked, total))


@dataclass(frozen=True, slots=True)
class Shape:
    """Which rows a list goes through in which order, and in which language it shows them."""

    order: Order
    other: str | None
    rows: str = PROJECTIONS
    column: str = ""
    row_id: str = "product_id"

    def statement(self, template: str, filters: Filters, where: str, columns: str) -> str:
        """Return a statement; `columns` are the names of what it selects."""
        by_texts = self.rows != PROJECTIONS
        more = f", {self.column}, {self.row_id}" if self.other else ""
        statement = template.format(
            stocked=STOCKED, where=f"t.locale = %(locale)s AND {where}" if by_texts else where, total=filters.total,
            column=self.column, direction=self.order.direction, rows=self.rows, row_id=self.row_id, more=more,
            found=", position, product_id" if self.other else "",
        )  # fmt: skip
        return in_language(statement, columns, self.order.direction) if self.other else statement


async def _shape(reads: Reads, sort: Sort, other: str | None) -> Shape:
    order = ORDERS[sort]
    if other is not None and order.column == "name_key" and await orders_names(reads, other):
        return Shape(order, other, BY_TEXTS, "t.name_key", "t.product_id")
    return Shape(order, other, column=f"c.{order.column}")


async def numbered(reads: Reads, asked: Narrowed, shape: Shape) -> tuple[bytes, int]:
    """Return the items of a numbered page as joined JSON, and the total over all pages."""
    filters = filters_of(asked)
    offset = ((asked.page or 1) - 1) * asked.size
    template = BY_COUNT if filters.one_pass else BY_INDEX
    statement = shape.statement(template, filters, filters.where, "summary, in_stock, total, position, product_id")
    rows = await reads.rows(statement, {**filters.params, "size": asked.size, "offset": offset, "locale": shape.other})
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
    where, params = filters.where, dict[str, Any](filters.params)
    if cursor:
        params |= _position(cursor, sort, order)
        sign = "<" if order.direction == "DESC" else ">"
        where = f"{where} AND ({shape.column}, {shape.row_id}) {sign} (%(after)s, %(after_id)s)"
    statement = shape.statement(BY_CURSOR, filters, where, "summary, in_stock, position, product_id")
    rows = await reads.rows(statement, {**params, "limit": asked.limit + 1, "locale": shape.other})
    more = len(rows) > asked.limit
    rows = rows[: asked.limit]
    following = "null"
    if more:
        following = f'"{encode_cursor(sort, order.write(rows[-1][2]), str(rows[-1][3]))}"'
    return b'{"items":[%b],"next_cursor":%b}' % (join(rows), following.encode())


def join(rows: list[TupleRow]) -> bytes:
    """Complete each projection with the current stock."""
    return ",".join(
        [
            f'{projection[:-1]},"in_stock":true}}' if stocked else f'{projection[:-1]},"in_stock":false}}'
            for projection, stocked, *_ in rows
        ]
    ).encode()


def _position(cursor: str, sort: Sort, order: Order) -> Mapping[str, object]:
    value, product_id = decode_cursor(cursor, sort, order.kind, str)
    try:
        return {"after": order.read(value), "after_id": UUID(str(product_id))}
    except (ValueError, ArithmeticError):
        raise BadCursor(errors=(FieldError("cursor", "not a cursor of this list", "bad_cursor"),)) from None
