"""Who applied for a shop, asked others in and was asked elsewhere is erased: the shop stays, and says nothing."""

from shopping import PASSWORD, Shop
from vendors.people import apply, decide, joined


async def test_a_shop_outlives_its_founder_and_forgets_them(shop: Shop) -> None:
    ines = await shop.person(email="ines@example.com")
    vendor_id = (await apply(shop, ines, contact_email="ines@example.com")).json()["id"]
    await decide(shop, vendor_id, "approve")
    other = await joined(shop, vendor_id, "owner")
    rival, _ = await shop.seller("wool")
    for by, email in ((ines, "asked@example.com"), (rival, "Ines@example.com")):
        sent = await shop.client.post(
            "/vendor/invitations", json={"email": email, "password": PASSWORD}, headers=by.headers
        )
        assert sent.status_code == 201, sent.text

    erased = await shop.client.post("/users/me/erase", json={"password": PASSWORD}, headers=ines.headers)

    assert erased.status_code == 204, erased.text
    [kept] = await shop.rows("SELECT status, contact_email, applicant_id FROM vendors WHERE id = %s", vendor_id)
    assert kept == ("active", "", None)
    assert await shop.rows("SELECT email, inviter_id FROM vendor_invitations") == [("asked@example.com", None)]
    owners = await shop.rows("SELECT user_id FROM vendor_members WHERE vendor_id = %s", vendor_id)
    assert owners == [(other.id,)]


async def test_an_application_goes_with_its_applicant(shop: Shop) -> None:
    ines = await shop.person()
    vendor_id = (await apply(shop, ines)).json()["id"]
    document = (await shop.client.get("/users/me/export", headers=ines.headers)).json()
    assert [one["legal_name"] for one in document["vendor_applications"]] == ["North Kiln GmbH"]

    erased = await shop.client.post("/users/me/erase", json={"password": PASSWORD}, headers=ines.headers)

    assert erased.status_code == 204
    assert await shop.rows("SELECT 1 FROM vendors WHERE id = %s", vendor_id) == []
    assert (await decide(shop, vendor_id, "approve")).status_code == 404
