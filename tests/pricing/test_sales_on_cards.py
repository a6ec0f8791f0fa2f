"""What a sale takes off is seen before anything is in a cart: on lists, product pages and cart lines."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import catalog, outbox
from mercat.kit import clock
from mercat.outbox import JobContext
from mercat.pricing.promotions import jobs
from pricing.operating import look, operate, sale
from shopping import Item, Shop

Body = dict[str, Any]


async def listed(shop: Shop, **query: str) -> dict[str, tuple[str, str | None]]:
    """Return what each product on the list costs, and otherwise."""
    found = (await shop.client.get("/products", params={"sort": "price", **query})).json()["items"]
    return {one["id"]: shown(one) for one in found}


def shown(one: Body) -> tuple[str, str | None]:
    otherwise = one["compare_at_price"]
    return one["price"]["amount"], otherwise and otherwise["amount"]


async def page(shop: Shop, item: Item) -> Body:
    found: Body = (await shop.client.get(f"/products/{item.slug}")).json()
    return found


async def ten_percent(shop: Shop, **more: Any) -> Body:
    made = await sale(shop, kind="percent", percent="10", applies_to="lines", **more)
    await run_jobs(shop)
    return made


async def run_jobs(shop: Shop) -> None:
    await outbox.run_worker(JobContext(shop.database, {}), wait=False, install_signal_handlers=False)


async def follow(shop: Shop) -> None:
    """Do what the schedule does."""
    await jobs.follow_sales(JobContext(shop.database))


async def test_lists_and_pages_show_what_a_sale_takes_off(shop: Shop) -> None:
    reduced, other = await shop.item(price="20.00", vendor="clay"), await shop.item(price="19.00")
    _, vendor_id = await shop.seller("clay")

    made = await ten_percent(shop, vendor_ids=[str(vendor_id)])

    assert await listed(shop) == {reduced.product_id: ("18.00", "20.00"), other.product_id: ("19.00", None)}
    assert list(await listed(shop, max_price="18.50")) == [reduced.product_id]
    seen = await page(shop, reduced)
    assert [shown(one) for one in (seen, seen["variants"][0])] == [("18.00", "20.00")] * 2
    cart = await shop.guest_cart(reduced, quantity=2)
    [line] = (await look(shop, cart))["items"]
    assert [line[name]["amount"] for name in ("unit_price", "line_total", "discount")] == ["20.00", "40.00", "4.00"]

    assert (await operate(shop, "DELETE", f"/promotions/{made['id']}")).status_code == 204
    await run_jobs(shop)
    assert (await listed(shop))[reduced.product_id] == ("20.00", None)


async def test_an_edit_leaves_nothing_behind_where_the_sale_was(shop: Shop) -> None:
    first, second = await shop.item(price="20.00"), await shop.item(price="30.00")
    made = await ten_percent(shop, product_ids=[first.product_id])
    body = {"name": "Sale", "kind": "percent", "percent": "50", "applies_to": "lines"}

    moved = await operate(shop, "PUT", f"/promotions/{made['id']}", {**body, "product_ids": [second.product_id]})
    await run_jobs(shop)

    assert moved.status_code == 200, moved.text
    assert await listed(shop) == {first.product_id: ("20.00", None), second.product_id: ("15.00", "30.00")}


async def test_cards_follow_when_a_sale_begins_and_ends_by_itself(shop: Shop) -> None:
    item, now = await shop.item(price="20.00"), datetime.now(UTC)
    begins, ends = now + timedelta(hours=1), now + timedelta(hours=2)
    await ten_percent(shop, starts_at=begins.isoformat(), ends_at=ends.isoformat())
    before = await listed(shop)

    with clock.standing_at(begins):
        await follow(shop)
    during = await listed(shop)
    with clock.standing_at(ends):
        await follow(shop)

    assert (before[item.product_id], during[item.product_id]) == (("20.00", None), ("18.00", "20.00"))
    assert (await listed(shop))[item.product_id] == ("20.00", None)


async def test_a_sale_that_cannot_be_shown_keeps_no_other_waiting(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = await shop.item(price="20.00"), await shop.item(price="30.00")
    begins = datetime.now(UTC) + timedelta(hours=1)
    for item in (first, second):
        await ten_percent(shop, product_ids=[item.product_id], starts_at=begins.isoformat())
    render = catalog.render_next

    async def fail(session: AsyncSession, among: catalog.Among, after: UUID) -> UUID | None:
        if str(among.product_ids[0]) == first.product_id:
            raise OSError("no room")
        return await render(session, among, after)

    monkeypatch.setattr(catalog, "render_next", fail)
    with clock.standing_at(begins):
        await follow(shop)
        await follow(shop)
        shows = await listed(shop)
        assert (shows[first.product_id], shows[second.product_id]) == (("20.00", None), ("27.00", "30.00"))
        own = await shop.rows(
            "SELECT args->>'promotion_id' FROM procrastinate_jobs WHERE task_name = 'pricing.follow_sale'"
        )
        assert len(own) == 1

        monkeypatch.undo()
        await run_jobs(shop)
        assert (await listed(shop))[first.product_id] == ("18.00", "20.00")


async def test_what_is_edited_during_a_sale_is_shown_with_it(shop: Shop) -> None:
    item, admin = await shop.item(price="20.00"), await shop.admin()
    await ten_percent(shop)

    path = f"/products/{item.product_id}"
    edited = await shop.client.patch(path, json={"price": "40.00", "compare_at_price": "50.00"}, headers=admin.headers)

    assert edited.status_code == 200, edited.text
    assert (await listed(shop))[item.product_id] == ("36.00", "50.00")


async def test_what_depends_on_the_basket_is_not_promised_on_a_card(shop: Shop) -> None:
    item = await shop.item(price="20.00")
    await ten_percent(shop, minimum="100.00")
    await sale(shop, kind="percent", percent="10", applies_to="order")
    await run_jobs(shop)

    assert (await listed(shop))[item.product_id] == ("20.00", None)
