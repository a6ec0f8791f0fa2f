"""Comments: who writes them, which of them wait, what moderators decide, and what is left of a person."""

import asyncio
from typing import Any

import httpx2
import pytest

from blogging import author, written
from mercat.auth import Role
from shopping import Person, Shop

BODY = "We wash ours by hand, and it still looks new."


@pytest.fixture(autouse=True)
def _members_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Accounts of these tests are a second old; that alone makes nobody suspicious here."""
    monkeypatch.setenv("MERCAT_COMMENTS_NEW_ACCOUNT_HOURS", "0")


async def say(shop: Shop, post: dict[str, Any], person: Person | None, body: Any = None) -> httpx2.Response:
    """Comment on a post; without words in some of one's own."""
    said = {"body": f"{BODY} {person.id if person else ''}" if body is None else body}
    headers = person.headers if person else {}
    return await shop.client.post(f"/posts/{post['id']}/comments", json=said, headers=headers)


async def said(shop: Shop, post: dict[str, Any], person: Person, body: str | None = None) -> dict[str, Any]:
    """Return a comment that is out."""
    answer = await say(shop, post, person, body)
    assert (answer.status_code, answer.json()["status"]) == (201, "published"), answer.text
    return dict(answer.json())


async def seen(shop: Shop, post: dict[str, Any], query: str = "") -> list[str]:
    """Return the bodies of what everybody sees."""
    answer = await shop.client.get(f"/posts/{post['id']}/comments{query}")
    assert answer.status_code == 200, answer.text
    return [comment["body"] for comment in answer.json()["items"]]


async def decide(shop: Shop, comment_id: str, what: str, person: Person | None = None, **more: Any) -> httpx2.Response:
    """Let a moderator decide."""
    moderator = person or await shop.admin()
    body = {"reason": "So it is.", **more}
    return await shop.client.post(f"/comments/{comment_id}/{what}", json=body, headers=moderator.headers)


async def rows(shop: Shop) -> list[tuple[Any, ...]]:
    return await shop.rows("SELECT c::text FROM comments c ORDER BY id")


async def test_readers_comment_and_everybody_reads(shop: Shop) -> None:
    post, buyer = await written(shop, await author(shop)), await shop.buyer()

    comment = await said(shop, post, buyer, "  <b>First</b> words & more  ")
    await said(shop, post, await shop.person(), "Second")

    shown = (await shop.client.get(f"/posts/{post['id']}/comments")).json()
    assert shown["total"] == 2
    assert shown["items"][0] == {
        "id": comment["id"],
        "post_id": post["id"],
        "author": {"id": str(buyer.id), "name": "Test P."},
        "body": "<b>First</b> words & more",
        "created_at": comment["created_at"],
        "edited_at": None,
    }
    assert buyer.email not in str(shown)
    assert await seen(shop, post, "?sort=-created_at") == ["Second", "<b>First</b> words & more"]
    first = (await shop.client.get(f"/posts/{post['id']}/comments?cursor=&limit=1")).json()
    after = await shop.client.get(f"/posts/{post['id']}/comments", params={"cursor": first["next_cursor"], "limit": 1})
    assert [one["body"] for one in after.json()["items"]] == ["Second"]
    assert after.json()["next_cursor"] is None


async def test_of_what_nobody_sees_there_are_no_comments(shop: Shop) -> None:
    ada = await author(shop)
    draft, post = await written(shop, ada, published=False), await written(shop, ada)
    buyer = await shop.buyer()
    await said(shop, post, buyer)
    before = await rows(shop)

    assert (await say(shop, post, None)).status_code == 401
    for person in (buyer, ada):
        assert (await say(shop, draft, person)).status_code == 404
    assert (await shop.client.get(f"/posts/{draft['id']}/comments")).status_code == 404
    await shop.client.patch(f"/posts/{post['id']}", json={"published": False}, headers=ada.headers)
    assert (await shop.client.get(f"/posts/{post['id']}/comments")).status_code == 404
    assert await rows(shop) == before
    await shop.client.delete(f"/posts/{post['id']}", headers=ada.headers)
    assert await rows(shop) == []


