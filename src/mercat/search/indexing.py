"""Keeping the documents of products as they are now."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import i18n
from mercat.catalog import listing
from mercat.search import delivery, postgresql
from mercat.search.documents import document_of
from mercat.search.text import analyzer

BATCH = 500
"""Products that are read and written together."""


async def index_all(session: AsyncSession) -> None:
    """Write the documents of all listed products, and count their words, in one transaction: for small marketplaces.

    Those of the source alone: the worker follows with other languages, which these answer until then.
    """
    after = UUID(int=0)
    while batch := await listing.next_listed(session, after, BATCH):
        await index_products(session, batch, others=())
        after = batch[-1]
    await postgresql.count_lexemes(session, i18n.source_locale())


async def index_products(
    session: AsyncSession, product_ids: Sequence[UUID], others: Sequence[str] | None = None
) -> None:
    """Write the documents of these products: inserted, replaced, or removed if they are not listed any more.

    `others` are languages beside the source; without it, all of them.

    Locks the products in key order, so that of two writers the later one knows what the earlier one has written.
    """
    if not product_ids:
        return
    await listing.hold(session, product_ids)
    products = await listing.products(session, product_ids)
    listed = {product.id for product in products}
    gone = [product_id for product_id in product_ids if product_id not in listed]
    await postgresql.remove(session, gone)
    documents = [document_of(product, analyzer(i18n.source_locale())) for product in products]
    wanted = i18n.content_locales()[1:] if others is None else others
    for locale, translated in (await listing.in_locales(session, products, wanted)).items():
        pairs = zip(translated, products, strict=True)
        documents += [document_of(product, analyzer(locale), written) for product, written in pairs]
    written = await postgresql.index(session, documents)
    await delivery.note(session, [*gone, *written])
