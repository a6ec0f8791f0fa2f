"""A shop's own profile over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from mercat.kit.conditional import forget_etags
from mercat.kit.database import ReadSession, Session
from mercat.kit.openapi import refusals
from mercat.vendors.desk import AT_DESK, AtDesk, Seat
from mercat.vendors.duties import Duty
from mercat.vendors.profile import service
from mercat.vendors.profile.schemas import ProfileRead, ProfileUpdate

router = APIRouter(prefix="/vendor/profile", tags=["vendors"])


@router.get("", responses=refusals(*AT_DESK))
async def read_profile(seat: Annotated[Seat, Depends(AtDesk(*Duty))], session: ReadSession) -> ProfileRead:
    """Return how the shop presents itself and what it promises."""
    return await service.read(session, seat)


@router.patch("", responses=refusals(*AT_DESK))
async def update_profile(
    changes: ProfileUpdate, seat: Annotated[Seat, Depends(AtDesk(Duty.profile))], session: Session, request: Request
) -> ProfileRead:
    """Change how the shop presents itself and what it promises; what is left out stays."""
    updated = await service.update(session, seat, changes)
    forget_etags(request, session)
    return updated
