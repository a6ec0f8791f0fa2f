"""A product's pictures over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from mercat import files
from mercat.auth import REFUSED, Actor, Permission, Requires
from mercat.catalog import picture_rows, pictures, queries, service
from mercat.catalog.exceptions import ProductNotFound, UnknownVariant
from mercat.catalog.picture_exceptions import ImageNotFound, OtherPictures, TooManyPictures
from mercat.catalog.schemas import ImageRead
from mercat.catalog.write_schemas import ImageOrder, ImageUpdate
from mercat.kit.conditional import IfMatch
from mercat.kit.database import Connections, Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, complete
from mercat.kit.problems import Forbidden, Invalid, PreconditionFailed

router = APIRouter(prefix="/products/{product_id}/images", tags=["catalogue"])

Editor = Annotated[Actor, Depends(Requires(Permission.catalog_write, Permission.products_sell))]
DENIED = (*REFUSED, Forbidden, ProductNotFound, PreconditionFailed, Invalid)
MOST_AT_ONCE = 10
FORM = files.form(several=True, texts={"alt": "Alt texts, in the order of the files."})


@router.post(
    "",
    status_code=201,
    openapi_extra=FORM,
    responses=refusals(*DENIED, *files.REFUSED, TooManyPictures),
)
async def add_images(
    product_id: UUID,
    actor: Editor,
    database: Connections,
    request: Request,
    response: Response,
    if_match: IfMatch = None,
) -> Page[ImageRead]:
    """Upload pictures for a product, up to ten at a time: JPEG, PNG, WebP or GIF, of which the first frame is taken.

    What they are is seen from their bytes. They are drawn anew, upright and without what cameras write into them; sizes
    for pages follow within moments, in `sizes`. If one of them cannot be taken, none is.
    """
    async with database.transaction() as session:
        await service.editable(session, actor, product_id)
    async with files.received(request, actor, most=MOST_AT_ONCE) as form:
        alts = form.alts()
        uploads = await files.accept(database, actor, form.files, picture_rows.PURPOSE)
    described = list(zip(uploads, alts, strict=True))
    async with database.transaction() as session:
        added = await pictures.add(session, actor, product_id, described, if_match=if_match)
        shown = await _shown(session, product_id, response)
    return complete([image for image in shown if image.id in added])


@router.put("/order", responses=refusals(*DENIED, OtherPictures))
async def arrange_images(
    product_id: UUID,
    order: ImageOrder,
    actor: Editor,
    session: Session,
    response: Response,
    if_match: IfMatch = None,
) -> Page[ImageRead]:
    """Show a product's pictures in another order; the first one represents it in lists."""
    await pictures.arrange(session, actor, product_id, order.image_ids, if_match=if_match)
    return complete(await _shown(session, product_id, response))


@router.patch("/{image_id}", responses=refusals(*DENIED, ImageNotFound, UnknownVariant))
async def update_image(  # noqa: PLR0913, PLR0917 - FastAPI's injection
    product_id: UUID,
    image_id: UUID,
    changes: ImageUpdate,
    actor: Editor,
    session: Session,
    response: Response,
    if_match: IfMatch = None,
) -> ImageRead:
    """Change a picture's alt text, or which variants show it."""
    await pictures.change(session, actor, product_id, image_id, changes, if_match=if_match)
    shown = await _shown(session, product_id, response)
    return next(image for image in shown if image.id == image_id)


@router.delete("/{image_id}", status_code=204, responses=refusals(*DENIED, ImageNotFound))
async def delete_image(
    product_id: UUID, image_id: UUID, actor: Editor, session: Session, if_match: IfMatch = None
) -> None:
    """Take a picture from a product. An uploaded one is deleted, also where old orders showed it."""
    await pictures.remove(session, actor, product_id, image_id, if_match=if_match)


async def _shown(session: Session, product_id: UUID, response: Response) -> list[ImageRead]:
    product, response.headers["ETag"] = await queries.read(session, product_id)
    return product.images
