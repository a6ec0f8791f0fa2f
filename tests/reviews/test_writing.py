"""Who may say what about a product, and who reads it."""

import asyncio
from uuid import uuid4

import pytest

from mercat import vendors
from mercat.auth import Actor
from reviews.reviewing import WORDS, owner_of, rating_of, receive, said, say, seen
from shopping import Shop


async def test_a_buyer_says_what_they_think_and_everybody_reads_it(shop: Shop) -> None:
    item = await shop.item()
    ada = await owner_of(shop, item)

    answer = await say(shop, ada, item, 4, body="Warm.\nAnd <b>light</b>.")

    assert answer.status_code == 201, answer.text
    page = (await shop.client.get(f"/products/{item.product_id}/reviews")).json()
    assert page["ratings"] == {"average": 4.0, "count": 1, "stars": {"5": 0, "4": 1, "3": 0, "2": 0, "1": 0}}
    (shown,) = page["items"]
    assert shown["author"] == "Test P."
    assert (shown["rating"], shown["body"], shown["verified"]) == (4, "Warm.\nAnd <b>light</b>.", True)
    assert ada.email not in str(page)
    assert str(ada.id) not in str(page)
    assert await rating_of(shop, item) == (4.0, 1)
    mine = (await shop.client.get("/users/me/reviews", headers=ada.headers)).json()
    assert [(one["status"], one["product"]["slug"]) for one in mine["items"]] == [("published", item.slug)]


async def test_who_has_not_received_it_is_no_verified_buyer(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_REVIEWS_NEW_ACCOUNT_HOURS", "0")
    item, other, ada = await shop.item(), await shop.item(name="Other"), await shop.person()
    await receive(shop, ada, other)
    order = (await shop.order(item, headers=ada.headers)).json()
    await shop.move(order["id"], "paid")
    await shop.move(order["id"], "shipped")

    early = await say(shop, ada, item)
    assert (early.json()["verified"], early.json()["status"]) == (False, "published")

    await shop.move(order["id"], "delivered")
    path = f"/reviews/{early.json()['id']}"
    changed = await shop.client.patch(path, json={"rating": 3}, headers=ada.headers)
    assert (changed.json()["verified"], changed.json()["rating"]) == (True, 3)


async def test_a_shop_may_listen_to_verified_buyers_only(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_REVIEWS_VERIFIED_ONLY", "true")
    item = await shop.item()
    ada, eve = await owner_of(shop, item), await shop.person()

    refused = await say(shop, eve, item)

    assert (refused.status_code, refused.json()["code"]) == (403, "reviews.not_received")
    assert (await say(shop, ada, item)).status_code == 201
    assert len(await seen(shop, item)) == 1


async def test_one_review_a_product_whoever_tries_at_once(shop: Shop) -> None:
    item = await shop.item()
    ada = await owner_of(shop, item)

    answers = await asyncio.gather(*(say(shop, ada, item, stars) for stars in (1, 2, 3, 4, 5)))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"reviews.already_reviewed"}
    (won,) = [answer.json()["rating"] for answer in answers if answer.status_code == 201]
    assert await rating_of(shop, item) == (won, 1)


async def test_people_do_not_review_what_their_own_shop_sells(shop: Shop) -> None:
    seller, _ = await shop.seller("clay")
    item = await shop.item(vendor="clay")

    refused = await say(shop, seller, item)

    assert (refused.status_code, refused.json()["code"]) == (403, "reviews.own_product")
    assert await shop.rows("SELECT 1 FROM reviews") == []


async def test_what_is_not_on_sale_is_reviewed_by_its_owners_alone_and_shown_to_nobody(shop: Shop) -> None:
    item = await shop.item()
    ada = await owner_of(shop, item)
    admin = await shop.admin()
    await shop.client.patch(f"/products/{item.product_id}", json={"status": "archived"}, headers=admin.headers)

    assert (await say(shop, await shop.person(), item)).status_code == 404
    assert (await say(shop, ada, item)).status_code == 201
    hidden = await shop.client.get(f"/products/{item.product_id}/reviews")
    assert (hidden.status_code, hidden.json()["code"]) == (404, "catalog.product_not_found")
    assert (await shop.client.get(f"/products/{uuid4()}/reviews")).status_code == 404


async def test_others_neither_change_nor_delete_it(shop: Shop) -> None:
    item = await shop.item()
    _, review = await said(shop, item)
    eve, admin = await owner_of(shop, item), await shop.admin()

    for who in (eve, admin):
        for method, body in (("PATCH", {"rating": 1}), ("DELETE", None)):
            answer = await shop.client.request(method, f"/reviews/{review}", json=body, headers=who.headers)
            assert (answer.status_code, answer.json()["code"]) == (404, "reviews.not_found")
    assert (await shop.client.delete(f"/reviews/{review}")).status_code == 401
    assert await rating_of(shop, item) == (5.0, 1)


async def test_its_author_changes_and_deletes_it_and_may_say_something_else(shop: Shop) -> None:
    item = await shop.item()
    ada, review = await said(shop, item)

    changed = await shop.client.patch(f"/reviews/{review}", json={"rating": 2, "title": ""}, headers=ada.headers)
    assert changed.json()["edited_at"] is not None
    assert (changed.json()["title"], changed.json()["status"]) == ("", "published")
    assert await rating_of(shop, item) == (2.0, 1)
    assert (await shop.client.patch(f"/reviews/{review}", json={}, headers=ada.headers)).status_code == 422

    assert (await shop.client.delete(f"/reviews/{review}", headers=ada.headers)).status_code == 204
    assert await rating_of(shop, item) == (0.0, 0)
    assert (await say(shop, ada, item, 3)).status_code == 201
    assert await rating_of(shop, item) == (3.0, 1)


@pytest.mark.parametrize("rating", [0, 6, "5", 4.5, None, True])
async def test_stars_are_one_to_five(shop: Shop, rating: object) -> None:
    item = await shop.item()
    answer = await say(shop, await shop.person(), item, rating=rating)  # type: ignore[arg-type]  # what strangers send
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "words", [{"body": ""}, {"body": " "}, {"body": "x" * 5001}, {"title": "two\nlines"}, {"photo": "x"}]
)
async def test_words_have_their_bounds(shop: Shop, words: dict[str, str]) -> None:
    item = await shop.item()
    assert (await say(shop, await shop.person(), item, **words)).status_code == 422