@pytest.mark.parametrize("body", ["", "   ", "\u200b", "x" * 5001, "a\x00b", 7, ["x"], None])
async def test_what_is_no_comment_is_refused(shop: Shop, body: Any) -> None:
    post, buyer = await written(shop, await author(shop)), await shop.buyer()
    said_before = await said(shop, post, buyer)
    before = await rows(shop)
    path = f"/posts/{post['id']}/comments"
    answers = [
        await shop.client.post(path, json={"body": body}, headers=buyer.headers),
        await shop.client.patch(f"/comments/{said_before['id']}", json={"body": body}, headers=buyer.headers),
    ]
    assert {answer.status_code for answer in answers} <= {400, 422}
    assert await rows(shop) == before


@pytest.mark.parametrize(
    ("body", "signal"),
    [("Cheaper at https://elsewhere.example/mug", "link"), ("BUY THIS NOW EVERYBODY IT IS THE BEST", "capitals")],
)
async def test_suspicious_words_wait(shop: Shop, body: str, signal: str) -> None:
    post, buyer = await written(shop, await author(shop)), await shop.buyer()

    answer = await say(shop, post, buyer, body)

    assert (answer.status_code, answer.json()["status"]) == (201, "pending")
    assert await seen(shop, post) == []
    queue = (await shop.client.get("/comments?status=pending", headers=(await shop.admin()).headers)).json()
    assert [(one["id"], one["signals"]) for one in queue["items"]] == [(answer.json()["id"], [signal])]
    own = (await shop.client.get("/users/me/comments", headers=buyer.headers)).json()["items"]
    assert [one["status"] for one in own] == ["pending"]
    assert "signals" not in own[0]
    assert (await decide(shop, answer.json()["id"], "approve")).status_code == 200
    assert await seen(shop, post) == [body]


