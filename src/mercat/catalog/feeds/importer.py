"""Import of a whole file. Each batch is a transaction of its own: a broken run is simply started again."""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from psycopg import errors
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, exchange, outbox, vendors
from mercat.auth import Actor
from mercat.catalog.feeds.guard import Guard
from mercat.catalog.feeds.merge import MergeCounts, merge_into
from mercat.catalog.feeds.not_for_sale import NotForSale, Withheld
from mercat.catalog.feeds.reader import read
from mercat.catalog.feeds.shapes import ErrorSink, FeedProduct, RowError
from mercat.kit.database import Database
from mercat.kit.ids import new_id
from mercat.kit.money import default_currency
from mercat.kit.slugs import name_slug

BATCH_PRODUCTS = 2_000
BATCH_VARIANTS = 10_000
BATCH_CHARACTERS = 16_000_000
KEPT_ERRORS = 1_000
TRIES = 3
WORTH_ANOTHER_TRY = (errors.DeadlockDetected, errors.SerializationFailure, errors.UniqueViolation)


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import is."""

    read: int
    error_count: int
    bytes_read: int
    bytes_total: int


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, in products."""

    read: int
    variants: int
    """Of the products that were read."""
    created: int
    updated: int
    unchanged: int
    errors: list[RowError]
    """The first thousand, by line."""
    error_count: int
    """All of them."""
    seconds: float
    not_for_sale: list[Withheld] = field(default_factory=list)
    """What is in the catalogue now and cannot be bought, and rows without a price, by reason."""


@dataclass(slots=True)
class _Errors:
    """The first errors, and how many there were."""

    first: list[RowError] = field(default_factory=list)
    count: int = 0
    unpriced: int = 0

    def report(self, error: RowError) -> None:
        self.count += 1
        self.unpriced += error.code == "missing_price"
        if len(self.first) < KEPT_ERRORS:
            self.first.append(error)

    def take(self, *others: "_Errors") -> None:
        """Add what others have, by line."""
        for error in sorted((error for other in others for error in other.first), key=lambda error: error.line):
            self.report(error)
        self.count += sum(other.count - len(other.first) for other in others)
        self.unpriced += sum(
            other.unpriced - sum(error.code == "missing_price" for error in other.first) for other in others
        )


@dataclass(slots=True)
class _Batch:
    products: list[FeedProduct] = field(default_factory=list)
    errors: _Errors = field(default_factory=_Errors)
    bytes_read: int = 0


Adjust = Callable[[Sequence[FeedProduct], ErrorSink], Awaitable[Sequence[FeedProduct]]]
"""Changes what a batch brings before it is merged, and reports what it took away."""


async def as_it_is(products: Sequence[FeedProduct], _on_error: ErrorSink) -> Sequence[FeedProduct]:
    """Take everything over."""
    return products


async def import_file(  # noqa: PLR0913 - all but two have names and defaults
    database: Database,
    path: Path | str,
    *,
    vendor_slug: str,
    actor: Actor,
    on_progress: Callable[[ImportProgress], None] = lambda _: None,
    brands_as_vendors: bool = False,
    adjust: Adjust = as_it_is,
) -> ImportReport:
    """Merge a product CSV of Shopify or WooCommerce (.csv, .csv.gz) into a vendor's products; a new vendor is created.

    Idempotent: the same file again changes nothing. Rows that cannot be taken over are reported and never stop it. With
    `brands_as_vendors` each brand becomes a vendor of its own, and products without one go to the named vendor.
    """
    path = Path(path)
    started = time.perf_counter()
    size = (await asyncio.to_thread(path.stat)).st_size
    assignment = _Vendors(database, actor, vendor_slug, brands_as_vendors=brands_as_vendors)
    run = _Run(actor, new_id(), path.name)
    found, counts, products, variants, bytes_read = _Errors(), MergeCounts(), 0, 0, 0
    steps = {code: one.step for code, one in (await exchange.enabled(database.primary)).items()}
    async with contextlib.aclosing(_batches(path, steps)) as batches:
        async for batch in batches:
            brought = await adjust(batch.products, batch.errors.report)
            merged, refused = await _merged(database, await assignment.assigned(brought), run)
            counts += merged
            products += len(batch.products)
            variants += sum(len(product.variants) for product in batch.products)
            bytes_read += batch.bytes_read
            found.take(batch.errors, refused)
            on_progress(ImportProgress(products, found.count, bytes_read, size))
    seconds = time.perf_counter() - started
    made = (counts.created, counts.updated, counts.unchanged)
    unpriced = NotForSale((Withheld("missing_price", 0, found.unpriced),) if found.unpriced else ())
    withheld = list((counts.not_for_sale + unpriced).found)
    return ImportReport(products, variants, *made, found.first, found.count, seconds, withheld)


