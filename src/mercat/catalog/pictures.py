"""Verbs that change a product's pictures. Each is an edit of the product: it counts the version and is written down."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import files, outbox
from mercat.auth import Actor
from mercat.catalog import audit_entries, picture_rows, service, variant_edits
from mercat.catalog.exceptions import UnknownVariant
from mercat.catalog.models import Product, ProductImage
from mercat.catalog.picture_exceptions import ImageNotFound, OtherPictures, TooManyPictures
from mercat.catalog.projections import refresh_projections
from mercat.catalog.write_schemas import ImageUpdate
from mercat.files.events import PictureReady
from mercat.kit import clock
from mercat.kit.problems import FieldError

MOST_PICTURES = 50


async def add(
    session: AsyncSession, actor: Actor, product_id: UUID, uploads: Sequence[tuple[UUID, str]], *, if_match: str | None
) -> list[UUID]:
    """Put uploaded files, each with its alt text, behind the product's pictures; returns the new pictures' ids.

    Raises:
        ProductNotFound, PreconditionFailed: see `service.for_update`.
        TooManyPictures: there is no room for all of them, and none was added.
        UploadExpired: see `files.keep`.
    """
    product = await service.for_update(session, actor, product_id, if_match)
    before = await audit_entries.state_of(session, product.id)
    there = await picture_rows.of_product(session, product.id)
    if len(there) + len(uploads) > MOST_PICTURES:
        raise TooManyPictures(limit=MOST_PICTURES)
    first = there[-1].position + 1 if there else 0
    added = []
    for place, (file_id, alt) in enumerate(uploads, first):
        kept = await files.keep(session, file_id, product.id)
        url = files.written_url(kept.url)
        added.append(ProductImage(product_id=product.id, file_id=file_id, url=url, alt=alt, position=place))
    session.add_all(added)
    await _edited(session, actor, product, before, "product.pictures_added")
    return [image.id for image in added]


async def change(
    session: AsyncSession,
    actor: Actor,
    product_id: UUID,
    image_id: UUID,
    changes: ImageUpdate,
    *,
    if_match: str | None,
) -> None:
    """Give a picture another alt text, or say which variants show it.

    Raises:
        ImageNotFound: the product has no such picture.
        UnknownVariant: the product has no such variant.
    """
    product = await service.for_update(session, actor, product_id, if_match)
    image = await _image(session, product, image_id)
    before = await audit_entries.state_of(session, product.id)
    if changes.alt is not None:
        image.alt = changes.alt
    if changes.variant_ids is not None:
        await _show_on(session, product, image.url, changes.variant_ids)
    await _edited(session, actor, product, before, "product.picture_updated")


async def arrange(
    session: AsyncSession, actor: Actor, product_id: UUID, image_ids: Sequence[UUID], *, if_match: str | None
) -> None:
    """Show the pictures in another order.

    Raises:
        OtherPictures: the ids are not those of all the product's pictures, each once.
    """
    product = await service.for_update(session, actor, product_id, if_match)
    images = {image.id: image for image in await picture_rows.of_product(session, product.id)}
    if sorted(image_ids) != sorted(images):
        raise OtherPictures
    before = await audit_entries.state_of(session, product.id)
    for position, image_id in enumerate(image_ids):
        images[image_id].position = position
    await _edited(session, actor, product, before, "product.pictures_arranged")


async def remove(
    session: AsyncSession, actor: Actor, product_id: UUID, image_id: UUID, *, if_match: str | None
) -> None:
    """Take a picture from a product and from its variants; its bytes are deleted once this is committed.

    Raises:
        ImageNotFound: the product has no such picture.
    """
    product = await service.for_update(session, actor, product_id, if_match)
    image = await _image(session, product, image_id)
    before = await audit_entries.state_of(session, product.id)
    await _show_on(session, product, image.url, ())
    await session.delete(image)
    await picture_rows.release_unused(session, {image.file_id} if image.file_id else set())
    await _edited(session, actor, product, before, "product.picture_deleted")


@outbox.handler("catalog.attach_picture_sizes")
async def show_sizes(session: AsyncSession, _event_id: UUID, event: PictureReady) -> None:
    """Show a picture in the sizes in which it was drawn; the product's version stays, since this is no edit."""
    found = await session.scalars(
        select(ProductImage.product_id).where(ProductImage.file_id == event.file_id).distinct()
    )
    await refresh_projections(session, sorted(found))


async def _image(session: AsyncSession, product: Product, image_id: UUID) -> ProductImage:
    image = await session.get(ProductImage, image_id)
    if image is None or image.product_id != product.id:
        raise ImageNotFound
    return image


async def _show_on(session: AsyncSession, product: Product, url: str, variant_ids: Collection[UUID]) -> None:
    variants = {variant.id: variant for variant in await variant_edits.not_deleted(session, product.id)}
    for place, variant_id in enumerate(variant_ids):
        if variant_id not in variants:
            raise UnknownVariant(errors=(FieldError(f"variant_ids.{place}", "not a variant of it", "unknown"),))
    for variant in variants.values():
        if variant.id in variant_ids:
            variant.image_url = url
        elif variant.image_url == url:
            variant.image_url = None


async def _edited(
    session: AsyncSession, actor: Actor, product: Product, before: audit_entries.State, action: str
) -> None:
    product.version += 1
    product.updated_at = clock.now()
    await refresh_projections(session, [product.id])
    await audit_entries.record_edit(session, actor, product.id, before, {}, action=action)
