"""Photos in reviews: who adds and removes them, when they are seen, and that nothing of them is left."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from letters import Mailbox
from mercat import outbox, reviews
from mercat.files.storage import Storage, StorageAway
from pictures import drawn, from_a_phone, opened, png_of
from reviews.reviewing import decide, rating_of, said, say, seen
from shopping import PASSWORD, Item, Person, Shop

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
SMALL = drawn(size=(200, 100))


@pytest.fixture(autouse=True)
def _own_folders(folder: Path, mailbox: Mailbox) -> None:
    """No file and no mail of these tests lies anywhere else."""
    assert folder
    assert mailbox


async def show(shop: Shop, review_id: str, person: Person, *contents: bytes, **data: Any) -> httpx2.Response:
    """Add photos to a review, under names and types that say nothing true."""
    named = [("file", (f"../{n}.html", content, "text/html")) for n, content in enumerate(contents)]
    return await shop.client.post(f"/reviews/{review_id}/photos", files=named, data=data, headers=person.headers)


async def photos(shop: Shop, item: Item, query: str = "") -> list[list[dict[str, Any]]]:
    """Return the photos of each review of an item that everybody sees."""
    answer = await shop.client.get(f"/products/{item.product_id}/reviews{query}")
    return [review["photos"] for review in answer.json()["items"]]


def lying(folder: Path) -> int:
    """Count what is in the folder."""
    return sum(path.is_file() for path in folder.rglob("*"))


def bytes_in(folder: Path) -> bytes:
    """Return all that is in the folder."""
    return b"".join(path.read_bytes() for path in folder.rglob("*.*"))


async def nothing_is_left(shop: Shop, folder: Path) -> None:
    """Let the worker do what it has to, and find no file."""
    await shop.handle_events()
    assert await shop.rows("SELECT count(*) FROM files") == [(0,)]
    assert await shop.rows("SELECT count(*) FROM review_photos") == [(0,)]
    assert lying(folder) == 0


async def test_photos_are_seen_in_all_sizes(shop: Shop, folder: Path) -> None:
    item = await shop.item()
    ada, review_id = await said(shop, item)

    added = await show(shop, review_id, ada, drawn(size=(400, 300)), from_a_phone(), alt="On my desk")

    assert added.status_code == 201, added.text
    first, second = added.json()["photos"]
    assert (added.json()["status"], added.json()["edited_at"]) == ("published", None)
    assert [(one["alt"], one["width"], one["height"]) for one in (first, second)] == [
        ("On my desk", 400, 300),
        ("", 600, 800),
    ]
    assert (first["sizes"], await photos(shop, item)) == ([], [[first, second]])
    await shop.handle_events()
    ((first, second),) = await photos(shop, item)
    sizes = [(one["width"], one["height"], one["format"]) for one in first["sizes"]]
    assert sizes == [(w, w * 3 // 4, form) for w in (160, 320, 400) for form in ("avif", "webp")]
    for size in first["sizes"]:
        picture = await shop.client.get(f"http://shop.test{size['url']}")
        assert opened(picture.content).size == (size["width"], size["height"])
    assert b"Quill" in from_a_phone()
    assert b"Quill" not in bytes_in(folder)
    mine = (await shop.client.get("/users/me/reviews", headers=ada.headers)).json()["items"]
    assert mine[0]["photos"] == [first, second]


async def test_only_reviews_with_photos_can_be_asked_for(shop: Shop) -> None:
    item = await shop.item()
    ada, shown = await said(shop, item)
    _, plain = await said(shop, item)
    await show(shop, shown, ada, SMALL, SMALL)

    assert await seen(shop, item, "?with_photos=true") == [shown]
    assert await seen(shop, item, "?with_photos=false") == [plain]
    assert await seen(shop, item, "?with_photos=true&cursor=") == [shown]
    assert sorted(await seen(shop, item)) == sorted([shown, plain])
    assert (await shop.client.get(f"/products/{item.product_id}/reviews?with_photos=some")).status_code == 422


async def test_at_once_no_more_photos_than_there_may_be(
    shop: Shop, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MERCAT_REVIEWS_MOST_PHOTOS", "3")
    item = await shop.item()
    ada, review_id = await said(shop, item)
    await show(shop, review_id, ada, SMALL)

    answers = await asyncio.gather(*(show(shop, review_id, ada, SMALL) for _ in range(5)))

    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409, 409]
    refused = next(answer.json() for answer in answers if answer.status_code == 409)
    assert (refused["code"], refused["detail"]) == ("reviews.too_many_photos", "A review has at most 3 photos.")
    assert [len(some) for some in await photos(shop, item)] == [3]
    written = lying(folder)
    assert (await show(shop, review_id, ada, SMALL)).status_code == 409
    assert lying(folder) == written, "a full review takes no upload in"


async def test_a_form_is_added_whole_or_not_at_all(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_REVIEWS_MOST_PHOTOS", "2")
    item = await shop.item()
    ada, review_id = await said(shop, item)

    assert (await show(shop, review_id, ada, *[SMALL] * 3)).json()["code"] == "files.bad_upload"
    await show(shop, review_id, ada, SMALL)
    assert (await show(shop, review_id, ada, SMALL, SMALL)).json()["code"] == "reviews.too_many_photos"
    assert [len(some) for some in await photos(shop, item)] == [1]
    monkeypatch.setenv("MERCAT_REVIEWS_MOST_PHOTOS", "0")
    assert (await show(shop, review_id, ada, SMALL)).json()["code"] == "reviews.too_many_photos"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (SVG, "files.unknown_kind"),
        (SVG + drawn("PNG"), "files.unknown_kind"),
        (b"%PDF-1.7\n", "files.unknown_kind"),
        (png_of(50_000, 50_000), "files.too_many_pixels"),
        (drawn()[:2000], "files.picture_broken"),
    ],
)
async def test_what_is_no_photo_refuses_all(shop: Shop, folder: Path, content: bytes, code: str) -> None:
    item = await shop.item()
    ada, review_id = await said(shop, item)

    refused = await show(shop, review_id, ada, SMALL, content)

    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert [error["field"] for error in refused.json()["errors"]] == ["file.1"]
    assert await photos(shop, item) == [[]]
    await nothing_is_left(shop, folder)


async def test_bad_forms_are_refused(shop: Shop, folder: Path) -> None:
    item = await shop.item()
    ada, review_id = await said(shop, item)
    plain = await shop.client.post(f"/reviews/{review_id}/photos", json={}, headers=ada.headers)
    large = await show(shop, review_id, ada, b"x" * 10_485_761)

    assert (plain.status_code, large.status_code) == (415, 413)
    assert (await show(shop, review_id, ada, SMALL, alt=["a", "b"])).status_code == 422
    assert (await show(shop, review_id, ada, SMALL, alt="x" * 501)).status_code == 422
    assert (await show(shop, review_id, ada, SMALL, alt="a\0b")).json()["code"] == "request.bad_text"
    await nothing_is_left(shop, folder)


async def test_nobody_touches_anothers_photos(shop: Shop, folder: Path) -> None:
    item = await shop.item(vendor="clay")
    ada, review_id = await said(shop, item)
    eve, hers = await said(shop, item)
    seller, _ = await shop.seller("clay")
    admin = await shop.admin()
    photo = (await show(shop, review_id, ada, SMALL)).json()["photos"][0]["id"]
    before = lying(folder)

    for person in (eve, seller, admin):
        assert (await show(shop, review_id, person, SMALL)).json()["code"] == "reviews.not_found"
        gone = await shop.client.delete(f"/reviews/{review_id}/photos/{photo}", headers=person.headers)
        assert gone.json()["code"] == "reviews.not_found"
    through = await shop.client.delete(f"/reviews/{hers}/photos/{photo}", headers=eve.headers)
    assert through.json()["code"] == "reviews.photo_not_found"
    assert (await shop.client.post(f"/reviews/{review_id}/photos")).status_code == 401
    body, path = {"reason": "Mine."}, f"/reviews/{review_id}/photos/{photo}/remove"
    for person in (ada, eve, seller):
        assert (await shop.client.post(path, json=body, headers=person.headers)).status_code == 403
    assert lying(folder) == before
    assert sorted(len(some) for some in await photos(shop, item)) == [0, 1]


async def test_a_photo_goes_with_its_bytes(shop: Shop, folder: Path) -> None:
    item = await shop.item()
    ada, review_id = await said(shop, item)
    first, second = (await show(shop, review_id, ada, SMALL, SMALL, alt=["A", "B"])).json()["photos"]
    await shop.handle_events()
    path = f"/reviews/{review_id}/photos"

    assert (await shop.client.delete(f"{path}/{first['id']}", headers=ada.headers)).status_code == 204
    assert (await shop.client.delete(f"{path}/{first['id']}", headers=ada.headers)).status_code == 404
    await shop.handle_events()
    assert [one["alt"] for one in (await photos(shop, item))[0]] == ["B"]
    assert (await shop.client.get(f"http://shop.test{first['url']}")).status_code == 404
    third = (await show(shop, review_id, ada, SMALL, alt="C")).json()
    assert [one["alt"] for one in third["photos"]] == ["B", "C"]
    assert third["status"] == "published"
    assert (await shop.client.delete(f"{path}/{second['id']}", headers=ada.headers)).status_code == 204
    assert (await shop.client.delete(f"{path}/{third['photos'][1]['id']}", headers=ada.headers)).status_code == 204
    await nothing_is_left(shop, folder)


async def test_where_all_waits_a_photo_is_not_shown_before_somebody_looked(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = await shop.item()
    ada, review_id = await said(shop, item, 4)
    monkeypatch.setenv("MERCAT_REVIEWS_ALL_WAIT", "true")

    added = await show(shop, review_id, ada, SMALL)

    assert (added.status_code, added.json()["status"]) == (201, "pending")
    assert (await seen(shop, item), await rating_of(shop, item)) == ([], (0.0, 0))
    admin = await shop.admin()
    (waits,) = (await shop.client.get("/reviews?status=pending", headers=admin.headers)).json()["items"]
    assert (waits["id"], waits["photos"]) == (review_id, added.json()["photos"])
    assert (await decide(shop, review_id, "approve")).json()["photos"] == waits["photos"]
    assert (await photos(shop, item), await rating_of(shop, item)) == ([waits["photos"]], (4.0, 1))
    photo = waits["photos"][0]["id"]
    await shop.client.delete(f"/reviews/{review_id}/photos/{photo}", headers=ada.headers)
    assert await photos(shop, item) == [[]], "to show less is nothing unseen"


async def test_a_photo_under_suspicious_words_waits_again(shop: Shop) -> None:
    item = await shop.item()
    ada = await shop.person()
    written = (await say(shop, ada, item)).json()
    assert written["status"] == "pending"
    await decide(shop, written["id"], "approve")

    assert (await show(shop, written["id"], ada, SMALL)).json()["status"] == "pending"
    assert await seen(shop, item) == []


async def test_what_was_refused_waits_again_with_its_photo(shop: Shop) -> None:
    item = await shop.item()
    ada, review_id = await said(shop, item)
    photo = (await show(shop, review_id, ada, SMALL)).json()["photos"][0]["id"]
    assert (await decide(shop, review_id, "hide")).json()["status"] == "hidden"
    assert await photos(shop, item) == []

    assert (await show(shop, review_id, ada, SMALL)).json()["status"] == "pending"
    looked_at = (await decide(shop, review_id, "reject")).json()
    assert (looked_at["status"], looked_at["signals"]) == ("rejected", ["refused_before"])
    await shop.client.delete(f"/reviews/{review_id}/photos/{photo}", headers=ada.headers)
    (mine,) = (await shop.client.get("/users/me/reviews", headers=ada.headers)).json()["items"]
    assert (mine["status"], len(mine["photos"])) == ("pending", 1)


async def test_a_moderator_takes_one_photo_down(shop: Shop, folder: Path) -> None:
    item = await shop.item()
    ada, review_id = await said(shop, item)
    eve = await shop.person()
    bad, good = (await show(shop, review_id, ada, SMALL, SMALL, alt=["bad", "good"])).json()["photos"]
    report = {"reason": "personal_data", "note": "That is my face."}
    await shop.client.post(f"/reviews/{review_id}/reports", json=report, headers=eve.headers)
    admin = await shop.admin()
    (reported,) = (await shop.client.get("/reviews?reported=true", headers=admin.headers)).json()["items"]
    assert [one["id"] for one in reported["photos"]] == [bad["id"], good["id"]]
    await shop.handle_events()
    before = lying(folder)

    path, why = f"/reviews/{review_id}/photos/{bad['id']}/remove", {"reason": "Shows a person."}
    taken = await asyncio.gather(*(shop.client.post(path, json=why, headers=admin.headers) for _ in range(3)))

    assert sorted(answer.status_code for answer in taken) == [200, 404, 404]
    (answer,) = (one.json() for one in taken if one.is_success)
    assert (answer["status"], answer["report_count"]) == ("published", 1)
    assert [one["alt"] for one in (await photos(shop, item))[0]] == ["good"]
    (mine,) = (await shop.client.get("/users/me/reviews", headers=ada.headers)).json()["items"]
    assert mine["reason"] == "Shows a person."
    await shop.handle_events()
    assert lying(folder) == before // 2
    ((changes, personal),) = await shop.rows(
        "SELECT a.changes, p.changes FROM audit_log a JOIN audit_personal p ON p.entry_id = a.id"
        " WHERE a.action = 'review.photo_removed' AND p.part = 'target'"
    )
    assert changes == {"photos": {"before": 2, "after": 1}, "alt": None, "reason": None}
    assert personal["reason"]["after"] == "Shows a person."


async def test_photos_go_with_their_review(shop: Shop, folder: Path) -> None:
    item = await shop.item()
    ada, review_id = await said(shop, item)
    bob, refused = await said(shop, item)
    for person, review in ((ada, review_id), (bob, refused)):
        assert (await show(shop, review, person, SMALL, SMALL)).status_code == 201
    await decide(shop, refused, "hide")
    await shop.handle_events()
    assert lying(folder) == 20

    for person, review in ((ada, review_id), (bob, refused)):
        assert (await shop.client.delete(f"/reviews/{review}", headers=person.headers)).status_code == 204
        assert (await show(shop, review, person, SMALL)).status_code == 404
    again = (await say(shop, bob, item)).json()
    assert (again["id"], again["photos"]) == (refused, [])
    await nothing_is_left(shop, folder)


async def test_photos_go_with_the_person(shop: Shop, folder: Path) -> None:
    item = await shop.item()
    ada = await shop.person()
    review_id = (await say(shop, ada, item)).json()["id"]
    await show(shop, review_id, ada, SMALL, alt="My sister Tamsin")
    await shop.handle_events()
    record = (await shop.client.get("/users/me/export", headers=ada.headers)).json()
    assert [one["alt"] for one in record["reviews"]["written"][0]["photos"]] == ["My sister Tamsin"]

    gone = await shop.client.post("/users/me/erase", json={"password": PASSWORD}, headers=ada.headers)

    assert gone.status_code == 204, gone.text
    assert await shop.rows("SELECT 1 FROM audit_personal WHERE changes::text LIKE '%%Tamsin%%'") == []
    await nothing_is_left(shop, folder)


async def test_what_a_purge_leaves_is_let_go_at_night(shop: Shop, folder: Path) -> None:
    item, other = await shop.item(), await shop.item()
    ada = await shop.person()
    for one in (item, other):
        review_id = (await say(shop, ada, one)).json()["id"]
        assert (await show(shop, review_id, ada, SMALL)).status_code == 201
    await shop.handle_events()
    admin = await shop.admin()
    for path in ("", "/purge"):
        answer = await shop.client.delete(f"/products/{item.product_id}{path}", headers=admin.headers)
        assert answer.status_code == 204, answer.text

    await reviews.jobs.release_photos(outbox.JobContext(shop.database))
    await shop.handle_events()

    assert lying(folder) == 5
    assert await shop.rows("SELECT state, count(*) FROM files GROUP BY 1") == [("kept", 1)]


async def test_while_the_storage_is_away_only_uploads_are_refused(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    item = await shop.item()
    ada, review_id = await said(shop, item)
    kept = (await show(shop, review_id, ada, SMALL)).json()["photos"]

    async def away(*_anything: object) -> None:
        raise StorageAway

    monkeypatch.setattr(Storage, "put", away)
    refused = await show(shop, review_id, ada, SMALL)

    assert (refused.status_code, refused.json()["code"]) == (503, "files.storage_away")
    assert int(refused.headers["retry-after"]) > 0
    assert await photos(shop, item) == [kept]
    path = f"/reviews/{review_id}/photos/{kept[0]['id']}"
    assert (await shop.client.delete(path, headers=ada.headers)).status_code == 204
    assert (await say(shop, await shop.person(), item)).status_code == 201


async def test_who_floods_is_refused(shop: Shop) -> None:
    item = await shop.item()
    ada, review_id = await said(shop, item)
    path = f"/reviews/{review_id}/photos"

    asked = [shop.client.delete(f"{path}/{uuid4()}", headers=ada.headers) for _ in range(60)]
    assert {answer.status_code for answer in await asyncio.gather(*asked)} == {404}

    refused = await show(shop, review_id, ada, SMALL)
    assert (refused.status_code, refused.json()["code"]) == (429, "request.too_many")
    assert await photos(shop, item) == [[]]
    eve, hers = await said(shop, item)
    assert (await show(shop, hers, eve, SMALL)).status_code == 201


async def test_an_upload_that_meets_the_end_of_its_review_leaves_nothing(shop: Shop) -> None:
    item = await shop.item()
    ada, review_id = await said(shop, item)

    answers = await asyncio.gather(
        *(show(shop, review_id, ada, SMALL) for _ in range(2)),
        shop.client.delete(f"/reviews/{review_id}", headers=ada.headers),
    )

    assert answers[2].status_code == 204
    assert {answer.status_code for answer in answers[:2]} <= {201, 404}
    assert await shop.rows("SELECT 1 FROM review_photos") == []
    assert await shop.rows("SELECT 1 FROM files WHERE state = 'kept'") == []