async def test_lists_are_filtered_sorted_and_paged_both_ways(shop: Shop) -> None:
    item = await shop.item(stock=50)
    by_stars = {stars: (await said(shop, item, stars))[1] for stars in (3, 1, 5, 2, 4)}
    eve = await shop.person()
    for stars in (1, 4):
        await shop.client.post(f"/reviews/{by_stars[stars]}/helpful", headers=eve.headers)
    await shop.client.post(f"/reviews/{by_stars[4]}/helpful", headers=(await shop.person()).headers)
    orders = {
        "newest": [by_stars[stars] for stars in (4, 2, 5, 1, 3)],
        "helpful": [by_stars[stars] for stars in (4, 1, 2, 5, 3)],
        "rating": [by_stars[stars] for stars in (1, 2, 3, 4, 5)],
        "-rating": [by_stars[stars] for stars in (5, 4, 3, 2, 1)],
    }
    for sort, wanted in orders.items():
        assert await seen(shop, item, f"?sort={sort}") == wanted
        assert await seen(shop, item, f"?sort={sort}&page=2&size=2") == wanted[2:4]
        found, cursor = [], ""
        while cursor is not None:
            query = {"sort": sort, "cursor": cursor, "limit": 2}
            page = (await shop.client.get(f"/products/{item.product_id}/reviews", params=query)).json()
            found += [review["id"] for review in page["items"]]
            cursor = page["next_cursor"]
        assert found == wanted
    assert await seen(shop, item, "?rating=5") == [by_stars[5]]
    assert await seen(shop, item, "?verified=false") == []


async def test_a_cursor_stays_in_its_place_when_its_review_moves_or_goes(shop: Shop) -> None:
    item = await shop.item(stock=50)
    reviews = [await said(shop, item) for _ in range(3)]
    (_, most), (author, some), (_, none) = reviews
    for review, votes in ((most, 2), (some, 1)):
        for _ in range(votes):
            await shop.client.post(f"/reviews/{review}/helpful", headers=(await shop.person()).headers)
    path = f"/products/{item.product_id}/reviews"
    first = (await shop.client.get(path, params={"sort": "helpful", "cursor": "", "limit": 2})).json()
    assert [review["id"] for review in first["items"]] == [most, some]
    rest = {"sort": "helpful", "cursor": first["next_cursor"]}

    for _ in range(3):
        await shop.client.post(f"/reviews/{some}/helpful", headers=(await shop.person()).headers)
    assert await seen(shop, item, "?sort=helpful") == [some, most, none]
    moved = (await shop.client.get(path, params=rest)).json()
    assert (await shop.client.delete(f"/reviews/{some}", headers=author.headers)).status_code == 204
    gone = (await shop.client.get(path, params=rest)).json()

    assert [review["id"] for review in moved["items"]] == [none]
    assert gone == moved


@pytest.mark.parametrize("query", ["sort=best", "rating=6", "cursor=x", "cursor=&page=1", "status=pending"])
async def test_nonsense_is_refused(shop: Shop, query: str) -> None:
    item = await shop.item()
    assert (await shop.client.get(f"/products/{item.product_id}/reviews?{query}")).status_code == 422


async def test_an_account_that_writes_without_end_must_wait(shop: Shop) -> None:
    ada = await shop.person()
    path = f"/products/{uuid4()}/reviews"
    body = {"rating": 5, "body": WORDS}

    answers = [await shop.client.post(path, json=body, headers=ada.headers) for _ in range(31)]

    assert {answer.status_code for answer in answers[:30]} == {404}
    assert answers[30].status_code == 429
    assert (await shop.client.post(path, json=body, headers=(await shop.person()).headers)).status_code == 404


async def test_people_of_two_shops_are_people_of_each(shop: Shop) -> None:
    seller, _ = await shop.seller("clay")
    async with shop.database.transaction() as session:
        other = await vendors.ensure(session, Actor.system(), "press", "Press")
        await vendors.add_member(session, Actor.system(), other, seller.id, "staff")

    assert (await say(shop, seller, await shop.item(vendor="press"))).status_code == 403
