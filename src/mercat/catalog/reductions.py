"""Automatic reductions of a variant's price, such as sales: a port for the domain above that knows them.

Projections show reduced prices, but the catalogue does not know sales; that domain registers a function (`reduce_by`).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from mercat.exchange import Conversion
from mercat.kit.money import Money


@dataclass(frozen=True, slots=True)
class Offered:
    """One unit of a variant at its own price; with a `conversion` that is one in another currency than the books'."""

    vendor_id: UUID
    product_id: UUID
    category_ids: frozenset[UUID]
    """Its category and those above it."""
    price: Money
    conversion: Conversion | None = None


Reduce = Callable[[Offered], int]
"""How many minor units of the price are off at this moment."""
Load = Callable[[AsyncConnection[TupleRow]], Awaitable[Reduce]]
_loads: dict[str, Load] = {}


def reduce_by(load: Load) -> None:
    """Let projections show what this function reduces."""
    _loads["sales"] = load


async def of_now(connection: AsyncConnection[TupleRow]) -> Reduce:
    """Return the current reductions; none if no function is registered."""
    load = _loads.get("sales")
    return await load(connection) if load else _nothing


def _nothing(_offered: Offered) -> int:
    return 0
