"""Two shops that one buyer ordered from at once."""

from typing import Any
from uuid import uuid4

import httpx2

from payment_processing.books import books_balance
from shopping import Item, Person, Shop

Body = dict[str, Any]


class Street:
    """An order from two shops, its people, and what they ask."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.order: Body = {}
        self.sellers: dict[str, Person] = {}
        self.items: dict[str, Item] = {}

    async def open(self, **more: Any) -> None:
        """Let a buyer pay for two mugs and two scarfs."""
        for slug, price in (("pots", "10.00"), ("wool", "30.00")):
            self.sellers[slug], _ = await self.shop.seller(slug)
            self.items[slug] = await self.shop.item(price=price, vendor=slug, name=slug.title())
        buyer = await self.shop.buyer()
        placed = await self.shop.order(*self.items.values(), quantity=2, headers=buyer.headers, **more)
        assert placed.status_code == 201, placed.text
        self.order = placed.json()

    async def pay(self) -> None:
        assert (await self.shop.move(self.order["id"], "paid")).status_code == 200

    def vendor_order(self, slug: str, order: Body | None = None) -> Body:
        """Return a shop's part as the buyer sees it."""
        vendor_orders = (order or self.order)["vendor_orders"]
        return next(vendor_order for vendor_order in vendor_orders if vendor_order["vendor"]["slug"] == slug)

    async def seen(self) -> Body:
        """Return the order as its buyer sees it now."""
        buyer = await self.shop.buyer()
        found: Body = (await self.shop.client.get(f"/orders/{self.order['id']}", headers=buyer.headers)).json()
        return found

    async def portal(
        self, slug: str, method: str, path: str = "", body: Body | None = None, **more: Any
    ) -> httpx2.Response:
        """Ask in a vendor's portal about its vendor order; `of` is another one."""
        vendor_order_id = more.pop("of", None) or self.vendor_order(slug)["id"]
        headers = {**self.sellers[slug].headers, "Idempotency-Key": more.pop("key", None) or uuid4().hex}
        arguments = {} if body is None else {"json": body}
        answer: httpx2.Response = await self.shop.client.request(
            method, f"/vendor/orders/{vendor_order_id}{path}", headers=headers, **arguments
        )
        return answer

    async def put(self, slug: str, status: str) -> httpx2.Response:
        return await self.portal(slug, "PUT", "/status", {"status": status})

    async def send(self, slug: str, quantity: int | None = None, **more: Any) -> httpx2.Response:
        line = self.vendor_order(slug)["items"][0]
        body: Body = {"carrier": "DHL", "tracking": "JD01"}
        if quantity is not None:
            body["items"] = [{"item_id": line, "quantity": quantity}]
        return await self.portal(slug, "POST", "/shipments", body, **more)

    async def cancel(self, slug: str) -> httpx2.Response:
        buyer = await self.shop.buyer()
        path = f"/orders/{self.order['id']}/vendor-orders/{self.vendor_order(slug)['id']}"
        answer: httpx2.Response = await self.shop.client.delete(path, headers=buyer.headers)
        return answer

    async def all_is_well(self) -> None:
        await self.shop.stock_is_explained()
        await books_balance(self.shop)
