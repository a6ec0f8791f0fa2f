"""Whatever is asked, an engine beside PostgreSQL finds, orders and counts exactly what PostgreSQL does."""

import random
from typing import Any
from uuid import UUID

import pytest

from mercat import catalog, search
from mercat.search.engine import Engine, Filters, Request, Sort
from mercat.search.engines import remote
from mercat.search.postgresql import PostgresEngine
from mercat.search.text import analyzer, parse
from search.conftest import nobody_waits
from shopping import Shop

WORDS = [
    "mug",
    "mugs",
    "blue",
    "red",
    "grüne",
    "gruene",
    "öfen",
    "half-dipped",
    "kitchen",
    "tea",
    "set",
    "of",
    "stoneware",
]
VALUES = {"category": ["kitchen", "garden"], "brand": ["kiln", "loom"], "tag": ["mug", "nothing"]}
SORTS: tuple[Sort, ...] = (
    "relevance", "relevance", "newest", "created_at", "price", "-price", "name", "-name", "-rating", "best_selling",
)  # fmt: skip
SHAPES = ("{0}", "{0} {1}", '"{0} {1}"', "{0} -{1}", "{0} or {1}", '{0} -"{1} {2}"', "{0} {1} or {2}", "")


@pytest.fixture
async def both(shop: Shop, beside: str) -> tuple[Engine, Engine]:
    """PostgreSQL and the other engine, over the same products."""
    assert beside
    admin = await shop.admin()
    dice = random.Random(7)
    rooms = [
        (await shop.client.post("/products/categories", json={"name": name}, headers=admin.headers)).json()["id"]
        for name in ("Kitchen", "Garden")
    ]
    made: list[UUID] = []
    for n in range(24):
        fields: dict[str, Any] = {
            "name": " ".join(dice.sample(WORDS, 3)),
            "description": " ".join(dice.sample(WORDS, 4)),
            "tags": dice.sample(WORDS, 1),
            "brand": dice.choice(["Kiln", "Loom"]),
            "category_id": dice.choice(rooms),
            "variants": [
                {"price": str(dice.choice([1, 5, 10, 12, 80])), "compare_at_price": dice.choice([None, "99"])}
            ],
        }
        answer = await shop.client.post("/products", json=fields, headers=admin.headers)
        assert answer.status_code == 201, (n, answer.text)
        made.append(UUID(answer.json()["id"]))
    async with shop.database.transaction() as session:
        await catalog.set_sold(session, {one: dice.randrange(30) for one in made})
        await catalog.rate(session, {one: catalog.RatingChange(1, dice.randint(1, 5)) for one in made[::2]})
    await shop.handle_events()
    await search.reindex(shop.database, None, nobody_waits)
    other = remote()
    assert other is not None
    return PostgresEngine(shop.database.primary), other.engine(shop.database.primary)


def ask(dice: random.Random) -> Request:
    words = dice.choice(SHAPES).format(*dice.sample(WORDS, 3))
    facets = {
        facet: tuple(dice.sample(values, dice.randint(1, 2))) for facet, values in VALUES.items() if dice.random() < 0.2
    }
    filters = Filters(
        facets,
        min_price=dice.choice([None, None, 500]),
        max_price=dice.choice([None, None, 1000]),
        min_rating=dice.choice([None, None, 3]),
        on_sale=dice.choice([None, None, True]),
    )
    return Request(parse(words, analyzer("en")), "en", filters, dice.choice(SORTS), dice.choice([0, 3]), 8)


async def test_they_agree(both: tuple[Engine, Engine], size: Any) -> None:
    dice = random.Random(11)
    found = 0
    for _ in range(size(80, 800)):
        request = ask(dice)
        here, there = [await engine.search(request) for engine in both]
        assert (list(there.product_ids), there.total) == (list(here.product_ids), here.total), request
        mine, theirs = [await engine.facets(request) for engine in both]
        for facet in ("category", "brand", "vendor"):
            counts = [{one.value: one.count for one in counted.values.get(facet, ())} for counted in (mine, theirs)]
            assert counts[0] == counts[1], (facet, request)
        for own in ("prices", "ratings", "in_stock", "on_sale"):
            assert dict(getattr(theirs, own)) == dict(getattr(mine, own)), (own, request)
        found += here.total > 0
    assert found > 20
