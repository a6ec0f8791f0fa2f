"""Placement of a new order: a handful of statements whatever its size, in the caller's transaction.

A hot path: the statements go through the driver, which the caller may have put into pipeline mode.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Self
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, catalog, content, outbox, pricing
from mercat.auth import Actor
from mercat.kit.database import driver
from mercat.kit.exchange_rates import FrozenRate, in_books
from mercat.kit.ids import new_id
from mercat.kit.money import Money
from mercat.orders.arithmetic import commissions
from mercat.orders.arithmetic.shares import paid_for
from mercat.orders.events import OrderPlaced
from mercat.orders.holds import guest_key
from mercat.orders.lifecycle import Status


@dataclass(frozen=True, slots=True)
class DraftLine:
    """What is bought, as the catalogue has it at this moment; with the names that its buyer reads, if they differ."""

    product_id: UUID
    variant_id: UUID
    vendor_id: UUID
    sku: str | None
    name: str
    title: str
    image_url: str | None
    quantity: int
    unit_price: Money
    translated_name: str | None = None
    translated_title: str | None = None

    @classmethod
    def of(cls, variant: catalog.VariantProjection, quantity: int) -> Self:
        """Freeze a quantity of a variant at today's price, in the language in which the variant was read."""
        return cls(
            product_id=variant.product_id,
            variant_id=variant.id,
            vendor_id=variant.vendor_id,
            sku=variant.sku,
            name=variant.name,
            title=variant.title,
            image_url=variant.image_url,
            quantity=quantity,
            unit_price=variant.price,
            translated_name=variant.translated_name,
            translated_title=variant.translated_title,
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """An order before it is placed. `totals` are those of the lines, in their order; `coupon` is the code used."""

    user_id: UUID | None
    cart_id: UUID | None
    email: str
    locale: str
    lines: tuple[DraftLine, ...]
    totals: pricing.Totals
    shipping_method: str
    shipping_method_name: str
    payment_method: str
    shipping_address: Mapping[str, str | None]
    billing_address: Mapping[str, str | None]
    placed_at: datetime
    expires_at: datetime | None
    coupon: str | None = None
    commission: commissions.Terms = commissions.NONE
    rate: FrozenRate | None = None
    """By which the buyer's currency was converted; none if that is the currency of the books."""
    text_locale: str | None = None
    """The language in which the buyer read; none if that is the source."""
    translated_shipping_method_name: str | None = None
    """In that language, where it differs."""


WRITE_ORDER = """
INSERT INTO orders (id, number, user_id, cart_id, email, guest_key, locale, status, currency, subtotal_minor,
    discount_minor, shipping_minor, tax_minor, included_tax_minor, prices_include_tax, coupon, total_minor,
    books_total_minor, books_currency, exchange_rate, exchange_rate_date, exchange_rate_source,
    shipping_method, shipping_method_name, payment_method, shipping_address, billing_address, placed_at, updated_at,
    expires_at, paid_at, text_locale, translated_shipping_method_name, agreed_pages)
VALUES (%s, 'M-' || nextval('order_numbers'), %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,
    %s, %s, %s, %s, %s, %s, %s, %s, %s, greatest(%s, now()), %s, %s, %s, {agreed})
"""
INSERT_ORDER, INSERT_PAST_ORDER = (WRITE_ORDER.format(agreed=agreed) for agreed in (content.pages.AGREED_PAGES, "'[]'"))
"""To the pages of today nobody agreed who bought elsewhere or long ago."""
INSERT_VENDOR_ORDERS = """
INSERT INTO vendor_orders (id, order_id, vendor_id, status, commission_tax_rate, subtotal_minor, discount_minor,
    shipping_minor, shipping_tax_minor, tax_minor, included_tax_minor, total_minor, books_total_minor, commission_minor,
    commission_tax_minor)
SELECT id, %s, vendor_id, %s, commission_tax_rate, subtotal, discount, shipping, shipping_tax, tax, included_tax, total,
    books_total, commission, split_tax
FROM unnest(%s::uuid[], %s::uuid[], %s::numeric[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],
    %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
    AS p(id, vendor_id, commission_tax_rate, subtotal, discount, shipping, shipping_tax, tax, included_tax, total,
         books_total, commission, split_tax)
"""
INSERT_ITEMS = """
INSERT INTO order_items (id, order_id, vendor_order_id, position, product_id, variant_id, sku, name, title, image_url,
    quantity, unit_price_minor, line_total_minor, discount_minor, tax_minor, tax_rate, books_total_minor,
    commission_rate, commission_minor, translated_name, translated_title)
SELECT id, %s, vendor_order_id, position - 1, product_id, variant_id, sku, name, title, image_url, quantity, price,
    price * quantity, discount, tax, tax_rate, books_total, commission_rate, commission, translated_name,
    translated_title
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::int[],
    %s::bigint[], %s::bigint[], %s::bigint[], %s::numeric[], %s::bigint[], %s::numeric[], %s::bigint[],
    %s::text[], %s::text[]) WITH ORDINALITY
    AS i(id, vendor_order_id, product_id, variant_id, sku, name, title, image_url, quantity, price, discount, tax,
        tax_rate, books_total, commission_rate, commission, translated_name, translated_title, position)
"""
INSERT_HISTORY = (
    "INSERT INTO order_history (order_id, at, from_status, to_status, actor, note) VALUES (%s, %s, %s, %s, %s, %s)"
)


async def place(session: AsyncSession, actor: Actor, draft: Draft) -> UUID:
    """Write a pending order with its vendor orders, lines and first history row, and publish `OrderPlaced`.

    The caller reserves the stock and opens the payment in the same transaction.
    """
    order_id = await write(session, draft, Status.pending)
    connection = await driver(session)
    history = (order_id, draft.placed_at, None, Status.pending, actor.reference, "")
    await connection.execute(INSERT_HISTORY, history, prepare=True)
    await outbox.publish(session, OrderPlaced(order_id=order_id))
    placed = {"status": Status.pending, "total": draft.totals.total, "payment_method": draft.payment_method}
    await audit.record(session, actor, "order.placed", order_id, changes=audit.difference({}, placed))
    return order_id


async def write(
    session: AsyncSession, draft: Draft, status: Status, *, paid_at: datetime | None = None, past: bool = False
) -> UUID:
    """Write the rows of an order and nothing else; returns its id."""
    connection = await driver(session)
    order_id = new_id()
    totals = draft.totals
    worth = partial(in_books, rate=draft.rate)
    await connection.execute(
        INSERT_PAST_ORDER if past else INSERT_ORDER,
        (
            order_id, draft.user_id, draft.cart_id, draft.email, guest_key(draft.user_id, draft.email),
            draft.locale, status, totals.total.currency,
            totals.subtotal.minor, totals.discount.minor, totals.shipping.minor, totals.tax.minor,
            totals.included_tax.minor, totals.prices_include_tax, draft.coupon, totals.total.minor,
            worth(totals.total).minor, worth(totals.total).currency, *_rate(draft.rate),
            draft.shipping_method, draft.shipping_method_name, draft.payment_method,
            Jsonb(dict(draft.shipping_address)), Jsonb(dict(draft.billing_address)),
            draft.placed_at, draft.placed_at, draft.expires_at, paid_at, draft.text_locale,
            draft.translated_shipping_method_name,
        ),
        prepare=True,
    )  # fmt: skip
    vendor_orders = {share.vendor_id: new_id() for share in totals.shares}
    split = commissions.split(
        [(line.vendor_id, line.unit_price * line.quantity) for line in draft.lines], totals, draft.commission
    )
    await connection.execute(
        INSERT_VENDOR_ORDERS,
        (
            order_id,
            status,
            list(vendor_orders.values()),
            list(vendor_orders),
            [draft.commission.tax_rate_of(vendor_id) for vendor_id in vendor_orders],
            *(
                [getattr(share, amount).minor for share in totals.shares]
                for amount in ("subtotal", "discount", "shipping", "shipping_tax", "tax", "included_tax", "total")
            ),
            [worth(share.total).minor for share in totals.shares],
            *([split.of_vendor_orders[vendor_id][n] for vendor_id in vendor_orders] for n in (0, 1)),
        ),
        prepare=True,
    )
    lines = draft.lines
    await connection.execute(
        INSERT_ITEMS,
        (
            order_id,
            [new_id() for _ in lines],
            [vendor_orders[line.vendor_id] for line in lines],
            [line.product_id for line in lines],
            [line.variant_id for line in lines],
            [line.sku for line in lines],
            [line.name for line in lines],
            [line.title for line in lines],
            [line.image_url for line in lines],
            [line.quantity for line in lines],
            [line.unit_price.minor for line in lines],
            [priced.discount.minor for priced in totals.lines],
            [priced.tax.minor for priced in totals.lines],
            [priced.tax_rate for priced in totals.lines],
            [worth(_paid_for(line, priced, totals)).minor for line, priced in zip(lines, totals.lines, strict=True)],
            split.rates,
            split.of_lines,
            [line.translated_name for line in lines],
            [line.translated_title for line in lines],
        ),
        prepare=True,
    )
    return order_id


def _paid_for(line: DraftLine, priced: pricing.PricedLine, totals: pricing.Totals) -> Money:
    goods, included = line.unit_price * line.quantity, totals.prices_include_tax
    return Money(paid_for(goods.minor, priced.discount.minor, priced.tax.minor, tax_included=included), goods.currency)


def _rate(rate: FrozenRate | None) -> tuple[Decimal | None, date | None, str | None]:
    return (None, None, None) if rate is None else (rate.rate, rate.dated, rate.source)
