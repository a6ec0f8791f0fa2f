"""Averages are exact: after any sequence of operations they are what the rows say."""

import asyncio
import random

from reviews.reviewing import decide, owner_of, rating_of, receive, said, say
from shopping import PASSWORD, Person, Shop

DIFFERENT = """
SELECT p.id FROM products p
LEFT JOIN (
    SELECT product_id, count(*) AS count, sum(rating) AS stars FROM reviews WHERE status = 'published' GROUP BY 1
) t ON t.product_id = p.id
LEFT JOIN product_ratings r ON r.product_id = p.id LEFT JOIN product_projections c ON c.product_id = p.id
WHERE (coalesce(r.count, 0), coalesce(r.stars, 0)) IS DISTINCT FROM (coalesce(t.count, 0), coalesce(t.stars, 0))
OR (c.product_id IS NOT NULL AND (c.rating_count, c.rating_average)
    IS DISTINCT FROM (coalesce(t.count, 0), coalesce(round(t.stars::numeric / t.count, 2), 0)))
OR (c.summary::json->'rating'->>'count')::int <> coalesce(t.count, 0)
OR (c.page::json->'rating'->>'average')::numeric <> c.rating_average
"""
VOTES = """
SELECT id FROM reviews r WHERE helpful_count <> (SELECT count(*) FROM review_votes WHERE review_id = r.id)
OR report_count > (SELECT count(*) FROM review_reports WHERE review_id = r.id)
"""


async def test_any_sequence_of_operations_leaves_what_the_rows_say(shop: Shop) -> None:  # noqa: C901 - a table of dice
    seed = random.SystemRandom().randrange(10**9)
    print("seed", seed)
    chance = random.Random(seed)
    items = [await shop.item(stock=100, name=name) for name in ("Mug", "Bowl")]
    people = [await shop.person() for _ in range(4)]
    for person in people[:3]:
        await receive(shop, person, *items)
    admin = await shop.admin()
    client = shop.client

    async def some_review() -> str:
        rows = await shop.rows("SELECT id::text FROM reviews ORDER BY id")
        return chance.choice(rows)[0] if rows else str(people[0].id)

    async def step() -> None:
        person, item = chance.choice(people), chance.choice(items)
        mine = person.headers
        what = chance.randrange(9)
        if what <= 2:
            await say(shop, person, item, chance.randint(1, 5))
        elif what == 3:
            change = {"rating": chance.randint(1, 5)} if chance.random() < 0.6 else {"body": "see www.elsewhere.com"}
            await client.patch(f"/reviews/{await some_review()}", json=change, headers=mine)
        elif what == 4:
            await client.delete(f"/reviews/{await some_review()}", headers=mine)
        elif what <= 6:
            await decide(shop, await some_review(), chance.choice(("approve", "approve", "reject", "hide")))
        elif what == 7:
            await client.post(f"/reviews/{await some_review()}/helpful", headers=mine)
        else:
            status = chance.choice(("archived", "active", "active"))
            await client.patch(f"/products/{item.product_id}", json={"status": status}, headers=admin.headers)

    for _ in range(80):
        await step()
        assert await shop.rows(DIFFERENT) == [], seed
    for _ in range(4):
        await asyncio.gather(*(step() for _ in range(6)))
        assert await shop.rows(DIFFERENT) == [], seed
    assert await shop.rows(VOTES) == [], seed


async def test_many_at_once_are_all_counted(shop: Shop) -> None:
    item = await shop.item(stock=50)
    people = [await owner_of(shop, item) for _ in range(8)]

    answers = await asyncio.gather(*(say(shop, person, item, n % 5 + 1) for n, person in enumerate(people)))

    assert [answer.status_code for answer in answers] == [201] * 8
    ids = [answer.json()["id"] for answer in answers]
    assert await rating_of(shop, item) == (2.63, 8)
    assert (await shop.client.get(f"/products/{item.product_id}/reviews")).json()["ratings"]["average"] == 2.63
    await asyncio.gather(
        *(shop.client.delete(f"/reviews/{ids[n]}", headers=people[n].headers) for n in range(4)),
        *(decide(shop, ids[n], "hide") for n in range(3, 6)),
        *(shop.client.patch(f"/reviews/{ids[n]}", json={"rating": 1}, headers=people[n].headers) for n in range(4, 8)),
    )
    assert await shop.rows(DIFFERENT) == []
    assert (await rating_of(shop, item))[1] == 2


