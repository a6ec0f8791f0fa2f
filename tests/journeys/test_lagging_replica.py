"""Journeys while the read replica is minutes behind: nothing is missing to anybody, and nothing is lost.

The replica here is a second database, a copy taken before the journey began, that never catches up.
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from conftest import cloned
from letters import Mailbox
from mercat.kit.database import Database, DatabaseSettings
from mercat.main import create_app
from shopping import ADDRESS, PASSWORD, Person, Shop

OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def replica_url(postgres: str) -> Iterator[str]:
    """A database as the shop's was before anything happened in it."""
    with cloned(postgres) as url:
        yield url


@pytest.fixture
async def database(database_url: str, replica_url: str) -> AsyncIterator[Database]:
    """The process's connections to both; the other fixtures build on these."""
    connections = Database(DatabaseSettings(database_url=database_url, database_replica_url=replica_url))
    yield connections
    await connections.close()


@dataclass(frozen=True)
class Caller:
    """Somebody who asks and expects to be answered."""

    shop: Shop
    headers: dict[str, str]

    async def ask(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        headers = {**self.headers, "Idempotency-Key": uuid4().hex}
        sent: dict[str, Any] = {} if body is None else {"json": body}
        answer: httpx2.Response = await self.shop.client.request(method, path, headers=headers, **sent)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        has_json = answer.content and "json" in answer.headers["content-type"]
        return answer.json() if has_json else answer.content


async def operator(shop: Shop) -> Caller:
    return Caller(shop, (await shop.admin()).headers)


async def bought(shop: Shop, buyer: Person, vendor: str | None = None) -> dict[str, Any]:
    item = await shop.item(price="10.00", vendor=vendor)
    answer = await shop.order(
        item, headers=buyer.headers, email=buyer.email, payment_method="test", payment_method_id="test_approve"
    )
    assert answer.status_code == 201, answer.text
    order: dict[str, Any] = answer.json()
    return order


async def parked(shop: Shop) -> list[tuple[Any, ...]]:
    """Return the jobs that are neither done nor scheduled."""
    return await shop.rows("SELECT task_name, status::text FROM procrastinate_jobs WHERE queueing_lock IS NULL")


async def test_a_sale_is_seen_by_everybody_whom_it_concerns_and_its_mail_arrives(shop: Shop, mailbox: Mailbox) -> None:
    owner, _ = await shop.seller("north-kiln")
    buyer = await shop.buyer()
    order = await bought(shop, buyer, vendor="north-kiln")

    theirs, portal, office = Caller(shop, buyer.headers), Caller(shop, owner.headers), await operator(shop)
    assert (await theirs.ask("GET", f"/orders/{order['id']}"))["status"] == "paid"
    assert [one["id"] for one in (await theirs.ask("GET", "/orders"))["items"]] == [order["id"]]
    assert [one["id"] for one in (await office.ask("GET", "/orders"))["items"]] == [order["id"]]
    payment = await theirs.ask("GET", f"/payments/{order['payment']['id']}")
    assert payment["status"] == "captured"
    parts = (await portal.ask("GET", "/vendor/orders"))["items"]
    assert len(parts) == 1
    assert (await portal.ask("GET", f"/vendor/orders/{parts[0]['id']}"))["status"] == "paid"
    balances = await office.ask("GET", "/ledger/balances")
    assert balances["items"]

    letters = await mailbox.letters()
    assert buyer.email in {letter.to for letter in letters}
    assert owner.email in {letter.to for letter in letters}
    assert await parked(shop) == []


async def test_an_invoice_is_drawn_sent_and_given_out(shop: Shop, mailbox: Mailbox) -> None:
    buyer = await shop.buyer()
    order = await bought(shop, buyer, vendor="north-kiln")
    await mailbox.work()

    theirs = Caller(shop, buyer.headers)
    invoices = await theirs.ask("GET", f"/orders/{order['id']}/invoices")

    [invoice] = invoices["items"]
    assert (await theirs.ask("GET", f"/invoices/{invoice['id']}/pdf")).startswith(b"%PDF")
    assert any("invoice" in letter.subject.lower() for letter in await mailbox.letters())
    assert await parked(shop) == []


async def test_a_refund_reaches_the_buyer_and_the_books(shop: Shop, mailbox: Mailbox) -> None:
    buyer, office = await shop.buyer(), await operator(shop)
    order = await bought(shop, buyer)

    refund = await office.ask("POST", "/payments/refund", {"payment_id": order["payment"]["id"]}, status=201)
    await mailbox.work()

    assert refund["status"] == "succeeded"
    found = await Caller(shop, buyer.headers).ask("GET", f"/orders/{order['id']}")
    assert (found["status"], found["payment_status"]) == ("refunded", "refunded")
    assert await shop.rows("SELECT count(*) FROM test_returns") == [(1,)]
    entries = (await office.ask("GET", "/ledger"))["items"]
    assert "refund.paid" in {entry["kind"] for entry in entries}
    assert await parked(shop) == []


async def test_who_signs_up_is_signed_in_verified_and_changes_the_password(shop: Shop, mailbox: Mailbox) -> None:
    anonymous = Caller(shop, {})
    account = await anonymous.ask("POST", "/auth/register", {"email": "ada@example.com", "password": PASSWORD}, 201)
    letter = await mailbox.only("ada@example.com")
    await anonymous.ask("POST", "/auth/verify-email", {"token": letter.token}, 204)

    form = {"username": "ada@example.com", "password": PASSWORD}
    app = (await shop.client.post("/auth/token", data=form)).json()
    browser = await shop.client.post("/auth/session", data=form, headers=OWN_PAGE)
    assert browser.status_code == 200, browser.text
    assert (browser.json()["id"], browser.json()["email_verified"]) == (account["id"], True)
    cookie = {"Cookie": browser.headers["set-cookie"].split(";")[0], **OWN_PAGE}
    shop.client.cookies.clear()

    for headers in ({"Authorization": f"Bearer {app['access_token']}"}, cookie):
        herself = Caller(shop, headers)
        assert (await herself.ask("GET", "/auth/me"))["id"] == account["id"]
        assert (await herself.ask("GET", "/users/me"))["email"] == "ada@example.com"
        assert (await herself.ask("GET", "/users/me/sessions"))["total"] == 2

    changed = {"current_password": PASSWORD, "new_password": PASSWORD + " again"}
    await Caller(shop, cookie).ask("POST", "/users/me/password", changed, 204)
    assert (await shop.client.post("/auth/token", data=form)).status_code == 401
    assert (await shop.client.post("/auth/token", data={**form, "password": PASSWORD + " again"})).status_code == 200


async def test_what_somebody_has_just_made_is_there_to_be_read(shop: Shop) -> None:
    buyer = Caller(shop, (await shop.buyer()).headers)
    item = await shop.item()

    kept = await buyer.ask("POST", "/users/me/addresses", ADDRESS, 201)
    assert (await buyer.ask("GET", f"/users/me/addresses/{kept['id']}"))["city"] == "London"
    wishlist = await buyer.ask("POST", "/users/me/wishlists", {"name": "Kitchen"}, 201)
    assert (await buyer.ask("GET", f"/users/me/wishlists/{wishlist['id']}"))["name"] == "Kitchen"
    office = await operator(shop)
    gift_card = await office.ask("POST", "/gift-cards", {"amount": "50.00"}, 201)
    assert (await buyer.ask("POST", "/gift-cards/balance", {"code": gift_card["code"]}))["balance"]["amount"] == "50.00"
    # a product that the replica does not know yet is asked for at the primary
    assert (await buyer.ask("GET", f"/products/{item.slug}"))["id"] == item.product_id
    assert (await buyer.ask("GET", f"/products/{uuid4()}", status=404))["code"] == "catalog.product_not_found"


async def test_only_what_may_be_old_is_old(shop: Shop) -> None:
    item = await shop.item(name="Mug", vendor="north-kiln")
    buyer = Caller(shop, (await shop.buyer()).headers)

    assert (await buyer.ask("GET", "/products"))["total"] == 0
    assert (await buyer.ask("GET", "/products/search?q=mug"))["total"] == 0
    # what is cached for anybody is not: a replica that lags is not read for it
    await shop.handle_events()
    anyone = Caller(shop, {})
    for _ in range(2):
        assert (await anyone.ask("GET", "/products"))["total"] == 1
        assert (await anyone.ask("GET", "/products/search?q=mug"))["total"] == 1
        assert (await anyone.ask("GET", f"/products/{item.slug}"))["id"] == item.product_id


async def asked_for_readiness() -> httpx2.Response:
    """Ask an application with the settings of this moment whether to send requests there."""
    app = create_app()
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://shop.test") as client:
        answer = await client.get("/health/ready")
    await app.state.database.close()
    await app.state.redis.aclose()
    return answer


async def test_nobody_is_sent_here_while_the_primary_is_away(replica_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/nothing")
    monkeypatch.setenv("MERCAT_DATABASE_REPLICA_URL", replica_url)
    answer = await asked_for_readiness()

    assert (answer.status_code, answer.json()["status"]) == (503, "unavailable")
    assert answer.json()["checks"]["database"].startswith("away")
    assert answer.json()["checks"]["replica"] == "ok"


async def test_a_replica_that_is_away_is_told_and_takes_nobody_along(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MERCAT_DATABASE_URL", database_url)
    monkeypatch.setenv("MERCAT_DATABASE_REPLICA_URL", "postgresql://nobody@127.0.0.1:9/nothing")
    answer = await asked_for_readiness()

    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["checks"]["replica"].startswith("away")
