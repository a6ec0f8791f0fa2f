"""Reads of synonyms for those who keep them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.rows import required
from mercat.kit.sorts import Sorts, numbered_page
from mercat.search.curation.models import SearchSynonym
from mercat.search.curation.synonyms.exceptions import SynonymNotFound
from mercat.search.curation.synonyms.schemas import SynonymListing, SynonymRead, folded

SORTS = Sorts(
    SearchSynonym.id,
    {
        "created_at": SearchSynonym.created_at,
        "updated_at": SearchSynonym.updated_at,
        "locale": SearchSynonym.locale,
    },
)
FIELDS = tuple(SynonymRead.model_fields)


async def page(session: AsyncSession, params: SynonymListing) -> tuple[list[SynonymRead], int]:
    """Return a page of synonyms, and how many there are."""
    wanted = select(SearchSynonym)
    if params.locale:
        wanted = wanted.where(SearchSynonym.locale == params.locale)
    if params.q:
        wanted = wanted.where(func.strpos(SearchSynonym.key, folded(params.q)) > 0)
    rows, total = await numbered_page(session, SORTS.ordered(wanted, params.sort), params)
    return [shown(row) for row in rows.scalars()], total


async def find(session: AsyncSession, synonym_id: UUID, *, for_update: bool = False) -> SearchSynonym:
    """Return an entry, locked on demand.

    Raises:
        SynonymNotFound: there is none.
    """
    statement = select(SearchSynonym).where(SearchSynonym.id == synonym_id)
    return await required(session, statement, SynonymNotFound, lock=for_update)


async def count(session: AsyncSession) -> int:
    """Return how many entries there are."""
    return await session.scalar(select(func.count()).select_from(SearchSynonym)) or 0


async def everything(session: AsyncSession) -> Sequence[SearchSynonym]:
    """Return all entries, by locale and what they say."""
    ordered = select(SearchSynonym).order_by(SearchSynonym.locale, SearchSynonym.key)
    return (await session.scalars(ordered)).all()


def shown(row: SearchSynonym) -> SynonymRead:
    """Return an entry as operators see it."""
    return SynonymRead(**{name: getattr(row, name) for name in FIELDS})
