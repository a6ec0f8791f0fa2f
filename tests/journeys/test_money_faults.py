"""Everything that handles money is killed while people buy: afterwards everybody's books say the same, once."""

import os
import random
import signal
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from subprocess import Popen
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from journeys.conftest import Letterbox, Product, until
from mercat import payment_processing
from mercat.embedded import Postgres
from mercat.kit import clock, migrations
from mercat.kit.database import Database, DatabaseSettings
from mercat.kit.settings_memory import read_anew
from payment_processing.books import books_balance
from shopping import ADDRESS, Item, Person, Shop
from stripe_server import StripeServer

pytestmark = pytest.mark.long

SEED = 20_261_124
KILLS_OF_EACH = 2, 3
BUYERS = 4
VISA = "pm_card_visa"
WAYS = {
    "stripe": 12,  # a card in the checkout
    "browser": 8,  # the buyer's browser confirms it, and a webhook says so
    "change of mind": 4,  # the same, while the buyer cancels
    "test": 10,
    "bank": 4,  # money that takes its time
    "declined": 2,
}
ASKED = {
    "stripe": {"payment_method": "card", "payment_method_id": VISA, "return_url": "http://shop.test/done"},
    "browser": {"payment_method": "card"},
    "change of mind": {"payment_method": "card"},
    "test": {"payment_method": "test", "payment_method_id": "test_approve"},
    "bank": {"payment_method": "test", "payment_method_id": "test_processing"},
    "declined": {"payment_method": "test", "payment_method_id": "test_decline"},
}
OURS = "SELECT provider_ref, captured_minor - refunded_minor FROM payments WHERE provider = %s AND captured_minor > 0"
AT_TEST_PROVIDER = """
SELECT ref, captured_minor - coalesce((SELECT sum(amount_minor) FROM test_returns r WHERE r.charge_ref = c.ref), 0)::int
FROM test_charges c WHERE captured_minor > 0
"""
DISAGREE = """
SELECT o.number, o.status, p.captured, p.returned FROM orders o CROSS JOIN LATERAL (
    SELECT coalesce(sum(captured_minor), 0) AS captured, coalesce(sum(refunded_minor), 0) AS returned
    FROM payments WHERE order_id = o.id) p
WHERE NOT CASE o.status
    WHEN 'paid' THEN p.captured - p.returned = o.total_minor - o.refunded_minor AND p.captured > p.returned
    WHEN 'refunded' THEN p.captured = p.returned AND p.captured >= o.total_minor
    ELSE p.captured = p.returned END
"""
LETTERS = "SELECT message_id FROM mails WHERE kind = 'order_paid'"
NOT_CONFIRMED_ONCE = """
SELECT o.number, o.status, count(m.id)
FROM orders o LEFT JOIN mails m ON m.kind = 'order_paid' AND m.recipient = o.email
GROUP BY o.id HAVING count(m.id) <> (o.status IN ('paid', 'refunded'))::int
"""


@dataclass
class Purchase:
    """One order that somebody wants, and what came of it."""

    way: str
    key: str = field(default_factory=lambda: uuid4().hex)
    give_back: str | None = None
    """An amount that the operator gives back, or all of it."""
    order: dict[str, Any] = field(default_factory=dict)
    cancelled: bool = False

    @property
    def endings(self) -> set[str]:
        """How the order may end."""
        if self.way == "change of mind":  # the money may be faster; or we are, and do not hear of it
            return {"cancelled"} if self.cancelled else {"cancelled", "paid"}
        if self.way == "declined":
            return {"pending"}
        return {"refunded"} if self.give_back == "all" else {"paid"}


def purchases(chance: random.Random) -> list[Purchase]:
    """Return what is bought, in any order; some of it is given back."""
    wanted = [Purchase(way) for way, times in WAYS.items() for _ in range(times)]
    for way in ("stripe", "test"):
        mine = [one for one in wanted if one.way == way]
        for one, back in zip(mine, ["1.00", "1.00", "all", "all"], strict=False):
            one.give_back = back
    chance.shuffle(wanted)
    return wanted


