"""Somebody about whom every table knows something."""

from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest

from mercat import audit
from mercat.auth import Actor
from mercat.kit.caller import client_ip_var
from shopping import ADDRESS, PASSWORD, Item, Person, Shop

EMAIL, WORK = "Ada.Quill@example.com", "ada.at.work@example.net"
STREET, PHONE, IP, AGENT = "7 Unmistakable Mews", "+442079460018", "203.0.113.77", "Firefox/199"
HOME = {**ADDRESS, "name": "Adalbertina Quill", "line1": STREET, "phone": PHONE}
SHIPPED = {"tracking": "JD0146", "note": "left her shipment at Quill's"}
TELLTALE = ("quill", "adalbertina", EMAIL, WORK, STREET, PHONE, IP, AGENT, "her shipment", "JD0146")
"""Words by which anybody could tell who it was."""
APPLICATION = {
    "name": "Pens and paper",
    "legal_name": "Adalbertina Quill",
    "address": {"line1": STREET, "city": "London", "postal_code": "SW1Y 4JH", "country": "GB"},
}
"""What she wants to sell."""
HERE = {"X-From": IP, "User-Agent": AGENT}
"""What her requests say of where they come from."""


@dataclass
class Ada:
    """Her account, and her orders by how she placed them."""

    person: Person
    item: Item
    orders: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that mail goes to."""
    monkeypatch.setenv("MERCAT_MAIL_URL", f"maildir://{tmp_path}/mail")
    return tmp_path / "mail" / "new"


def letters(mail: Path) -> int:
    """Count the mail that has left."""
    return len(list(mail.iterdir())) if mail.exists() else 0


@pytest.fixture
async def ada(shop: Shop, mail: Path, monkeypatch: pytest.MonkeyPatch) -> Ada:
    """Somebody who has done everything that one can do here, from one place."""
    assert letters(mail) == 0
    monkeypatch.setattr("mercat.kit.edge.client_ip", lambda scope: dict(scope["headers"]).get(b"x-from", b"").decode())
    client = shop.client
    item = await shop.item(stock=100)
    guests = await shop.order(item, email=EMAIL, shipping_address=HOME, headers=HERE)
    person = await register(shop)
    mine = person.headers
    await client.patch("/users/me", json={"phone": PHONE, "notifications": {"news": True}}, headers=mine)
    home = (await client.post("/users/me/addresses", json=HOME, headers=mine)).json()["id"]
    await client.put(f"/users/me/addresses/{home}", json={**HOME, "line2": "Flat 2"}, headers=mine)
    key = {"name": "Quill's laptop", "scopes": ["self:read"], "password": PASSWORD}
    assert (await client.post("/users/me/api-keys", json=key, headers=mine)).status_code == 201
    await client.post("/cart/add", json={"variant_id": item.variant_id}, headers=mine)
    found = Ada(person, item, {"guest": guests.json()["id"]})
    bought = await shop.check_out(mine, email=WORK, shipping_address=HOME)
    found.orders["cart"] = bought.json()["order"]["id"]
    coupon = {"name": "Welcome", "code": "WELCOME10", "kind": "percent", "percent": "10", "once_per_customer": True}
    await client.post("/promotions", json=coupon, headers=(await shop.admin()).headers)
    listed = await shop.order(item, headers=mine, shipping_address=HOME, coupon="WELCOME10")
    found.orders["items"] = listed.json()["id"]
    later = await shop.order(item, email=EMAIL.lower(), shipping_address=HOME, headers=HERE)
    found.orders["later"] = later.json()["id"]
    await client.post("/cart/add", json={"variant_id": item.variant_id, "quantity": 3}, headers=mine)
    await finish(shop, found)
    await client.post("/auth/forgot-password", json={"email": EMAIL.upper()}, headers=HERE)
    await client.post("/users/me/email", json={"email": WORK, "password": PASSWORD}, headers=mine)
    await return_it(shop, found)
    await leave_traces(shop, found)
    await review_it(shop, found)
    await comment(shop, found)
    await wish_for_it(shop, found)
    for statement in BY_HAND:
        await shop.rows(f"{statement} RETURNING 1", person.id)
    return found


async def register(shop: Shop) -> Person:
    """Make the account, which then gets another address; that one is proven."""
    names = {"first_name": "Adalbertina", "last_name": "Quill", "username": "quill"}
    body = {"email": "former.quill@example.com", "password": PASSWORD, **names}
    made = await shop.client.post("/auth/register", json=body, headers=HERE)
    assert made.status_code == 201, made.text
    admin = await shop.admin()
    new = {"email": EMAIL, "password": PASSWORD}
    moved = await shop.client.put(f"/users/{made.json()['id']}", json=new, headers=admin.headers)
    assert moved.status_code == 200, moved.text
    await shop.rows("UPDATE users SET email_verified = true WHERE username = 'quill' RETURNING id")
    answer = await shop.client.post("/auth/token", data={"username": EMAIL, "password": PASSWORD}, headers=HERE)
    return Person(made.json()["id"], EMAIL, {"Authorization": f"Bearer {answer.json()['access_token']}", **HERE})


async def finish(shop: Shop, ada: Ada) -> None:
    """Bring her orders to their ends."""
    for name, order_id in ada.orders.items():
        if name == "later":
            assert (await shop.move(order_id, "cancelled")).status_code == 200
            continue
        assert (await shop.move(order_id, "paid")).status_code == 200
        assert (await shop.move(order_id, "shipped", **SHIPPED)).status_code == 200
        assert (await shop.move(order_id, "delivered")).status_code == 200
    admin = await shop.admin()
    payments = await shop.rows("SELECT id::text FROM payments WHERE order_id = %s", ada.orders["items"])
    back = {"payment_id": payments[0][0], "amount": "1.00", "reason": "her shipment came broken"}
    headers = {**admin.headers, "Idempotency-Key": "broken"}
    assert (await shop.client.post("/payments/refund", json=back, headers=headers)).status_code == 201


async def return_it(shop: Shop, ada: Ada) -> None:
    """Ask to send something back, and be refused."""
    admin = await shop.admin()
    order = (await shop.client.get(f"/orders/{ada.orders['items']}", headers=admin.headers)).json()
    pieces = [{"item_id": order["items"][0]["id"], "quantity": 1}]
    body = {"items": pieces, "reason": "damaged", "note": "ask for Mrs Quill"}
    headers = {**ada.person.headers, "Idempotency-Key": "return"}
    asked = await shop.client.post(f"/orders/{order['id']}/returns", json=body, headers=headers)
    assert asked.status_code == 201, asked.text
    told = {"status": "rejected", "note": "her shipment was empty"}
    path = f"/returns/{asked.json()['id']}/status"
    assert (await shop.client.put(path, json=told, headers=admin.headers)).status_code == 200


async def review_it(shop: Shop, ada: Ada) -> None:
    """Say what she thinks, and what she thinks of others' words."""
    path = f"/products/{ada.item.product_id}/reviews"
    mine = {"rating": 4, "title": "Quill's favourite", "body": "her shipment smelled of roses"}
    written = await shop.client.post(path, json=mine, headers=ada.person.headers)
    assert written.status_code == 201, written.text
    admin = await shop.admin()
    others = await shop.client.post(path, json={"rating": 1, "body": "Not for me."}, headers=admin.headers)
    theirs = f"/reviews/{others.json()['id']}"
    await shop.client.post(f"{theirs}/approve", json={}, headers=admin.headers)
    report = {"reason": "other", "note": "Mrs Quill disagrees"}
    assert (await shop.client.post(f"{theirs}/helpful", headers=ada.person.headers)).status_code == 200
    told = await shop.client.post(f"{theirs}/reports", json=report, headers=ada.person.headers)
    assert told.status_code == 204, told.text


