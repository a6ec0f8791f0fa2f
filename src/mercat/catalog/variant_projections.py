"""What cart and orders need to know of variants, in batches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import translations
from mercat.catalog import reductions
from mercat.catalog.localisation import values_in_locale
from mercat.exchange import Conversion
from mercat.kit.database import driver
from mercat.kit.money import Money
from mercat.translations import Key, Texts

LONG = ("description_html", "seo_title", "seo_description")
"""Texts of products that are no names."""
TITLE = " / "


@dataclass(frozen=True, slots=True)
class VariantProjection:
    """What cart and order need to know of a variant. `on_sale` is false for drafts, archived and deleted ones.

    It is false for those of a suspended vendor too, at once: their projections follow in the background.
    """

    id: UUID
    product_id: UUID
    vendor_id: UUID
    vendor_slug: str
    vendor_name: str
    slug: str
    name: str
    title: str
    sku: str | None
    price: Money
    image_url: str | None
    """As it is written down."""
    weight_grams: int
    on_sale: bool
    category_path: tuple[UUID, ...] = ()
    """Its category after those above it, as long as it is on sale."""
    tax_class: str = "standard"
    translated_name: str | None = None
    """In the language that was asked for, where it differs."""
    translated_title: str | None = None

    @property
    def category_ids(self) -> frozenset[UUID]:
        """Its category and those above it."""
        return frozenset(self.category_path)

    @property
    def shown_name(self) -> str:
        """Its product's name for readers of the language that was asked for."""
        return self.translated_name or self.name

    @property
    def shown_title(self) -> str:
        """Its title for them."""
        return self.translated_title or self.title


@dataclass(frozen=True, slots=True)
class _Options:
    """The options of a variant: their names, its own values, and those of all variants of its product."""

    names: Sequence[str]
    own: Sequence[str]
    of_product: Sequence[Sequence[str]]


PROJECTIONS = """
SELECT v.id, v.product_id, v.vendor_id, p.slug, p.name, array_to_string(v.options, ' / '), v.sku, v.price_minor,
       v.currency, coalesce(v.image_url, (
           SELECT i.url FROM product_images i WHERE i.product_id = p.id ORDER BY i.position, i.id LIMIT 1)),
       coalesce(v.weight_grams, 0),
       v.deleted_at IS NULL AND c.product_id IS NOT NULL AND s.status = 'active',
       coalesce(c.category_path, '{{}}'), p.tax_class, s.slug, s.name{more}
FROM variants v JOIN products p ON p.id = v.product_id JOIN vendors s ON s.id = v.vendor_id
LEFT JOIN product_projections c ON c.product_id = v.product_id
WHERE v.id = ANY(%s)
"""
OPTIONS = """, p.option_names, v.options, ARRAY(
    SELECT to_jsonb(o.options) FROM variants o
    WHERE o.product_id = p.id AND o.deleted_at IS NULL ORDER BY o.position, o.id)"""
VARIANT_PROJECTIONS, WITH_OPTIONS = (PROJECTIONS.format(more=more) for more in ("", OPTIONS))
"""For another language: two values that are called the same there must be told apart, as on the product's page."""
SET_PRICES = "SELECT variant_id, price_minor FROM variant_prices WHERE variant_id = ANY(%s) AND currency = %s"


async def reduced(
    session: AsyncSession, found: Mapping[UUID, VariantProjection], conversion: Conversion | None = None
) -> dict[UUID, VariantProjection]:
    """Return variants at the prices that pages show: sales are taken off. Carts do that themselves, by the line.

    `conversion` is what their prices were converted by. One statement, if there is any variant.
    """
    if not found:
        return {}
    off = await reductions.of_now(await driver(session))
    return {
        key: replace(one, price=one.price - Money(off(_unit(one, conversion)), one.price.currency))
        for key, one in found.items()
    }


def _unit(one: VariantProjection, conversion: Conversion | None) -> reductions.Offered:
    return reductions.Offered(one.vendor_id, one.product_id, one.category_ids, one.price, conversion)


async def variants(
    session: AsyncSession,
    variant_ids: Sequence[UUID],
    conversion: Conversion | None = None,
    *,
    locale: str | None = None,
) -> dict[UUID, VariantProjection]:
    """Return variants by id, also those that are not on sale any more; unknown ids are left out. One statement.

    With the `conversion` of another currency prices are in it, set or converted: one statement more. With the `locale`
    of another language than that of the source names are in it, too, as far as they are translated: one more.
    """
    connection = await driver(session)
    given = await _set_prices(connection, variant_ids, conversion) if conversion else {}

    def price(variant_id: UUID, of_books: Money) -> Money:
        if conversion is None:
            return of_books
        return given.get(variant_id) or conversion.convert(of_books)

    statement = VARIANT_PROJECTIONS if locale is None else WITH_OPTIONS
    rows = await (await connection.execute(statement, (list(variant_ids),))).fetchall()
    found = {
        row[0]: VariantProjection(
            id=row[0],
            product_id=row[1],
            vendor_id=row[2],
            slug=row[3],
            name=row[4],
            title=row[5] or "Default",
            sku=row[6],
            price=price(row[0], Money(row[7], row[8])),
            image_url=row[9],
            weight_grams=row[10],
            on_sale=row[11],
            category_path=tuple(row[12]),
            tax_class=row[13],
            vendor_slug=row[14],
            vendor_name=row[15],
        )
        for row in rows
    }
    if locale is None:
        return found
    return await _in_locale(connection, found, {row[0]: _Options(*row[16:]) for row in rows}, locale)


async def _in_locale(
    connection: AsyncConnection[TupleRow],
    found: Mapping[UUID, VariantProjection],
    options: Mapping[UUID, _Options],
    locale: str,
) -> dict[UUID, VariantProjection]:
    things = {Key("product", str(variant.product_id)) for variant in found.values()}
    things |= {_attribute(name) for of_one in options.values() for name in of_one.names}
    texts = await translations.load_in_transaction(connection, things, locale, without=LONG)
    return {
        variant.id: replace(
            variant,
            translated_name=_other(texts.of(Key("product", str(variant.product_id)), locale).get("name"), variant.name),
            translated_title=_other(_title(options[variant.id], texts, locale), variant.title),
        )
        for variant in found.values()
    }


def _title(options: _Options, texts: Texts, locale: str) -> str | None:
    """Return the title in a language; None for one that no values make up any more, as of a deleted variant."""
    if len(options.own) != len(options.names):
        return None
    shown = []
    for at, (name, own) in enumerate(zip(options.names, options.own, strict=True)):
        values = [*(one[at] for one in options.of_product if at < len(one)), own]
        shown.append(values_in_locale(values, texts.of(_attribute(name), locale))[own])
    return TITLE.join(shown)


def _attribute(name: str) -> Key:
    return Key("attribute", name.casefold())


def _other(translated: str | None, written: str) -> str | None:
    return translated if translated and translated != written else None


async def _set_prices(
    connection: AsyncConnection[TupleRow], variant_ids: Sequence[UUID], conversion: Conversion
) -> dict[UUID, Money]:
    """Return the prices that were set in a currency; that of the books has none of these."""
    if conversion.currency == conversion.base:
        return {}
    rows = await connection.execute(SET_PRICES, (list(variant_ids), conversion.currency))
    return {row[0]: Money(row[1], conversion.currency) async for row in rows}
