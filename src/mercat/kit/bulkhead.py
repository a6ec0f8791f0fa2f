"""Turns for requests that need several transactions, one after the other.

When thousands want the same thing at once, whoever has begun must be able to finish: the second transaction of a
request would else wait for a connection behind the first ones of everybody who came later. The others wait here, before
they take a connection.
"""

from collections.abc import AsyncIterator

from fastapi import Depends

from mercat.kit.database import Connections


async def take_turn(database: Connections) -> AsyncIterator[None]:
    """Hold a turn for as long as the request's route runs."""
    async with database.bulkhead:
        yield


IN_TURN = Depends(take_turn, scope="function")
"""For a route's `dependencies`, which are looked at before those of its signature: these may take a connection."""
