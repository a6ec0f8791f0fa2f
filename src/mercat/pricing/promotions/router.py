"""Sales and coupons over HTTP, for operators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from mercat.auth import REFUSED, Actor, Permission, Requires
from mercat.kit.body_guard import LARGE_BODY
from mercat.kit.conditional import IfMatch
from mercat.kit.database import PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, envelope
from mercat.kit.problems import Forbidden, Invalid, PreconditionFailed
from mercat.pricing.exceptions import CodeTaken, LimitBelowUses, PromotionNotFound, UnknownScope
from mercat.pricing.promotions import queries, service
from mercat.pricing.promotions.schemas import PromotionListing, PromotionRead, PromotionWrite

router = APIRouter(prefix="/promotions", tags=["pricing"])

Operator = Annotated[Actor, Depends(Requires(Permission.promotions_write))]
DENIED = (*REFUSED, Forbidden)


@router.get("", responses=refusals(*DENIED, Invalid))
async def list_promotions(
    params: Annotated[PromotionListing, Query()], _actor: Operator, session: PrimarySession
) -> Page[PromotionRead]:
    """List sales and coupons, the newest first, with how often each coupon was used."""
    found, total = await queries.page(session, params)
    return envelope(found, params, total)


@router.post(
    "", openapi_extra=LARGE_BODY, status_code=201, responses=refusals(*DENIED, CodeTaken, Invalid, UnknownScope)
)
async def create_promotion(new: PromotionWrite, actor: Operator, session: Session, response: Response) -> PromotionRead:
    """Offer a sale, which applies by itself, or with a `code` a coupon."""
    return _tagged(await service.create(session, actor, new), response)


@router.get("/{promotion_id}", responses=refusals(*DENIED, PromotionNotFound, Invalid))
async def read_promotion(
    promotion_id: UUID, _actor: Operator, session: PrimarySession, response: Response
) -> PromotionRead:
    """Return a sale or coupon, with an ETag to base a change on."""
    return _tagged(queries.shown(await queries.find(session, promotion_id)), response)


@router.put(
    "/{promotion_id}",
    openapi_extra=LARGE_BODY,
    responses=refusals(
        *DENIED, PromotionNotFound, CodeTaken, LimitBelowUses, PreconditionFailed, Invalid, UnknownScope
    ),
)
async def replace_promotion(
    promotion_id: UUID,
    new: PromotionWrite,
    actor: Operator,
    session: Session,
    response: Response,
    if_match: IfMatch = None,
) -> PromotionRead:
    """Replace a promotion; `ends_at` or `is_active` ends it. Orders keep their discounts."""
    return _tagged(await service.replace(session, actor, promotion_id, new, if_match=if_match), response)


@router.delete(
    "/{promotion_id}", status_code=204, responses=refusals(*DENIED, PromotionNotFound, PreconditionFailed, Invalid)
)
async def delete_promotion(promotion_id: UUID, actor: Operator, session: Session, if_match: IfMatch = None) -> None:
    """Delete a promotion. Its code is free again; orders keep their discounts."""
    await service.delete(session, actor, promotion_id, if_match=if_match)


def _tagged(promotion: PromotionRead, response: Response) -> PromotionRead:
    response.headers["ETag"] = queries.etag(promotion)
    return promotion
