"""The outermost ring of the HTTP application, as one pure ASGI middleware.

It gives every request an id and a timing header, every answer the security headers, lets a path with a trailing slash
mean the same as without, serves only the host names it should, and turns what nobody caught into a problem document
without a trace of the inside.
"""

import re
import time
from collections.abc import Callable, Sequence
from ipaddress import ip_network
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils import uuid7

from mercat.kit.body_guard import BodyLimits
from mercat.kit.caller import client_ip, client_ip_var
from mercat.kit.config import Settings
from mercat.kit.logs import logger, request_id_var
from mercat.kit.problems import Malformed

REQUEST_ID = re.compile(rb"[A-Za-z0-9_.:-]{1,64}")
PORT = re.compile(r":\d+$")
HSTS = b"max-age=63072000; includeSubDomains"
ANY_HOST = "*"
NOT_MODIFIED = 304

SECURITY_HEADERS: list[tuple[bytes, bytes]] = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'"),
]


def _parts(proxies: str) -> list[str]:
    return [part.strip() for part in proxies.split(",") if part.strip()]


def _exact(proxies: str) -> str:
    """Refuse what is no address: an asterisk would believe everybody, and a name whoever it leads to."""
    for proxy in _parts(proxies):
        try:
            everybody = ip_network(proxy).prefixlen == 0
        except ValueError:
            everybody = True
        if everybody:
            raise PydanticCustomError("proxies", "write the addresses or networks of your proxies, comma separated")
    return proxies


class EdgeSettings(Settings):
    """How the application meets the network."""

    https_redirect: bool = Field(default=False, description="Redirect plain HTTP to HTTPS and send HSTS.")
    allowed_hosts: list[str] = Field(["*"], description='Host names served, as a JSON list; ["*"] is any.')
    cors_origins: list[str] = Field([], description="Origins whose browsers may call the API, as a JSON list.")
    trusted_proxies: Annotated[str, AfterValidator(_exact)] = Field(
        "", description="Addresses or networks whose X-Forwarded-* are believed, comma separated; nobody else's are."
    )
    max_body_bytes: int = Field(65_536, ge=1024, description="Largest request body of an ordinary route.")
    max_large_body_bytes: int = Field(
        1_048_576, ge=1024, description="Largest body of routes that take long texts, or many things at once."
    )
    max_webhook_bytes: int = Field(262_144, ge=1024, description="Largest webhook of a provider.")
    max_json_values: int = Field(20_000, ge=100, description="Most values of a JSON body, all together.")
    compress_min_bytes: int = Field(2048, ge=0, description="Answers of this size are gzipped on request; 0 is never.")
    max_json_depth: int = Field(32, ge=4, description="Deepest nesting of a JSON body.")
    request_timeout: float = Field(20.0, gt=0, description="Seconds until a request that has no answer yet is a 503.")

    def body_limits(self) -> BodyLimits:
        """Return how much a body may hold."""
        return BodyLimits(
            max_bytes=self.max_body_bytes,
            max_large_bytes=self.max_large_body_bytes,
            max_signed_bytes=self.max_webhook_bytes,
            max_depth=self.max_json_depth,
            max_values=self.max_json_values,
        )

    def proxy_peers(self) -> list[str]:
        """Return the trusted proxies as a server sees them: IPv4 also in the form of a socket that takes both kinds."""
        networks = [ip_network(proxy) for proxy in _parts(self.trusted_proxies)]
        mapped = [f"::ffff:{n.network_address}/{96 + n.prefixlen}" for n in networks if n.version == 4]
        return [*map(str, networks), *mapped]


class ConnectionSettings(Settings):
    """How long connections are waited for."""

    header_timeout: float = Field(10.0, gt=0, description="Seconds for the head of a request; then it is closed.")
    body_timeout: float = Field(
        20.0, gt=0, description="Seconds for the body of a request, and more as long as it comes at the least rate."
    )
    body_min_rate: int = Field(1024, ge=1, description="Bytes a second that a body must bring, on average.")
    send_timeout: float = Field(60.0, gt=0, description="Seconds in which a receiver must take something of an answer.")
    max_connections: int = Field(4096, ge=16, description="Connections of one process; more are answered with a 503.")


