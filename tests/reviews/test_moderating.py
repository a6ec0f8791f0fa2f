"""What is suspicious waits, what was reported is looked at, and moderators have the last word."""

import asyncio

import pytest

from mercat.auth import Role
from reviews.reviewing import WORDS, decide, owner_of, rating_of, receive, said, say, seen
from shopping import Shop


@pytest.mark.parametrize(
    ("words", "signal"),
    [
        ({"body": "Cheaper at https://elsewhere.example/mug"}, "link"),
        ({"title": "see elsewhere.com"}, "link"),
        ({"body": "BUY THIS NOW, EVERYBODY, IT IS THE BEST MUG"}, "capitals"),
    ],
)
async def test_suspicious_words_wait_and_are_not_refused(shop: Shop, words: dict[str, str], signal: str) -> None:
    item = await shop.item()
    ada = await owner_of(shop, item)

    answer = await say(shop, ada, item, **words)

    assert (answer.status_code, answer.json()["status"]) == (201, "pending")
    assert await seen(shop, item) == []
    assert await rating_of(shop, item) == (0.0, 0)
    queue = (await shop.client.get("/reviews?status=pending", headers=(await shop.admin()).headers)).json()
    assert [(one["id"], one["signals"]) for one in queue["items"]] == [(answer.json()["id"], [signal])]
    assert "signals" not in answer.json()


async def test_the_same_words_again_wait(shop: Shop) -> None:
    item, other = await shop.item(), await shop.item(name="Other")
    ada, eve = await owner_of(shop, item), await owner_of(shop, item)
    await receive(shop, ada, other)
    assert (await say(shop, ada, item, body=WORDS)).json()["status"] == "published"

    assert (await say(shop, eve, item, body=WORDS.upper().replace(",", " -"))).json()["status"] == "pending"
    assert (await say(shop, ada, other, body=WORDS)).json()["status"] == "pending"


async def test_short_words_may_be_the_same(shop: Shop) -> None:
    item = await shop.item()
    for _ in range(2):
        assert (await say(shop, await owner_of(shop, item), item, body="Great, thanks!")).json()[
            "status"
        ] == "published"


async def test_many_at_once_wait(shop: Shop) -> None:
    items = [await shop.item(name=f"Thing {n}") for n in range(6)]
    ada = await shop.person()
    await receive(shop, ada, *items)

    stand = [(await say(shop, ada, item, body=f"{n} {WORDS}")).json()["status"] for n, item in enumerate(items)]

    assert stand == ["published"] * 5 + ["pending"]


async def test_a_new_account_waits_unless_it_has_the_product(shop: Shop) -> None:
    item = await shop.item()
    answer = await say(shop, await shop.person(), item)
    assert answer.json()["status"] == "pending"
    assert (await decide(shop, answer.json()["id"], "approve")).json()["signals"] == ["new_account"]
    assert await seen(shop, item) == [answer.json()["id"]]


