"""From an application to a shop that sells: who decides, who is told, and what is never possible."""

import asyncio

import pytest

from letters import Mailbox
from shopping import Shop
from vendors.people import APPLICATION, apply, decide, roles


async def test_an_application_becomes_a_shop(shop: Shop, mailbox: Mailbox) -> None:
    ines = await shop.person(email="ines@example.com")

    applied = await apply(shop, ines)
    assert applied.status_code == 201, applied.text
    application = applied.json()
    assert (application["status"], application["slug"], application["tax_id"]) == (
        "applied",
        "north-kiln",
        "DE136695976",
    )
    assert "script" not in application["description"]
    assert application["address"]["city"] == "Husum"
    assert (await shop.client.get("/vendors/north-kiln")).status_code == 404
    assert (await shop.client.get("/vendor/profile", headers=ines.headers)).status_code == 403
    assert await roles(shop, ines) == {"buyer"}

    approved = await decide(shop, application["id"], "approve")
    assert (approved.status_code, approved.json()["status"]) == (200, "active")

    # the same token: nobody has to sign in anew
    portal = await shop.client.get("/vendor/profile", headers=ines.headers)
    assert (portal.status_code, portal.json()["slug"]) == (200, "north-kiln")
    assert await roles(shop, ines) == {"buyer", "vendor"}
    added = await shop.client.post("/products", json={"name": "Mug", "price": "12.00"}, headers=ines.headers)
    assert added.status_code == 201
    page = (await shop.client.get("/vendors/north-kiln")).json()
    assert (page["product_count"], page["contact_email"]) == (1, "hello@north-kiln.example")
    mine = (await shop.client.get("/vendor/application", headers=ines.headers)).json()
    assert (mine["status"], mine["id"]) == ("active", application["id"])
    letter = await mailbox.only("ines@example.com")
    assert letter.subject == "Your shop is open"
    assert "North Kiln was approved" in letter.text


async def test_a_rejected_applicant_is_told_why_and_may_apply_again(shop: Shop, mailbox: Mailbox) -> None:
    ines = await shop.person(email="ines@example.com")
    await shop.rows("UPDATE users SET locale = 'de' WHERE id = %s RETURNING 1", ines.id)
    first = (await apply(shop, ines)).json()

    rejected = await decide(shop, first["id"], "reject", "No such <b>address</b>.")

    assert rejected.json()["status"] == "rejected"
    letter = await mailbox.only("ines@example.com")
    assert letter.subject == "Ihr Antrag auf einen Shop"
    assert "Der Grund: No such <b>address</b>." in letter.text
    assert "<b>address</b>" not in letter.html
    assert (await shop.client.get("/vendor/application", headers=ines.headers)).json()["reason"].startswith("No such")
    again = await apply(shop, ines)
    assert (again.status_code, again.json()["slug"]) == (201, "north-kiln")
    assert await roles(shop, ines) == {"buyer"}


async def test_one_application_at_a_time(shop: Shop) -> None:
    ines = await shop.person()

    answers = await asyncio.gather(*(apply(shop, ines, slug=f"shop-{n}") for n in range(4)))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"vendors.application_open"}
    assert len(await shop.rows("SELECT 1 FROM vendors")) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"slug": "taken"}, "vendors.slug_taken"),
        ({"slug": "marketplace"}, "vendors.slug_taken"),
        ({"tax_id": "DE136695977"}, "vendors.invalid_tax_id"),
        ({"tax_id": "12/345"}, "vendors.invalid_tax_id"),
        ({"address": {**APPLICATION["address"], "country": "FR"}}, "vendors.invalid_tax_id"),
        ({"website": "javascript:alert(1)"}, "request.invalid"),
        ({"contact_email": "nobody"}, "request.invalid"),
        ({"status": "active"}, "request.invalid"),
    ],
)
async def test_what_cannot_be_applied_for(shop: Shop, change: dict[str, object], code: str) -> None:
    await shop.seller("taken")
    refused = await apply(shop, await shop.person(), **change)

    assert refused.is_client_error
    assert refused.json()["code"] == code
    assert len(await shop.rows("SELECT 1 FROM vendors")) == 1