@dataclass(frozen=True, slots=True)
class _Run:
    """What the batches of one file have in common."""

    actor: Actor
    id: UUID
    file: str


class _Vendors:
    """Whose product is whose."""

    def __init__(self, database: Database, actor: Actor, slug: str, *, brands_as_vendors: bool) -> None:
        self._database = database
        self._actor = actor
        self._slug = slug
        self._brands_as_vendors = brands_as_vendors
        self._ids: dict[str, UUID] = {}

    async def assigned(self, products: Sequence[FeedProduct]) -> list[tuple[UUID, FeedProduct]]:
        """Name each product's vendor; new vendors are created."""
        slugs = [self._slug_of(product) for product in products]
        missing: dict[str, str | None] = {}
        for slug, product in zip(slugs, products, strict=True):
            if slug not in self._ids:
                missing.setdefault(slug, product.brand)
        if missing:
            async with self._database.transaction() as session:
                made = {
                    slug: await vendors.ensure(session, self._actor, slug, self._name_of(slug, missing[slug]))
                    for slug in sorted(missing)
                }
            self._ids.update(made)
        return [(self._ids[slug], product) for slug, product in zip(slugs, products, strict=True)]

    def _slug_of(self, product: FeedProduct) -> str:
        return name_slug(product.brand) if self._brands_as_vendors and product.brand else self._slug

    def _name_of(self, slug: str, brand: str | None) -> str:
        if slug == vendors.HOUSE:
            return "Marketplace"
        return brand if brand and self._brands_as_vendors and slug != self._slug else slug.replace("-", " ").title()


async def _merged(
    database: Database, products: Sequence[tuple[UUID, FeedProduct]], run: _Run
) -> tuple[MergeCounts, _Errors]:
    """Merge a batch in a transaction; once more after a conflict with another writer."""
    for tries_left in reversed(range(TRIES)):
        refused = _Errors()
        try:
            with outbox.lane(outbox.Lane.bulk):
                async with database.transaction() as session:
                    counts = await merge_into(session, products, actor=run.actor.reference, on_error=refused.report)
                    await _record(session, run, counts)
                    return counts, refused
        except (*WORTH_ANOTHER_TRY, DBAPIError) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            if not tries_left or not isinstance(cause, WORTH_ANOTHER_TRY):
                raise
    raise AssertionError  # the last try returns or raises


async def _record(session: AsyncSession, run: _Run, counts: MergeCounts) -> None:
    """Write down what a batch changed: an entry for each transaction of a run, since each of them may be the last."""
    if counts.created or counts.updated:
        made = {"created": counts.created, "updated": counts.updated, "unchanged": counts.unchanged}
        done = {"file": run.file, **made}
        await audit.record(session, run.actor, "feed.imported", run.id, changes=audit.difference({}, done))


async def _batches(path: Path, steps: Mapping[str, int]) -> AsyncGenerator[_Batch, None]:
    """Read batches in a thread, one ahead: PostgreSQL merges the one while Python reads the next."""
    guard = Guard()
    batches = _read(path, steps, guard)
    ahead = asyncio.ensure_future(asyncio.to_thread(next, batches, None))
    try:
        while (batch := await asyncio.shield(ahead)) is not None:
            ahead = asyncio.ensure_future(asyncio.to_thread(next, batches, None))
            yield batch
    finally:
        # the file cannot be closed under the thread's hands: it is told to stop, and looks at every line whether it was
        guard.stop()
        await asyncio.gather(ahead, return_exceptions=True)
        batches.close()


def _read(path: Path, steps: Mapping[str, int], guard: Guard) -> Generator[_Batch, None, None]:
    batch, variants, size = _Batch(), 0, 0

    def count_bytes(count: int) -> None:
        batch.bytes_read += count

    def report(error: RowError) -> None:
        batch.errors.report(error)

    books = default_currency()
    for product in read(path, currency=books, steps=steps, on_error=report, on_bytes=count_bytes, guard=guard):
        batch.products.append(product)
        variants += len(product.variants)
        size += len(product.description_html) + sum(len(image.url) + len(image.alt) for image in product.images)
        if len(batch.products) >= BATCH_PRODUCTS or variants >= BATCH_VARIANTS or size >= BATCH_CHARACTERS:
            yield batch
            batch, variants, size = _Batch(), 0, 0
    yield batch
