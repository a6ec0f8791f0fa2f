"""A shop's logo and banner by upload: who may, what buyers see, and that what is replaced is gone."""

import asyncio
from pathlib import Path

import httpx2
import pytest

from mercat.files.storage import Storage, StorageAway
from mercat.kit.settings_memory import read_anew
from pictures import drawn, from_a_phone, opened, png_of
from shopping import Person, Shop
from vendors.people import joined

PARTS = ("logo", "banner")
SMALL = drawn(size=(200, 100))
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.fixture(autouse=True)
def _own_folder(folder: Path) -> None:
    """No file of these tests lies anywhere else."""
    assert folder


async def put(shop: Shop, part: str, person: Person, *contents: bytes, query: str = "") -> httpx2.Response:
    """Upload a picture under a name and a type that say nothing true."""
    named = [("file", ("../logo.html", content, "text/html")) for content in contents]
    return await shop.client.put(f"/vendor/profile/{part}{query}", files=named, headers=person.headers)


def lying(folder: Path) -> int:
    """Count what is in the folder."""
    return sum(path.is_file() for path in folder.rglob("*"))


@pytest.mark.parametrize("part", PARTS)
async def test_buyers_see_an_upload_in_all_sizes(shop: Shop, folder: Path, part: str) -> None:
    owner, _ = await shop.seller("clay")

    answer = await put(shop, part, owner, drawn(size=(400, 300)))

    assert answer.status_code == 200, answer.text
    url = answer.json()[part]["url"]
    assert (url.startswith("/media/files/"), answer.json()[part]["sizes"]) == (True, [])
    before = await shop.client.get("/vendors/clay")
    assert before.json()[part]["url"] == url
    await shop.handle_events()
    page = await shop.client.get("/vendors/clay", headers={"If-None-Match": before.headers["etag"]})
    sizes = page.json()[part]["sizes"]
    assert [(one["width"], one["height"]) for one in sizes[::2]] == [(160, 120), (320, 240), (400, 300)]
    for size in sizes:
        picture = await shop.client.get(f"http://shop.test{size['url']}")
        assert opened(picture.content).size == (size["width"], size["height"])
    (listed,) = (await shop.client.get("/vendors")).json()["items"]
    assert (listed[part]["url"], listed[part]["sizes"]) == (url, sizes)
    portal = (await shop.client.get("/vendor/profile", headers=owner.headers)).json()
    assert (portal[part]["url"], portal[part]["sizes"]) == (url, sizes)
    (other,) = set(PARTS) - {part}
    assert portal[other] is None
    assert lying(folder) == 7


@pytest.mark.parametrize("part", PARTS)
async def test_what_is_replaced_or_taken_away_is_gone(shop: Shop, folder: Path, part: str) -> None:
    owner, _ = await shop.seller("clay")
    former = (await put(shop, part, owner, SMALL)).json()[part]["url"]
    await shop.handle_events()

    latter = (await put(shop, part, owner, from_a_phone())).json()[part]["url"]
    await shop.handle_events()

    assert latter != former
    assert (await shop.client.get(f"http://shop.test{former}")).status_code == 404
    assert (await shop.client.get(f"http://shop.test{latter}")).status_code == 200
    assert await shop.rows("SELECT '/' || key, state FROM files") == [(latter, "kept")]
    for _ in range(2):
        gone = await shop.client.delete(f"/vendor/profile/{part}", headers=owner.headers)
        assert gone.status_code == 204
    await shop.handle_events()
    assert (await shop.client.get("/vendors/clay")).json()[part] is None
    assert (lying(folder), await shop.rows("SELECT count(*) FROM files")) == (0, [(0,)])
    written = await shop.rows("SELECT action, changes FROM audit_log WHERE action LIKE 'vendor.%%' ORDER BY id")
    assert [one for one in written if part in one[0]] == [
        (f"vendor.{part}_changed", {f"{part}_url": {"before": None, "after": former}}),
        (f"vendor.{part}_changed", {f"{part}_url": {"before": former, "after": latter}}),
        (f"vendor.{part}_removed", {f"{part}_url": {"before": latter, "after": None}}),
    ]


async def test_two_at_once_leave_one(shop: Shop, folder: Path) -> None:
    owner, _ = await shop.seller("clay")

    answers = await asyncio.gather(*(put(shop, "logo", owner, SMALL) for _ in range(5)))
    await shop.handle_events()

    assert {answer.status_code for answer in answers} == {200}
    ((url,),) = await shop.rows("SELECT '/' || key FROM files")
    assert (await shop.client.get("/vendors/clay")).json()["logo"]["url"] == url
    assert lying(folder) == 5


