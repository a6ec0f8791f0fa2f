"""The pages behind the links in mail, as a browser without scripts uses them."""

import re

import httpx2
import pytest

from letters import Mailbox
from shopping import PASSWORD, Shop

NEW = "another fine password"


def form_of(page: str) -> tuple[str, dict[str, str]]:
    """Return where the one form of a page goes, and its hidden fields."""
    action = re.findall(r'<form method="post" action="([^"]+)">', page)
    assert len(action) == 1, page
    return action[0], dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))


async def test_looking_at_a_link_does_not_use_it_up_and_a_click_does(
    shop: Shop, browser: httpx2.AsyncClient, mailbox: Mailbox
) -> None:
    await shop.client.post("/auth/register", json={"email": "ada@example.com", "password": PASSWORD})
    link = (await mailbox.only("ada@example.com")).link
    for _ in range(3):
        page = await browser.get(link)
    assert page.status_code == 200
    assert await shop.rows("SELECT email_verified FROM users") == [(False,)]

    action, fields = form_of(page.text)
    done = await browser.post(action, data=fields)

    assert (done.status_code, "<form" in done.text) == (200, False)
    assert await shop.rows("SELECT email_verified FROM users") == [(True,)]
    again = await browser.post(action, data=fields)
    assert again.status_code == 422
    assert "has been used" in again.text


async def test_a_password_is_set_on_the_page_and_a_bad_one_may_be_mended(
    shop: Shop, browser: httpx2.AsyncClient, mailbox: Mailbox
) -> None:
    await shop.person(email="ada@example.com")
    await shop.client.post("/auth/forgot-password", json={"email": "ada@example.com"})
    action, fields = form_of((await browser.get((await mailbox.only("ada@example.com")).link)).text)

    for bad, words in (("short", "eight characters"), ("password123", "too easy to guess")):
        refused = await browser.post(action, data={**fields, "password": bad})
        assert refused.status_code == 422
        assert words in refused.text
        assert bad not in refused.text
        action, fields = form_of(refused.text)
    done = await browser.post(action, data={**fields, "password": NEW})

    assert done.status_code == 200
    assert NEW not in done.text
    answer = await shop.client.post("/auth/token", data={"username": "ada@example.com", "password": NEW})
    assert answer.status_code == 200


async def test_an_address_is_moved_on_the_page(shop: Shop, browser: httpx2.AsyncClient, mailbox: Mailbox) -> None:
    person = await shop.person(email="ada@example.com")
    body = {"email": "byron@example.org", "password": PASSWORD}
    await shop.client.post("/users/me/email", json=body, headers=person.headers)
    action, fields = form_of((await browser.get((await mailbox.only("byron@example.org")).link)).text)

    assert (await browser.post(action, data=fields)).status_code == 200

    assert (await shop.client.get("/auth/me", headers=person.headers)).json()["email"] == "byron@example.org"


@pytest.mark.parametrize("path", ["/verify-email", "/confirm-email", "/reset-password"])
async def test_a_page_lets_nothing_run_is_kept_by_nobody_and_tells_nobody_its_address(
    browser: httpx2.AsyncClient, path: str
) -> None:
    page = await browser.get(f'{path}?token="><script>alert(1)</script>')

    assert page.status_code == 200
    assert "<script" not in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["x-robots-tag"] == "noindex"
    bare = await browser.get(path)
    assert "<form" not in bare.text
    nonsense = await browser.post(path, data={"token": "nonsense", "password": NEW})
    assert nonsense.status_code == 422
    assert "not valid" in nonsense.text


async def test_pages_speak_the_language_of_their_reader_and_have_their_looks(browser: httpx2.AsyncClient) -> None:
    page = await browser.get("/reset-password?token=x", headers={"Accept-Language": "de"})

    assert '<html lang="de">' in page.text
    assert "Neues Passwort" in page.text
    sheet = re.findall(r'href="([^"]+\.css)"', page.text)
    assert (await browser.get(sheet[0])).status_code == 200