@dataclass
class Street:
    """The shop as people outside of it see it; they ask again until they are answered."""

    product: Product
    stripe: StripeServer
    item: Item
    buyer: Person
    operator: Person
    client: httpx2.Client
    done: list[Purchase] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def ask(self, method: str, path: str, person: Person, body: object = None, key: str = "") -> httpx2.Response:
        """Ask until there is an answer, always with the same key."""
        answers: list[httpx2.Response] = []
        headers = {**person.headers, **({"Idempotency-Key": key} if key else {})}

        def answered() -> bool:
            url = f"{self.product.url}/api/v1{path}"
            try:
                answer = self.client.request(method, url, json=body, headers=headers)
            except httpx2.TransportError:
                return False
            self.statuses[answer.status_code] += 1
            if answer.status_code >= 500 or answer.json().get("code") == "idempotency.in_progress":
                return False
            answers.append(answer)
            return True

        until(answered, f"{method} {path} is answered")
        return answers[0]

    def buy(self, mine: list[Purchase]) -> None:
        """Buy one thing after the other."""
        for one in mine:
            lines = [{"variant_id": self.item.variant_id, "quantity": 1}]
            body = {"items": lines, "email": f"{one.key}@example.com", "shipping_address": ADDRESS, **ASKED[one.way]}
            answer = self.ask("POST", "/orders", self.buyer, body, one.key)
            assert answer.status_code == 201, answer.text
            one.order = answer.json()
            if one.way in ("browser", "change of mind"):
                self.stripe.pay(one.order["payment"]["client_secret"].partition("_secret")[0], VISA)
            if one.way == "change of mind":
                answer = self.ask("DELETE", f"/orders/{one.order['id']}", self.buyer)
                assert answer.status_code in (200, 409), answer.text
                one.cancelled = answer.status_code == 200
            if one.give_back:
                self.return_money(one)
            self.done.append(one)

    def return_money(self, one: Purchase) -> None:
        """Let the operator give money back."""
        body: dict[str, Any] = {"payment_id": one.order["payment"]["id"]}
        body |= {} if one.give_back == "all" else {"amount": one.give_back}
        answer = self.ask("POST", "/payments/refund", self.operator, body, uuid4().hex)
        assert answer.status_code == 201, answer.text

    def open(self, wanted: list[Purchase]) -> list[threading.Thread]:
        """Let people in."""
        people = [threading.Thread(target=self.buy, args=(wanted[n::BUYERS],)) for n in range(BUYERS)]
        for one in people:
            one.start()
        return people


@dataclass
class Machines:
    """Server, worker and database, each of which may be killed."""

    product: Product
    engine: Postgres
    processes: dict[str, Popen[bytes]] = field(default_factory=dict)

    def start(self) -> None:
        self.processes = {"server": self.product.serve(), "worker": self.product.run("worker")}

    def kill(self, which: str) -> None:
        """Kill one without warning, and start it again."""
        if which == "postgresql":
            assert self.engine.pid is not None
            os.kill(self.engine.pid, signal.SIGKILL)
            self.engine.stop()
            self.engine.start()
            return
        self.processes[which].send_signal(signal.SIGKILL)
        self.processes[which].wait()
        self.processes[which] = self.product.serve() if which == "server" else self.product.run("worker")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Postgres]:
    """A PostgreSQL of the test's own; what it has committed outlives its processes."""
    with Postgres(tmp_path / "engine", settings={"fsync": "off"}) as server:
        migrations.upgrade(server.url)
        yield server


@pytest.fixture
def machines(
    product: Product, engine: Postgres, stripe_server: StripeServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Machines]:
    """The product with all its ways to take money; Stripe brings it its webhooks."""
    settings = {**stripe_server.settings, "MERCAT_TEST_PAYMENTS": "true"}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    read_anew()
    product.environment |= {**settings, "MERCAT_DATABASE_URL": engine.url, "MERCAT_DATABASE_POOL_TIMEOUT": "5"}
    stripe_server.push_to = f"{product.url}/api/v1/payments/webhooks/stripe"
    yield Machines(product, engine)
    stripe_server.push_to = ""
    read_anew()


