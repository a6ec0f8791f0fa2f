"""Posts as files, and files of posts: exports, and pictures."""

import asyncio
import csv
import io
import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from blogging import author, write, written
from pictures import drawn, from_a_phone, opened, png_of
from shopping import Person, Shop

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


async def exported(shop: Shop, person: Person, query: str = "") -> str:
    answer = await shop.client.get(f"/posts/export{query}", headers=person.headers)
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["content-disposition"]
    return answer.text


async def test_a_file_has_what_one_may_see(shop: Shop) -> None:
    ada, buyer, admin = await author(shop), await shop.buyer(), await shop.admin()
    post = await written(shop, ada, "First", tags=["care"])
    await written(shop, ada, "Draft", published=False)
    await written(shop, await author(shop, "other"), "Second")

    async def named(person: Person, query: str = "") -> list[str]:
        lines = (await exported(shop, person, query)).splitlines()
        return [json.loads(line)["title"] for line in lines]

    assert await named(buyer) == ["First", "Second"]
    assert await named(ada) == await named(admin) == ["First", "Draft", "Second"]
    assert await named(admin, "?published=false") == ["Draft"]
    assert await named(buyer, "?published=false") == []
    assert await named(ada, f"?published=true&author={ada.id}") == ["First"]
    assert await named(ada, "?tag=care") == ["First"]
    [line] = (await exported(shop, buyer, "?tag=care")).splitlines()
    assert json.loads(line) == post
    assert (await shop.client.get("/posts/export")).status_code == 401
    assert (await shop.client.get("/posts/export?format=xml", headers=ada.headers)).status_code == 422


async def test_a_spreadsheet_runs_nothing_of_it(shop: Shop) -> None:
    ada = await author(shop)
    evil = ['=HYPERLINK("http://evil.example")', "+1+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(1+1)"]
    for n, formula in enumerate(evil):
        await written(shop, ada, f"{formula} {n}", content=formula, tags=[formula])
    await written(shop, ada, 'Quotes " and, commas', content='Two\nlines; and "more"')

    read = list(csv.DictReader(io.StringIO(await exported(shop, ada, "?format=csv"), newline="")))

    assert len(read) == 5
    assert all(cell[:1] not in set("=+-@\t\r") for row in read for cell in row.values())
    assert [row["content"] for row in read] == [*(f"'{formula}" for formula in evil), 'Two\nlines; and "more"']
    assert (read[4]["title"], read[4]["published"]) == ('Quotes " and, commas', "true")
    assert ada.email not in str(read)


async def test_a_long_file_is_whole(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mercat.content.posts.export.BATCH", 3)
    ada = await author(shop)
    assert await exported(shop, ada) == ""
    assert (await exported(shop, ada, "?format=csv")).startswith("id,slug,title,")
    await asyncio.gather(*(write(shop, ada, f"Post {n}") for n in range(10)))
    assert len((await exported(shop, ada)).splitlines()) == 10


async def show(shop: Shop, post: dict[str, Any], person: Person, content: bytes, **data: Any) -> httpx2.Response:
    """Upload a picture under a name and a type that say nothing true."""
    named = [("file", ("../../x.html", content, "text/html"))]
    return await shop.client.post(f"/posts/{post['id']}/image", files=named, data=data, headers=person.headers)


def lying(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


def bytes_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*.*"))


async def test_a_picture_is_shown_in_all_sizes_and_goes_with_its_post(shop: Shop, folder: Path) -> None:
    ada = await author(shop)
    post = await written(shop, ada)

    added = await show(shop, post, ada, from_a_phone(), alt="A mug in the sun")

    assert added.status_code == 201, added.text
    image = added.json()["image"]
    assert {**image, "url": ""} == {"url": "", "alt": "A mug in the sun", "width": 600, "height": 800, "sizes": []}
    assert added.json()["version"] == 2
    await shop.handle_events()
    for path in (f"/posts/{post['id']}", "/posts"):
        read = (await shop.client.get(path)).json()
        read = read["items"][0] if path == "/posts" else read
        assert {size["format"] for size in read["image"]["sizes"]} == {"avif", "webp"}
        assert read["updated_at"] == added.json()["updated_at"]
        for size in read["image"]["sizes"]:
            picture = await shop.client.get(f"http://shop.test{size['url']}")
            assert opened(picture.content).size == (size["width"], size["height"])
    assert b"Quill" not in bytes_in(folder)

    first = lying(folder)
    replaced = await show(shop, post, ada, drawn(size=(600, 800)))
    await shop.handle_events()
    assert (replaced.json()["image"]["alt"], lying(folder)) == ("", first)
    assert replaced.json()["image"]["url"] != image["url"]
    assert (await shop.client.delete(f"/posts/{post['id']}/image", headers=ada.headers)).status_code == 204
    assert (await shop.client.delete(f"/posts/{post['id']}/image", headers=ada.headers)).status_code == 404
    await show(shop, post, ada, drawn(size=(600, 800)))
    await shop.client.delete(f"/posts/{post['id']}", headers=ada.headers)
    await shop.handle_events()
    assert (lying(folder), await shop.rows("SELECT count(*) FROM files")) == (0, [(0,)])


@pytest.mark.parametrize("content", [SVG, b"", b"GIF89a", png_of(60_000, 60_000), b"%PDF-1.7\n", drawn()[:2000]])
async def test_what_is_no_picture_is_refused(shop: Shop, folder: Path, content: bytes) -> None:
    ada = await author(shop)
    post = await written(shop, ada)
    answer = await show(shop, post, ada, content)
    assert answer.status_code == 422, answer.text
    assert lying(folder) == 0
    assert (await shop.client.get(f"/posts/{post['id']}")).json() == post


@pytest.mark.usefixtures("folder")
async def test_of_forms_that_are_none_nothing_is_kept(shop: Shop) -> None:
    ada, other = await author(shop), await author(shop, "other")
    post = await written(shop, ada)
    path, picture = f"/posts/{post['id']}/image", drawn(size=(20, 20))
    both = [("file", ("a.jpg", picture)), ("file", ("b.jpg", picture))]
    answers = {
        "json": await shop.client.post(path, json={}, headers=ada.headers),
        "no file": await shop.client.post(path, files={"other": picture}, headers=ada.headers),
        "two": await shop.client.post(path, files=both, headers=ada.headers),
        "another's": await show(shop, post, other, picture),
        "no post": await show(shop, {"id": "0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c55"}, ada, picture),
        "stale": await shop.client.post(path, files=both[:1], headers={**ada.headers, "If-Match": '"9"'}),
    }
    assert {name: answer.status_code for name, answer in answers.items()} == {
        "json": 415, "no file": 422, "two": 400, "another's": 403, "no post": 404, "stale": 412,
    }  # fmt: skip
    assert (await shop.client.get(f"/posts/{post['id']}")).json()["image"] is None
