"""A vendor's own profile over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from mercat import files
from mercat.kit.body_guard import LARGE_BODY
from mercat.kit.conditional import IfMatch, tagged
from mercat.kit.database import Connections, PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.problems import PreconditionFailed
from mercat.vendors.permissions import VendorPermission
from mercat.vendors.portal import IN_PORTAL, RequiresVendorRole, VendorContext
from mercat.vendors.profile import pictures, service
from mercat.vendors.profile.pictures import PURPOSE, ProfilePicture
from mercat.vendors.profile.queries import EDITED
from mercat.vendors.profile.schemas import ProfileRead, ProfileUpdate

router = APIRouter(prefix="/vendor/profile", tags=["vendors"])
Editor = Annotated[VendorContext, Depends(RequiresVendorRole(VendorPermission.profile))]
FORM = files.form(several=False, texts={})
UPLOAD = refusals(*IN_PORTAL, *files.REFUSED, PreconditionFailed)


@router.get("", responses=refusals(*IN_PORTAL))
async def read_profile(
    context: Annotated[VendorContext, Depends(RequiresVendorRole(*VendorPermission))],
    session: PrimarySession,
    response: Response,
) -> ProfileRead:
    """Return how the vendor presents itself and what it promises, with an ETag to base a change on."""
    return tagged(response, await service.read(session, context), EDITED)


@router.patch("", openapi_extra=LARGE_BODY, responses=refusals(*IN_PORTAL, PreconditionFailed))
async def update_profile(
    changes: ProfileUpdate,
    context: Editor,
    session: Session,
    response: Response,
    if_match: IfMatch = None,
) -> ProfileRead:
    """Change how the vendor presents itself and what it promises; what is left out stays."""
    updated = await service.update(session, context, changes, if_match=if_match)
    return tagged(response, updated, EDITED)


@router.put("/logo", openapi_extra=FORM, responses=UPLOAD)
async def upload_logo(
    context: Editor, database: Connections, request: Request, response: Response, if_match: IfMatch = None
) -> ProfileRead:
    """Upload the vendor's logo in the form field `file`: JPEG, PNG, WebP or GIF. A former upload is deleted.

    It is re-encoded; sizes for pages follow within moments, in `logo`.
    """
    return tagged(response, await _put(ProfilePicture.logo, context, database, request, if_match), EDITED)


@router.delete("/logo", status_code=204, responses=refusals(*IN_PORTAL))
async def delete_logo(context: Editor, session: Session) -> None:
    """Remove the vendor's logo. An uploaded one is deleted."""
    await pictures.take(session, context, ProfilePicture.logo)


@router.put("/banner", openapi_extra=FORM, responses=UPLOAD)
async def upload_banner(
    context: Editor, database: Connections, request: Request, response: Response, if_match: IfMatch = None
) -> ProfileRead:
    """Upload the picture above the vendor's page in the form field `file`: JPEG, PNG, WebP or GIF.

    A former one is deleted. It is re-encoded; sizes for pages follow within moments, in `banner_sizes`.
    """
    return tagged(response, await _put(ProfilePicture.banner, context, database, request, if_match), EDITED)


@router.delete("/banner", status_code=204, responses=refusals(*IN_PORTAL))
async def delete_banner(context: Editor, session: Session) -> None:
    """Remove the picture above the vendor's page, and delete it."""
    await pictures.take(session, context, ProfilePicture.banner)


async def _put(
    part: ProfilePicture, context: VendorContext, database: Connections, request: Request, if_match: str | None
) -> ProfileRead:
    async with files.received(request, context.actor, most=1) as form:
        [file_id] = await files.accept(database, context.actor, form.files, PURPOSE)
    async with database.transaction() as session:
        return await pictures.put(session, context, part, file_id, if_match=if_match)