async def test_ratings_survive_a_product_that_goes_and_comes_back(shop: Shop) -> None:
    item = await shop.item()
    await said(shop, item, 4)
    headers = (await shop.admin()).headers
    path = f"/products/{item.product_id}"

    await shop.client.patch(path, json={"status": "draft"}, headers=headers)
    await said_later(shop, item.product_id, headers)
    await shop.client.patch(path, json={"status": "active"}, headers=headers)
    assert await rating_of(shop, item) == (4.0, 1)
    await shop.client.delete(path, headers=headers)
    await shop.client.post(f"{path}/restore", headers=headers)
    assert await rating_of(shop, item) == (4.0, 1)
    listed = (await shop.client.get("/products?sort=-rating")).json()["items"]
    assert [one["rating"] for one in listed] == [{"average": 4.0, "count": 1}]


async def said_later(shop: Shop, product_id: str, headers: dict[str, str]) -> None:
    """Look at it meanwhile, as its editor: the rating is there too."""
    hidden = (await shop.client.get(f"/products/{product_id}", headers=headers)).json()
    assert hidden["rating"] == {"average": 4.0, "count": 1}


async def test_a_page_that_shows_another_rating_has_another_etag(shop: Shop) -> None:
    item = await shop.item()
    path = f"/products/{item.product_id}"
    before = (await shop.client.get(path)).headers["etag"]
    ada = await owner_of(shop, item)
    await shop.rows("UPDATE stock_levels SET on_hand = 10 RETURNING 1")
    assert (await shop.client.get(path)).headers["etag"] == before

    await say(shop, ada, item)

    after = (await shop.client.get(path)).headers["etag"]
    assert after != before
    admin = (await shop.admin()).headers
    edited = await shop.client.patch(path, json={"name": "Cup"}, headers={**admin, "If-Match": before})
    assert edited.status_code == 200  # what was rated has not been edited
    assert edited.headers["etag"] == (await shop.client.get(path)).headers["etag"]


async def erase(shop: Shop, person: Person) -> None:
    answer = await shop.client.post("/users/me/erase", json={"password": PASSWORD}, headers=person.headers)
    assert answer.status_code == 204, answer.text


async def test_who_is_erased_takes_their_stars_and_votes_along(shop: Shop) -> None:
    item = await shop.item()
    ada, hers = await said(shop, item, 1)
    eve, kept = await said(shop, item, 5)
    for what, body in (("helpful", None), ("reports", {"reason": "other", "note": "Ada says so"})):
        answer = await shop.client.post(f"/reviews/{kept}/{what}", json=body, headers=ada.headers)
        assert answer.is_success, answer.text
    await shop.client.post(f"/reviews/{hers}/helpful", headers=eve.headers)

    await erase(shop, ada)

    assert await rating_of(shop, item) == (5.0, 1)
    assert await shop.rows("SELECT id::text, helpful_count, report_count FROM reviews") == [(kept, 0, 0)]
    assert await shop.rows("SELECT 1 FROM review_votes UNION ALL SELECT 1 FROM review_reports") == []
    assert await shop.rows(DIFFERENT) == []


async def test_people_who_leave_while_others_write_are_not_counted(shop: Shop) -> None:
    item = await shop.item(stock=50)
    people = [(await said(shop, item, n + 1))[0] for n in range(4)]
    late = [await owner_of(shop, item) for _ in range(2)]

    await asyncio.gather(*(erase(shop, person) for person in people), *(say(shop, person, item, 3) for person in late))

    assert await rating_of(shop, item) == (3.0, 2)
    assert await shop.rows(DIFFERENT) == []
