"""Readers vote, shops reply, and mail tells those whom it concerns."""

import asyncio

from letters import Mailbox
from mercat import vendors
from mercat.auth import Actor, Role
from reviews.reviewing import decide, owner_of, said, say
from shopping import PASSWORD, Shop


async def test_one_vote_a_person_however_often_they_press(shop: Shop) -> None:
    _, review = await said(shop, await shop.item())
    people = [await shop.person() for _ in range(3)]
    path = f"/reviews/{review}/helpful"

    await asyncio.gather(*(shop.client.post(path, headers=person.headers) for person in people * 3))
    assert (await shop.client.post(path, headers=people[0].headers)).json()["helpful_count"] == 3
    await asyncio.gather(*(shop.client.delete(path, headers=people[0].headers) for _ in range(3)))
    assert (await shop.client.delete(path, headers=people[0].headers)).json()["helpful_count"] == 2


async def test_nobody_votes_for_themselves_or_for_what_is_not_out(shop: Shop) -> None:
    ada, review = await said(shop, await shop.item())
    path = f"/reviews/{review}/helpful"

    own = await shop.client.post(path, headers=ada.headers)
    assert (own.status_code, own.json()["code"]) == (409, "reviews.own_review")
    assert (await shop.client.post(path)).status_code == 401
    await decide(shop, review, "hide")
    assert (await shop.client.post(path, headers=(await shop.person()).headers)).status_code == 404
    assert await shop.rows("SELECT 1 FROM review_votes") == []


async def test_the_shops_people_reply_and_nobody_else_does(shop: Shop) -> None:
    seller, vendor_id = await shop.seller("clay")
    rival, _ = await shop.seller("press")
    item = await shop.item(vendor="clay")
    ada, review = await said(shop, item)
    path, reply = f"/vendor/reviews/{review}/reply", {"body": "Thank you!"}

    for who, status in ((rival, 404), (ada, 403), (await shop.person(Role.moderator), 403)):
        assert (await shop.client.put(path, json=reply, headers=who.headers)).status_code == status
        assert (await shop.client.delete(path, headers=who.headers)).status_code == status
    assert (await shop.client.get("/vendor/reviews", headers=rival.headers)).json()["items"] == []
    waiting = (await shop.client.get("/vendor/reviews?answered=false", headers=seller.headers)).json()["items"]
    assert [one["id"] for one in waiting] == [review]
    answered = await shop.client.put(path, json=reply, headers=seller.headers)
    assert answered.json()["reply"]["body"] == "Thank you!"
    (shown,) = (await shop.client.get(f"/products/{item.product_id}/reviews")).json()["items"]
    assert shown["reply"]["body"] == "Thank you!"
    assert (await shop.client.delete(path, headers=seller.headers)).status_code == 204
    (shown,) = (await shop.client.get(f"/products/{item.product_id}/reviews")).json()["items"]
    assert shown["reply"] is None
    assert vendor_id is not None


async def test_for_two_shops_one_says_for_which_one_speaks(shop: Shop) -> None:
    seller, _ = await shop.seller("clay")
    async with shop.database.transaction() as session:
        press = await vendors.ensure(session, Actor.system(), "press", "Press")
        await vendors.add_member(session, Actor.system(), press, seller.id, "staff")
    _, review = await said(shop, await shop.item(vendor="press"))
    path, reply = f"/vendor/reviews/{review}/reply", {"body": "Thank you!"}

    unclear = await shop.client.put(path, json=reply, headers=seller.headers)
    assert unclear.json()["code"] == "vendors.vendor_not_chosen"
    assert (await shop.client.put(f"{path}?vendor=clay", json=reply, headers=seller.headers)).status_code == 404
    assert (await shop.client.put(f"{path}?vendor=press", json=reply, headers=seller.headers)).status_code == 200


async def test_mail_tells_the_shop_of_a_review_and_its_author_of_the_reply(shop: Shop, mailbox: Mailbox) -> None:
    seller, _ = await shop.seller("clay")
    item = await shop.item(vendor="clay", name="Vase")
    ada = await owner_of(shop, item)
    await mailbox.letters()

    review = (await say(shop, ada, item, 4, title="Fine", body="First line.\nSecond <b>line</b>.")).json()["id"]

    told = await mailbox.only(seller.email)
    assert told.subject == "A new review of Vase"
    for part in ("Test P.", "★★★★☆", "Fine", "First line.", "Second <b>line</b>."):
        assert part in told.text
    assert "<b>line" not in told.html
    assert ada.email not in told.text + told.html
    await shop.client.patch(f"/reviews/{review}", json={"rating": 5}, headers=ada.headers)
    await decide(shop, review, "hide")
    await decide(shop, review, "approve")
    assert await mailbox.letters() == []
    path = f"/vendor/reviews/{review}/reply"
    for words in ("Thank you!", "Thank you very much!"):
        await shop.client.put(path, json={"body": words}, headers=seller.headers)
    answered = await mailbox.only(ada.email)
    assert answered.subject == "Clay has replied to your review"
    assert "Thank you very much!" in answered.text


async def test_of_what_waits_or_is_gone_nobody_hears(shop: Shop, mailbox: Mailbox) -> None:
    await shop.seller("clay")
    item = await shop.item(vendor="clay")
    ada = await owner_of(shop, item)
    await mailbox.letters()

    await say(shop, ada, item, body="see www.elsewhere.com")
    assert await mailbox.letters() == []
    eve, review = await said(shop, item)
    await shop.client.delete(f"/reviews/{review}", headers=eve.headers)
    assert [one for one in await mailbox.letters() if "review" in one.subject] == []


async def test_mail_that_quotes_somebody_goes_with_them(shop: Shop, mailbox: Mailbox) -> None:
    await shop.seller("clay")
    item = await shop.item(vendor="clay")
    ada, _ = await said(shop, item, body="Unmistakable words of Ada.")
    await mailbox.letters()
    quoted = "SELECT 1 FROM mails WHERE body_text LIKE '%%Unmistakable%%'"
    assert len(await shop.rows(quoted)) == 1

    gone = await shop.client.post("/users/me/erase", json={"password": PASSWORD}, headers=ada.headers)

    assert gone.status_code == 204
    assert await shop.rows(quoted) == []
    assert await shop.rows("SELECT 1 FROM audit_personal WHERE changes::text LIKE '%%Unmistakable%%'") == []
