"""How often one account may write, comment and report."""

from collections.abc import Awaitable, Callable

from fastapi import Request

from mercat.auth import SignedIn
from mercat.kit.limits import Limiter, Policy

WRITING = Policy("posts.writing", "120/hour")
PICTURING = Policy("posts.pictures", "60/hour")
COMMENTING = Policy("comments.writing", "60/hour")
REPORTING = Policy("comments.reporting", "30/hour")


async def count(request: Request, policy: Policy, account: str) -> None:
    """Count a request of an account, before a transaction is opened.

    Raises:
        TooMany: more than the policy allows.
    """
    limiter: Limiter = request.app.state.limiter
    await limiter.hit(policy, account)


def paced(policy: Policy) -> Callable[[Request, SignedIn], Awaitable[None]]:
    """Return the dependency of a route that counts an account's requests."""

    async def hit(request: Request, actor: SignedIn) -> None:
        await count(request, policy, str(actor.user_id))

    return hit
