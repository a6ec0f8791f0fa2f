"""After an erasure nobody can tell who it was; the books say what was sold."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import anyio
import anyio.lowlevel
import httpx2
import psycopg
import pytest
from fastapi import FastAPI

from mercat import outbox, privacy
from mercat.auth import Actor, Role
from mercat.auth.events import PasswordChanged
from mercat.embedded import Redis
from mercat.kit.ids import new_id
from mercat.kit.redis import RedisSettings, connect
from mercat.orders.events import OrderPlaced
from mercat.worker import REACTIONS
from privacy.conftest import APPLICATION, EMAIL, HOME, STREET, TELLTALE, WORK, Ada, finish, letters
from shopping import PASSWORD, Person, Shop

BOOKS = """
SELECT number, status, currency, subtotal_minor, discount_minor, shipping_minor, tax_minor, total_minor, refunded_minor,
       placed_at, paid_at, shipping_address->>'country', billing_address->>'country', user_id
FROM orders ORDER BY number
"""
LINES = "SELECT order_id, variant_id, name, quantity, unit_price_minor, line_total_minor FROM order_items ORDER BY id"
MOVES = "SELECT order_id, at, from_status, to_status, by_staff FROM order_history ORDER BY id"
MONEY = "SELECT id, order_id, status, amount_minor, captured_minor, refunded_minor FROM payments ORDER BY id"
KEPT_BY_LAW = {"invoices"}
"""Name and address stay on documents until the law lets them go; see ADR 0019."""
STOCK = "SELECT * FROM stock_movements ORDER BY id"


def told_of_password(session: Any, event_id: UUID, event: PasswordChanged) -> Any:
    return handler("notifications.notify_password_changed")(session, event_id, event)


def handler(name: str) -> outbox.Handler[Any]:
    return next(one for handlers in REACTIONS.values() for one in handlers if one.name == name)


async def erase(shop: Shop, person: Person, **body: Any) -> httpx2.Response:
    return await shop.client.post("/users/me/erase", json=body, headers=person.headers)


async def everything(shop: Shop) -> dict[str, str]:
    """Return every row of every table as text, bytes and sizes included."""
    tables = await shop.rows("""
        SELECT table_schema, table_name, array_agg(column_name::text) FILTER (WHERE data_type = 'bytea')
        FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
        WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema') GROUP BY 1, 2""")
    assert len(tables) > 40
    found = {}
    for schema, table, binary in tables:
        rows = await shop.rows(f'SELECT t::text FROM "{schema}"."{table}" t')
        text = "\n".join(row[0] for row in rows)
        for column in binary or ():
            bytes_ = await shop.rows(f'SELECT encode("{column}", \'escape\') FROM "{schema}"."{table}"')
            text += "\n".join(str(row[0]) for row in bytes_)
        found[table] = text.lower()
    return found


async def knowing(shop: Shop, *words: str) -> dict[str, set[str]]:
    """Return which tables know which of these words."""
    told = {table: {word for word in words if word.lower() in text} for table, text in (await everything(shop)).items()}
    return {table: found for table, found in told.items() if found}


async def is_waited_for(shop: Shop) -> None:
    """Return as soon as somebody waits for somebody else's lock."""
    with anyio.fail_after(10):
        while not await shop.rows("SELECT 1 FROM pg_locks WHERE NOT granted"):
            await anyio.lowlevel.checkpoint()


