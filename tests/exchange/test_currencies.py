"""Operators say which currencies there are and how they are rounded; everybody reads them."""

import asyncio
from typing import Any

import httpx2
import pytest

from exchange.rate_server import DAILY, RateServer, file_of
from mercat import exchange
from mercat.exchange.jobs import follow_settings
from mercat.kit import clock
from mercat.outbox import JobContext
from shopping import Shop


async def put(shop: Shop, code: str, body: Any, **headers: str) -> httpx2.Response:
    admin = await shop.admin()
    return await shop.client.put(f"/currencies/{code}", json=body, headers={**admin.headers, **headers})


async def enter(shop: Shop, **rates: str) -> httpx2.Response:
    admin = await shop.admin()
    return await shop.client.post("/currencies/rates", json={"rates": rates}, headers=admin.headers)


async def listed(shop: Shop) -> dict[str, Any]:
    return {one["code"]: one for one in (await shop.client.get("/currencies")).json()["items"]}


async def test_there_is_one_currency_until_somebody_enables_others(shop: Shop) -> None:
    assert list(await listed(shop)) == ["EUR"]
    body = {"rounding": {"step": "1", "ending": "0.99"}, "margin": "2"}
    made = await put(shop, "USD", body)
    assert made.status_code == 200
    assert (await listed(shop))["USD"]["status"] == "missing"

    assert (await enter(shop, USD="1.1", KWD="0.3345")).status_code == 200
    shown = (await listed(shop))["USD"]
    assert "US" in shown.pop("countries")
    assert shown == {
        "code": "USD", "decimals": 2, "is_default": False, "rounding": {"step": "1.00", "ending": "0.99"},
        "rate": "1.122", "dated": clock.now().date().isoformat(), "status": "fresh",
    }  # fmt: skip
    assert "KWD" not in await listed(shop)
    admin = await shop.admin()
    seen = (await shop.client.get("/currencies/USD", headers=admin.headers)).json()
    assert (seen["rate"], seen["margin"], seen["source"], seen["version"]) == ("1.1", "2", "operator", 1)


async def test_the_settings_enable_currencies_and_operators_round_them(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MERCAT_CURRENCIES", '["EUR", "JPY"]')
    monkeypatch.setenv("MERCAT_RATES", '{"JPY": "160"}')
    monkeypatch.setenv("MERCAT_RATES_MARGIN", "1.5")
    for _ in range(2):
        await follow_settings(JobContext(shop.database))
    assert (await listed(shop))["JPY"]["rate"] == "162.4"
    assert await shop.rows("SELECT count(*) FROM exchange_rates") == [(1,)]

    assert (await put(shop, "JPY", {"rounding": {"step": "100", "ending": "98"}})).status_code == 200
    admin = await shop.admin()
    gone = await shop.client.delete("/currencies/JPY", headers=admin.headers)
    assert (gone.status_code, gone.json()["code"]) == (409, "exchange.currency_from_settings")
    assert (await listed(shop))["JPY"]["rounding"] == {"step": "100", "ending": "98"}

    # whoever spoke last is believed
    await enter(shop, JPY="170")
    await follow_settings(JobContext(shop.database))
    assert (await listed(shop))["JPY"]["rate"] == "172.55"
    monkeypatch.setenv("MERCAT_RATES", '{"JPY": "150"}')
    await follow_settings(JobContext(shop.database))
    assert (await listed(shop))["JPY"]["rate"] == "152.25"


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("USD", {"rounding": {"step": "0"}}),
        ("USD", {"rounding": {"step": "0.001"}}),
        ("JPY", {"rounding": {"step": "0.5"}}),
        ("USD", {"rounding": {"step": "1", "ending": "1"}}),
        ("USD", {"rounding": {"step": "1", "ending": "-0.01"}}),
        ("USD", {"rounding": {"step": "99999999999999"}}),
        ("USD", {"margin": "-1"}),
        ("USD", {"margin": "100"}),
        ("USD", {"margin": 1.5}),
        ("USD", {"nonsense": 1}),
        ("XXX", {}),
        ("usd", {}),
        ("US", {}),
    ],
)
async def test_what_is_no_currency_or_rule_is_refused(shop: Shop, code: str, body: Any) -> None:
    refused = await put(shop, code, body)
    assert refused.status_code == 422
    assert list(await listed(shop)) == ["EUR"]


