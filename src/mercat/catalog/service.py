"""Verbs that change products."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete as delete_rows
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, inventory, vendors
from mercat.auth import Actor, Permission
from mercat.catalog import audit_entries, categories, picture_rows, queries, slugs, variant_edits
from mercat.catalog.announcement import announce
from mercat.catalog.exceptions import (
    OptionsMismatch,
    PriceMissing,
    ProductNotFound,
    UnknownCategory,
    UnknownVendor,
    VariantNotFound,
)
from mercat.catalog.models import Product, ProductSlug, ProductTag, Tag, Variant
from mercat.catalog.projections import refresh_projections
from mercat.catalog.write_schemas import (
    ProductCreate,
    ProductFields,
    ProductReplace,
    ProductUpdate,
    StockSet,
    VariantWrite,
)
from mercat.kit import clock
from mercat.kit.conditional import require_match
from mercat.kit.ids import new_id
from mercat.kit.markup import clean
from mercat.kit.problems import FieldError
from mercat.kit.slugs import name_slug

OF_ITS_PARTS = frozenset({"variants", "options", "images", "sku", "barcode", "weight_grams"})
"""What belongs to variants and pictures, which have routes of their own: a replacement that leaves it out keeps it."""


async def create(session: AsyncSession, actor: Actor, new: ProductCreate) -> UUID:
    """Add a product to a vendor; returns its id.

    Raises:
        UnknownVendor, VendorIsSuspended: the actor does not sell for that vendor, or it is suspended.
    """
    product = await _create(session, actor, new)
    await refresh_projections(session, [product.id])
    created = audit.difference({}, audit_entries.identity(product))
    await audit.record(session, actor, "product.created", product.id, changes=created)
    return product.id


async def _create(session: AsyncSession, actor: Actor, new: ProductCreate) -> Product:
    vendor_id = await _vendor_for(session, actor, new.vendor_id)
    product = Product(
        id=new_id(), vendor_id=vendor_id, name=new.name, handle="", slug="", created_at=clock.now(), version=0
    )
    product.slug = product.handle = await slugs.claim_slug(session, product.id, new.slug, new.name)
    session.add(product)
    await session.flush()
    await session.execute(insert(ProductSlug).values(slug=product.slug, product_id=product.id))
    await _write(session, actor, product, _everything(new))
    return product


async def replace(
    session: AsyncSession, actor: Actor, product_id: UUID, new: ProductReplace, *, if_match: str | None
) -> None:
    """Make a product what `new` says. What it leaves out goes back to its default, but see `OF_ITS_PARTS`."""
    product = await for_update(session, actor, product_id, if_match)
    stays = OF_ITS_PARTS - new.model_fields_set
    changes = {name: value for name, value in _everything(new).items() if name not in stays}
    if not new.variants and new.price is None:
        raise PriceMissing(errors=(FieldError("price", "a price is needed", "missing"),))
    await _edit(session, actor, product, changes)


async def update(
    session: AsyncSession, actor: Actor, product_id: UUID, changes: ProductUpdate, *, if_match: str | None
) -> None:
    """Change what is given, leave the rest."""
    product = await for_update(session, actor, product_id, if_match)
    given = {name: getattr(changes, name) for name in changes.model_fields_set}
    clearable = {"category_id", "brand", "publish_at", "sku", "barcode", "weight_grams", "compare_at_price"}
    await _edit(session, actor, product, {k: v for k, v in given.items() if v is not None or k in clearable})


async def set_stock(session: AsyncSession, actor: Actor, product_id: UUID, variant_id: UUID, wanted: StockSet) -> None:
    """Make a number of units of a variant available; the movement says who and why."""
    product = await stocked_variant(session, actor, product_id, variant_id)
    variant = inventory.StockedVariant(variant_id, product.id, product.vendor_id)
    count = inventory.StockCount(variant, wanted.available, wanted.allow_backorder)
    changed = audit_entries.stock(
        await inventory.receive_counts(session, [count], actor=actor.reference, note=wanted.note)
    )
    if changed:
        await audit.record(session, actor, "product.stock_set", product_id, changes=changed)


async def stocked_variant(session: AsyncSession, actor: Actor, product_id: UUID, variant_id: UUID) -> Product:
    """Refuse unless the actor keeps the stock of this variant; returns its product.

    Raises:
        ProductNotFound, VariantNotFound: it does not exist, or is none of the actor's business.
    """
    product = await editable(session, actor, product_id)
    variant = await session.get(Variant, variant_id)
    if variant is None or variant.product_id != product_id or variant.deleted_at is not None:
        raise VariantNotFound
    return product


async def set_sold(session: AsyncSession, counts: Mapping[UUID, int]) -> None:
    """Set how many units of products were sold in all; equal counts stay untouched."""
    products = sorted(counts)
    changed = await session.scalars(
        text(
            "UPDATE product_projections c SET sold_count = s.sold "
            "FROM unnest(CAST(:ids AS uuid[]), CAST(:sold AS int[])) AS"
            " s(id, sold) WHERE c.product_id = s.id AND c.sold_count <> s.sold"
            " RETURNING c.product_id"
        ),
        {"ids": products, "sold": [counts[product_id] for product_id in products]},
    )
    await announce(session, changed)


async def editable(session: AsyncSession, actor: Actor, product_id: UUID) -> Product:
    """Return a product that the actor may change.

    Raises:
        ProductNotFound: there is none, or it is none of the actor's business.
    """
    product = await session.get(Product, product_id)
    if product is None or product.deleted_at or not await queries.may_edit(session, actor, product.vendor_id):
        raise ProductNotFound
    return product


async def for_update(session: AsyncSession, actor: Actor, product_id: UUID, if_match: str | None) -> Product:
    """Return a product that the actor may change, locked.

    Raises:
        ProductNotFound: see `editable`.
        VendorIsSuspended: the vendor may only finish what it has begun.
        PreconditionFailed: the actor has read another version.
    """
    product = await editable(session, actor, product_id)
    if not actor.can(Permission.catalog_write):
        await vendors.require_selling(session, product.vendor_id)
    await session.refresh(product, with_for_update={"key_share": True})
    if product.deleted_at is not None:  # while this waited for the lock
        raise ProductNotFound
    require_match(if_match, f'"{product.version}"')
    return product


def _everything(new: ProductFields) -> dict[str, Any]:
    """Return every field of a full shape: what was left out has its default. Stock left out is no change."""
    given = {name: getattr(new, name) for name in type(new).model_fields}
    if given["stock_quantity"] is None:
        del given["stock_quantity"]
    if isinstance(new, ProductCreate) or given["slug"] is None:
        del given["slug"]
    return given


async def _edit(session: AsyncSession, actor: Actor, product: Product, changes: dict[str, Any]) -> None:
    before = await audit_entries.state_of(session, product.id)
    recounts = await _write(session, actor, product, changes)
    await refresh_projections(session, [product.id])
    await audit_entries.record_edit(session, actor, product.id, before, recounts)


async def _write(
    session: AsyncSession, actor: Actor, product: Product, changes: dict[str, Any]
) -> audit_entries.Recounts:
    """Apply changes of any of the three shapes and count the version; the caller writes the projection anew.

    Returns what that changed of the stock.
    """
    _describe(product, changes)
    if "category_id" in changes:
        product.category_id = await _category(session, changes["category_id"])
    if "brand" in changes:
        product.brand_id = await slugs.ensure_brand(session, changes["brand"]) if changes["brand"] else None
    if changes.get("slug") not in (None, product.slug):
        product.slug = await slugs.claim_slug(session, product.id, changes["slug"], product.name)
        await session.execute(
            insert(ProductSlug).values(slug=product.slug, product_id=product.id).on_conflict_do_nothing()
        )
    if "tags" in changes:
        await _retag(session, product.id, changes["tags"])
    if "images" in changes:
        await picture_rows.replace(session, product.id, changes["images"])
    recounts = await _vary(session, actor, product, changes)
    product.version += 1
    product.updated_at = clock.now()
    return recounts


def _describe(product: Product, changes: dict[str, Any]) -> None:
    for name in ("name", "status", "listed", "publish_at", "attributes", "tax_class"):
        if name in changes:
            setattr(product, name, changes[name])
    if product.status == "active":  # it is published: a draft again one day, it stays one
        product.publish_at = None
    if "description" in changes:
        product.description_html = clean(changes["description"])
    if "seo" in changes:
        product.seo_title, product.seo_description = changes["seo"].title, changes["seo"].description


async def _vary(
    session: AsyncSession, actor: Actor, product: Product, changes: dict[str, Any]
) -> audit_entries.Recounts:
    wanted: list[VariantWrite] | None = changes.get("variants")
    price = changes.get("price")
    if wanted:
        names = [option.name for option in changes.get("options") or ()]
        product.option_names = names or product.option_names or list(wanted[0].options)
        if len(set(product.option_names)) < len(product.option_names):
            raise OptionsMismatch
        return await variant_edits.replace(session, product, wanted, price=price, actor=actor.reference)
    if wanted is not None:  # an empty list: one default variant
        if changes.get("options"):
            raise OptionsMismatch
        product.option_names = []
        fields = {name: changes.get(name) for name in (*variant_edits.PER_VARIANT, "stock_quantity")}
        only = VariantWrite.model_validate(fields)
        return await variant_edits.replace(session, product, [only], price=price, actor=actor.reference)
    if changes.get("options") is not None and [o.name for o in changes["options"]] != product.option_names:
        raise OptionsMismatch  # renaming options means saying what the variants then choose
    return await variant_edits.adjust(session, product, changes, price=price, actor=actor.reference)


async def _vendor_for(session: AsyncSession, actor: Actor, wanted: UUID | None) -> UUID:
    own = await vendors.ids_of_member(session, actor)
    if actor.can(Permission.catalog_write):
        if wanted is None:
            return own[0] if own else await vendors.ensure(session, actor, vendors.HOUSE, "Marketplace")
        return wanted
    if not own or (wanted is not None and wanted not in own):
        raise UnknownVendor
    chosen = wanted or own[0]
    await vendors.require_selling(session, chosen)
    return chosen


async def _category(session: AsyncSession, category_id: UUID | None) -> UUID | None:
    if category_id is not None and await categories.alive(session, category_id) is None:
        raise UnknownCategory(errors=(FieldError("category_id", "no such category", "unknown"),))
    return category_id


async def _retag(session: AsyncSession, product_id: UUID, names: Sequence[str]) -> None:
    by_slug = {name_slug(name): name for name in names}
    await session.execute(delete_rows(ProductTag).where(ProductTag.product_id == product_id))
    if not by_slug:
        return
    # in the order of slugs: two writers of the same new tags never wait for each other crosswise
    new = [{"id": new_id(), "slug": slug, "name": by_slug[slug]} for slug in sorted(by_slug)]
    await session.execute(insert(Tag).values(new).on_conflict_do_nothing(index_elements=["slug"]))
    rows = await session.execute(select(Tag.slug, Tag.id).where(Tag.slug.in_(by_slug)))
    ids = {row.slug: row.id for row in rows}
    await session.execute(
        insert(ProductTag).values(
            [{"product_id": product_id, "tag_id": ids[slug], "position": n} for n, slug in enumerate(by_slug)]
        )
    )
