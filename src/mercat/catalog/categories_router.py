"""The category tree over HTTP, for operators. What visitors see of it is in `router`."""

from uuid import UUID

from fastapi import APIRouter, Response

from mercat.catalog import categories
from mercat.catalog.exceptions import CategoryInUse, CategoryLoop, CategoryNotFound, CategoryTaken, UnknownCategory
from mercat.catalog.router import DENIED, Operator
from mercat.catalog.schemas import CategoryNode, CategoryRead
from mercat.catalog.write_schemas import CategoryCreate, CategoryUpdate
from mercat.kit.conditional import IfMatch, tagged
from mercat.kit.database import PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.problems import Invalid, PreconditionFailed

router = APIRouter(prefix="/products", tags=["catalogue"])


@router.get("/categories/{category_id}", responses=refusals(*DENIED, CategoryNotFound, Invalid))
async def read_category(
    category_id: UUID, _actor: Operator, session: PrimarySession, response: Response
) -> CategoryRead:
    """Return a category as operators edit it, with an ETag to base a change on."""
    return tagged(response, await categories.read(session, category_id))


@router.post("/categories", status_code=201, responses=refusals(*DENIED, CategoryTaken, UnknownCategory, Invalid))
async def create_category(new: CategoryCreate, actor: Operator, session: Session) -> CategoryNode:
    """Add a category to the tree."""
    return await categories.create(session, actor, new)


@router.patch(
    "/categories/{category_id}",
    responses=refusals(
        *DENIED, CategoryNotFound, CategoryTaken, CategoryLoop, UnknownCategory, PreconditionFailed, Invalid
    ),
)
async def update_category(
    category_id: UUID,
    changes: CategoryUpdate,
    actor: Operator,
    session: Session,
    response: Response,
    if_match: IfMatch = None,
) -> CategoryNode:
    """Rename, reorder or move a category; its products follow within moments."""
    changed = await categories.update(session, actor, category_id, changes, if_match=if_match)
    tagged(response, await categories.read(session, category_id))
    return changed


@router.delete(
    "/categories/{category_id}", status_code=204, responses=refusals(*DENIED, CategoryNotFound, CategoryInUse)
)
async def delete_category(category_id: UUID, actor: Operator, session: Session) -> None:
    """Take a category out of the tree that has neither products nor categories below it. It can be restored."""
    await categories.delete(session, actor, category_id)
