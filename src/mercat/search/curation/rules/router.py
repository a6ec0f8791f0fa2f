"""Rules over HTTP, for operators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from mercat.auth import REFUSED, Actor, Permission, Requires
from mercat.kit.conditional import IfMatch, versioned
from mercat.kit.database import PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, envelope
from mercat.kit.problems import Forbidden, Invalid, PreconditionFailed
from mercat.search.curation.rules import queries, service
from mercat.search.curation.rules.exceptions import RuleNotFound, RuleTaken, TooManyRules, UnknownTarget
from mercat.search.curation.rules.schemas import RuleListing, RuleRead, RuleWrite

router = APIRouter(prefix="/search-rules", tags=["search"])

Operator = Annotated[Actor, Depends(Requires(Permission.search_write))]
DENIED = (*REFUSED, Forbidden)


@router.get("", responses=refusals(*DENIED, Invalid))
async def list_rules(
    params: Annotated[RuleListing, Query()], _actor: Operator, session: PrimarySession
) -> Page[RuleRead]:
    """List the rules of search, the newest first."""
    found, total = await queries.page(session, params)
    return envelope(found, params, total)


@router.post("", status_code=201, responses=refusals(*DENIED, RuleTaken, TooManyRules, Invalid, UnknownTarget))
async def create_rule(new: RuleWrite, actor: Operator, session: Session, response: Response) -> RuleRead:
    """Pin or bury products for a query, or let it lead somewhere else. Search knows it within seconds.

    Pinned products come first where results are sorted by relevance, if they are listed and fit the filters; buried
    ones come last. A redirect is told beside the results: `redirect` of `GET /products/search`.
    """
    return versioned(response, await service.create(session, actor, new))


@router.get("/{rule_id}", responses=refusals(*DENIED, RuleNotFound, Invalid))
async def read_rule(rule_id: UUID, _actor: Operator, session: PrimarySession, response: Response) -> RuleRead:
    """Return a rule, with an ETag to base a change on."""
    return versioned(response, queries.shown(await queries.find(session, rule_id)))


@router.put(
    "/{rule_id}", responses=refusals(*DENIED, RuleNotFound, RuleTaken, PreconditionFailed, Invalid, UnknownTarget)
)
async def replace_rule(
    rule_id: UUID, new: RuleWrite, actor: Operator, session: Session, response: Response, if_match: IfMatch = None
) -> RuleRead:
    """Replace a rule by what the body says; `is_active` or `ends_at` ends it."""
    return versioned(response, await service.replace(session, actor, rule_id, new, if_match=if_match))


@router.delete("/{rule_id}", status_code=204, responses=refusals(*DENIED, RuleNotFound, PreconditionFailed, Invalid))
async def delete_rule(rule_id: UUID, actor: Operator, session: Session, if_match: IfMatch = None) -> None:
    """Let the query be one like all others again."""
    await service.delete(session, actor, rule_id, if_match=if_match)
