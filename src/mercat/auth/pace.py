"""How often one account may do something."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request

from mercat.auth.access import SignedIn
from mercat.kit.limits import Policy
from mercat.kit.throttle import count


def paced(policy: Policy) -> Callable[[Request, SignedIn], Awaitable[None]]:
    """Return the dependency of a route that counts an account's requests, before a transaction is opened."""

    async def hit(request: Request, actor: SignedIn) -> None:
        await count(request, policy, str(actor.user_id))

    return hit