async def test_the_whole_database_has_forgotten(shop: Shop, ada: Ada, mail: Path) -> None:
    await shop.handle_events()
    await shop.client.patch("/users/me", json={"locale": "de"}, headers=ada.person.headers)
    await shop.client.post("/auth/forgot-password", json={"email": EMAIL})
    applied = await shop.client.post("/vendors/apply", json=APPLICATION, headers=ada.person.headers)
    assert applied.status_code == 201, applied.text
    before = await knowing(shop, *TELLTALE)
    assert before.keys() >= {
        "users", "profiles", "addresses", "sessions", "api_keys", "identities", "passkeys", "orders", "order_history",
        "vendor_orders", "mails", "audit_personal", "idempotency_keys", "procrastinate_jobs", "one_time_tokens",
        "events", "returns", "return_history",
    }  # fmt: skip
    assert set().union(*before.values()) == set(TELLTALE)
    books = [await shop.rows(query) for query in (BOOKS, LINES, MOVES, MONEY, STOCK)]
    sent = letters(mail)
    assert sent > 3

    answer = await erase(shop, ada.person, password=PASSWORD)

    assert answer.status_code == 204, answer.text
    assert (await knowing(shop, *TELLTALE)).keys() == KEPT_BY_LAW
    assert [await shop.rows(query) for query in (BOOKS, LINES, MOVES, MONEY, STOCK)] == books
    await shop.handle_events()
    assert await knowing(shop, *TELLTALE) == {"invoices": {"quill", "adalbertina", STREET, "her shipment"}}
    assert letters(mail) == sent
    await shop.stock_is_explained()


async def test_that_it_happened_stays_written_down(shop: Shop, ada: Ada) -> None:
    entries = await shop.rows("SELECT id, at, action, target_id FROM audit_log ORDER BY id")

    await erase(shop, ada.person, password=PASSWORD)

    after = await shop.rows("SELECT id, at, action, target_id FROM audit_log ORDER BY id")
    assert after[: len(entries)] == entries
    assert [(action, str(target)) for _, _, action, target in after[len(entries) :]] == [("user.erased", ada.person.id)]
    stone = await shop.rows(
        "SELECT email, username, password_hash, is_active, erased_at FROM users WHERE id = %s", ada.person.id
    )
    assert stone[0][:4] == (f"erased-{ada.person.id}@erased.invalid", None, None, False)
    assert stone[0][4] is not None


SHOWN = "UPDATE sessions SET second_factor = true WHERE user_id = %s RETURNING id"
"""The factors of the fixture are none that can be shown: let it be so that one was, when she signed in."""


async def test_nothing_that_was_theirs_opens_anything(shop: Shop, ada: Ada) -> None:
    await shop.rows(SHOWN, ada.person.id)
    new = {"name": "k", "scopes": ["self:read"], "password": PASSWORD}
    key = await shop.client.post("/users/me/api-keys", json=new, headers=ada.person.headers)
    admin = await shop.admin()
    await erase(shop, ada.person, password=PASSWORD)

    for headers in (ada.person.headers, {"X-API-Key": key.json()["key"]}):
        assert (await shop.client.get("/users/me", headers=headers)).status_code == 401
        assert (await shop.client.get("/orders", headers=headers)).status_code == 401
    assert (await shop.client.post("/auth/token", data={"username": EMAIL, "password": PASSWORD})).status_code == 401
    path = f"/users/{ada.person.id}"
    for method, where in (
        ("GET", ""),
        ("PUT", ""),
        ("DELETE", ""),
        ("POST", "/restore"),
        ("POST", "/erase"),
        ("GET", "/orders"),
    ):
        answer = await shop.client.request(
            method, path + where, json={} if method == "PUT" else None, headers=admin.headers
        )
        assert (answer.status_code, answer.json()["code"]) == (404, "auth.user_not_found"), where
    listed = (await shop.client.get("/users/?size=100", headers=admin.headers)).json()
    assert ada.person.id not in [item["id"] for item in listed["items"]]


async def test_the_orders_can_still_be_read_by_those_who_keep_the_books(shop: Shop, ada: Ada) -> None:
    admin = await shop.admin()
    before = (await shop.client.get(f"/orders/{ada.orders['cart']}", headers=admin.headers)).json()
    await erase(shop, ada.person, password=PASSWORD)

    after = (await shop.client.get(f"/orders/{ada.orders['cart']}", headers=admin.headers)).json()

    nowhere = {**dict.fromkeys(HOME, ""), "line2": None, "region": None, "phone": None, "country": "GB"}
    assert after["shipping_address"] == after["billing_address"] == nowhere
    assert after["email"] == ""
    assert [move["actor"] for move in after["history"]] == ["somebody", *["Test Person"] * 3]
    assert {move["note"] for move in after["history"]} == {""}
    for same in ("number", "status", "items", "total", "shipping", "tax", "placed_at", "payment_status"):
        assert after[same] == before[same]