@pytest.mark.parametrize("rates", [{}, {"USD": "0"}, {"USD": "-1"}, {"USD": "1e5"}, {"USD": 1.1}, {"ABC": "1"}])
async def test_what_is_no_rate_is_refused(shop: Shop, rates: Any) -> None:
    admin = await shop.admin()
    refused = await shop.client.post("/currencies/rates", json={"rates": rates}, headers=admin.headers)
    assert refused.status_code == 422
    assert await shop.rows("SELECT count(*) FROM exchange_rates") == [(0,)]


async def test_the_currency_of_the_books_is_neither_rounded_nor_converted(shop: Shop) -> None:
    admin = await shop.admin()
    for refused in (
        await put(shop, "EUR", {}),
        await enter(shop, EUR="1.2"),
        await shop.client.delete("/currencies/EUR", headers=admin.headers),
    ):
        assert (refused.status_code, refused.json()["code"]) == (409, "exchange.currency_of_books")


async def test_only_operators_change_anything(shop: Shop) -> None:
    buyer = await shop.buyer()
    for method, path, body in (
        ("PUT", "/currencies/USD", {}),
        ("DELETE", "/currencies/USD", None),
        ("GET", "/currencies/USD", None),
        ("POST", "/currencies/rates", {"rates": {"USD": "1.1"}}),
        ("POST", "/currencies/refresh", {}),
    ):
        more = {} if body is None else {"json": body}
        assert (await shop.client.request(method, path, headers=buyer.headers, **more)).status_code == 403
        assert (await shop.client.request(method, path, **more)).status_code == 401
    assert await shop.rows("SELECT count(*) FROM currencies") == [(0,)]
    assert await shop.rows("SELECT count(*) FROM exchange_rates") == [(0,)]


async def test_a_currency_that_is_taken_away_is_not_converted_to(shop: Shop) -> None:
    await put(shop, "USD", {})
    await enter(shop, USD="1.1")
    admin = await shop.admin()
    async with shop.database.primary_session() as session:
        assert await exchange.conversion(session, "USD") is not None
    stale = await shop.client.delete("/currencies/USD", headers={**admin.headers, "If-Match": '"7"'})
    assert stale.status_code == 412
    assert (await shop.client.delete("/currencies/USD", headers=admin.headers)).status_code == 204
    assert (await shop.client.delete("/currencies/USD", headers=admin.headers)).status_code == 404
    async with shop.database.primary_session() as session:
        assert await exchange.conversion(session, "USD") is None
        with pytest.raises(exchange.UnknownCurrency):
            await exchange.in_force(session, "USD")


async def test_of_two_operators_at_once_one_is_told(shop: Shop) -> None:
    await shop.admin()
    answers = await asyncio.gather(*(put(shop, "USD", {"margin": str(n)}, **{"If-Match": '"0"'}) for n in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412]


async def test_what_the_provider_lists_is_not_entered_by_hand(
    shop: Shop, rates: RateServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MERCAT_CURRENCIES", '["USD", "KWD"]')
    rates.body = file_of((clock.now().date(), DAILY))
    admin = await shop.admin()
    await enter(shop, USD="9", KWD="0.3")
    assert (await shop.client.post("/currencies/refresh", json={}, headers=admin.headers)).status_code == 200
    refused = await enter(shop, USD="1.2", KWD="0.4")
    assert (refused.status_code, refused.json()["code"]) == (409, "exchange.rate_from_provider")
    found = await listed(shop)
    assert (found["USD"]["rate"], found["KWD"]["rate"]) == ("1.0842", "0.3")
    assert (await enter(shop, KWD="0.4")).status_code == 200

    # without the provider its rates do not count any more
    monkeypatch.setenv("MERCAT_RATES_URL", "")
    assert (await listed(shop))["USD"]["rate"] == "9"
    refused = await shop.client.post("/currencies/refresh", json={}, headers=admin.headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "exchange.no_rates_url")


async def test_rates_are_only_ever_added(shop: Shop) -> None:
    await enter(shop, USD="1.1")
    async with shop.database.transaction() as session:
        connection = await session.connection()
        with pytest.raises(Exception, match="only ever added to"):
            await connection.exec_driver_sql("UPDATE exchange_rates SET rate = 2")
        await session.rollback()