class UnknownHost(Malformed):
    """The request is for somebody else's name."""

    code = "request.unknown_host"
    detail = "This server does not serve that host name."


class Edge:
    """Pure ASGI: request id, timing, security headers, trailing slash, HTTPS redirect, last resort."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        https_redirect: bool,
        last_resort: Callable[[Exception, str], ASGIApp],
        allowed_hosts: Sequence[str] = (ANY_HOST,),
        compresses: bool = False,
    ) -> None:
        self.app = app
        self.https_redirect = https_redirect
        self.last_resort = last_resort
        self.compresses = compresses
        self.allowed_hosts = None if ANY_HOST in allowed_hosts else tuple(host.lower() for host in allowed_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = request_id_of(scope)
        token = request_id_var.set(request_id)
        address = client_ip_var.set(client_ip(scope))
        path: str = scope["path"]
        if len(path) > 1 and path.endswith("/"):
            scope["path"] = path.rstrip("/") or "/"
        answering = False

        async def send_with_headers(message: Message) -> None:
            nonlocal answering
            if message["type"] == "http.response.start":
                answering = True
                # a copy: the list belongs to the response, which may be served again
                headers: list[tuple[bytes, bytes]] = list(message["headers"])
                message = {**message, "headers": headers}
                # a page that has a policy of its own keeps it, also in a cache, whose headers a 304 would replace
                if message["status"] != NOT_MODIFIED:
                    own = [name for name, _ in headers]
                    headers.extend(header for header in SECURITY_HEADERS if header[0] not in own)
                if self.compresses:
                    _tell_encodings_apart(headers)
                if self.https_redirect:
                    headers.append((b"strict-transport-security", HSTS))
                headers.append((b"x-request-id", request_id.encode()))
                headers.append((b"server-timing", b"app;dur=%.1f" % ((time.perf_counter() - started) * 1000)))
            await send(message)

        try:
            await self._guarded(scope)(scope, receive, send_with_headers)
        except Exception as error:
            if answering:  # too late for another status: let the server cut the connection
                raise
            await self.last_resort(error, request_id)(scope, receive, send_with_headers)
        finally:
            request_id_var.reset(token)
            client_ip_var.reset(address)

    def _guarded(self, scope: Scope) -> ASGIApp:
        if self.allowed_hosts is not None and not _served(_host(scope), self.allowed_hosts):
            return self.last_resort(UnknownHost(), request_id_var.get())
        if self.https_redirect and scope["scheme"] == "http":
            return _to_https
        return self.app


def _tell_encodings_apart(headers: list[tuple[bytes, bytes]]) -> None:
    """Tell caches that what they keep depends on `Accept-Encoding`, by a 304 too; what is gzipped has a weak ETag."""
    at = {name: place for place, (name, _) in enumerate(headers)}
    if b"vary" not in at:
        headers.append((b"vary", b"Accept-Encoding"))
    elif b"accept-encoding" not in headers[at[b"vary"]][1].lower():
        headers[at[b"vary"]] = (b"vary", headers[at[b"vary"]][1] + b", Accept-Encoding")
    if b"content-encoding" in at and b"etag" in at and not headers[at[b"etag"]][1].startswith(b"W/"):
        headers[at[b"etag"]] = (b"etag", b"W/" + headers[at[b"etag"]][1])


async def _to_https(scope: Scope, receive: Receive, send: Send) -> None:
    host = _host(scope)
    query = scope["query_string"].decode("latin-1")
    location = f"https://{host}{scope['raw_path'].decode('latin-1')}{'?' + query if query else ''}"
    await RedirectResponse(location, status_code=308)(scope, receive, send)


def _host(scope: Scope) -> str:
    return PORT.sub("", dict(scope["headers"]).get(b"host", b"").decode("latin-1"))


def _served(host: str, allowed: Sequence[str]) -> bool:
    """Whether a host is in the list, itself or under a `*.` entry."""
    host = host.lower()
    return any(host == name or (name.startswith("*.") and host.endswith(name[1:])) for name in allowed)


def request_id_of(scope: Scope) -> str:
    """Return the caller's own, or a new one: text alone is wanted, so no `UUID` of Python's is made of it."""
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            if REQUEST_ID.fullmatch(value):
                return str(value, "ascii")
            logger.debug("request_id_refused")
            break
    return str(uuid7())
