"""The books over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from mercat.auth import REFUSED, Permission, Requires
from mercat.kit.database import PrimarySession
from mercat.kit.openapi import refusals
from mercat.kit.pagination import BadCursor, CursorPage, Page, envelope
from mercat.kit.problems import Forbidden, Invalid
from mercat.ledger import queries
from mercat.ledger.schemas import Balances, EntryRead, LedgerListing

router = APIRouter(prefix="/ledger", tags=["ledger"])
Accountant = Depends(Requires(Permission.ledger_read))


@router.get("", dependencies=[Accountant], responses=refusals(*REFUSED, Forbidden, Invalid, BadCursor))
async def list_entries(
    listing: Annotated[LedgerListing, Query()], session: PrimarySession
) -> Page[EntryRead] | CursorPage[EntryRead]:
    """List movements of money, newest first. Each adds up to nothing; none is altered, a mistake gets a new one."""
    if listing.cursor is not None:
        found, following = await queries.by_cursor(session, listing)
        return CursorPage(items=found, next_cursor=following)
    found, total = await queries.page(session, listing)
    return envelope(found, listing.numbered, total)


@router.get("/balances", dependencies=[Accountant], responses=refusals(*REFUSED, Forbidden))
async def read_balances(session: PrimarySession) -> Balances:
    """Return the balance of every account, and whether all of it adds up to zero."""
    return await queries.balances(session)
