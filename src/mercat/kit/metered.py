"""How many requests there are, how they end and how long they take, by the template of their route."""

import time
from functools import cache

from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mercat.kit import metrics

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER, NO_ROUTE = "other", "none"
FAILED, UNANSWERED = 500, "unanswered"
"""Status of what nobody caught, which further out becomes an answer; and of an answer that never began."""
REQUESTS = metrics.counter(
    "mercat_http_requests", "Requests that the application has answered, without those answered from memory.",
    "method", "route", "status",
)  # fmt: skip
SECONDS = metrics.histogram(
    "mercat_http_request_seconds", "Time until an answer was sent, by the template of its route.", "method", "route"
)
UNDER_WAY = metrics.gauge("mercat_http_requests_under_way", "Requests that have no whole answer yet.")


class Metered:
    """Pure ASGI: counts and times each request once it is over. What the client sent never becomes a label.

    It stands behind `Head`, which asks for a GET in a scope of its own, where the route is noted.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status: int | str = UNANSWERED
        started = time.perf_counter()

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        UNDER_WAY.inc()
        try:
            await self.app(scope, receive, noting)
        except Exception:
            status = FAILED if status == UNANSWERED else status
            raise
        finally:
            UNDER_WAY.dec()
            method = scope["method"] if scope["method"] in METHODS else OTHER
            route = template_of(scope)
            _counted(method, route, status).inc()
            _timed(method, route).observe(time.perf_counter() - started)


def template_of(scope: Scope) -> str:
    """Return the path of the route that served a request, with the names of its parameters; `none` if none did.

    FastAPI keeps the whole path, with the prefixes under which a router is included, in a context of its own.
    """
    context = scope.get("fastapi", {}).get("effective_route_context")
    path: str = getattr(context or scope.get("route"), "path", NO_ROUTE)
    return path


@cache  # looking a child up by its labels takes longer than counting
def _counted(method: str, route: str, status: int | str) -> Counter:
    return REQUESTS.labels(method, route, status)


@cache
def _timed(method: str, route: str) -> Histogram:
    return SECONDS.labels(method, route)