async def test_the_address_is_free_at_once_and_finds_nothing_of_before(shop: Shop, ada: Ada) -> None:
    await erase(shop, ada.person, password=PASSWORD)

    body = {"email": EMAIL, "password": PASSWORD, "username": "quill"}
    again = await shop.client.post("/auth/register", json=body)

    assert again.status_code == 201
    assert again.json()["id"] != ada.person.id
    await shop.rows("UPDATE users SET email_verified = true WHERE username = 'quill' RETURNING 1")
    token = (await shop.client.post("/auth/token", data={"username": EMAIL, "password": PASSWORD})).json()
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    await shop.handle_events()
    assert (await shop.client.get("/orders", headers=headers)).json()["total"] == 0
    exported = (await shop.client.get("/users/me/export", headers=headers)).json()
    assert exported["orders"] == exported["carts"] == exported["addresses"] == exported["payments"] == []
    assert [entry["action"] for entry in exported["log"]] == ["user.registered", "user.exported"]


async def test_mail_that_waits_does_not_leave_any_more(shop: Shop, ada: Ada, mail: Path) -> None:
    waiting = await shop.rows("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")
    assert waiting[0][0] > 5

    await erase(shop, ada.person, password=PASSWORD)
    await shop.handle_events()

    assert letters(mail) == 0
    assert await shop.rows("SELECT 1 FROM mails") == []
    assert await shop.rows("SELECT 1 FROM procrastinate_jobs WHERE status = 'failed'") == []


async def test_others_keep_what_is_theirs(shop: Shop, ada: Ada, mail: Path) -> None:
    bob = await shop.person(email="bob@example.com")
    await shop.client.post(
        "/users/me/addresses", json=HOME | {"name": "Bob", "line1": "1 Elsewhere"}, headers=bob.headers
    )
    await shop.order(ada.item, headers=bob.headers, email=WORK)
    guests = await shop.order(ada.item, email="bob@example.com")
    new = {"name": "k", "scopes": ["self:read"], "password": PASSWORD}
    assert (await shop.client.post("/users/me/api-keys", json=new, headers=bob.headers)).status_code == 201
    await shop.handle_events()
    tables = ("addresses", "sessions", "orders", "mails", "audit_personal", "events", "idempotency_keys")

    async def bobs() -> list[list[tuple[Any, ...]]]:
        return [
            await shop.rows(f"SELECT t::text FROM {table} t WHERE t::text ~* %s ORDER BY 1", f"bob@|{bob.id}")
            for table in tables
        ]

    before = await bobs()
    assert all(before)
    await erase(shop, ada.person, password=PASSWORD)

    assert await bobs() == before
    assert (await shop.client.get("/users/me", headers=bob.headers)).status_code == 200
    token = {"X-Cart-Token": guests.json()["guest_token"]}
    assert (await shop.client.get(f"/orders/{guests.json()['id']}", headers=token)).status_code == 200
    assert letters(mail) > 0


async def test_it_takes_the_password(shop: Shop, ada: Ada) -> None:
    before = await everything(shop)
    for body, status, code in (
        ({}, 403, "auth.confirmation_needed"),
        ({"password": "a wrong password"}, 401, "auth.wrong_credentials"),
        ({"password": PASSWORD, "roles": []}, 422, "request.invalid"),
    ):
        refused = await erase(shop, ada.person, **body)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert (await shop.client.post("/users/me/erase", json={"password": PASSWORD})).status_code == 401
    after = await everything(shop)
    assert {table for table in before if before[table] != after[table]} == set()


