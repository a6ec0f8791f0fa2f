"""What stories about posts begin with: who writes them, and what."""

from typing import Any

import httpx2

from shopping import Person, Shop

TITLE, CONTENT = "How to care for stoneware", "Stoneware likes **warm** water."


async def author(shop: Shop, vendor: str = "north-kiln") -> Person:
    """Return somebody who may write: one of a vendor's people."""
    person, _ = await shop.seller(vendor)
    return person


async def write(shop: Shop, person: Person, title: str = TITLE, **more: Any) -> httpx2.Response:
    """Write a post; published unless `more` says otherwise."""
    body = {"title": title, "content": CONTENT, "published": True, **more}
    return await shop.client.post("/posts", json=body, headers=person.headers)


async def written(shop: Shop, person: Person, title: str = TITLE, **more: Any) -> dict[str, Any]:
    """Return a post that was written."""
    answer = await write(shop, person, title, **more)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def titles(shop: Shop, query: str = "", person: Person | None = None) -> list[str]:
    """Return the titles of a list of posts."""
    answer = await shop.client.get(f"/posts{query}", headers=person.headers if person else {})
    assert answer.status_code == 200, answer.text
    return [post["title"] for post in answer.json()["items"]]


async def status(shop: Shop, path: str, person: Person | None = None) -> int:
    """Return the status of a GET."""
    return (await shop.client.get(path, headers=person.headers if person else {})).status_code