async def test_the_same_words_many_at_once_and_new_accounts_wait(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    post, buyer = await written(shop, await author(shop)), await shop.buyer()
    await said(shop, post, buyer, BODY)
    assert (await say(shop, post, await shop.person(), BODY.upper().lower())).json()["status"] == "pending"
    stand = [(await say(shop, post, buyer, f"Short {n}")).json()["status"] for n in range(10)]
    assert stand == ["published"] * 9 + ["pending"]
    monkeypatch.setenv("MERCAT_COMMENTS_NEW_ACCOUNT_HOURS", "24")
    assert (await say(shop, post, await shop.person(), "Nice")).json()["status"] == "pending"
    monkeypatch.setenv("MERCAT_COMMENTS_NEW_ACCOUNT_HOURS", "0")
    monkeypatch.setenv("MERCAT_COMMENTS_ALL_WAIT", "true")
    assert (await say(shop, post, await shop.person(), "Nice, too")).json()["status"] == "pending"


async def test_one_changes_and_deletes_ones_own_alone(shop: Shop) -> None:
    post, buyer = await written(shop, await author(shop)), await shop.buyer()
    comment = await said(shop, post, buyer)
    path = f"/comments/{comment['id']}"
    before = await rows(shop)
    for person, status in ((None, 401), (await shop.person(), 404), (await shop.admin(), 404)):
        headers = person.headers if person else {}
        assert (await shop.client.patch(path, json={"body": "Mine"}, headers=headers)).status_code == status
        assert (await shop.client.delete(path, headers=headers)).status_code == status
    assert await rows(shop) == before

    changed = await shop.client.patch(path, json={"body": "Better."}, headers=buyer.headers)
    assert (changed.json()["body"], changed.json()["status"]) == ("Better.", "published")
    assert changed.json()["edited_at"] is not None
    changed = await shop.client.patch(path, json={"body": "See www.elsewhere.example"}, headers=buyer.headers)
    assert (changed.json()["status"], await seen(shop, post)) == ("pending", [])
    assert (await shop.client.delete(path, headers=buyer.headers)).status_code == 204
    assert await rows(shop) == []


async def test_reports_are_counted_once_and_settled(shop: Shop) -> None:
    post, buyer, eve = await written(shop, await author(shop)), await shop.buyer(), await shop.person()
    comment = await said(shop, post, buyer)
    path = f"/comments/{comment['id']}/reports"

    answers = await asyncio.gather(
        *(shop.client.post(path, json={"reason": "spam", "note": "Look"}, headers=eve.headers) for _ in range(3))
    )
    assert {answer.status_code for answer in answers} == {204}
    assert (await shop.client.post(path, json={"reason": "spam"}, headers=buyer.headers)).status_code == 409
    assert (await shop.client.post(path, json={"reason": "spam"})).status_code == 401
    assert (await shop.client.post(path, json={"reason": "dull"}, headers=eve.headers)).status_code == 422
    queue = (await shop.client.get("/comments?reported=true", headers=(await shop.admin()).headers)).json()
    assert [(one["report_count"], one["reports"][0]["note"]) for one in queue["items"]] == [(1, "Look")]
    assert len(await seen(shop, post)) == 1

    hidden = await decide(shop, comment["id"], "hide")
    assert (hidden.json()["status"], hidden.json()["report_count"], await seen(shop, post)) == ("hidden", 0, [])
    assert (await shop.client.post(path, json={"reason": "spam"}, headers=eve.headers)).status_code == 404
    own = (await shop.client.get("/users/me/comments", headers=buyer.headers)).json()["items"]
    assert own[0]["reason"] == "So it is."
    again = await shop.client.patch(f"/comments/{comment['id']}", json={"body": "Sorry."}, headers=buyer.headers)
    assert again.json()["status"] == "pending"


async def test_moderators_decide_about_what_they_saw(shop: Shop) -> None:
    post, buyer = await written(shop, await author(shop)), await shop.buyer()
    waits = (await say(shop, post, buyer, "See https://a.example")).json()
    moderator = await shop.person(Role.moderator)
    for person in (await shop.person(), await author(shop), await shop.person(Role.support)):
        assert (await decide(shop, waits["id"], "approve", person)).status_code == 403
        assert (await shop.client.get("/comments", headers=person.headers)).status_code == 403
    [shown] = (await shop.client.get("/comments", headers=moderator.headers)).json()["items"]
    await shop.client.patch(f"/comments/{waits['id']}", json={"body": "See www.b.example"}, headers=buyer.headers)

    late = await decide(shop, waits["id"], "approve", moderator, version=shown["version"])
    assert (late.status_code, late.json()["code"]) == (409, "comments.changed")
    illegal = await decide(shop, waits["id"], "hide", moderator)
    assert (illegal.status_code, illegal.json()["code"]) == (409, "comments.illegal_transition")
    assert (await decide(shop, waits["id"], "reject", moderator, reason="")).status_code == 422
    assert (await decide(shop, waits["id"], "reject", moderator)).json()["status"] == "rejected"
    assert await seen(shop, post) == []
    assert (await decide(shop, waits["id"], "approve", moderator)).json()["status"] == "published"


async def test_what_a_person_said_is_told_and_forgotten(shop: Shop) -> None:
    post = await written(shop, await author(shop))
    ada, eve = await shop.person(), await shop.person()
    comment = await said(shop, post, ada, "Ada lives at Elm Street")
    other = await said(shop, post, eve)
    await shop.client.post(f"/comments/{other['id']}/reports", json={"reason": "spam"}, headers=ada.headers)

    told = (await shop.client.get("/users/me/export", headers=ada.headers)).json()["comments"]
    assert [one["id"] for one in told["written"]] == [comment["id"]]
    assert [one["comment_id"] for one in told["reported"]] == [other["id"]]

    erased = await shop.client.post(f"/users/{ada.id}/erase", headers=(await shop.admin()).headers)
    assert erased.status_code == 204
    assert len(await seen(shop, post)) == 1
    assert await shop.rows("SELECT report_count FROM comments") == [(0,)]
    assert await shop.rows("SELECT * FROM comment_reports") == []
    assert await shop.rows("SELECT changes FROM audit_personal WHERE changes::text ~ 'Elm Street'") == []
