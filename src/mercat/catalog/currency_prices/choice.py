"""Which currency a reader gets: the one that the address names, else the one that they prefer.

An address without a currency means that of the books to everybody who is not known, so that public answers depend on
their address alone. Who is signed in gets what their profile says; such an answer is theirs and is kept by nobody.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from mercat import users
from mercat.auth import actor_of
from mercat.catalog.currency_prices.display import require_shown
from mercat.exchange import ConversionStopped, CurrencyParameter, UnknownCurrency, other_than_books
from mercat.kit.cache import is_anonymous
from mercat.kit.database import get_database
from mercat.kit.problems import Problem

ANY_SHOWN = "SELECT FROM shown_currencies WHERE status = 'shown' LIMIT 1"
IS_SHOWN = "SELECT FROM shown_currencies WHERE currency = %s AND status = 'shown'"
NO_PRICES = (UnknownCurrency, ConversionStopped)
"""What a currency that is asked for is refused with."""
PRIVATE = {"Cache-Control": "private, no-store"}


@dataclass(frozen=True, slots=True)
class ChosenCurrency:
    """A currency other than that of the books, or none, and whether it follows from who asks."""

    code: str | None
    is_preference: bool = False

    def headers(self, public: dict[str, str]) -> dict[str, str]:
        """Return the headers of an answer in it, `public` being those of one that is the same for everybody."""
        return {**public, **PRIVATE} if self.is_preference else public


BOOKS = ChosenCurrency(None)


async def chosen(request: Request, asked: str | None) -> ChosenCurrency:
    """Return the currency for a request; `asked` is the one that its address names.

    What somebody prefers and is not shown is no reason to refuse: they get the currency of the books.
    """
    if asked is not None:
        return ChosenCurrency(other_than_books(asked))
    if is_anonymous(request.scope):
        return BOOKS
    reads = get_database(request).primary
    if await reads.row(ANY_SHOWN) is None:
        return BOOKS
    try:
        actor = await actor_of(request)
    except Problem:  # public pages are for those with an old token, too
        return BOOKS
    preferred = None if actor.user_id is None else await users.preferred_currency(reads, actor.user_id)
    code = other_than_books(preferred)
    if code is None or await reads.row(IS_SHOWN, (code,)) is None:
        return BOOKS
    return ChosenCurrency(code, is_preference=True)


async def _of_request(request: Request, currency: CurrencyParameter = None) -> ChosenCurrency:
    choice = await chosen(request, currency)
    if choice.code is not None and not choice.is_preference:
        await require_shown(get_database(request).primary, choice.code)
    return choice


ReaderCurrency = Annotated[ChosenCurrency, Depends(_of_request)]
"""For routes that show prices: prices are shown in it. Name it before the session, which then does not wait for it."""
