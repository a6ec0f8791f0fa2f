"""Currencies and their rates over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from mercat.auth import REFUSED, Actor, Permission, Public, Requires
from mercat.exchange import queries, service
from mercat.exchange.exceptions import (
    CurrencyFromSettings,
    CurrencyNotFound,
    CurrencyOfBooks,
    NoRatesUrl,
    RateFromProvider,
    RatesNotFetched,
)
from mercat.exchange.schemas import (
    CurrencyCode,
    CurrencyRead,
    CurrencySettings,
    CurrencyWrite,
    FixedRates,
    RatesRefresh,
    RatesState,
    of_books,
    settings_of,
    shown,
)
from mercat.kit import clock
from mercat.kit.conditional import PUBLIC, IfMatch, versioned
from mercat.kit.database import Connections, PrimarySession, Session
from mercat.kit.money import default_currency
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, complete
from mercat.kit.problems import Forbidden, Invalid, PreconditionFailed

router = APIRouter(prefix="/currencies", tags=["currencies"])

Operator = Annotated[Actor, Depends(Requires(Permission.currencies_write))]
Code = Annotated[CurrencyCode, Path(examples=["USD"])]
DENIED = (*REFUSED, Forbidden)


@router.get("", dependencies=[Public])
async def list_currencies(session: PrimarySession, response: Response) -> Page[CurrencyRead]:
    """Return the currencies that prices are shown in, that of the books first, with rate and rounding."""
    response.headers["Cache-Control"] = PUBLIC.decode()
    found = await queries.enabled(session)
    return complete([of_books(default_currency(), clock.now().date()), *map(shown, found.values())])


@router.post("/rates", responses=refusals(*DENIED, CurrencyOfBooks, RateFromProvider, Invalid))
async def enter_rates(new: FixedRates, actor: Operator, session: Session) -> Page[CurrencySettings]:
    """Enter fixed rates of currencies that no provider lists. They hold until others are entered.

    Returns the currencies that are enabled.
    """
    return complete([settings_of(currency) for currency in await service.enter(session, actor, new)])


@router.post("/refresh", responses=refusals(*DENIED, NoRatesUrl, RatesNotFetched, Invalid))
async def refresh_rates(asked: RatesRefresh, actor: Operator, database: Connections) -> RatesState:
    """Fetch the daily rates now. What is garbled, partial, older or not to be believed changes nothing."""
    return await service.fetch(database, actor, accept_jumps=asked.accept_jumps)


@router.get("/{currency_code}", responses=refusals(*DENIED, CurrencyNotFound, Invalid))
async def read_currency(
    currency_code: Code, _actor: Operator, session: PrimarySession, response: Response
) -> CurrencySettings:
    """Return a currency with its margin and where its rate is from, and an ETag to base a change on."""
    return versioned(response, await service.read(session, currency_code))


@router.put("/{currency_code}", responses=refusals(*DENIED, CurrencyOfBooks, PreconditionFailed, Invalid))
async def put_currency(
    currency_code: Code,
    new: CurrencyWrite,
    actor: Operator,
    session: Session,
    response: Response,
    if_match: IfMatch = None,
) -> CurrencySettings:
    """Show prices in a currency, or round and charge it otherwise.

    Prices follow within a minute or so, all of a product at once. One that has no rate yet is shown once it has one.
    """
    return versioned(response, await service.put(session, actor, currency_code, new, if_match=if_match))


@router.delete(
    "/{currency_code}",
    status_code=204,
    responses=refusals(*DENIED, CurrencyNotFound, CurrencyOfBooks, CurrencyFromSettings, PreconditionFailed, Invalid),
)
async def delete_currency(currency_code: Code, actor: Operator, session: Session, if_match: IfMatch = None) -> None:
    """Show no prices in a currency any more. Prices that were set in it stay, and count again if it comes back."""
    await service.delete(session, actor, currency_code, if_match=if_match)
