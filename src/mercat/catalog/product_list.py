"""Lists of products on sale: what may be asked, and the SQL it becomes.

The rows hold ready-made JSON (see `projections`), so a list costs one statement and no object per product. Totals of a
whole list, a category, a tag, a brand or a vendor are kept in `product_counts`; only combined filters are counted live.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from urllib.parse import parse_qsl
from uuid import UUID

from psycopg.rows import TupleRow
from pydantic import AfterValidator, Field, StringConstraints, ValidationError
from slugify import slugify

from mercat.catalog.slugs import MAX_SLUG
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

Sort = Literal["newest", "-created_at", "created_at", "price", "-price", "name", "-name", "-rating", "best_selling"]
Names = Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=200)]], Field(max_length=MOST_VALUES)]
SEVERAL = ("category", "tag", "vendor", "brand")


def _minor(text: str) -> int:
    try:
        return Money.of(text, default_currency()).minor
    except NotAnAmount as error:
        raise error.refused() from None


class Listing(BothWays):
    """What a list of products may be asked for. Everything else is a 422."""

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
    q: Annotated[str, StringConstraints(max_length=200)] | None = Field(None, examples=["mug"])
    """Words that name, brand, category, vendor, tags or SKU contain."""
    sort: Sort = "newest"
    """Order of the list."""

    @classmethod
    def from_query(cls, query_string: bytes) -> Self:
        """Read a raw query string.

        Raises:
            Invalid: an unknown or repeated parameter, or a value that its field does not take.
        """
        if not query_string:
            return cls()
        try:
            found = parse_qsl(query_string.decode("ascii"), keep_blank_values=True, max_num_fields=100, errors="strict")
        except ValueError:  # bytes outside UTF-8, or a flood of parameters
            raise BadText from None
        values: dict[str, Any] = {name: value for name, value in found if name not in SEVERAL}
        for name, value in found:
            if name in SEVERAL:
                values.setdefault(name, []).append(value)
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise from_validation(error.errors()) from None


@dataclass(frozen=True, slots=True)
class Order:
    """A sort: its column, direction, and how a position travels in a cursor."""

    column: str
    direction: Literal["ASC", "DESC"]
    kind: type
    write: Callable[[Any], str | int]
    read: Callable[[Any], object]


def _newest(direction: Literal["ASC", "DESC"]) -> Order:
    return Order("created_at", direction, str, lambda moment: str(moment.isoformat()), datetime.fromisoformat)


ORDERS: dict[Sort, Order] = {
    "newest": _newest("DESC"),
    "-created_at": _newest("DESC"),
    "created_at": _newest("ASC"),
    "price": Order("price_minor", "ASC", int, int, int),
    "-price": Order("price_minor", "DESC", int, int, int),
    "name": Order("name_key", "ASC", str, str, str),
    "-name": Order("name_key", "DESC", str, str, str),
    "-rating": Order("rating_average", "DESC", str, str, Decimal),
    "best_selling": Order("sold_count", "DESC", int, int, int),
}

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
SELECT c.summary, {stocked}, ({total}) FROM product_projections c WHERE {where}
ORDER BY {column} {direction}, product_id {direction} LIMIT %(size)s OFFSET %(offset)s
"""
# the result is read once, for the count and for the page alike: projections are wide rows
BY_COUNT = """
WITH found AS MATERIALIZED (
    SELECT c.product_id, c.{column} AS position FROM product_projections c WHERE {where}
), shown AS MATERIALIZED (
    SELECT product_id, position FROM found
    ORDER BY position {direction}, product_id {direction} LIMIT %(size)s OFFSET %(offset)s
)
SELECT c.summary, {stocked}, (SELECT count(*) FROM found) FROM shown JOIN product_projections c USING (product_id)
ORDER BY position {direction}, product_id {direction}
"""


@dataclass(frozen=True, slots=True)
class Filters:
    """SQL conditions on `product_projections c`, their parameters, and the SQL of how many rows they leave."""

    where: str
    params: dict[str, Any]
    total: str
    one_pass: bool = False
    """Whether counting has to visit the rows anyway: the page is then chosen from what the count has found."""


