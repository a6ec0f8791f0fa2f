"""What most stories begin with: people, products, carts, and the requests that make them."""

import secrets
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx2
import psycopg
from pydantic import SecretStr

from mercat import auth, catalog, inventory, vendors
from mercat.kit.database import Database
from mercat.kit.money import Money

PASSWORD = "correct horse battery staple"
ADDRESS = {
    "name": "Ada Lovelace",
    "line1": "12 St James's Square",
    "city": "London",
    "postal_code": "SW1Y 4JH",
    "country": "GB",
}


@dataclass(frozen=True)
class Person:
    """Somebody with an account, signed in."""

    id: UUID
    email: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Item:
    """A product with one variant, ready to be bought."""

    product_id: str
    variant_id: str
    slug: str


@dataclass
class Shop:
    """A shop in a test: its database and a client of its API."""

    database: Database
    client: httpx2.AsyncClient
    _people: dict[str, Person] = field(default_factory=dict)

    async def person(self, *roles: auth.Role, email: str | None = None) -> Person:
        """Make an account with these roles (a buyer without any) and sign it in."""
        email = email or f"{secrets.token_hex(4)}@example.com"
        async with self.database.transaction() as session:
            new = auth.UserCreate(email=email, password=SecretStr(PASSWORD), first_name="Test", last_name="Person")
            user = await auth.create_user(session, new, roles=roles or (auth.Role.buyer,))
        answer = await self.client.post("/auth/token", data={"username": email, "password": PASSWORD})
        return Person(user.id, email, {"Authorization": f"Bearer {answer.json()['access_token']}"})

    async def buyer(self) -> Person:
        """Return the one buyer of the test."""
        return await self._one("buyer")

    async def admin(self) -> Person:
        """Return the one operator of the test."""
        return await self._one("admin", auth.Role.admin)

    async def _one(self, name: str, *roles: auth.Role) -> Person:
        if name not in self._people:
            self._people[name] = await self.person(*roles)
        return self._people[name]

    async def seller(self, slug: str) -> tuple[Person, UUID]:
        """Make somebody who works for a shop, made if it was not there; returns both."""
        person = await self.person(auth.Role.vendor)
        async with self.database.transaction() as session:
            vendor_id = await vendors.ensure(session, auth.Actor.system(), slug, slug.title())
            await vendors.add_member(session, auth.Actor.system(), vendor_id, person.id, "owner")
        return person, vendor_id

    async def item(
        self, *, stock: int = 10, price: str = "10.00", name: str = "Thing", vendor: str | None = None
    ) -> Item:
        """Put a product with one variant on sale."""
        async with self.database.transaction() as session:
            vendor_id = await vendors.ensure(session, auth.Actor.system(), vendor, vendor.title()) if vendor else None
            new = catalog.ProductCreate(
                name=name, price=Money.of(price, "EUR"), stock_quantity=stock, vendor_id=vendor_id
            )
            product_id = await catalog.create(session, auth.Actor.system(), new)
            variant_id = (await catalog.variants_of(session, product_id))[0]
            slug = (await catalog.variants(session, [variant_id]))[variant_id].slug
        return Item(str(product_id), str(variant_id), slug)

    async def order(self, *items: Item, quantity: int = 1, **more: Any) -> httpx2.Response:
        """Order items without a cart; `headers`, `key` and fields of the body may be given."""
        headers = {"Idempotency-Key": more.pop("key", uuid4().hex), **more.pop("headers", {})}
        lines = [{"variant_id": item.variant_id, "quantity": quantity} for item in items]
        body = {"items": lines, "email": "ada@example.com", "shipping_address": ADDRESS, **more}
        return await self.client.post("/orders", json=body, headers=headers)

    async def guest_cart(self, *items: Item, quantity: int = 1) -> dict[str, str]:
        """Fill a guest's cart; returns the headers that carry its token."""
        headers: dict[str, str] = {}
        for item in items:
            answer = await self.client.post(
                "/cart/add", json={"variant_id": item.variant_id, "quantity": quantity}, headers=headers
            )
            assert answer.status_code == 200, answer.text
            headers = headers or {"X-Cart-Token": answer.json()["token"]}
        self.client.cookies.clear()
        return headers

    async def check_out(self, headers: dict[str, str], *, key: str | None = None, **more: Any) -> httpx2.Response:
        """Check a cart out."""
        body = {"email": "ada@example.com", "shipping_address": ADDRESS, **more}
        return await self.client.post(
            "/cart/checkout", json=body, headers={**headers, "Idempotency-Key": key or uuid4().hex}
        )

    async def move(self, order_id: str, status: str, **more: Any) -> httpx2.Response:
        """Let the operator move an order."""
        admin = await self.admin()
        return await self.client.put(
            f"/orders/{order_id}/status", json={"status": status, **more}, headers=admin.headers
        )

    async def rows(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        """Look into the database past all of our code."""
        url = self.database.settings.database_url
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            return await (await connection.execute(sql, params)).fetchall()  # type: ignore[arg-type]  # a test's own SQL

    async def stocked(self, item: Item) -> inventory.StockedVariant:
        """Return an item as stock knows it."""
        [(vendor_id,)] = await self.rows("SELECT vendor_id FROM variants WHERE id = %s", item.variant_id)
        return inventory.StockedVariant(UUID(item.variant_id), UUID(item.product_id), vendor_id)

    async def level(self, item: Item) -> tuple[int, int]:
        """Return (on hand, reserved) of an item."""
        found = await self.rows("SELECT on_hand, reserved FROM stock_levels WHERE variant_id = %s", item.variant_id)
        return found[0][0], found[0][1]

    async def stock_is_explained(self) -> None:
        """Assert that every level, at each location, is the sum of its movements and reserves exactly what is promised.

        And that no movement is about a level that is not there, and every level says whose it is.
        """
        unexplained = await self.rows("""
            SELECT variant_id, location_id, s.on_hand, s.reserved, m.on_hand, m.reserved, r.promised
            FROM stock_levels s
            FULL JOIN (
                SELECT variant_id, location_id, sum(on_hand_delta) AS on_hand, sum(reserved_delta) AS reserved
                FROM stock_movements GROUP BY 1, 2
            ) m USING (variant_id, location_id)
            FULL JOIN (
                SELECT variant_id, location_id, sum(quantity) AS promised FROM stock_reservations
                WHERE state IN ('held', 'confirmed') GROUP BY 1, 2
            ) r USING (variant_id, location_id)
            WHERE (s.on_hand, s.reserved) IS DISTINCT FROM (coalesce(m.on_hand, 0), coalesce(m.reserved, 0))
               OR s.reserved IS DISTINCT FROM coalesce(r.promised, 0)""")
        assert unexplained == []
        strange = "SELECT FROM stock_levels s JOIN variants v ON v.id = s.variant_id"
        assert await self.rows(f"{strange} WHERE (s.product_id, s.vendor_id) <> (v.product_id, v.vendor_id)") == []
