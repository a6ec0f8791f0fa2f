"""Sessions in a browser: a cookie that only our own pages can use to change anything."""

import httpx2
import pytest

from mercat.auth.browser import COOKIE
from shopping import PASSWORD, Person, Shop

OWN = {"Sec-Fetch-Site": "same-origin"}
SHOP = "http://127.0.0.1:8000"


async def sign_in(shop: Shop, person: Person, **headers: str) -> httpx2.Response:
    form = {"username": person.email, "password": PASSWORD}
    return await shop.client.post("/auth/session", data=form, headers=headers or OWN)


async def browser(shop: Shop, person: Person) -> dict[str, str]:
    """Return the headers of a request by a page of ours in the browser where somebody is signed in."""
    answer = await sign_in(shop, person)
    assert answer.status_code == 200, answer.text
    shop.client.cookies.clear()
    value = answer.headers["set-cookie"].split(";")[0]
    return {"Cookie": value, **OWN}


async def test_the_cookie_is_out_of_reach_of_scripts_other_hosts_and_plain_http(shop: Shop) -> None:
    person = await shop.person()

    answer = await sign_in(shop, person)

    assert answer.json()["email"] == person.email
    name_and_value, *attributes = answer.headers["set-cookie"].split("; ")
    assert name_and_value.startswith(f"{COOKIE}=")
    assert COOKIE.startswith("__Host-")
    assert {attribute.lower() for attribute in attributes} == {
        "httponly", "secure", "samesite=lax", "path=/", "max-age=2592000",
    }  # fmt: skip
    secret = name_and_value.partition("=")[2]
    assert secret not in answer.text
    assert secret not in str(await shop.rows("SELECT s::text FROM sessions s"))


async def test_a_browser_reads_and_changes_as_the_one_who_signed_in(shop: Shop) -> None:
    person, item = await shop.person(), await shop.item()
    headers = await browser(shop, person)

    assert (await shop.client.get("/auth/me", headers={"Cookie": headers["Cookie"]})).json()["id"] == str(person.id)
    assert (await shop.order(item, headers=headers)).status_code == 201
    assert (await shop.client.get("/orders", headers=headers)).json()["total"] == 1
    listed = (await shop.client.get("/users/me/sessions", headers=headers)).json()["items"]
    assert [(one["kind"], one["current"]) for one in listed] == [("browser", True), ("app", False)]


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://evil.test"},
        {"Origin": "http://evil.test"},
        {"Origin": "null"},
        {"Origin": SHOP + ".evil.test"},
        {"Origin": "https://127.0.0.1:8000"},
        {"Referer": SHOP + "/cart"},
    ],
)
async def test_a_page_of_another_site_changes_nothing(shop: Shop, sent: dict[str, str]) -> None:
    person, item = await shop.person(), await shop.item()
    headers = {"Cookie": (await browser(shop, person))["Cookie"], **sent}

    answer = await shop.order(item, headers=headers)
    ended = await shop.client.delete("/users/me/sessions", headers=headers)
    left = await shop.client.delete("/auth/session", headers=headers)

    assert {(a.status_code, a.json()["code"]) for a in (answer, ended, left)} == {(403, "auth.cross_site")}
    assert await shop.level(item) == (10, 0)
    assert (await shop.client.get("/auth/me", headers=headers)).status_code == 200


@pytest.mark.parametrize("sent", [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": SHOP}])
async def test_a_page_of_ours_does(shop: Shop, sent: dict[str, str]) -> None:
    person, item = await shop.person(), await shop.item()
    headers = {"Cookie": (await browser(shop, person))["Cookie"], **sent}

    assert (await shop.order(item, headers=headers)).status_code == 201


async def test_nobody_is_signed_in_by_a_page_of_another_site(shop: Shop) -> None:
    person = await shop.person()

    answer = await sign_in(shop, person, Origin="http://evil.test")

    assert (answer.status_code, answer.json()["code"]) == (403, "auth.cross_site")
    assert "set-cookie" not in answer.headers
    assert len(await shop.rows("SELECT id FROM sessions")) == 1


async def test_signing_out_takes_the_cookie_and_the_session(shop: Shop) -> None:
    person = await shop.person()
    headers = await browser(shop, person)

    answer = await shop.client.delete("/auth/session", headers=headers)

    assert answer.status_code == 204
    assert "max-age=0" in answer.headers["set-cookie"].lower()
    assert (await shop.client.get("/auth/me", headers=headers)).status_code == 401
    assert (await shop.client.get("/auth/me", headers=person.headers)).status_code == 200
    assert (await shop.client.delete("/auth/session", headers=headers)).status_code == 204


async def test_a_browser_whose_session_has_ended_is_a_guest_again(shop: Shop) -> None:
    person, item = await shop.person(), await shop.item()
    headers = await browser(shop, person)
    await shop.client.delete("/users/me/sessions", headers=person.headers)

    assert (await shop.client.get("/users/me/sessions", headers=headers)).status_code == 401
    order = await shop.order(item, headers=headers)
    assert order.status_code == 201
    assert await shop.rows("SELECT user_id FROM orders") == [(None,)]


async def test_a_token_beside_a_cookie_is_the_one_that_counts(shop: Shop) -> None:
    person, other = await shop.person(), await shop.person()
    headers = await browser(shop, person)

    mixed = await shop.client.get("/auth/me", headers={**headers, **other.headers})
    broken = await shop.client.get("/auth/me", headers={**headers, "Authorization": "Bearer nonsense"})

    assert mixed.json()["id"] == str(other.id)
    assert broken.status_code == 401


async def test_a_wrong_password_gives_no_cookie(shop: Shop) -> None:
    person = await shop.person()

    answer = await shop.client.post("/auth/session", data={"username": person.email, "password": "wrong"}, headers=OWN)

    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