async def test_an_address_may_be_given_instead(shop: Shop, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, _ = await shop.seller("clay")
    monkeypatch.setenv("MERCAT_MEDIA_URL", "https://cdn.example")
    read_anew()
    uploaded = (await put(shop, "logo", owner, SMALL)).json()["logo"]["url"]
    assert uploaded.startswith("https://cdn.example/media/files/")
    await shop.handle_events()

    async def say(address: str | None) -> httpx2.Response:
        body = {"logo_url": address, "tagline": "Mugs"}
        return await shop.client.patch("/vendor/profile", json=body, headers=owner.headers)

    same = (await say(uploaded)).json()
    await shop.handle_events()
    assert (same["logo"]["url"], len(same["logo"]["sizes"]), lying(folder)) == (uploaded, 4, 5)
    elsewhere = (await say("https://elsewhere.example/a.svg")).json()
    await shop.handle_events()
    assert (elsewhere["logo"]["url"], elsewhere["logo"]["sizes"]) == ("https://elsewhere.example/a.svg", [])
    assert (lying(folder), await shop.rows("SELECT count(*) FROM files")) == (0, [(0,)])
    await put(shop, "logo", owner, SMALL)
    assert (await say(None)).json()["logo"] is None
    await shop.handle_events()
    assert lying(folder) == 0


@pytest.mark.parametrize("part", PARTS)
async def test_owners_and_managers_of_this_shop_alone(shop: Shop, folder: Path, part: str) -> None:
    owner, clay = await shop.seller("clay")
    manager, staff = await joined(shop, clay, "manager"), await joined(shop, clay, "staff")
    rival, _ = await shop.seller("wool")
    buyer, nobody = await shop.person(), Person("", "", {})
    url = (await put(shop, part, manager, SMALL)).json()[part]["url"]
    before = lying(folder)

    for person, status, query in ((staff, 403, ""), (buyer, 403, ""), (nobody, 401, ""), (rival, 404, "?vendor=clay")):
        assert (await put(shop, part, person, SMALL, query=query)).status_code == status
        gone = await shop.client.delete(f"/vendor/profile/{part}{query}", headers=person.headers)
        assert gone.status_code == status
    assert (await shop.client.delete(f"/vendor/profile/{part}", headers=rival.headers)).status_code == 204
    assert (await put(shop, part, rival, SMALL)).json()["slug"] == "wool"
    await shop.client.delete(f"/vendor/profile/{part}", headers=rival.headers)
    await shop.handle_events()
    assert (await shop.client.get("/vendors/clay")).json()[part]["url"] == url
    assert lying(folder) == before + 4, "in its sizes"
    assert (await put(shop, part, owner, SMALL)).is_success


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (SVG, "files.unknown_kind"),
        (SVG + drawn("PNG"), "files.unknown_kind"),
        (png_of(50_000, 50_000), "files.too_many_pixels"),
        (drawn()[:2000], "files.picture_broken"),
    ],
)
async def test_what_is_no_picture_leaves_the_former_one(shop: Shop, folder: Path, content: bytes, code: str) -> None:
    owner, _ = await shop.seller("clay")
    url = (await put(shop, "logo", owner, SMALL)).json()["logo"]["url"]

    refused = await put(shop, "logo", owner, content)

    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert (await put(shop, "logo", owner, SMALL, SMALL)).json()["code"] == "files.bad_upload"
    large = await put(shop, "logo", owner, b"x" * 10_485_761)
    plain = await shop.client.put("/vendor/profile/logo", json={}, headers=owner.headers)
    assert (large.status_code, plain.status_code) == (413, 415)
    assert (await shop.client.get("/vendors/clay")).json()["logo"]["url"] == url
    assert (lying(folder), await shop.rows("SELECT count(*) FROM files")) == (1, [(1,)])


async def test_while_the_storage_is_away_the_former_one_stays(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, _ = await shop.seller("clay")
    url = (await put(shop, "logo", owner, SMALL)).json()["logo"]["url"]

    async def away(*_anything: object) -> None:
        raise StorageAway

    monkeypatch.setattr(Storage, "put", away)
    refused = await put(shop, "logo", owner, SMALL)

    assert (refused.status_code, refused.json()["code"]) == (503, "files.storage_away")
    assert (await shop.client.get("/vendors/clay")).json()["logo"]["url"] == url
    changed = await shop.client.patch("/vendor/profile", json={"tagline": "Mugs"}, headers=owner.headers)
    assert changed.status_code == 200
