"""What was deleted over HTTP: bringing it back, or removing it for good."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from mercat.catalog import categories, deletion, queries
from mercat.catalog.exceptions import (
    CategoryInUse,
    CategoryNotFound,
    CategoryParentDeleted,
    ProductNotFound,
    ProductOrdered,
    SkuTaken,
)
from mercat.catalog.router import DENIED, Editor, Operator
from mercat.catalog.schemas import CategoryNode, DeletedCategory, DeletedListing, ProductRead
from mercat.kit.database import PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, envelope
from mercat.kit.problems import Invalid

router = APIRouter(prefix="/products", tags=["catalogue"])


@router.post("/{product_id}/restore", responses=refusals(*DENIED, ProductNotFound, SkuTaken, Invalid))
async def restore_product(product_id: UUID, actor: Editor, session: Session, response: Response) -> ProductRead:
    """Bring a deleted product back with the variants that went with it. A 409 names SKUs that others have by now."""
    await deletion.restore(session, actor, product_id)
    product, response.headers["ETag"] = await queries.read(session, product_id)
    return product


@router.delete(
    "/{product_id}/purge", status_code=204, responses=refusals(*DENIED, ProductNotFound, ProductOrdered, Invalid)
)
async def purge_product(product_id: UUID, actor: Operator, session: Session) -> None:
    """Remove a deleted product for good. One that was ever ordered stays deleted: it is part of the books."""
    await deletion.purge(session, actor, product_id)


@router.get("/categories/deleted", responses=refusals(*DENIED, Invalid))
async def list_deleted_categories(
    params: Annotated[DeletedListing, Query()], _actor: Operator, session: PrimarySession
) -> Page[DeletedCategory]:
    """List the categories that were deleted and can be restored, the last one first."""
    found, total = await queries.deleted_categories(session, params)
    return envelope(found, params, total)


@router.post(
    "/categories/{category_id}/restore", responses=refusals(*DENIED, CategoryNotFound, CategoryParentDeleted, Invalid)
)
async def restore_category(category_id: UUID, actor: Operator, session: Session) -> CategoryNode:
    """Put a deleted category back where it was, empty. It gets a new slug if another one has taken its own."""
    return await categories.restore(session, actor, category_id)


@router.delete(
    "/categories/{category_id}/purge",
    status_code=204,
    responses=refusals(*DENIED, CategoryNotFound, CategoryInUse, Invalid),
)
async def purge_category(category_id: UUID, actor: Operator, session: Session) -> None:
    """Remove a deleted category for good; deleted products are restored without it."""
    await categories.purge(session, actor, category_id)
