"""`GET /users/{id}/orders`: what somebody bought, for operators and for themselves."""

from uuid import uuid4

import pytest

from mercat.auth import Role
from shopping import Shop


async def test_operators_see_what_somebody_bought_and_people_what_they_did(shop: Shop) -> None:
    item = await shop.item()
    ada, eve, support = await shop.person(), await shop.person(), await shop.person(Role.support)
    theirs = [(await shop.order(item, headers=ada.headers)).json()["id"] for _ in range(3)]
    await shop.order(item, headers=eve.headers)
    await shop.order(item)
    path = f"/users/{ada.id}/orders"

    for who in (ada, support):
        page = (await shop.client.get(path, headers=who.headers)).json()
        assert [order["id"] for order in page["items"]] == theirs[::-1]
        assert (page["page"], page["size"], page["total"], page["pages"]) == (1, 20, 3, 1)
        first = (await shop.client.get(f"{path}/?cursor=&limit=2", headers=who.headers)).json()
        rest = (await shop.client.get(f"{path}?cursor={first['next_cursor']}&limit=2", headers=who.headers)).json()
        assert [order["id"] for order in (*first["items"], *rest["items"])] == theirs[::-1]
        assert rest["next_cursor"] is None
    await shop.move(theirs[0], "paid")
    paid = (await shop.client.get(f"{path}?status=paid", headers=ada.headers)).json()
    assert [order["id"] for order in paid["items"]] == theirs[:1]
    own = (await shop.client.get(f"/orders/{theirs[1]}", headers=ada.headers)).json()
    assert (await shop.client.get(path, headers=ada.headers)).json()["items"][1] == own


async def test_a_shop_does_not_learn_what_else_its_buyer_bought(shop: Shop) -> None:
    seller, _ = await shop.seller("clay")
    ada = await shop.person()
    await shop.order(await shop.item(vendor="clay"), headers=ada.headers)
    moderator = await shop.person(Role.moderator)

    for who, status in ((seller, 404), (await shop.person(), 404), (moderator, 403)):
        answer = await shop.client.get(f"/users/{ada.id}/orders", headers=who.headers)
        assert answer.status_code == status
        assert "items" not in answer.json()
    assert (await shop.client.get(f"/users/{ada.id}/orders")).status_code == 401
    of_the_seller = await shop.client.get(f"/users/{seller.id}/orders", headers=seller.headers)
    assert of_the_seller.json()["total"] == 0


async def test_of_nobody_there_are_no_orders(shop: Shop) -> None:
    admin = await shop.admin()
    answer = await shop.client.get(f"/users/{uuid4()}/orders", headers=admin.headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "auth.user_not_found")


@pytest.mark.parametrize("query", ["page=1&cursor=", "cursor=nonsense", "size=0", "status=lost", "buyer=x"])
async def test_paging_has_its_rules_here_too(shop: Shop, query: str) -> None:
    ada = await shop.person()
    assert (await shop.client.get(f"/users/{ada.id}/orders?{query}", headers=ada.headers)).status_code == 422
