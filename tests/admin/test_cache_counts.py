"""Operators see what the cache of a process did."""

from typing import Any

from mercat.kit.cache.counters import Counters, Outcome, hits_of, rate_of
from shopping import Shop


async def counts(shop: Shop) -> dict[str, Any]:
    admin = await shop.admin()
    answer = await shop.client.get("/cache", headers=admin.headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_hits_and_misses_are_counted_by_policy(shop: Shop) -> None:
    await shop.item(name="Mug")
    await shop.handle_events()
    before = (await counts(shop))["policies"].get("products.search", {"hits": 0, "misses": 0})

    for _ in range(3):
        assert (await shop.client.get("/products/search?q=mug&page=1&size=7")).status_code == 200

    found = await counts(shop)
    after = found["policies"]["products.search"]
    assert (after["misses"] - before["misses"], after["hits"] - before["hits"]) == (1, 2)
    assert after["hit_rate"] == after["hits"] / (after["hits"] + after["misses"])
    assert found["hits"] == sum(one["hits"] for one in found["policies"].values())
    assert sum(found["outcomes"].values()) == sum(sum(one["outcomes"].values()) for one in found["policies"].values())


async def test_nobody_else_sees_them(shop: Shop) -> None:
    assert (await shop.client.get("/cache")).status_code == 401
    buyer = await shop.buyer()
    assert (await shop.client.get("/cache", headers=buyer.headers)).status_code == 403


def test_a_rate_of_nothing_is_none() -> None:
    assert (rate_of(0, 0), Counters().hit_rate) == (0.0, 0.0)
    assert hits_of({Outcome.memory: 2, Outcome.stale: 1, Outcome.bypass: 5}) == 3
