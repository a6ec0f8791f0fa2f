"""What the audit log says about orders and their money."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from mercat import audit
from mercat.kit import clock
from mercat.orders import service
from shopping import Shop


async def told(shop: Shop, order_id: str) -> list[tuple[str, str | None, dict[str, Any]]]:
    """Return action, actor and changes of everything about an order and its payment, oldest first."""
    rows = await shop.rows(
        "SELECT l.id FROM audit_log l LEFT JOIN payments p ON p.id = l.target_id"
        " WHERE %s::uuid IN (l.target_id, p.order_id) ORDER BY l.at, l.id", order_id
    )  # fmt: skip
    async with shop.database.primary_session() as session:
        found, _ = await audit.page(session, audit.AuditListing(size=100))
    by_id = {entry.id: entry for entry in found}
    return [(e.action, e.actor.name, e.model_dump(mode="json")["changes"]) for e in (by_id[row[0]] for row in rows)]


def changed(before: Any, after: Any) -> dict[str, Any]:
    return {"before": before, "after": after}


def money(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


async def test_an_order_is_told_from_its_beginning_to_its_end(shop: Shop) -> None:
    order = (await shop.order(await shop.item(price="10.00"), headers=(await shop.buyer()).headers)).json()
    for status in ("paid", "processing"):
        await shop.move(order["id"], status)
    await shop.move(order["id"], "shipped", tracking="JD01")
    await shop.move(order["id"], "delivered", tracking="JD02")

    total = order["total"]
    story = await told(shop, order["id"])
    assert [action for action, _, _ in story] == [
        "order.placed", "payment.captured", "order.paid", "order.processing", "order.shipped", "order.tracked",
        "order.delivered", "order.tracked",
    ]  # fmt: skip
    assert {name for _, name, _ in story} == {"Test Person"}
    found = [changes for _, _, changes in story]
    assert found[0] == {
        "status": changed(None, "pending"), "total": changed(None, total), "payment_method": changed(None, "manual"),
    }  # fmt: skip
    assert found[1] == {
        "status": changed("requires_action", "captured"), "captured": changed(money("0.00"), total),
    }  # fmt: skip
    assert found[2] == {"status": changed("pending", "paid")}
    assert (found[5], found[7]) == ({"tracking": changed(None, "JD01")}, {"tracking": changed("JD01", "JD02")})


async def test_money_given_back_is_told(shop: Shop) -> None:
    order = (await shop.order(await shop.item())).json()
    await shop.move(order["id"], "paid")

    await shop.move(order["id"], "cancelled")

    action, _, changes = (await told(shop, order["id"]))[-2]
    assert action == "payment.refunded"
    assert changes == {
        "status": changed("captured", "refunded"), "refunded": changed(money("0.00"), order["total"]),
    }  # fmt: skip


async def test_what_expires_is_the_systems_doing(shop: Shop) -> None:
    order = (await shop.order(await shop.item())).json()
    await shop.rows("UPDATE orders SET expires_at = %s RETURNING 1", clock.now() - timedelta(seconds=1))

    async with shop.database.transaction() as session:
        await service.expire(session, UUID(order["id"]))

    story = await told(shop, order["id"])
    assert [(action, name) for action, name, _ in story] == [
        ("order.placed", "guest"), ("payment.cancelled", "system"), ("order.expired", "system"),
    ]  # fmt: skip
    assert story[2][2] == {"status": changed("pending", "expired")}


async def test_the_log_itself_does_not_know_who_a_guest_is(shop: Shop) -> None:
    order = (await shop.order(await shop.item())).json()

    rows = await shop.rows("SELECT to_jsonb(l)::text FROM audit_log l")
    assert not any(word in row[0] for row in rows for word in ("ada@example.com", "Lovelace", "London", "127.0.0.1"))
    assert await shop.rows("SELECT person_id::text, name, ip FROM audit_personal") == [(order["id"], None, "127.0.0.1")]


async def test_the_same_request_again_is_told_once(shop: Shop) -> None:
    item = await shop.item()
    for _ in range(2):
        assert (await shop.order(item, key="1")).status_code == 201

    assert await shop.rows("SELECT count(*) FROM audit_log WHERE action = 'order.placed'") == [(1,)]
