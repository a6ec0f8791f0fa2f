"""What is off the price of a variant by itself, a sale say: a port for the room above that knows of it.

Cards show reduced prices, but the catalogue does not know sales; whoever does gives it a way to ask (`reduce_by`).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from mercat.kit.money import Money


@dataclass(frozen=True, slots=True)
class Offered:
    """One unit of a variant at its own price."""

    vendor_id: UUID
    product_id: UUID
    category_ids: frozenset[UUID]
    """Its category and those above it."""
    price: Money


Reduce = Callable[[Offered], int]
"""How many minor units are off at this moment."""
Load = Callable[[AsyncConnection[TupleRow]], Awaitable[Reduce]]
_loads: dict[str, Load] = {}


def reduce_by(load: Load) -> None:
    """Let cards show what this takes off."""
    _loads["sales"] = load


async def of_now(connection: AsyncConnection[TupleRow]) -> Reduce:
    """Return what is off at this moment; nothing where nobody knows of sales."""
    load = _loads.get("sales")
    return await load(connection) if load else _nothing


def _nothing(_offered: Offered) -> int:
    return 0