async def test_a_key_erases_nobody(shop: Shop, ada: Ada) -> None:
    await shop.rows(SHOWN, ada.person.id)
    admin = await shop.admin()

    async def key(person: Person, *scopes: str) -> dict[str, str]:
        body = {"name": "k", "scopes": scopes, "password": PASSWORD}
        made = await shop.client.post("/users/me/api-keys", json=body, headers=person.headers)
        return {"X-API-Key": made.json()["key"]}

    own, operators = await key(ada.person, "self:read", "self:write"), await key(admin, "users:manage", "self:write")
    for path, headers in (("me", own), ("me", operators), (ada.person.id, operators)):
        answer = await shop.client.post(f"/users/{path}/erase", json={"password": PASSWORD}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "auth.in_person_only")
    assert (await shop.client.get("/users/me/export", headers=own)).json()["code"] == "auth.in_person_only"
    assert (await shop.client.get("/users/me", headers=ada.person.headers)).status_code == 200


@pytest.mark.parametrize("status", ["pending", "paid", "processing", "shipped"])
async def test_nobody_goes_while_an_order_is_on_its_way(shop: Shop, status: str) -> None:
    buyer, item = await shop.buyer(), await shop.item()
    done, going = [(await shop.order(item, headers=buyer.headers)).json() for _ in range(2)]
    await shop.move(done["id"], "cancelled")
    for step in ["paid", "processing", "shipped"][: ["pending", "paid", "processing", "shipped"].index(status)]:
        await shop.move(going["id"], step)
    before = await everything(shop)

    refused = await erase(shop, buyer, password=PASSWORD)

    assert (refused.status_code, refused.json()["code"]) == (409, "privacy.orders_unfinished")
    assert refused.json()["orders"] == [going["number"]]
    assert await everything(shop) == before


async def test_what_a_guest_of_the_same_address_ordered_counts_once_it_is_proven(shop: Shop) -> None:
    item, eve = await shop.item(), await shop.person(email="ada@example.com")
    order = (await shop.order(item, email="ADA@example.com")).json()
    before = await shop.rows("SELECT email, shipping_address FROM orders")

    assert (await erase(shop, eve, password=PASSWORD)).status_code == 204
    assert await shop.rows("SELECT email, shipping_address FROM orders") == before

    ada = await shop.person(email="ada@example.com")
    await shop.rows("UPDATE users SET email_verified = true WHERE id = %s RETURNING 1", ada.id)
    refused = await erase(shop, ada, password=PASSWORD)
    assert (refused.status_code, refused.json()["orders"]) == (409, [order["number"]])
    await shop.move(order["id"], "cancelled")
    assert (await erase(shop, ada, password=PASSWORD)).status_code == 204
    assert await shop.rows("SELECT email, shipping_address FROM orders") == [("", {"country": "GB"})]
    token = {"X-Cart-Token": order["guest_token"]}
    assert (await shop.client.get(f"/orders/{order['id']}", headers=token)).status_code == 404


async def test_a_shop_is_not_left_without_an_owner(shop: Shop) -> None:
    one, vendor_id = await shop.seller("clay")
    await shop.seller("wool")

    refused = await erase(shop, one, password=PASSWORD)
    assert (refused.status_code, refused.json()["code"], refused.json()["vendors"]) == (
        409,
        "privacy.last_owner",
        ["clay"],
    )
    assert await shop.rows("SELECT count(*) FROM vendor_members") == [(2,)]

    other, _ = await shop.seller("clay")
    answers = await asyncio.gather(*(erase(shop, owner, password=PASSWORD) for owner in (one, other)))
    assert sorted(answer.status_code for answer in answers) == [204, 409]
    owners = await shop.rows("SELECT count(*) FROM vendor_members WHERE vendor_id = %s", vendor_id)
    assert owners == [(1,)]


