"""A shop's own profile over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from mercat import files
from mercat.kit.body_guard import LARGE_BODY
from mercat.kit.conditional import forget_etags
from mercat.kit.database import Connections, PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.vendors.desk import AT_DESK, AtDesk, Seat
from mercat.vendors.duties import Duty
from mercat.vendors.profile import pictures, service
from mercat.vendors.profile.pictures import PURPOSE, Part
from mercat.vendors.profile.schemas import ProfileRead, ProfileUpdate

router = APIRouter(prefix="/vendor/profile", tags=["vendors"])
Editor = Annotated[Seat, Depends(AtDesk(Duty.profile))]
FORM = files.form(several=False, texts={})
UPLOAD = refusals(*AT_DESK, *files.REFUSED)


@router.get("", responses=refusals(*AT_DESK))
async def read_profile(seat: Annotated[Seat, Depends(AtDesk(*Duty))], session: PrimarySession) -> ProfileRead:
    """Return how the shop presents itself and what it promises."""
    return await service.read(session, seat)


@router.patch("", openapi_extra=LARGE_BODY, responses=refusals(*AT_DESK))
async def update_profile(changes: ProfileUpdate, seat: Editor, session: Session, request: Request) -> ProfileRead:
    """Change how the shop presents itself and what it promises; what is left out stays."""
    updated = await service.update(session, seat, changes)
    forget_etags(request, session)
    return updated


@router.put("/logo", openapi_extra=FORM, responses=UPLOAD)
async def upload_logo(seat: Editor, database: Connections, request: Request) -> ProfileRead:
    """Upload the shop's logo in the form field `file`: JPEG, PNG, WebP or GIF. A former upload is deleted.

    It is drawn anew; sizes for pages follow within moments, in `logo`.
    """
    return await _put(Part.logo, seat, database, request)


@router.delete("/logo", status_code=204, responses=refusals(*AT_DESK))
async def delete_logo(seat: Editor, session: Session, request: Request) -> None:
    """Take the shop's logo away. An uploaded one is deleted."""
    await pictures.take(session, seat, Part.logo)
    forget_etags(request, session)


@router.put("/banner", openapi_extra=FORM, responses=UPLOAD)
async def upload_banner(seat: Editor, database: Connections, request: Request) -> ProfileRead:
    """Upload the picture above the shop's page in the form field `file`: JPEG, PNG, WebP or GIF.

    A former one is deleted. It is drawn anew; sizes for pages follow within moments, in `banner_sizes`.
    """
    return await _put(Part.banner, seat, database, request)


@router.delete("/banner", status_code=204, responses=refusals(*AT_DESK))
async def delete_banner(seat: Editor, session: Session, request: Request) -> None:
    """Take the picture above the shop's page away, and delete it."""
    await pictures.take(session, seat, Part.banner)
    forget_etags(request, session)


async def _put(part: Part, seat: Seat, database: Connections, request: Request) -> ProfileRead:
    async with files.received(request, seat.actor, most=1) as form:
        [file_id] = await files.accept(database, seat.actor, form.files, PURPOSE)
    async with database.transaction() as session:
        shown = await pictures.put(session, seat, part, file_id)
        forget_etags(request, session)
    return shown
