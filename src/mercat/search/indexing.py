"""Keeping the documents of products as they are now."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import i18n
from mercat.catalog import listing
from mercat.search import delivery, locales, postgresql
from mercat.search.documents import document_of
from mercat.search.text import analyzer

BATCH = 500
"""Products that are read and written together."""


async def index_all(session: AsyncSession) -> None:
    """Write the documents of all listed products, and count their words, in one transaction: for small marketplaces."""
    after = UUID(int=0)
    while batch := await listing.next_listed(session, after, BATCH):
        await index_products(session, batch)
        after = batch[-1]
    for locale in i18n.content_locales():
        await postgresql.count_lexemes(session, locale)
    await locales.note_documents(session)


async def index_products(session: AsyncSession, product_ids: Sequence[UUID]) -> None:
    """Write the documents of these products: inserted, replaced, or removed if they are not listed any more.

    Locks the products in key order, so that of two writers the later one knows what the earlier one has written.
    """
    if not product_ids:
        return
    await listing.hold(session, product_ids)
    products = await listing.products(session, product_ids)
    listed = {product.id for product in products}
    gone = [product_id for product_id in product_ids if product_id not in listed]
    await postgresql.remove(session, gone)
    source, *others = i18n.content_locales()
    documents = [document_of(product, analyzer(source)) for product in products]
    for locale, translated in (await listing.in_locales(session, products, others)).items():
        pairs = zip(translated, products, strict=True)
        documents += [document_of(product, analyzer(locale), written) for product, written in pairs]
    written = await postgresql.index(session, documents)
    await delivery.note(session, [*gone, *written])