async def test_the_last_who_may_do_everything_stays(shop: Shop) -> None:
    one = await shop.admin()
    alone = await erase(shop, one, password=PASSWORD)
    assert (alone.status_code, alone.json()["code"]) == (409, "auth.last_admin")

    other = await shop.person(Role.admin)
    answers = await asyncio.gather(*(erase(shop, admin, password=PASSWORD) for admin in (one, other)))

    assert sorted(answer.status_code for answer in answers) == [204, 409]
    assert await shop.rows("SELECT count(*) FROM user_roles WHERE role = 'admin'") == [(1,)]


async def test_operators_erase_who_is_not_above_them(shop: Shop, ada: Ada) -> None:
    moderator, admin = await shop.person(Role.moderator), await shop.admin()
    support, eve = await shop.person(Role.support), await shop.person()

    for who, target, status, code in (
        (moderator, admin.id, 403, "auth.above_yourself"),
        (moderator, moderator.id, 403, "auth.confirmation_needed"),
        (support, ada.person.id, 403, "auth.forbidden"),
        (eve, ada.person.id, 403, "auth.forbidden"),
    ):
        refused = await shop.client.post(f"/users/{target}/erase", headers=who.headers)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert (await shop.client.post(f"/users/{ada.person.id}/erase")).status_code == 401

    assert (await shop.client.post(f"/users/{ada.person.id}/erase", headers=moderator.headers)).status_code == 204
    left = await knowing(shop, *TELLTALE)
    assert left.keys() <= KEPT_BY_LAW
    [entry] = await shop.rows("SELECT actor_id, target_id::text FROM audit_log WHERE action = 'user.erased'")
    assert entry == (moderator.id, ada.person.id)


async def test_an_order_at_the_same_moment_is_there_or_refused(shop: Shop) -> None:
    item = await shop.item(stock=100)
    for _ in range(4):
        buyer = await shop.person()
        orders, erasure = await asyncio.gather(
            asyncio.gather(*(shop.order(item, headers=buyer.headers, shipping_address=HOME) for _ in range(4))),
            erase(shop, buyer, password=PASSWORD),
        )

        placed = sum(order.status_code == 201 for order in orders)
        assert {order.status_code for order in orders} <= {201, 401, 409}
        kept = await shop.rows(
            "SELECT email <> '', shipping_address->>'line1' FROM orders WHERE user_id = %s", buyer.id
        )
        assert len(kept) == placed
        assert erasure.status_code == (409 if placed else 204), (placed, erasure.text)


@pytest.mark.parametrize("what", ["order", "cart", "address", "profile"])
async def test_what_is_written_while_an_erasure_is_under_way_finds_nobody(shop: Shop, what: str) -> None:
    buyer, item = await shop.person(), await shop.item()
    await shop.client.post("/cart/add", json={"variant_id": item.variant_id}, headers=buyer.headers)
    requests = {
        "order": lambda: shop.order(item, headers=buyer.headers, email=WORK, shipping_address=HOME),
        "cart": lambda: shop.client.post("/cart/add", json={"variant_id": item.variant_id}, headers=buyer.headers),
        "address": lambda: shop.client.post("/users/me/addresses", json=HOME, headers=buyer.headers),
        "profile": lambda: shop.client.patch("/users/me", json={"first_name": "Quill"}, headers=buyer.headers),
    }
    async with shop.database.transaction() as session:
        await privacy.erase(session, Actor.system(), buyer.id)
        request = asyncio.create_task(requests[what]())
        await is_waited_for(shop)

    answer = await request
    assert answer.status_code == 401, answer.text
    assert await knowing(shop, "quill", WORK, HOME["line1"]) == {}
    assert await shop.rows("SELECT 1 FROM orders UNION SELECT 1 FROM addresses UNION SELECT 1 FROM profiles") == []
    assert await shop.rows("SELECT 1 FROM carts") == []


