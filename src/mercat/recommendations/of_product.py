"""What is recommended beside a product."""

from uuid import UUID

from mercat.catalog import ProductNotFound, listing
from mercat.kit.database import Database
from mercat.recommendations import co_purchases, interests, similarity
from mercat.recommendations.candidates import Candidate, chosen, localised
from mercat.recommendations.schemas import OfProduct

ON_SALE = "SELECT FROM product_projections WHERE product_id = %s"


async def recommend(
    database: Database, product_id: UUID, kind: OfProduct, size: int, other: str | None, currency: str | None
) -> bytes:
    """Return what is recommended beside a product as the JSON on the wire; may be read from a replica.

    Raises:
        ProductNotFound: there is none on sale.
        UnknownCurrency, ConversionStopped: no prices are shown in the currency.
    """
    reads = database.replica
    if await reads.row(ON_SALE, (product_id,)) is None:
        raise ProductNotFound
    if kind == "bought_together":
        others = (await co_purchases.bought_with(reads, [product_id])).get(product_id, [])
        candidates = [Candidate(other, kind, product_id) for other in others]
    else:
        async with database.replica_session() as session:
            seeds = await listing.products(session, [product_id])
        alike = (await similarity.similar_to(reads, seeds)).get(product_id, [])
        candidates = [interests.similar(product_id, one) for one in alike]
    items = await chosen(reads, candidates, size, without={product_id})
    return await localised(reads, items, other, currency)
