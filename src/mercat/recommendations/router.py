"""Recommendations over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from mercat.auth import Public
from mercat.catalog import ProductNotFound
from mercat.kit.conditional import PUBLIC
from mercat.kit.database import get_database
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page
from mercat.kit.problems import Invalid
from mercat.kit.shapes import Shape, WholeNumber
from mercat.recommendations import of_product
from mercat.recommendations.schemas import OfProduct, Recommendation

router = APIRouter(tags=["recommendations"])
PUBLIC_JSON = {"Cache-Control": PUBLIC.decode()}
MOST = 50


class BesideProduct(Shape):
    """What to recommend beside a product."""

    kind: OfProduct = Field("bought_together", examples=["similar"])
    """`bought_together`: what is bought in the same orders. `similar`: what is like it."""
    size: WholeNumber = Field(12, ge=1, le=MOST)
    """Products at most; there may be fewer, or none."""


@router.get(
    "/products/{product_id}/recommendations",
    dependencies=[Public],
    response_model=Page[Recommendation],
    responses=refusals(ProductNotFound, Invalid),
)
async def recommend_beside_product(
    product_id: UUID, asked: Annotated[BesideProduct, Query()], request: Request
) -> Response:
    """Recommend products beside one: what is bought in the same orders, or what is similar.

    Each can be bought now and says why it is there (`because`). The same for everybody.

    May be read from a replica and be as old as that.
    """
    body = await of_product.recommend(get_database(request), product_id, asked.kind, asked.size)
    return Response(body, media_type="application/json", headers=PUBLIC_JSON)