async def test_an_address_at_the_same_moment_is_erased_or_refused(shop: Shop) -> None:
    for _ in range(4):
        buyer = await shop.person()

        async def add(who: Person) -> int:
            return (await shop.client.post("/users/me/addresses", json=HOME, headers=who.headers)).status_code

        *added, erasure = await asyncio.gather(*(add(buyer) for _ in range(4)), erase(shop, buyer, password=PASSWORD))

        assert not isinstance(erasure, int)
        assert erasure.status_code == 204, erasure.text
        assert set(added) <= {201, 401}
        assert await shop.rows("SELECT 1 FROM addresses UNION SELECT 1 FROM profiles") == []


async def test_somebody_remembered_by_another_process_is_nobody(shop: Shop, ada: Ada) -> None:
    """As if another process still took the session for living: what it tries to write down finds nobody."""
    async with shop.database.transaction() as session:
        await privacy.erase(session, Actor.system(), UUID(ada.person.id))
        await session.rollback()
        await privacy.erase(session, Actor.system(), UUID(ada.person.id))
        session.info.pop("after_commit")

    answers = [
        await shop.client.post("/users/me/addresses", json=HOME, headers=ada.person.headers),
        await shop.client.patch("/users/me", json={"first_name": "Adalbertina"}, headers=ada.person.headers),
        await shop.order(ada.item, headers=ada.person.headers, shipping_address=HOME),
        await shop.client.post("/users/me/api-keys", json={"name": "k", "scopes": []}, headers=ada.person.headers),
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 401, 422]
    assert await knowing(shop, *TELLTALE) == {}


async def test_two_erasures_at_once_are_one(shop: Shop) -> None:
    buyer = await shop.person()
    answers = await asyncio.gather(*(erase(shop, buyer, password=PASSWORD) for _ in range(4)))

    assert [answer.status_code for answer in answers].count(204) == 1
    assert {answer.status_code for answer in answers} <= {204, 401, 404}
    assert await shop.rows("SELECT count(*) FROM audit_log WHERE action = 'user.erased'") == [(1,)]


async def test_a_job_under_way_forgets_whom_it_was_about(shop: Shop) -> None:
    buyer = await shop.person(email="ada@example.com")
    await shop.client.post("/auth/forgot-password", json={"email": "Ada@example.com"})
    await shop.rows("UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name = 'auth.send_reset' RETURNING 1")

    await erase(shop, buyer, password=PASSWORD)

    [(args,)] = await shop.rows("SELECT args FROM procrastinate_jobs WHERE task_name = 'auth.send_reset'")
    assert args == {"email": f"erased-{buyer.id}@erased.invalid"}
    url = shop.database.settings.database_url
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute("UPDATE procrastinate_jobs SET status = 'todo' WHERE status = 'doing'")
    await shop.handle_events()
    assert await shop.rows("SELECT 1 FROM procrastinate_jobs") == []


async def test_finishing_is_all_that_keeps_somebody(shop: Shop) -> None:
    item, buyer = await shop.item(), await shop.buyer()
    order = (await shop.order(item, headers=buyer.headers)).json()
    story = Ada(buyer, item, {"items": order["id"]})
    assert (await erase(shop, buyer, password=PASSWORD)).status_code == 409
    await finish(shop, story)
    assert (await erase(shop, buyer, password=PASSWORD)).status_code == 204


@pytest.mark.parametrize("about", ["order", "password"])
async def test_mail_that_is_being_written_is_waited_for_and_deleted(shop: Shop, ada: Ada, about: str) -> None:
    async with shop.database.transaction() as session:
        if about == "order":
            event = OrderPlaced(order_id=UUID(ada.orders["cart"]))
            await handler("notifications.confirm_order")(session, new_id(), event)
        else:
            await handler("notifications.notify_password_changed")(
                session, new_id(), PasswordChanged(user_id=UUID(ada.person.id))
            )
        erasure = asyncio.create_task(erase(shop, ada.person, password=PASSWORD))
        await is_waited_for(shop)

    assert (await erasure).status_code == 204
    assert await shop.rows("SELECT 1 FROM mails") == []
    async with shop.database.transaction() as session:
        await handler("notifications.confirm_order")(session, new_id(), OrderPlaced(order_id=UUID(ada.orders["cart"])))
        await handler("notifications.notify_password_changed")(
            session, new_id(), PasswordChanged(user_id=UUID(ada.person.id))
        )
    assert await shop.rows("SELECT 1 FROM mails") == []