async def comment(shop: Shop, ada: Ada) -> None:
    """Say what she thinks of a post, and of another's comment; and begin a post of her own."""
    admin = await shop.admin()
    body = {"title": "How it is made", "content": "By hand.", "published": True}
    post = (await shop.client.post("/posts", json=body, headers=admin.headers)).json()["id"]
    said = {"body": "Mrs Quill agrees wholeheartedly"}
    mine = await shop.client.post(f"/posts/{post}/comments", json=said, headers=ada.person.headers)
    assert mine.status_code == 201, mine.text
    theirs = await shop.client.post(f"/posts/{post}/comments", json={"body": "Hm."}, headers=admin.headers)
    path = f"/comments/{theirs.json()['id']}"
    await shop.client.post(f"{path}/approve", json={}, headers=admin.headers)
    report = {"reason": "other", "note": "Mrs Quill disagrees"}
    told = await shop.client.post(f"{path}/reports", json=report, headers=ada.person.headers)
    assert told.status_code == 204, told.text
    draft = {"title": "Quill's plans", "content": "Not yet."}
    begun = await shop.client.post("/posts", json=draft, headers=admin.headers)
    await shop.rows("UPDATE posts SET author_id = %s WHERE id = %s RETURNING 1", ada.person.id, begun.json()["id"])


async def wish_for_it(shop: Shop, ada: Ada) -> None:
    """Keep an eye on it in every way there is."""
    client, mine, product = shop.client, ada.person.headers, f"/products/{ada.item.product_id}"
    wish = {"product_id": ada.item.product_id, "note": "for Mr Quill"}
    wished = await client.post("/users/me/wishlists/default/items", json=wish, headers=mine)
    assert wished.status_code == 201, wished.text
    watched = await client.post(f"{product}/alerts", json={"kind": "price_drop"}, headers=mine)
    assert watched.status_code == 201, watched.text
    assert (await client.post(f"{product}/views", headers=mine)).status_code == 204


async def leave_traces(shop: Shop, ada: Ada) -> None:
    """Let the log know what a guest did: it is filed under the order and its payment."""
    ip = client_ip_var.set(IP)
    payments = await shop.rows("SELECT id FROM payments WHERE order_id = %s", ada.orders["later"])
    async with shop.database.transaction() as session:
        told = {"note": audit.Change(None, "ring at Quill")}
        await audit.record(session, Actor(), "order.placed", UUID(ada.orders["later"]), personal=told)
        await audit.record(session, Actor(), "payment.cancelled", payments[0][0])
    client_ip_var.reset(ip)


# what takes a provider or a device
BY_HAND = (
    "INSERT INTO identities (provider, subject, user_id, email) VALUES ('google', '1', %s, 'ada.quill@example.com')",
    "INSERT INTO files (uploaded_by, id, key, purpose, media_type, size) SELECT %s, gen_random_uuid(), '', '', '', 1",
    "INSERT INTO authenticators (user_id, sealed_secret) VALUES (%s, 'gAAAA')",
    "INSERT INTO recovery_codes (user_id, code_hash) VALUES (%s, 'x')",
    "INSERT INTO payment_customers (user_id, provider, ref) VALUES (%s, 'test', 'cus_1')",
    "INSERT INTO payment_methods VALUES (%s, 'test', 'card_1', 'card', 'visa', '42', '', now(), gen_random_uuid())",
    "INSERT INTO passkeys VALUES (%s, 'x', 'x', 0, 'Quill phone', '{}', now(), NULL, gen_random_uuid())",
)
