"""Import of a waiting file into its vendor's products."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import undefer

from mercat import auth, vendors
from mercat.auth import Actor
from mercat.catalog import feeds
from mercat.catalog.feeds import ErrorSink, FeedProduct, ImportReport, RowError
from mercat.catalog.models import Category
from mercat.catalog.vendor_imports.models import CatalogImport
from mercat.catalog.vendor_imports.schemas import ImportResult, ImportRowError, NotForSaleRead
from mercat.kit import clock
from mercat.kit.database import Database
from mercat.kit.slugs import name_slug

MOST_ERRORS = 100


async def take_in(database: Database, import_id: UUID, user_id: UUID) -> None:
    """Import a waiting file. After an interruption, the finished batches do not change again.

    The file of a vendor that was suspended meanwhile fails, and nothing of it is read.
    """
    async with database.transaction() as session:
        waiting = await session.get(CatalogImport, import_id, options=[undefer(CatalogImport.content)])
        if waiting is None or waiting.content is None:
            return
        try:
            await vendors.require_selling(session, waiting.vendor_id)
        except vendors.VendorIsSuspended:
            waiting.state, waiting.content, waiting.finished_at = "failed", None, clock.now()
            return
        vendor = (await vendors.references(session, [waiting.vendor_id]))[waiting.vendor_id]
        person = (await auth.user_references(session, [user_id])).get(user_id)
        known = set(await session.scalars(select(Category.slug).where(Category.deleted_at.is_(None))))
    actor = Actor(user_id, person.name if person else auth.SOMEBODY)

    async def adjust(products: Sequence[FeedProduct], on_error: ErrorSink) -> Sequence[FeedProduct]:
        return [_on_known_shelf(product, known, on_error) for product in products]

    with TemporaryDirectory(prefix="mercat-import-") as folder:
        path = Path(folder) / "products.csv"
        path.write_bytes(waiting.content)
        report = await feeds.import_file(database, path, vendor_slug=vendor.slug, actor=actor, adjust=adjust)
    async with database.transaction() as session:
        done = await session.get_one(CatalogImport, import_id, with_for_update=True)
        done.state, done.content, done.finished_at = "done", None, clock.now()
        done.report = _told(report).model_dump(mode="json")


def _on_known_shelf(product: FeedProduct, known: set[str], on_error: ErrorSink) -> FeedProduct:
    """Leave a category out that the marketplace does not have: vendors do not create categories."""
    if product.category is None or name_slug(product.category) in known:
        return product
    on_error(RowError(product.line, "category", f"there is no category {product.category!r}", "unknown_category"))
    return replace(product, category=None, absent=product.absent | {"category"})


def _told(report: ImportReport) -> ImportResult:
    errors = report.errors[:MOST_ERRORS]
    return ImportResult(
        read=report.read,
        created=report.created,
        updated=report.updated,
        unchanged=report.unchanged,
        error_count=report.error_count,
        not_for_sale=[NotForSaleRead(**asdict(one)) for one in report.not_for_sale],
        errors=[ImportRowError(line=one.line, field=one.field, message=one.message, code=one.code) for one in errors],
    )
