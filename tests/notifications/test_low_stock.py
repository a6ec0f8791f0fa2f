"""Who keeps a shop's stock hears once that it runs low."""

import pytest

from letters import Mailbox
from mercat import auth, vendors
from mercat.notifications import contents
from shopping import Item, Shop


async def watched(shop: Shop, *, stock: int, low_at: int, name: str = "Cup") -> Item:
    item = await shop.item(stock=stock, vendor="north-kiln", name=name)
    await shop.rows("INSERT INTO stock_thresholds VALUES (%s, %s) RETURNING 1", item.variant_id, low_at)
    return item


async def test_the_people_of_the_shop_hear_once(shop: Shop, mailbox: Mailbox) -> None:
    owner, vendor_id = await shop.seller("north-kiln")
    await shop.seller("south-mill")
    staff = await shop.person(auth.Role.vendor)
    async with shop.database.transaction() as session:
        await vendors.add_member(session, auth.Actor.system(), vendor_id, staff.id, "staff")
    item = await watched(shop, stock=5, low_at=3)
    await mailbox.letters()

    for _ in range(3):
        await shop.order(item)
    letters = [letter for letter in await mailbox.letters() if letter.subject == "Stock runs low at North-Kiln"]

    assert {letter.to for letter in letters} == {owner.email, staff.email}
    assert len(letters) == 2
    assert "Cup" in letters[0].text
    assert "2 left" in letters[0].text
    assert "Cup" in letters[0].html


async def test_what_came_meanwhile_is_no_news(shop: Shop, mailbox: Mailbox) -> None:
    owner, _ = await shop.seller("north-kiln")
    item = await watched(shop, stock=5, low_at=3)
    await shop.order(item, quantity=3)
    path = f"/products/{item.product_id}/variants/{item.variant_id}/stock"
    await shop.client.put(path, json={"available": 9}, headers=owner.headers)

    assert [letter for letter in await mailbox.letters() if letter.to == owner.email] == []


async def test_a_long_list_is_cut(shop: Shop, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, _ = await shop.seller("north-kiln")
    items = [await watched(shop, stock=2, low_at=1, name=f"Cup {number}") for number in range(3)]
    monkeypatch.setattr(contents, "MOST_LINES", 2)

    await shop.order(*items)
    (letter,) = [letter for letter in await mailbox.letters() if letter.to == owner.email]

    assert "Cup 1" in letter.text
    assert "Cup 2" not in letter.text
    assert "1 more run low" in letter.text
