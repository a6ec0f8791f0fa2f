"""The currency of a cart: the one that its buyer chose, as long as prices can be shown in it."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import exchange
from mercat.cart.models import Cart
from mercat.exchange import Conversion, ConversionStopped, UnknownCurrency
from mercat.kit.money import default_currency
from mercat.kit.problems import Problem


@dataclass(frozen=True, slots=True)
class CartCurrency:
    """What a cart is priced in now: by a conversion, or in the currency of the books.

    `problem` is why it is not in its own: no longer enabled, or at a rate that is too old.
    """

    conversion: Conversion | None = None
    problem: Problem | None = None

    @property
    def code(self) -> str:
        """ISO 4217."""
        return self.conversion.currency if self.conversion else default_currency()


async def currency_of(session: AsyncSession, cart: Cart | None) -> CartCurrency:
    """Return what a cart is priced in now. Asks for nothing where that is the currency of the books."""
    try:
        return CartCurrency(await exchange.conversion_to(session, cart.currency if cart else None))
    except (UnknownCurrency, ConversionStopped) as problem:
        return CartCurrency(problem=problem)
