"""How a shop presents itself: who changes it, what is made safe, and who sees it."""

from shopping import Shop
from vendors.people import joined

POLICIES = {"returns": "30 days & more", "shipping": "<p onclick='x()'>Tuesdays</p>", "imprint": "<script>x</script>"}


async def test_a_shop_says_what_it_promises(shop: Shop) -> None:
    owner, _ = await shop.seller("clay")
    rival, _ = await shop.seller("wool")

    body = {"tagline": "Mugs", "logo_url": "/media/clay.svg", "policies": POLICIES, "website": "https://clay.example"}
    changed = await shop.client.patch("/vendor/profile", json=body, headers=owner.headers)

    assert changed.status_code == 200, changed.text
    page = (await shop.client.get("/vendors/clay")).json()
    assert (page["tagline"], page["website"]) == ("Mugs", "https://clay.example")
    assert page["policies"] == {
        "returns": "30 days &amp; more",
        "shipping": "<p>Tuesdays</p>",
        "privacy": "",
        "imprint": "",
    }
    kept = await shop.client.patch("/vendor/profile", json={"website": None}, headers=owner.headers)
    assert (kept.json()["website"], kept.json()["tagline"]) == (None, "Mugs")
    assert (await shop.client.get("/vendor/profile", headers=rival.headers)).json()["tagline"] == ""


async def test_staff_look_and_do_not_touch(shop: Shop) -> None:
    _, clay = await shop.seller("clay")
    manager, staff = await joined(shop, clay, "manager"), await joined(shop, clay, "staff")

    assert (await shop.client.get("/vendor/profile", headers=staff.headers)).status_code == 200
    refused = await shop.client.patch("/vendor/profile", json={"tagline": "Mine"}, headers=staff.headers)
    assert refused.json()["code"] == "vendors.missing_permission"
    assert (await shop.client.patch("/vendor/profile", json={"tagline": "Ours"}, headers=manager.headers)).is_success
    bad = await shop.client.patch("/vendor/profile", json={"logo_url": "javascript:x"}, headers=manager.headers)
    assert bad.status_code == 422
