"""Which pictures a product has: rows that name an address, and the file behind it where it was uploaded here."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import delete as delete_rows
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import files
from mercat.catalog.models import ProductImage
from mercat.catalog.write_schemas import ImageWrite

PURPOSE = files.Purpose("product_picture")
UNUSED = """
SELECT f.id FROM files f WHERE f.purpose = :purpose AND f.state = 'kept' AND (:all OR f.id = ANY(CAST(:ids AS uuid[])))
AND NOT EXISTS (SELECT FROM product_images i WHERE i.file_id = f.id)
AND NOT EXISTS (
    SELECT FROM variants v WHERE v.product_id = f.belongs_to AND v.image_url = '/' || f.key AND v.deleted_at IS NULL)
ORDER BY f.id LIMIT 500
"""


async def of_product(session: AsyncSession, product_id: UUID) -> list[ProductImage]:
    """Return the pictures of a product in their order."""
    found = await session.scalars(
        select(ProductImage)
        .where(ProductImage.product_id == product_id)
        .order_by(ProductImage.position, ProductImage.id)
    )
    return list(found)


async def replace(session: AsyncSession, product_id: UUID, wanted: Sequence[ImageWrite]) -> None:
    """Make these the product's pictures. Those whose address it has already stay what they are."""
    known: dict[str, list[ProductImage]] = {}
    for row in await of_product(session, product_id):
        known.setdefault(row.url, []).append(row)
    addresses = [files.written_url(image.url) for image in wanted]
    uploaded = await files.ids_by_url(session, addresses)
    for position, (image, url) in enumerate(zip(wanted, addresses, strict=True)):
        row = known[url].pop(0) if known.get(url) else ProductImage(product_id=product_id, url=url)
        row.alt, row.position, row.file_id = image.alt, position, row.file_id or uploaded.get(url)
        session.add(row)
    gone = [row for rows in known.values() for row in rows]
    await session.flush()
    if not gone:
        return
    await session.execute(delete_rows(ProductImage).where(ProductImage.id.in_([row.id for row in gone])))
    await release_unused(session, {row.file_id for row in gone if row.file_id})


async def release_unused(session: AsyncSession, file_ids: Collection[UUID] | None = None) -> int:
    """Let go of those of these uploads, or of any, that no product shows any more; returns how many.

    They are looked at again once they are locked: another product may have been given one meanwhile.
    """
    await session.flush()
    likely = await _unused(session, file_ids)
    if not likely:
        return 0
    await files.for_update(session, likely)
    unused = await _unused(session, likely)
    await files.release(session, unused)
    return len(unused)


async def _unused(session: AsyncSession, file_ids: Collection[UUID] | None) -> Sequence[UUID]:
    if file_ids is not None and not file_ids:
        return ()
    asked = {"purpose": PURPOSE.name, "all": file_ids is None, "ids": sorted(file_ids or ())}
    return (await session.scalars(text(UNUSED), asked)).all()
