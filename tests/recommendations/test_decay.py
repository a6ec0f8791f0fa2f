"""Counts decay without being written, follow changed half-lives, and vanish when they are nothing."""

from datetime import timedelta
from itertools import pairwise

import pytest

from mercat import outbox, recommendations
from mercat.kit import clock
from mercat.recommendations import decay, jobs
from mercat.worker import REACTIONS
from recommendations.test_counting import PAIRS, PRODUCTS, both_ways, bought, bought_days_ago
from recommendations.test_for_visitor import SCORES
from shopping import Shop


async def fold(shop: Shop) -> None:
    await jobs.fold(outbox.JobContext(shop.database, REACTIONS))


def test_a_half_life_later_something_weighs_twice_as_much() -> None:
    now = clock.now()
    of = decay.Clock(half_life_days=7, landmark=now)

    assert of.weight(now) == 1
    assert of.weight(now + timedelta(days=7)) == pytest.approx(2)
    assert of.weight(now - timedelta(days=14)) == pytest.approx(0.25)
    assert 0 < of.weight(now - timedelta(days=90_000)) < of.weight(now + timedelta(days=90_000)) < float("inf")


async def test_a_changed_half_life_applies_from_the_fold_on_and_the_past_stays(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [await shop.item() for _ in range(3)]
    for days, item in zip((21, 14, 0), items, strict=True):
        await bought_days_ago(shop, days, item)
    await shop.handle_events()
    before = dict(await shop.rows(SCORES))

    monkeypatch.setenv("MERCAT_RECOMMENDATIONS_TREND_HALF_LIFE_DAYS", "14")
    await fold(shop)

    after = dict(await shop.rows(SCORES))
    for one, other in pairwise(item.product_id for item in items):
        assert after[other] / after[one] == pytest.approx(before[other] / before[one])
    assert after[items[-1].product_id] == pytest.approx(1, rel=0.01)
    assert await shop.rows("SELECT half_life_days FROM decay_clocks WHERE name = 'trends'") == [(14,)]


async def test_what_has_decayed_is_deleted(shop: Shop) -> None:
    mug, bowl, lamp = [await shop.item() for _ in range(3)]
    await bought_days_ago(shop, 4000, mug, bowl)
    await bought(shop, mug, lamp)
    await shop.handle_events()
    await fold(shop)

    assert await shop.rows(PAIRS) == both_ways(mug, lamp, 1)
    assert {row[0] for row in await shop.rows(SCORES)} == {mug.product_id, lamp.product_id}


async def test_the_past_is_counted_as_if_it_had_been_followed(shop: Shop) -> None:
    mug, bowl, lamp = [await shop.item() for _ in range(3)]
    await bought(shop, mug, bowl)
    order = await bought(shop, mug, bowl, lamp)
    await shop.move(order["id"], "cancelled")
    await shop.handle_events()
    followed = [await shop.rows(statement) for statement in (PAIRS, PRODUCTS)]
    terms = await shop.rows("SELECT term, product_id FROM product_terms ORDER BY 1, 2")
    for table in ("product_pairs", "ordered_products", "counted_orders", "trending_products", "product_terms"):
        await shop.rows(f"DELETE FROM {table} RETURNING 1")

    told: list[tuple[int, int]] = []
    for _ in range(2):
        await recommendations.rebuild(shop.database, lambda *counts: told.append(counts))

    assert [await shop.rows(statement) for statement in (PAIRS, PRODUCTS)] == followed
    assert await shop.rows("SELECT term, product_id FROM product_terms ORDER BY 1, 2") == terms
    assert told[-1] == (3, 2)
