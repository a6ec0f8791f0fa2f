"""Bounds how many requests one address, account or API key may make, and tells everybody where they stand."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated, cast

from fastapi import Depends
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mercat.kit.caller import client_ip_var, site_of
from mercat.kit.limits import Limiter, Policy
from mercat.kit.problems import Problem, TooMany
from mercat.kit.windows import Window

STANDING = "mercat.standing"
"""Where a request's scope keeps the windows that it was counted in, by who was counted."""
ADDRESS, MAIL = "", "mail"
HEADERS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")


class Throttle:
    """Pure ASGI: counts requests by the client's address, before anything of them is read.

    Every request is counted; those to paths that begin with a key of `apart` by the policy there, beside all others.
    Every answer names the limit that has the least room left; a refusal names the one that refused.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        limiter: Limiter,
        refuse: Callable[[Problem, Scope], ASGIApp],
        apart: Mapping[str, Policy] = MappingProxyType({}),
    ) -> None:
        self.app = app
        self.limiter = limiter
        self.apart = apart
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            window = await self.limiter.hit(self._policy(scope), site_of(client_ip_var.get()))
        except TooMany as refusal:
            await self.refuse(refusal, scope)(scope, receive, send)
            return
        standing: dict[str, Window] = {} if window is None else {ADDRESS: window}
        scope[STANDING] = standing

        async def send_standing(message: Message) -> None:
            if message["type"] == "http.response.start" and standing and not _told(message):
                tightest = min(standing.values(), key=_remaining)
                # a copy: the list belongs to the response, which may be served again
                message = {**message, "headers": [*message["headers"], *tightest.fields()]}
            await send(message)

        await self.app(scope, receive, send_standing)

    def _policy(self, scope: Scope) -> Policy:
        for beginning, policy in self.apart.items():
            if scope["path"].startswith(beginning):
                return policy
        return self.limiter.addresses.by(scope["method"])


def _remaining(window: Window) -> int:
    return window.remaining


def _told(start: Message) -> bool:
    return start["status"] == TooMany.status and any(name == b"ratelimit-limit" for name, _ in start["headers"])


async def count_account(request: Request, who: str) -> None:
    """Count a request by the account or API key that makes it, wherever it comes from; once per request.

    Raises:
        TooMany: the account has had its share.
    """
    standing: dict[str, Window] = request.scope.setdefault(STANDING, {})
    if who in standing:
        return
    limiter = get_limiter(request)
    window = await limiter.hit(limiter.accounts.by(request.method), who)
    if window is not None:
        standing[who] = window


async def count_mail(request: Request) -> None:
    """Count a request that sends mail to an address that its sender names freely, by where it comes from.

    What one recipient gets is bounded where mail is written; this bounds how many strangers one place can reach.

    Raises:
        TooMany: the place has had its share.
    """
    limiter = get_limiter(request)
    window = await limiter.hit(limiter.mail, site_of(client_ip_var.get()))
    if window is not None:
        request.scope.setdefault(STANDING, {})[MAIL] = window


async def count(request: Request, policy: Policy, who: str) -> None:
    """Count a request by a policy of its route, before a transaction is opened.

    Raises:
        TooMany: more than the policy allows.
    """
    await get_limiter(request).hit(policy, who)


def get_limiter(request: Request) -> Limiter:
    """Return the application's limiter."""
    return cast("Limiter", request.app.state.limiter)


Limits = Annotated[Limiter, Depends(get_limiter)]
"""For routes that count something of their own: guesses, mails, registrations."""
