"""What a product's variants have cost over HTTP, for those who may edit the product."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from mercat.catalog.exceptions import ProductNotFound
from mercat.catalog.price_history import queries
from mercat.catalog.price_history.schemas import AppliedPriceRead, PriceHistoryListing
from mercat.catalog.router import DENIED, Editor
from mercat.kit.database import PrimarySession
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, envelope
from mercat.kit.problems import Invalid

router = APIRouter(prefix="/products", tags=["catalogue"])


@router.get("/{product_id}/price-history", responses=refusals(*DENIED, ProductNotFound, Invalid))
async def read_price_history(
    product_id: UUID, params: Annotated[PriceHistoryListing, Query()], actor: Editor, session: PrimarySession
) -> Page[AppliedPriceRead]:
    """List what a product's variants have cost, the latest change first.

    From it follows `lowest_price_30d`, which products show beside a reduction.
    """
    found, total = await queries.page(session, actor, product_id, params)
    return envelope(found, params, total)
