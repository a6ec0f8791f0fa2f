"""The tax on what the marketplace keeps: one for all shops, or a shop's own, frozen when an order is placed."""

from collections.abc import Iterator

import pytest

from mercat.auth import Role
from mercat.kit.settings_memory import read_anew
from payment_processing.books import books_balance
from shopping import Shop

TAXES = (
    "SELECT v.slug, p.commission_minor, p.commission_tax_minor, p.commission_tax_rate::text FROM vendor_orders p"
    " JOIN vendors v ON v.id = p.vendor_id ORDER BY p.order_id, v.slug"
)


@pytest.fixture
def taxed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """19 % of tax."""
    monkeypatch.setenv("MERCAT_COMMISSION_TAX_RATE", "0.19")
    read_anew()
    yield
    read_anew()


@pytest.mark.usefixtures("taxed")
async def test_one_shop_has_its_own_and_orders_keep_what_they_were_placed_with(shop: Shop) -> None:
    admin = (await shop.admin()).headers
    home, _ = await shop.seller("north-kiln")
    abroad, vendor_id = await shop.seller("south-mill")
    items = [await shop.item(price="100.00", vendor=slug) for slug in ("north-kiln", "south-mill")]
    path = f"/vendors/{vendor_id}/terms/tax"

    before = (await shop.client.get(path, headers=admin)).json()
    assert (await shop.order(*items)).status_code == 201
    own = await shop.client.put(path, json={"rate": "0"}, headers=admin)
    order = (await shop.order(*items)).json()
    assert (await shop.move(order["id"], "paid")).status_code == 200
    ended = await shop.client.put(path, json={"rate": None}, headers=admin)
    assert (await shop.order(*items)).status_code == 201

    assert before == {"rate": "0.19", "own": False}
    assert (own.status_code, own.json()) == (200, {"rate": "0", "own": True})
    assert ended.json() == before
    taxed, free = ("north-kiln", 1000, 190, "0.19000"), ("south-mill", 1000, 0, "0.00000")
    also = ("south-mill", 1000, 190, "0.19000")
    assert await shop.rows(TAXES) == [taxed, also, taxed, free, taxed, also]
    assert [
        (await shop.client.get("/vendor/terms", headers=person.headers)).json()["tax_rate"] for person in (home, abroad)
    ] == ["0.19", "0.19"]
    await books_balance(shop)


async def test_only_operators_say_what_it_is(shop: Shop) -> None:
    owner, vendor_id = await shop.seller("north-kiln")
    analyst, admin = await shop.person(Role.analyst), await shop.admin()
    path = f"/vendors/{vendor_id}/terms/tax"

    for person in (owner, analyst):
        assert (await shop.client.put(path, json={"rate": "0"}, headers=person.headers)).status_code == 403
    for nonsense in ("1.01", "-0.1", "19 %", 0.19, "0.123456"):
        refused = await shop.client.put(path, json={"rate": nonsense}, headers=admin.headers)
        assert refused.status_code == 422, nonsense
    nobody = "/vendors/0197b1c2-5b7e-7cc0-9f14-000000000001/terms/tax"
    assert (await shop.client.put(nobody, json={"rate": "0"}, headers=admin.headers)).status_code == 404
    assert await shop.rows("SELECT commission_tax_rate FROM vendors") == [(None,)]
