"""Where the request under way came from, for whoever writes down what happened or counts how often it does."""

from contextvars import ContextVar
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from starlette.types import Scope

client_ip_var: ContextVar[str] = ContextVar("client_ip", default="")
"""The client's address; empty outside of requests."""
V6_SITE = 64
LONGEST = 64
REMEMBERED = 8192
"""Addresses whose forms are remembered: a client asks more than once, and working them out takes up to 20 us."""


def client_ip(scope: Scope) -> str:
    """Return the client's address in its canonical form, empty when there is none.

    It is the peer's own, or what a proxy of `MERCAT_TRUSTED_PROXIES` says: the server has read the forwarding headers
    of trusted peers before we are called, and nobody else's are looked at.
    """
    client = scope.get("client")
    return "" if client is None or len(client[0]) > LONGEST else _canonical(client[0])


@lru_cache(maxsize=REMEMBERED)
def _canonical(host: str) -> str:
    try:
        address = ip_address(host)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(address)


@lru_cache(maxsize=REMEMBERED)
def site_of(address: str) -> str:
    """Return what one subscriber holds of the network: an IPv4 address, or the /64 around an IPv6 address."""
    if ":" not in address:
        return address
    prefix = int(IPv6Address(address.partition("%")[0])) >> V6_SITE << V6_SITE
    return f"{IPv6Address(prefix)}/{V6_SITE}"
