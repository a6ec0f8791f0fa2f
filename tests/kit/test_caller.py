"""Where a request came from, and what counts as one place."""

import httpx2
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from mercat.kit.caller import client_ip, client_ip_var, site_of
from mercat.kit.edge import Edge


@pytest.mark.parametrize(
    ("peer", "address", "site"),
    [
        ("192.0.2.7", "192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7", "192.0.2.7"),
        ("2001:DB8:0:1:ffff::7", "2001:db8:0:1:ffff::7", "2001:db8:0:1::/64"),
        ("fe80::1%eth0", "fe80::1%eth0", "fe80::/64"),
        ("a name", "", ""),
        ("192.0.2.007", "", ""),
        ("1" * 60_000, "", ""),
    ],
)
def test_an_address_has_one_form_and_a_site(peer: str, address: str, site: str) -> None:
    found = client_ip({"type": "http", "client": (peer, 1)})
    assert (found, site_of(found)) == (address, site)


def test_a_peer_without_an_address_has_none() -> None:
    assert client_ip({"type": "http", "client": None}) == ""
    assert client_ip({"type": "http"}) == ""


async def test_a_request_knows_its_address_and_nothing_stays_behind() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse(client_ip_var.get())(scope, receive, send)

    ring = Edge(app, https_redirect=False, last_resort=lambda error, _: PlainTextResponse(str(error)))
    transport = httpx2.ASGITransport(app=ring, client=("192.0.2.9", 1))
    async with httpx2.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        forged = await client.get("/", headers={"X-Forwarded-For": "203.0.113.5", "Forwarded": "for=203.0.113.5"})
    assert forged.text == "192.0.2.9"
    assert client_ip_var.get() == ""
