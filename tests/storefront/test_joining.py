"""The page behind an invitation to work for a shop."""

import httpx2

from letters import Mailbox
from shopping import PASSWORD, Shop
from storefront.test_account_pages import form_of

OWN = {"Sec-Fetch-Site": "same-origin"}


async def test_a_click_of_whoever_is_signed_in_joins_the_shop(
    shop: Shop, browser: httpx2.AsyncClient, mailbox: Mailbox
) -> None:
    owner, _ = await shop.seller("clay")
    ada = await shop.person(email="ada@example.com")
    await shop.rows("UPDATE users SET email_verified = true WHERE id = %s RETURNING 1", ada.id)
    await shop.client.post(
        "/vendor/invitations", json={"email": ada.email, "password": PASSWORD}, headers=owner.headers
    )
    action, fields = form_of((await browser.get((await mailbox.only(ada.email)).link)).text)

    unknown = await browser.post(action, data=fields, headers=OWN)
    assert unknown.status_code == 422
    assert await shop.rows("SELECT 1 FROM vendor_members WHERE user_id = %s", ada.id) == []
    login = await shop.client.post("/auth/session", data={"username": ada.email, "password": PASSWORD}, headers=OWN)
    cookie = {"Cookie": login.headers["set-cookie"].split(";")[0]}
    elsewhere = await browser.post(action, data=fields, headers={**cookie, "Sec-Fetch-Site": "cross-site"})
    assert elsewhere.status_code == 422
    done = await browser.post(action, data=form_of(unknown.text)[1], headers={**cookie, **OWN})

    assert (done.status_code, "<form" in done.text) == (200, False)
    assert await shop.rows("SELECT role FROM vendor_members WHERE user_id = %s", ada.id) == [("staff",)]
