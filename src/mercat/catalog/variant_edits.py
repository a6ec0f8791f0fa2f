"""Making a product's variants what a request says they shall be."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import files, inventory
from mercat.catalog.currency_prices import explicit
from mercat.catalog.currency_prices.schemas import PriceWrite
from mercat.catalog.exceptions import DuplicateVariant, HasVariants, OptionsMismatch, PriceMissing, UnknownVariant
from mercat.catalog.models import Product, Variant
from mercat.catalog.write_schemas import VariantWrite
from mercat.kit import clock
from mercat.kit.ids import new_id
from mercat.kit.money import Money, default_currency
from mercat.kit.problems import FieldError

PER_VARIANT = ("sku", "barcode", "weight_grams", "compare_at_price")


async def not_deleted(session: AsyncSession, product_id: UUID) -> list[Variant]:
    """Return the variants that are not deleted, locked, in their order.

    Foreign keys still take their share: stock movements name a variant, and their levels are locked before it.
    """
    found = await session.scalars(
        select(Variant)
        .where(Variant.product_id == product_id, Variant.deleted_at.is_(None))
        .order_by(Variant.position, Variant.id)
        .with_for_update(key_share=True)
    )
    return list(found)


async def replace(
    session: AsyncSession, product: Product, wanted: Sequence[VariantWrite], *, price: Money | None, actor: str
) -> dict[UUID, inventory.Recount]:
    """Make `wanted` the product's variants: matched by id, else by options; those not named are deleted.

    `product.option_names` must be set. `price` serves the variants that name none and are new.
    Returns what it changed of the stock.

    Raises:
        OptionsMismatch, DuplicateVariant, UnknownVariant, PriceMissing, UnknownCurrency: what the names say.
        Invalid: prices in other currencies that make no sense.
    """
    chosen = [_options(line, product.option_names, position) for position, line in enumerate(wanted)]
    if len(set(chosen)) < len(chosen):
        raise DuplicateVariant
    await explicit.check(session, [line.prices for line in wanted])
    existing = await not_deleted(session, product.id)
    matched = _match(existing, wanted, chosen)
    if existing:
        _step_aside(existing, {variant.id for variant in matched if variant is not None})
        await session.flush()
    counts: list[inventory.StockCount] = []
    prices: dict[UUID, Sequence[PriceWrite]] = {}
    for position, (line, options, known) in enumerate(zip(wanted, chosen, matched, strict=True)):
        asked = line.price or price
        if known is None and asked is None:
            raise PriceMissing(errors=(FieldError(f"variants.{position}.price", "a price is needed", "missing"),))
        variant = known or Variant(id=new_id(), product_id=product.id, vendor_id=product.vendor_id)
        session.add(variant)
        if asked is not None:
            variant.price_minor, variant.currency = _minor(asked), asked.currency
        _fill(variant, line, options, position)
        if line.prices is not None:
            prices[variant.id] = line.prices
        quantity = 0 if known is None and line.stock_quantity is None else line.stock_quantity
        if quantity is not None or line.allow_backorder is not None:
            counts.append(inventory.StockCount(_stocked(variant), quantity, line.allow_backorder))
    await session.flush()
    await explicit.replace(session, prices)
    return await inventory.receive_counts(session, counts, actor=actor, note="product saved")


async def adjust(
    session: AsyncSession, product: Product, changes: dict[str, object], *, price: Money | None, actor: str
) -> dict[UUID, inventory.Recount]:
    """Apply fields that a request gives for the product as a whole to its variants.

    A price goes to every variant, and so does that there is none to compare it with; SKU, stock and the like only where
    there is just one.
    Returns what it changed of the stock.

    Raises:
        HasVariants: a field of a single variant, and there are several.
    """
    variants = await not_deleted(session, product.id)
    no_former_price = "compare_at_price" in changes and changes["compare_at_price"] is None
    single = [name for name in (*PER_VARIANT, "stock_quantity") if name in changes]
    if no_former_price:
        single.remove("compare_at_price")
    if single and len(variants) != 1:
        raise HasVariants(errors=tuple(FieldError(name, "set it on each variant", "has_variants") for name in single))
    for variant in variants:
        if price is not None:
            variant.price_minor = _minor(price)
        if no_former_price:
            variant.compare_at_minor = None
        for name in single:
            value = changes[name]
            if name == "compare_at_price":
                variant.compare_at_minor = _minor(value) if isinstance(value, Money) else None
            elif name != "stock_quantity":
                setattr(variant, name, value)
    quantity = changes.get("stock_quantity")
    counts = [inventory.StockCount(_stocked(variants[0]), quantity)] if isinstance(quantity, int) else []
    await session.flush()
    return await inventory.receive_counts(session, counts, actor=actor, note="product saved")


def _stocked(variant: Variant) -> inventory.StockedVariant:
    return inventory.StockedVariant(variant.id, variant.product_id, variant.vendor_id)


def _match(
    existing: Sequence[Variant], wanted: Sequence[VariantWrite], chosen: Sequence[tuple[str, ...]]
) -> list[Variant | None]:
    """Return which variant each line means: the one it names, else the one with its options that no line names."""
    by_id = {variant.id: variant for variant in existing}
    named = [line.id for line in wanted if line.id is not None]
    for position, line in enumerate(wanted):
        if line.id is not None and line.id not in by_id:
            raise UnknownVariant(errors=(FieldError(f"variants.{position}.id", "not a variant of it", "unknown"),))
    if len(set(named)) < len(named):
        raise DuplicateVariant
    by_options = {tuple(variant.options): variant for variant in existing if variant.id not in named}
    return [
        by_id[line.id] if line.id else by_options.get(options) for line, options in zip(wanted, chosen, strict=True)
    ]


def _step_aside(existing: Sequence[Variant], kept: Collection[UUID]) -> None:
    """Delete what goes, and free the SKUs and options of what stays: they may be changing places."""
    for variant in existing:
        if variant.id not in kept:
            variant.deleted_at = clock.now()
        elif len(existing) > 1:
            variant.sku, variant.options = None, [str(variant.id)]


def _options(line: VariantWrite, names: Sequence[str], position: int) -> tuple[str, ...]:
    if set(line.options) != set(names):
        where, expected = f"variants.{position}.options", {"names": ", ".join(names)}
        wrong = FieldError(where, "expected {names}" if names else "expected none", "options", expected)
        raise OptionsMismatch(errors=(wrong,))
    return tuple(line.options[name] for name in names)


def _fill(variant: Variant, line: VariantWrite, options: tuple[str, ...], position: int) -> None:
    variant.options = list(options)
    variant.compare_at_minor = _minor(line.compare_at_price) if line.compare_at_price else None
    variant.sku, variant.barcode = line.sku, line.barcode
    variant.weight_grams = line.weight_grams
    variant.image_url = files.written_url(line.image_url) if line.image_url else None
    variant.position = position


def _minor(price: Money) -> int:
    if price.minor < 0 or price.currency != default_currency():
        raise PriceMissing(
            errors=(FieldError("price", "zero or more {currency}", "price", {"currency": default_currency()}),)
        )
    return price.minor
