"""A vendor sells once it is known who it is in law, and not before."""

from uuid import UUID

import pytest

from mercat.kit.settings_memory import read_anew
from mercat.vendors.config import VendorSettings, required_details
from shopping import Shop
from vendors.people import APPLICATION, apply, decide, joined

DETAILS = {name: APPLICATION[name] for name in ("legal_name", "address", "tax_id")}


@pytest.fixture
def _strict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MERCAT_VENDOR_DETAILS_REQUIRED")
    read_anew()


def test_everything_is_required_unless_the_operator_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MERCAT_VENDOR_DETAILS_REQUIRED")
    read_anew()
    assert required_details() == ("legal_name", "address", "tax_id")
    with pytest.raises(ValueError, match="legal_name, address and tax_id"):
        VendorSettings(vendor_details_required="legal_name,iban")


@pytest.mark.usefixtures("_strict")
async def test_a_vendor_without_details_sells_nothing_until_they_are_known(shop: Shop) -> None:
    owner, vendor_id = await shop.seller("clay")

    refused = await shop.client.post("/products", json={"name": "Mug", "price": "12.00"}, headers=owner.headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "vendors.suspended")
    profile = (await shop.client.get("/vendor/profile", headers=owner.headers)).json()
    assert profile["status"] == "suspended"
    assert profile["status_reason"] == "These legal details are not known yet: legal_name, address, tax_id."
    details = (await shop.client.get("/vendor/legal-details", headers=owner.headers)).json()
    assert details["missing"] == ["legal_name", "address", "tax_id"]
    early = await decide(shop, vendor_id, "reinstate")
    assert (early.status_code, early.json()["code"]) == (409, "vendors.legal_details_missing")
    assert "legal_name, address, tax_id" in early.json()["detail"]

    given = await shop.client.put("/vendor/legal-details", json=DETAILS, headers=owner.headers)
    assert (given.status_code, given.json()["missing"], given.json()["tax_id"]) == (200, [], "DE136695976")
    assert (await decide(shop, vendor_id, "reinstate")).status_code == 200
    assert (await shop.order(await shop.item(vendor="clay"))).status_code == 201


@pytest.mark.usefixtures("_strict")
@pytest.mark.parametrize("forgotten", ["legal_name = ''", "legal_address = '{}'", "tax_id = ''"])
async def test_the_last_look_before_an_order_knows_the_setting(shop: Shop, forgotten: str) -> None:
    owner, vendor_id = await shop.seller("clay")
    await shop.client.put("/vendor/legal-details", json=DETAILS, headers=owner.headers)
    await decide(shop, vendor_id, "reinstate")
    item = await shop.item(vendor="clay")
    await shop.rows(f"UPDATE vendors SET {forgotten} WHERE id = %s RETURNING 1", vendor_id)

    refused = await shop.order(item)

    assert (refused.status_code, refused.json()["code"]) == (409, "cart.not_for_sale")


@pytest.mark.usefixtures("_strict")
async def test_the_marketplace_itself_sells_by_its_settings(shop: Shop) -> None:
    assert (await shop.order(await shop.item())).status_code == 201


@pytest.mark.usefixtures("_strict")
async def test_an_application_without_a_tax_id_is_refused_with_the_reason(shop: Shop) -> None:
    ines = await shop.person()

    refused = await apply(shop, ines, tax_id="")

    assert (refused.status_code, refused.json()["code"]) == (409, "vendors.legal_details_missing")
    assert refused.json()["missing"] == "tax_id"
    accepted = await apply(shop, ines)
    assert accepted.json()["missing"] == []
    assert (await decide(shop, accepted.json()["id"], "approve")).status_code == 200


@pytest.mark.usefixtures("_strict")
async def test_an_application_of_before_is_not_approved_without_details(shop: Shop) -> None:
    vendor_id = (await apply(shop, await shop.person())).json()["id"]
    await shop.rows("UPDATE vendors SET tax_id = '' WHERE id = %s RETURNING 1", UUID(vendor_id))

    refused = await decide(shop, vendor_id, "approve")

    assert (refused.status_code, refused.json()["code"]) == (409, "vendors.legal_details_missing")


@pytest.mark.usefixtures("_strict")
async def test_details_that_are_required_cannot_be_taken_away(shop: Shop) -> None:
    owner, _ = await shop.seller("clay")
    await shop.client.put("/vendor/legal-details", json=DETAILS, headers=owner.headers)

    emptied = await shop.client.put("/vendor/legal-details", json={**DETAILS, "tax_id": ""}, headers=owner.headers)

    assert emptied.json()["code"] == "vendors.legal_details_missing"
    kept = await shop.client.get("/vendor/legal-details", headers=owner.headers)
    assert kept.json()["tax_id"] == "DE136695976"


async def test_owners_in_person_change_them_and_the_log_does_not_repeat_them(shop: Shop) -> None:
    owner, vendor_id = await shop.seller("clay")
    manager, staff = await joined(shop, vendor_id, "manager"), await joined(shop, vendor_id, "staff")
    rival, _ = await shop.seller("wool")

    answers = [
        (await shop.client.put("/vendor/legal-details", json=DETAILS, headers=who.headers)).status_code
        for who in (manager, staff, owner)
    ]

    assert answers == [403, 403, 200]
    assert (await shop.client.get("/vendor/legal-details", headers=manager.headers)).status_code == 200
    assert (await shop.client.get("/vendor/legal-details", headers=staff.headers)).status_code == 403
    assert (await shop.client.get("/vendor/legal-details", headers=rival.headers)).json()["legal_name"] == ""
    path = f"/vendors/{vendor_id}/legal-details"
    assert (await shop.client.put(path, json=DETAILS, headers=rival.headers)).status_code == 403
    [(changes,)] = await shop.rows("SELECT changes FROM audit_log WHERE action = 'vendor.legal_details_changed'")
    assert changes == {"changed": {"before": None, "after": ["address", "legal_name", "tax_id"]}}
    page = (await shop.client.get("/vendors/clay")).text
    assert "Hafenstr" not in page


@pytest.mark.parametrize(
    ("country", "tax_id", "taken"),
    [
        ("DE", "151/815/08156", True),
        ("DE", "12/34", False),
        ("AT", "59-119/9013", True),
        ("FR", "552 008 443", True),
        ("FR", "552 008 444", False),
        ("ES", "54362315-K", True),
        ("PL", "1", False),
    ],
)
async def test_who_charges_no_vat_names_the_number_of_the_tax_office(
    shop: Shop, country: str, tax_id: str, *, taken: bool
) -> None:
    address = {**APPLICATION["address"], "country": country}

    applied = await apply(shop, await shop.person(), tax_id=tax_id, address=address)

    assert applied.is_success == taken
    assert taken or applied.json()["code"] == "vendors.invalid_tax_id"
