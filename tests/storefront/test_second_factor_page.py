"""The page where a browser's sign-in goes on, as a browser without scripts uses it."""

from html import escape

import httpx2
import pytest

from auth.proofs import challenged, with_app
from mercat.auth.browser import COOKIE
from shopping import Shop

OWN = {"Sec-Fetch-Site": "same-origin"}


async def test_a_second_proof_on_the_page_signs_the_browser_in_and_leads_on(
    shop: Shop, browser: httpx2.AsyncClient
) -> None:
    guarded = await with_app(shop)
    challenge = await challenged(shop, guarded.person, "/auth/session")
    page = await browser.get("/second-factor", params={"challenge": challenge, "return_to": "/orders?page=2"})
    assert page.status_code == 200
    assert escape("/orders?page=2") in page.text
    form = {"challenge": challenge, "return_to": "/orders?page=2"}

    for wrong, words in (("12345", "six digits"), ("000000", "not right"), ("aaaa-aaaa-aaaa-aaaa", "not right")):
        refused = await browser.post("/second-factor", data={**form, "code": wrong}, headers=OWN)
        assert refused.status_code == 422, wrong
        assert "set-cookie" not in refused.headers
        assert challenge in refused.text, words
    done = await browser.post("/second-factor", data={**form, "code": guarded.codes[0]}, headers=OWN)

    assert (done.status_code, done.headers["location"]) == (303, "/orders?page=2")
    cookie = done.headers["set-cookie"].split(";")[0]
    assert cookie.startswith(f"{COOKIE}=")
    browser.cookies.clear()
    me = await shop.client.get("/auth/me", headers={"Cookie": cookie})
    assert me.json()["id"] == str(guarded.person.id)
    again = await browser.post("/second-factor", data={**form, "code": guarded.codes[1]}, headers=OWN)
    assert again.status_code == 422


async def test_a_page_of_another_site_cannot_finish_a_sign_in(shop: Shop, browser: httpx2.AsyncClient) -> None:
    guarded = await with_app(shop)
    form = {"challenge": await challenged(shop, guarded.person, "/auth/session"), "code": guarded.codes[0]}

    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.test"}):
        answer = await browser.post("/second-factor", data=form, headers=headers)
        assert answer.status_code == 422
        assert "set-cookie" not in answer.headers
    assert (await browser.post("/second-factor", data=form, headers=OWN)).status_code == 303


@pytest.mark.parametrize(
    "where", ["//evil.test", "https://evil.test", "/\\evil.test", "javascript:alert(1)", "evil", ""]
)
async def test_one_is_led_to_a_page_of_the_shop_only(shop: Shop, browser: httpx2.AsyncClient, where: str) -> None:
    guarded = await with_app(shop)
    form = {"challenge": await challenged(shop, guarded.person, "/auth/session"), "code": guarded.codes[0]}

    done = await browser.post("/second-factor", data={**form, "return_to": where}, headers=OWN)

    assert (done.status_code, done.headers["location"]) == (303, "/")


async def test_without_a_sign_in_there_is_nothing_to_finish(browser: httpx2.AsyncClient) -> None:
    page = await browser.get("/second-factor")

    assert "<form" not in page.text
    assert page.headers["cache-control"] == "no-store"
