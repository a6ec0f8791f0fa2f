"""Tax rates over HTTP, for operators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from mercat.auth import REFUSED, Actor, Permission, Requires
from mercat.kit.conditional import IfMatch, versioned
from mercat.kit.database import PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, PageParams, envelope
from mercat.kit.problems import Forbidden, Invalid, PreconditionFailed
from mercat.pricing.exceptions import RateNotFound, RateTaken
from mercat.pricing.taxes import queries, service
from mercat.pricing.taxes.schemas import RateRead, RateWrite

router = APIRouter(prefix="/taxes/rates", tags=["pricing"])

Operator = Annotated[Actor, Depends(Requires(Permission.taxes_write))]
DENIED = (*REFUSED, Forbidden)


@router.get("", responses=refusals(*DENIED, Invalid))
async def list_rates(
    params: Annotated[PageParams, Query()], _actor: Operator, session: PrimarySession
) -> Page[RateRead]:
    """List the tax rates of all times, by place, class and beginning."""
    found, total = await queries.page(session, params)
    return envelope(found, params, total)


@router.post("", status_code=201, responses=refusals(*DENIED, RateTaken, Invalid))
async def create_rate(new: RateWrite, actor: Operator, session: Session, response: Response) -> RateRead:
    """Enter a tax rate for a class of goods sent to a country, or to a region of it."""
    return versioned(response, await service.create(session, actor, new))


@router.get("/{rate_id}", responses=refusals(*DENIED, RateNotFound, Invalid))
async def read_rate(rate_id: UUID, _actor: Operator, session: PrimarySession, response: Response) -> RateRead:
    """Return a tax rate, with an ETag to base a change on."""
    return versioned(response, queries.shown(await queries.find(session, rate_id)))


@router.put("/{rate_id}", responses=refusals(*DENIED, RateNotFound, RateTaken, PreconditionFailed, Invalid))
async def replace_rate(
    rate_id: UUID, new: RateWrite, actor: Operator, session: Session, response: Response, if_match: IfMatch = None
) -> RateRead:
    """Make a tax rate what the body says. Orders that were placed keep theirs."""
    return versioned(response, await service.replace(session, actor, rate_id, new, if_match=if_match))


@router.delete("/{rate_id}", status_code=204, responses=refusals(*DENIED, RateNotFound, PreconditionFailed, Invalid))
async def delete_rate(rate_id: UUID, actor: Operator, session: Session, if_match: IfMatch = None) -> None:
    """Take a tax rate away, as if it had never been; to end one, give it a `valid_to`."""
    await service.delete(session, actor, rate_id, if_match=if_match)
