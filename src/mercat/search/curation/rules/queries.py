"""Reads of rules for those who keep them."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.rows import required
from mercat.kit.sorts import Sorts, numbered_page
from mercat.search.curation.models import SearchRule
from mercat.search.curation.rules.exceptions import RuleNotFound
from mercat.search.curation.rules.schemas import RedirectTarget, RuleListing, RuleRead

SORTS = Sorts(
    SearchRule.id,
    {
        "created_at": SearchRule.created_at,
        "query": func.lower(SearchRule.query),
        "starts_at": SearchRule.starts_at,
        "ends_at": SearchRule.ends_at,
    },
    optional=frozenset({"starts_at", "ends_at"}),
)
FIELDS = tuple(name for name in RuleRead.model_fields if name != "redirect")


async def page(session: AsyncSession, params: RuleListing) -> tuple[list[RuleRead], int]:
    """Return a page of rules, and how many there are."""
    wanted = select(SearchRule)
    if params.locale:
        wanted = wanted.where(SearchRule.locale == params.locale)
    if params.q:
        wanted = wanted.where(func.strpos(func.lower(SearchRule.query), params.q.lower()) > 0)
    if params.is_active is not None:
        wanted = wanted.where(SearchRule.is_active == params.is_active)
    rows, total = await numbered_page(session, SORTS.ordered(wanted, params.sort), params)
    return [shown(row) for row in rows.scalars()], total


async def find(session: AsyncSession, rule_id: UUID, *, for_update: bool = False) -> SearchRule:
    """Return a rule, locked on demand.

    Raises:
        RuleNotFound: there is none.
    """
    statement = select(SearchRule).where(SearchRule.id == rule_id)
    return await required(session, statement, RuleNotFound, lock=for_update)


async def count(session: AsyncSession) -> int:
    """Return how many rules there are."""
    return await session.scalar(select(func.count()).select_from(SearchRule)) or 0


def shown(row: SearchRule) -> RuleRead:
    """Return a rule as operators see it."""
    redirect = None
    if row.redirect_kind is not None:
        redirect = RedirectTarget.model_validate({"kind": row.redirect_kind, "to": row.redirect_to})
    return RuleRead(**{name: getattr(row, name) for name in FIELDS}, redirect=redirect)