@pytest.fixture
async def with_redis(app: FastAPI, redis_server: Redis, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Let the application reach a Redis, and give it back the one that is away: it is that of the whole worker."""
    monkeypatch.setenv("MERCAT_REDIS_URL", redis_server.url)
    former = app.state.redis
    async with connect(RedisSettings()) as app.state.redis:
        yield
    app.state.redis = former


@pytest.mark.usefixtures("with_redis")
async def test_a_canary_in_every_field_is_found_nowhere(shop: Shop, tmp_path: Path) -> None:
    """Database, queue, files below the data folder and Redis: whatever a person and those who serve them may write."""
    canary = "canary-4711"
    owner, _ = await shop.seller("wool")
    item = await shop.item(vendor="wool")
    ada = await shop.person(email=f"{canary}@example.com")
    await shop.rows("UPDATE users SET email_verified = true WHERE id = %s RETURNING 1", ada.id)
    mine = ada.headers
    address = {
        "name": canary,
        "line1": canary,
        "line2": canary,
        "city": canary,
        "postal_code": "SW1Y 4JH",
        "country": "GB",
    }
    names = {"first_name": canary, "last_name": canary}
    assert (await shop.client.patch("/users/me", json=names, headers=mine)).is_success
    assert (await shop.client.post("/users/me/addresses", json=address, headers=mine)).is_success
    await shop.client.post("/cart/add", json={"variant_id": item.variant_id}, headers=mine)
    order = (await shop.order(item, headers=mine, shipping_address=address, billing_address=address)).json()
    assert (await shop.move(order["id"], "paid", note=canary)).is_success
    part = order["vendor_orders"][0]["id"]
    label = {"carrier": "DHL", "tracking": f"{canary}-1", "tracking_url": f"https://parcels.example/{canary}"}
    sent = await shop.client.post(
        f"/vendor/orders/{part}/shipments", json=label, headers={**owner.headers, "Idempotency-Key": "shipment"}
    )
    assert sent.status_code == 201, sent.text
    shipment = (await shop.client.get(f"/vendor/orders/{part}", headers=owner.headers)).json()["shipments"][0]["id"]
    path = f"/vendor/orders/{part}/shipments/{shipment}"
    changed = await shop.client.patch(path, json={"tracking": f"{canary}-2"}, headers=owner.headers)
    assert changed.is_success, changed.text
    assert (await shop.move(order["id"], "delivered", note=canary)).is_success
    review = {"rating": 5, "title": canary, "body": f"{canary} says so, and means it."}
    assert (await shop.client.post(f"/products/{item.product_id}/reviews", json=review, headers=mine)).is_success
    known = await knowing(shop, canary)
    assert known.keys() >= {"users", "orders", "addresses", "shipments", "audit_personal", "order_history"}

    erased = await erase(shop, ada, password=PASSWORD)

    assert erased.status_code == 204, erased.text
    assert (await knowing(shop, canary)).keys() <= KEPT_BY_LAW
    await shop.handle_events()
    assert (await knowing(shop, canary)).keys() <= KEPT_BY_LAW
    kept = [path for path in (tmp_path / "data").rglob("*") if path.is_file() and canary.encode() in path.read_bytes()]
    assert kept == []
    async with connect(RedisSettings()) as cache:
        keys = await cache.keys("*")
        values = [await cache.dump(key) for key in keys]
    assert not [
        one for one in (*keys, *values) if canary.encode() in (one if isinstance(one, bytes) else str(one).encode())
    ]