async def test_everything_can_wait(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_REVIEWS_ALL_WAIT", "true")
    item = await shop.item()
    ada = await owner_of(shop, item)
    review = (await say(shop, ada, item)).json()
    assert review["status"] == "pending"
    assert (await decide(shop, review["id"], "approve")).json()["status"] == "published"
    changed = await shop.client.patch(f"/reviews/{review['id']}", json={"body": "Otherwise."}, headers=ada.headers)
    assert changed.json()["status"] == "pending"
    assert await rating_of(shop, item) == (0.0, 0)


async def test_the_life_of_a_review(shop: Shop) -> None:
    item = await shop.item()
    ada, review = await said(shop, item, 2)

    hidden = await decide(shop, review, "hide", "It names a person.")
    assert (hidden.json()["status"], hidden.json()["reason"]) == ("hidden", "It names a person.")
    assert (await seen(shop, item), await rating_of(shop, item)) == ([], (0.0, 0))
    mine = (await shop.client.get("/users/me/reviews", headers=ada.headers)).json()["items"]
    assert [(one["status"], one["reason"]) for one in mine] == [("hidden", "It names a person.")]
    for what in ("hide", "reject"):
        refused = await decide(shop, review, what)
        assert (refused.status_code, refused.json()["code"]) == (409, "reviews.illegal_transition")
    await decide(shop, review, "approve")
    assert (await seen(shop, item), await rating_of(shop, item)) == ([review], (2.0, 1))
    assert (await decide(shop, review, "hide", "")).status_code == 422


async def test_what_was_refused_waits_when_it_is_changed_or_written_anew(shop: Shop) -> None:
    item = await shop.item()
    ada, review = await said(shop, item)
    await decide(shop, review, "hide")

    changed = await shop.client.patch(f"/reviews/{review}", json={"rating": 4}, headers=ada.headers)
    assert changed.json()["status"] == "pending"
    changed = await shop.client.patch(f"/reviews/{review}", json={"body": "Harmless."}, headers=ada.headers)
    assert changed.json()["status"] == "pending"
    assert (await shop.client.delete(f"/reviews/{review}", headers=ada.headers)).status_code == 204
    assert (await shop.client.get("/users/me/reviews", headers=ada.headers)).json()["items"] == []
    assert await shop.rows("SELECT title, body, text_key FROM reviews") == [("", "", None)]
    again = await asyncio.gather(*(say(shop, ada, item, 5) for _ in range(3)))
    assert sorted(answer.status_code for answer in again) == [201, 409, 409]
    assert await seen(shop, item) == []
    queue = (await shop.client.get("/reviews?status=pending", headers=(await shop.admin()).headers)).json()["items"]
    assert [one["signals"] for one in queue] == [["refused_before"]]


async def test_reports_bring_a_review_before_moderators_and_leave_it_where_it_is(shop: Shop) -> None:
    item = await shop.item()
    ada, review = await said(shop, item)
    path, report = f"/reviews/{review}/reports", {"reason": "spam", "note": "Again."}
    people = [await shop.person() for _ in range(2)]

    for person in (*people, people[0]):
        assert (await shop.client.post(path, json=report, headers=person.headers)).status_code == 204
    own = await shop.client.post(path, json=report, headers=ada.headers)
    assert (own.status_code, own.json()["code"]) == (409, "reviews.own_review")
    assert (await shop.client.post(path, json=report)).status_code == 401

    admin = (await shop.admin()).headers
    (reported,) = (await shop.client.get("/reviews?reported=true", headers=admin)).json()["items"]
    assert (reported["report_count"], len(reported["reports"])) == (2, 2)
    assert people[0].email not in str(reported)
    assert await seen(shop, item) == [review]
    await decide(shop, review, "approve")
    assert (await shop.client.get("/reviews?reported=true", headers=admin)).json()["items"] == []


async def test_moderating_takes_the_right(shop: Shop) -> None:
    item = await shop.item()
    _, review = await said(shop, item)
    eve, moderator = await shop.person(Role.support), await shop.person(Role.moderator)

    for what in ("approve", "reject", "hide"):
        answer = await shop.client.post(f"/reviews/{review}/{what}", json={"reason": "x"}, headers=eve.headers)
        assert answer.status_code == 403
    assert (await shop.client.get("/reviews", headers=eve.headers)).status_code == 403
    assert await seen(shop, item) == [review]
    hidden = await shop.client.post(f"/reviews/{review}/hide", json={"reason": "x"}, headers=moderator.headers)
    assert hidden.status_code == 200


async def test_what_was_changed_after_a_moderator_looked_at_it_is_not_let_out(shop: Shop) -> None:
    item = await shop.item()
    ada, admin = await owner_of(shop, item), (await shop.admin()).headers
    review = (await say(shop, ada, item, body="Cheaper at https://elsewhere.example/mug")).json()["id"]
    looked_at = (await shop.client.get("/reviews?status=pending", headers=admin)).json()["items"][0]["version"]
    worse = {"body": "Much cheaper at https://worse.example/mug"}
    assert (await shop.client.patch(f"/reviews/{review}", json=worse, headers=ada.headers)).status_code == 200

    path, said_yes = f"/reviews/{review}/approve", {"version": looked_at}
    late = await shop.client.post(path, json=said_yes, headers=admin)
    hidden = await seen(shop, item) == []
    now = (await shop.client.get("/reviews?status=pending", headers=admin)).json()["items"][0]
    approved = await shop.client.post(path, json={"version": now["version"]}, headers=admin)

    assert (late.status_code, late.json()["code"], hidden) == (409, "reviews.changed", True)
    assert (now["status"], now["body"]) == ("pending", worse["body"])
    assert (approved.status_code, approved.json()["status"]) == (200, "published")
    assert approved.json()["version"] == now["version"] != looked_at