@asynccontextmanager
async def shop_of(product: Product) -> AsyncIterator[Shop]:
    """Connections of our own to the product's database, and a client of its server."""
    database = Database(DatabaseSettings(database_url=product.environment["MERCAT_DATABASE_URL"]))
    async with httpx2.AsyncClient(base_url=f"{product.url}/api/v1", timeout=60) as client:
        yield Shop(database, client)
    await database.close()


def at_stripe(stripe: StripeServer) -> dict[str, int]:
    """Return what Stripe has kept of each charge that took money."""
    kept = {ref: one["amount_received"] for ref, one in stripe.books["payment_intent"].items()}
    for refund in stripe.books["refund"].values():
        kept[refund["payment_intent"]] -= refund["amount"] if refund["status"] == "succeeded" else 0
    return {ref: left for ref, left in kept.items() if stripe.books["payment_intent"][ref]["amount_received"]}


async def calm_down(shop: Shop, product: Product, wanted: list[Purchase]) -> None:
    """Let the worker finish, ask about slow money, reconcile; doing that again finds nothing."""
    until(product.is_idle, "everything that waits is done")
    admin = await shop.admin()
    for one in wanted:
        if one.way == "bank":
            path = f"/payments/{one.order['payment']['id']}/refresh"
            assert (await shop.client.post(path, headers=admin.headers)).status_code == 200
    since = clock.now() - timedelta(days=1)
    report = await payment_processing.reconcile(shop.database, since=since, repair=True)
    print([(one.kind, one.repaired) for one in report.differences])
    assert (report.open, report.away) == ([], [])
    until(product.is_idle, "everything that was found is done")
    assert (await payment_processing.reconcile(shop.database, since=since, repair=True)).differences == []


async def everything_agrees(shop: Shop, street: Street) -> None:
    """Assert what must be true whatever happened."""
    assert dict(await shop.rows(OURS, "stripe")) == at_stripe(street.stripe)
    assert await shop.rows(OURS, "test") != []
    assert sorted(await shop.rows(OURS, "test")) == sorted(await shop.rows(AT_TEST_PROVIDER))
    assert await shop.rows(DISAGREE) == []
    await books_balance(shop)
    await shop.stock_is_explained()
    statuses = dict(await shop.rows("SELECT id::text, status FROM orders"))
    assert len(statuses) == len(street.done)
    assert [one for one in street.done if statuses[one.order["id"]] not in one.endings] == []
    reserved = sum(status in ("pending", "paid") for status in statuses.values())
    assert await shop.level(street.item) == (1000, reserved)


async def test_servers_workers_and_databases_are_killed_and_every_cent_is_where_it_belongs(
    machines: Machines,
    stripe_server: StripeServer,
    letterbox: tuple[Letterbox, str],
    size: Callable[[int, int], int],
) -> None:
    product, chance = machines.product, random.Random(SEED)
    print(f"seed {SEED}")
    machines.start()
    async with shop_of(product) as shop:
        item, buyer, operator = await shop.item(stock=1000), await shop.person(), await shop.admin()
    with httpx2.Client(timeout=60) as browser:
        street = Street(product, stripe_server, item, buyer, operator, browser)
        wanted = purchases(chance)

        people = street.open(wanted)
        victims = ["server", "worker", "postgresql"] * size(*KILLS_OF_EACH)
        chance.shuffle(victims)
        moments = sorted(chance.sample(range(1, len(wanted) - BUYERS), len(victims)))
        for victim, moment in zip(victims, moments, strict=True):
            until(lambda moment=moment: len(street.done) >= moment or not _alive(people), f"{moment} orders are done")
            machines.kill(victim)
        for one in people:
            one.join()

    print(dict(street.statuses))
    assert len(street.done) == len(wanted)
    assert {status for status in street.statuses if status >= 500} <= {503}
    async with shop_of(product) as shop:
        await calm_down(shop, product, wanted)
        await everything_agrees(shop, street)
        assert await shop.rows("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'") == [(0,)]
        assert await shop.rows(NOT_CONFIRMED_ONCE) == []
        # a worker that dies between the server's 250 and our note sends again: the same message, by the same Message-ID
        received = {letter["Message-ID"] for letter in letterbox[0].letters}
        assert received >= {row[0] for row in await shop.rows(LETTERS)}


def _alive(people: list[threading.Thread]) -> bool:
    return all(one.is_alive() for one in people)
