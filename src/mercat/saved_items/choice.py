"""How somebody reads lists of products: in which currency prices are, and in which language names."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Response

from mercat.catalog.listing import ReaderCurrency
from mercat.i18n import AnswerLocale


@dataclass(frozen=True, slots=True)
class Choice:
    """A currency other than that of the books, and a language other than that of the source; None for these."""

    currency: str | None = None
    locale: str | None = None


AS_KEPT = Choice()


async def _of_request(currency: ReaderCurrency, locale: AnswerLocale, response: Response) -> Choice:
    response.headers.update(currency.headers({}))
    return Choice(currency.code, locale)


ReaderChoice = Annotated[Choice, Depends(_of_request)]
"""For routes that show products. Name it before the session, as `ReaderCurrency`."""
