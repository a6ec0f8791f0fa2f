"""Products and variants on lists, as they are now: one question for all of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import catalog, exchange, files, inventory
from mercat.auth import Actor, hold
from mercat.catalog import ProductReference, VariantProjection
from mercat.kit.money import Money
from mercat.kit.problems import Unauthenticated
from mercat.saved_items.choice import AS_KEPT, Choice
from mercat.saved_items.schemas import ListedProduct, ListedVariant


@dataclass(frozen=True, slots=True)
class Shelf:
    """Some products and variants."""

    products: Mapping[UUID, ProductReference]
    variants: Mapping[UUID, VariantProjection]
    stock: Mapping[UUID, inventory.Availability]
    images: Mapping[str, files.Picture]

    def product(self, product_id: UUID) -> ListedProduct:
        """Return a product as lists show it."""
        found = self.products[product_id]
        return ListedProduct(
            id=found.id,
            slug=found.slug,
            name=found.name,
            image=self.images.get(found.image_url or ""),
            price=found.price,
            on_sale=found.on_sale,
            in_stock=found.in_stock,
        )

    def variant(self, variant_id: UUID | None) -> ListedVariant | None:
        """Return a variant as lists show it; None is none."""
        if variant_id is None:
            return None
        found = self.variants[variant_id]
        return ListedVariant(
            id=found.id,
            title=found.shown_title,
            price=found.price,
            on_sale=found.on_sale,
            in_stock=found.on_sale and self.stock[variant_id].covers(1),
        )

    def price(self, product_id: UUID, variant_id: UUID | None) -> Money | None:
        """Return what a thing costs, or None if it is not on sale."""
        if variant_id is None:
            product = self.products.get(product_id)
            return product.price if product else None
        variant = self.variants.get(variant_id)
        return variant.price if variant and variant.on_sale else None

    def in_stock(self, product_id: UUID, variant_id: UUID | None) -> bool:
        """Whether a thing can be bought now."""
        if variant_id is None:
            product = self.products.get(product_id)
            return product is not None and product.in_stock
        return self.price(product_id, variant_id) is not None and self.stock[variant_id].covers(1)


async def shelf(
    session: AsyncSession,
    products: Collection[UUID],
    variants: Collection[UUID | None] = (),
    choice: Choice = AS_KEPT,
) -> Shelf:
    """Return these products and variants as they are now; None among the variants is none.

    Prices and names are as somebody reads them. Another currency or language is a few statements more for all of them.
    """
    wanted = sorted({variant_id for variant_id in variants if variant_id is not None})
    currency, locale = choice.currency, choice.locale
    found = await catalog.references(session, set(products), currency, locale=locale)
    conversion = await exchange.conversion(session, currency) if wanted and currency else None
    return Shelf(
        found,
        await catalog.reduced(session, await catalog.variants(session, wanted, conversion, locale=locale), conversion),
        await inventory.availability(session, wanted),
        await files.pictures(session, {one.image_url: one.name for one in found.values() if one.image_url}),
    )


async def thing_on_sale(session: AsyncSession, product_id: UUID, variant_id: UUID | None) -> Shelf:
    """Return a product, or one of its variants, that everybody sees.

    Raises:
        ProductNotFound, VariantNotFound: there is none.
    """
    found = await shelf(session, [product_id], [variant_id])
    product = found.products.get(product_id)
    if product is None or not product.on_sale:
        raise catalog.ProductNotFound
    if variant_id is not None and variant_id not in product.variant_ids:
        raise catalog.VariantNotFound
    return found


async def keeper(session: AsyncSession, actor: Actor) -> UUID:
    """Return whose lists are meant; they are not erased before this transaction has ended.

    Raises:
        Unauthenticated: they were.
    """
    if actor.user_id is None or await hold(session, actor.user_id) is None:
        raise Unauthenticated
    return actor.user_id


async def counting_keeper(session: AsyncSession, actor: Actor) -> UUID:
    """Return whose lists are meant, as the only one who adds to them: what they have can be counted, and stays so.

    Waits for others who add for the same person. Their account is held first, and not locked any further: an erasure
    that waits for it would be waited for.

    Raises:
        Unauthenticated: they were erased.
    """
    user_id = await keeper(session, actor)
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 3))"), {"key": str(user_id)})
    return user_id
