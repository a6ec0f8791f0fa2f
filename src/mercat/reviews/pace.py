"""How often one account may write, add photos, vote and report."""

from collections.abc import Awaitable, Callable

from fastapi import Request

from mercat.auth import SignedIn
from mercat.kit.limits import Limiter, Policy

WRITING = Policy("reviews.writing", "30/hour")
PICTURING = Policy("reviews.photos", "60/hour")
VOTING = Policy("reviews.voting", "300/hour")
REPORTING = Policy("reviews.reporting", "30/hour")


def paced(policy: Policy) -> Callable[[Request, SignedIn], Awaitable[None]]:
    """Return the dependency of a route that counts an account's requests, before a transaction is opened."""

    async def count(request: Request, actor: SignedIn) -> None:
        limiter: Limiter = request.app.state.limiter
        await limiter.hit(policy, str(actor.user_id))

    return count
