"""What stories about reviews begin with: somebody who has received something, and what they say about it."""

import httpx2

from shopping import Item, Person, Shop

WORDS = "It keeps the coffee warm, and the handle fits my hand."


async def receive(shop: Shop, person: Person, *items: Item) -> None:
    """Let somebody buy things and get them."""
    order = (await shop.order(*items, headers=person.headers)).json()
    for step in ("paid", "shipped", "delivered"):
        assert (await shop.move(order["id"], step)).status_code == 200


async def owner_of(shop: Shop, item: Item) -> Person:
    """Return somebody who has received an item."""
    person = await shop.person()
    await receive(shop, person, item)
    return person


async def say(shop: Shop, person: Person, item: Item, rating: int = 5, **more: object) -> httpx2.Response:
    """Write a review; its words are somebody's own."""
    body = {"rating": rating, "title": "Just right", "body": f"{WORDS} Yours, {person.id}", **more}
    return await shop.client.post(f"/products/{item.product_id}/reviews", json=body, headers=person.headers)


async def said(shop: Shop, item: Item, rating: int = 5, **more: object) -> tuple[Person, str]:
    """Return somebody whose review of an item is out, and the review."""
    person = await owner_of(shop, item)
    answer = await say(shop, person, item, rating, **more)
    assert (answer.status_code, answer.json()["status"]) == (201, "published"), answer.text
    return person, answer.json()["id"]


async def decide(shop: Shop, review_id: str, what: str, reason: str = "So it is.") -> httpx2.Response:
    """Let the operator decide about a review."""
    headers = (await shop.admin()).headers
    return await shop.client.post(f"/reviews/{review_id}/{what}", json={"reason": reason}, headers=headers)


async def seen(shop: Shop, item: Item, query: str = "") -> list[str]:
    """Return the reviews of an item that everybody sees."""
    answer = await shop.client.get(f"/products/{item.product_id}/reviews{query}")
    return [review["id"] for review in answer.json()["items"]]


async def rating_of(shop: Shop, item: Item) -> tuple[float, int]:
    """Return (average, count) as the product's page says it."""
    rating = (await shop.client.get(f"/products/{item.product_id}")).json()["rating"]
    return rating["average"], rating["count"]