def filters_of(listing: Listing) -> Filters:
    """Translate the filters of a listing."""
    conditions: list[str] = [LISTED]
    params: dict[str, Any] = {}
    kept: list[tuple[str, str]] = []
    for name, condition in BY_ID.items():
        alternatives = []
        for n, value in enumerate(getattr(listing, name)):
            found, key = parse_id(value), f"{name}_{n}"
            params[key] = found or value
            target = f"%({key})s::uuid" if found else BY_SLUG[name].format(key)
            alternatives.append(condition.format(target))
            kept.append((name, f"{target}::text"))
        if alternatives:
            conditions.append(f"({' OR '.join(alternatives)})")
    if listing.tag:
        params["tags"] = [slugify(tag, max_length=MAX_SLUG) or tag for tag in listing.tag]
        conditions.append(f"c.tags {'@>' if len(listing.tag) == 1 else '&&'} %(tags)s::text[]")
        kept += [("tag", "(%(tags)s::text[])[1]")] * len(listing.tag)
    given = [
        (listing.min_price, "min_price", "c.price_minor >= %(min_price)s"),
        (listing.max_price, "max_price", "c.price_minor <= %(max_price)s"),
        (listing.in_stock, "in_stock", STOCKED if listing.in_stock else f"NOT {STOCKED}"),
        (listing.q or None, "q", "c.words @@ websearch_to_tsquery('simple', %(q)s)"),
    ]
    narrowing = [(value, name, condition) for value, name, condition in given if value is not None]
    for value, name, condition in narrowing:
        params[name] = value
        conditions.append(condition)
    where = " AND ".join(conditions)
    if narrowing or len(kept) > 1:
        total = f"SELECT count(*) FROM product_projections c WHERE {where}"  # noqa: S608 - our own conditions
        return Filters(where, params, total, one_pass=bool(kept or listing.q))
    dimension, key = kept[0] if kept else ("all", "''")
    return Filters(where, params, _kept_total(dimension, key))


def _kept_total(dimension: str, key: str) -> str:
    return f"SELECT coalesce(sum(delta), 0) FROM product_counts WHERE dimension = '{dimension}' AND key = {key}"  # noqa: S608 - our own dimensions


async def read(reads: Reads, listing: Listing) -> bytes:
    """Return a list as the JSON that goes on the wire."""
    if listing.cursor is not None:
        return await _by_cursor(reads, listing, listing.cursor)
    items, total = await numbered(reads, listing, filters_of(listing))
    return b'{"items":[%b],%b}' % (items, counted(listing, total))


async def numbered(reads: Reads, listing: Listing, filters: Filters) -> tuple[bytes, int]:
    """Return the items of a numbered page as joined JSON, and the total over all pages."""
    order = ORDERS[listing.sort]
    offset = ((listing.page or 1) - 1) * listing.size
    statement = (BY_COUNT if filters.one_pass else BY_INDEX).format(
        stocked=STOCKED, where=filters.where, total=filters.total, column=order.column, direction=order.direction
    )
    rows = await reads.rows(statement, {**filters.params, "size": listing.size, "offset": offset})
    if rows:
        return join(rows), int(rows[0][2])
    beyond = await reads.row(filters.total, filters.params) if offset else None
    return b"", int(beyond[0]) if beyond else 0


def counted(listing: Listing, total: int) -> bytes:
    """Return the numbers of a page's envelope."""
    return b'"page":%d,"size":%d,"total":%d,"pages":%d' % (
        listing.page or 1,
        listing.size,
        total,
        pages(total, listing.size),
    )


async def _by_cursor(reads: Reads, listing: Listing, cursor: str) -> bytes:
    order = ORDERS[listing.sort]
    filters = filters_of(listing)
    where, params = filters.where, dict[str, Any](filters.params)
    if cursor:
        params |= _position(cursor, listing.sort, order)
        sign = "<" if order.direction == "DESC" else ">"
        where = f"{where} AND ({order.column}, product_id) {sign} (%(after)s, %(after_id)s)"
    rows = await reads.rows(
        f"SELECT c.summary, {STOCKED}, {order.column}, product_id FROM product_projections c WHERE {where} "  # noqa: S608 - our own parts
        f"ORDER BY {order.column} {order.direction}, product_id {order.direction} LIMIT %(limit)s",
        {**params, "limit": listing.limit + 1},
    )
    more = len(rows) > listing.limit
    rows = rows[: listing.limit]
    following = "null"
    if more:
        following = f'"{encode_cursor(listing.sort, order.write(rows[-1][2]), str(rows[-1][3]))}"'
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