@pytest.mark.parametrize(
    ("country", "tax_id", "kept"),
    [
        ("DE", "136695976", "DE136695976"),
        ("GR", "EL 094259216", "EL094259216"),
        ("US", "12-3456789", "12-3456789"),
        ("DE", "", ""),
        ("GB", "GB 980 7806 84", "980780684"),
    ],
)
async def test_vat_ids_are_those_of_the_country(shop: Shop, country: str, tax_id: str, kept: str) -> None:
    address = {**APPLICATION["address"], "country": country}

    applied = await apply(shop, await shop.person(), tax_id=tax_id, address=address)

    assert applied.json()["tax_id"] == kept


async def test_a_shop_moves_only_as_its_life_goes(shop: Shop) -> None:
    vendor_id = (await apply(shop, await shop.person())).json()["id"]
    for decision in ("suspend", "reinstate"):
        assert (await decide(shop, vendor_id, decision)).json()["code"] == "vendors.illegal_move"
    decided = await asyncio.gather(decide(shop, vendor_id, "approve"), decide(shop, vendor_id, "reject"))
    assert sorted(answer.status_code for answer in decided) == [200, 409]
    if decided[0].status_code == 200:
        for decision in ("approve", "reject"):
            assert (await decide(shop, vendor_id, decision)).status_code == 409
    assert (await decide(shop, "0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c55", "approve")).status_code == 404


async def test_only_operators_decide_and_see_what_stands_behind_a_shop(shop: Shop) -> None:
    ines = await shop.person()
    vendor_id = (await apply(shop, ines)).json()["id"]

    for headers, status in ((ines.headers, 403), ({}, 401)):
        for decision in ("approve", "reject", "suspend", "reinstate"):
            body = {"reason": "Mine."} if decision in {"reject", "suspend"} else None
            answer = await shop.client.post(f"/vendors/{vendor_id}/{decision}", json=body, headers=headers)
            assert answer.status_code == status
        assert (await shop.client.get(f"/vendors/{vendor_id}/application", headers=headers)).status_code == status
        assert (await shop.client.get("/vendors?status=applied", headers=headers)).status_code == status
    admin = await shop.admin()
    listed = await shop.client.get("/vendors?status=applied", headers=admin.headers)
    assert [(one["slug"], one["status"]) for one in listed.json()["items"]] == [("north-kiln", "applied")]
    assert (await shop.client.get("/vendors?status=all", headers=admin.headers)).json()["total"] == 1
    assert (await shop.client.get("/vendors")).json()["total"] == 0
    seen = await shop.client.get(f"/vendors/{vendor_id}/application", headers=admin.headers)
    assert (seen.json()["legal_name"], seen.json()["applicant_id"]) == ("North Kiln GmbH", str(ines.id))
    assert (await shop.client.get("/vendor/application", headers=(await shop.buyer()).headers)).status_code == 404


async def test_who_applies_for_a_second_shop_has_no_portal_there_yet(shop: Shop) -> None:
    potter, clay = await shop.seller("clay")
    second = (await apply(shop, potter)).json()["id"]

    assert (await shop.client.get("/vendor/profile", headers=potter.headers)).json()["slug"] == "clay"
    refused = await shop.client.get(f"/vendor/profile?vendor={second}", headers=potter.headers)
    assert refused.json()["code"] == "vendors.not_a_member"
    body = {"name": "Mug", "price": "1.00", "vendor_id": second}
    assert (await shop.client.post("/products", json=body, headers=potter.headers)).status_code == 422
    assert (
        await shop.client.post("/products", json={**body, "vendor_id": str(clay)}, headers=potter.headers)
    ).is_success
