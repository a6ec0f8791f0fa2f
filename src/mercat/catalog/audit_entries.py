"""What the audit log says about products: the fields that an edit changed, those of the variants by their ids."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, inventory
from mercat.auth import Actor
from mercat.catalog import product_rows
from mercat.catalog.models import Product
from mercat.kit.database import driver
from mercat.kit.money import Money

Fields = dict[str, object]
Recounts = Mapping[UUID, inventory.Recount]


@dataclass(frozen=True, slots=True)
class State:
    """A product that is not deleted, and its variants by their ids."""

    fields: Fields
    variants: Mapping[str, Fields]


async def state_of(session: AsyncSession, product_id: UUID) -> State:
    """Read a product as it is in this transaction."""
    await session.flush()
    [product] = await product_rows.load(await driver(session), [product_id])
    fields = {
        "name": product.name,
        "slug": product.slug,
        "description": product.description_html,
        "tax_class": product.tax_class,
        "status": product.status,
        "listed": product.listed,
        "publish_at": product.publish_at,
        "brand": product.brand_name,
        "category_id": product.category_id,
        "tags": [tag.name for tag in product.tags],
        "attributes": product.attributes,
        "options": product.option_names,
        "images": [{"url": image.url, "alt": image.alt} for image in product.images],
        "seo": {"title": product.seo_title, "description": product.seo_description},
    }
    return State(fields, {str(row.id): _variant(row, n) for n, row in enumerate(product.variants)})


async def record_edit(
    session: AsyncSession,
    actor: Actor,
    product_id: UUID,
    before: State,
    recounts: Recounts,
    *,
    action: str = "product.updated",
) -> None:
    """Write down what an edit made of a product; one that changed nothing but the version says that it happened."""
    after = await state_of(session, product_id)
    changes = audit.difference(before.fields, after.fields)
    variants = _variants(before.variants, after.variants)
    if variants is not None:
        changes["variants"] = variants
    changes |= stock(recounts)
    await audit.record(session, actor, action, product_id, changes=changes)


def stock(recounts: Recounts) -> dict[str, audit.Change]:
    """Return what counting changed: what could be sold of each variant."""
    moved = {str(variant_id): recount for variant_id, recount in recounts.items() if recount.before != recount.after}
    if not moved:
        return {}
    return {
        "stock": audit.Change(
            {variant_id: asdict(recount.before) for variant_id, recount in moved.items()},
            {variant_id: asdict(recount.after) for variant_id, recount in moved.items()},
        )
    }


def identity(product: Product) -> Fields:
    """Return what identifies a product when it is added and when it is deleted."""
    return {name: getattr(product, name) for name in ("name", "slug", "handle", "vendor_id", "status")}


def _variant(row: product_rows.VariantRow, position: int) -> Fields:
    compare_at = row.compare_at_minor
    return {
        "position": position,
        "options": row.options,
        "price": Money(row.price_minor, row.currency),
        "compare_at_price": None if compare_at is None else Money(compare_at, row.currency),
        "prices": [
            {"price": Money(minor, currency).wire(), "compare_at_minor": former}
            for currency, minor, former in row.prices
        ],
        "sku": row.sku,
        "weight_grams": row.weight_grams,
        "barcode": row.barcode,
        "image_url": row.image_url,
    }


def _variants(before: Mapping[str, Fields], after: Mapping[str, Fields]) -> audit.Change | None:
    """Return the variants that were added, deleted or changed, each with its changed fields."""
    was: dict[str, Fields] = {}
    now: dict[str, Fields] = {}
    for variant_id in dict.fromkeys((*before, *after)):
        changes = audit.difference(before.get(variant_id, {}), after.get(variant_id, {}))
        if changes and variant_id in before:
            was[variant_id] = {name: change.before for name, change in changes.items()}
        if changes and variant_id in after:
            now[variant_id] = {name: change.after for name, change in changes.items()}
    return audit.Change(was, now) if was or now else None
