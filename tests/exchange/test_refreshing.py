"""Rates come daily from a real server; what cannot be believed changes nothing and is told."""

from datetime import UTC, date, datetime, timedelta

import httpx2
import pytest

from exchange.rate_server import DAILY, RateServer, file_of, ninety_days
from mercat import exchange
from mercat.exchange.jobs import follow_settings, refresh_rates
from mercat.kit import clock
from mercat.outbox import JobContext
from shopping import Shop

pytestmark = pytest.mark.usefixtures("rates")
FRIDAY = date(2026, 11, 27)
EVENING = datetime(2026, 11, 27, 18, tzinfo=UTC)


@pytest.fixture(autouse=True)
def enabled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_CURRENCIES", '["USD", "JPY"]')


async def stored(shop: Shop) -> list[tuple[str, ...]]:
    rows = await shop.rows("SELECT dated, currency, rate FROM exchange_rates WHERE source = 'ecb' ORDER BY 1, 2, id")
    return [(str(day), code, f"{rate.normalize():f}") for day, code, rate in rows]


async def refresh(shop: Shop, body: dict[str, bool] | None = None) -> httpx2.Response:
    admin = await shop.admin()
    return await shop.client.post("/currencies/refresh", json=body or {}, headers=admin.headers)


async def tick(shop: Shop, moment: datetime) -> None:
    with clock.standing_at(moment):
        await refresh_rates(JobContext(shop.database))


async def events(shop: Shop) -> int:
    [(count,)] = await shop.rows("SELECT count(*) FROM events WHERE name = 'exchange.conversions_changed'")
    return int(count)


async def shown(shop: Shop) -> dict[str, tuple[str | None, str]]:
    answer = await shop.client.get("/currencies")
    return {one["code"]: (one["rate"], one["status"]) for one in answer.json()["items"]}


async def test_a_day_is_taken_once(shop: Shop, rates: RateServer) -> None:
    rates.body = file_of((clock.now().date(), DAILY))
    first, second = await refresh(shop), await refresh(shop)

    assert (first.status_code, first.json()["added"]) == (200, len(DAILY) - 1)
    assert (second.status_code, second.json()["added"]) == (200, 0)
    assert len(await stored(shop)) == len(DAILY) - 1
    assert await events(shop) == 1
    assert await shop.rows("SELECT changes->'added'->1 FROM audit_log WHERE action = 'exchange_rates.refreshed'") != []
    assert await shown(shop) == {"EUR": ("1", "fresh"), "JPY": ("163.18", "fresh"), "USD": ("1.0842", "fresh")}


async def test_ninety_days_are_history_and_only_what_is_new_of_them_is_added(shop: Shop, rates: RateServer) -> None:
    today = clock.now().date()
    rates.body = ninety_days(today)
    first = (await refresh(shop)).json()
    tomorrow = {**DAILY, "USD": "1.0999"}
    rates.body = file_of((today + timedelta(days=1), tomorrow), (today, {**DAILY, "USD": f"1.{800 + today.day:04}"}))
    second = (await refresh(shop)).json()

    assert first["added"] > 60 * (len(DAILY) - 1)
    assert second["added"] == len(DAILY) - 1
    assert (await shown(shop))["USD"][0] == "1.0999"


async def test_a_correction_of_the_same_day_is_taken(shop: Shop, rates: RateServer) -> None:
    today = clock.now().date()
    rates.body = file_of((today, DAILY))
    await refresh(shop)
    rates.body = file_of((today, {**DAILY, "USD": "1.0843"}))
    assert (await refresh(shop)).json()["added"] == 1
    assert (await shown(shop))["USD"][0] == "1.0843"


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("older", "older than"),
        ("partial", "lacks JPY"),
        ("jump", "the rate of USD jumps"),
        ("fall", "the rate of USD jumps"),
        ("garbled", "no XML"),
        ("truncated", "cannot be read"),
        ("empty", "no XML"),
        ("huge", "too long"),
        ("endless", "too long"),
        ("slow", "did not arrive within"),
        ("redirect", "answers 302"),
        ("error", "answers 500"),
        ("compressed", "compressed"),
        ("entities", "declares entities"),
    ],
)
async def test_what_cannot_be_believed_changes_nothing_and_is_told(
    shop: Shop, rates: RateServer, monkeypatch: pytest.MonkeyPatch, what: str, reason: str
) -> None:
    today = clock.now().date()
    rates.body = file_of((today, DAILY))
    await refresh(shop)
    before, published = await stored(shop), await events(shop)

    tomorrow = today + timedelta(days=1)
    good = file_of((tomorrow, DAILY))
    bodies = {
        "older": file_of((today - timedelta(days=1), DAILY)),
        "partial": file_of((tomorrow, {code: rate for code, rate in DAILY.items() if code != "JPY"})),
        "jump": file_of((tomorrow, {**DAILY, "USD": "2.1684"})),
        "fall": file_of((tomorrow, {**DAILY, "USD": "0.5421"})),
        "garbled": good.replace(b"</Cube>", b"</Cub>"),
        "empty": b"",
        "huge": b"<a>" + b" " * (1 << 21),
        "endless": b"<a>" + b" " * (1 << 21),
        "entities": b'<!DOCTYPE a [<!ENTITY b "c">]>' + good.partition(b"\n")[2],
    }
    rates.body = bodies.get(what, good)
    rates.status = {"redirect": "302 Found", "error": "500 Internal Server Error"}.get(what, "200 OK")
    if what == "redirect":
        rates.headers = {"Location": rates.url}
    if what in {"truncated", "endless"}:
        rates.headers = {"Content-Length": str(len(rates.body) + 1_000_000)}
    if what == "compressed":
        rates.headers = {"Content-Encoding": "gzip"}
    if what == "slow":
        rates.stalls = True
        monkeypatch.setenv("MERCAT_RATES_TIMEOUT", "0.3")
    asked = len(rates.asked)

    answer = await refresh(shop)

    assert (answer.status_code, answer.json()["code"]) == (503, "exchange.rates_not_fetched")
    assert reason in answer.json()["detail"]
    if what != "slow":  # which may have been given up before it was asked
        assert len(rates.asked) == asked + 1  # no redirect was followed, nothing was tried again at once
    assert (await stored(shop), await events(shop)) == (before, published)
    doctor = await exchange.state(shop.database.settings.database_url)
    assert not doctor.ok
    assert reason in doctor.says


async def test_a_jump_is_taken_by_an_operator_who_says_so(shop: Shop, rates: RateServer) -> None:
    today = clock.now().date()
    rates.body = file_of((today, DAILY))
    await refresh(shop)
    rates.body = file_of((today + timedelta(days=1), {**DAILY, "USD": "2.5"}))
    assert (await refresh(shop)).status_code == 503
    assert (await refresh(shop, {"accept_jumps": True})).status_code == 200
    assert (await shown(shop))["USD"][0] == "2.5"
    assert (await exchange.state(shop.database.settings.database_url)).ok


async def test_the_schedule_asks_once_a_day_and_hourly_until_it_was_told(shop: Shop, rates: RateServer) -> None:
    rates.status = "503 Service Unavailable"
    await tick(shop, EVENING)
    await tick(shop, EVENING + timedelta(hours=1))
    assert len(rates.asked) == 2
    rates.status, rates.body = "200 OK", file_of((FRIDAY, DAILY))
    for hours in (2, 3, 9, 20):
        await tick(shop, EVENING + timedelta(hours=hours))
    assert len(rates.asked) == 3
    await tick(shop, EVENING + timedelta(hours=22))  # Saturday at 16:00: asked, and nothing new
    assert len(rates.asked) == 4
    assert len(await stored(shop)) == len(DAILY) - 1
    assert await events(shop) == 1


async def test_rates_grow_stale_and_stop(shop: Shop, rates: RateServer) -> None:
    rates.body = file_of((FRIDAY, DAILY))
    await tick(shop, EVENING)
    standings = {}
    for days in (0, 4, 5, 10, 11):
        with clock.standing_at(EVENING + timedelta(days=days)):
            async with shop.database.primary_session() as session:
                one = await exchange.conversion(session, "USD")
                if one is None:
                    with pytest.raises(exchange.ConversionStopped):
                        await exchange.in_force(session, "USD")
            standings[days] = one and one.is_stale
            says = await exchange.trouble(shop.database.primary)
            assert ("old" in says) == (days > 4)
    assert standings == {0: False, 4: False, 5: True, 10: True, 11: None}


async def test_books_in_dollars_are_converted_by_cross_rates(
    shop: Shop, rates: RateServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MERCAT_CURRENCY", "USD")
    monkeypatch.setenv("MERCAT_CURRENCIES", '["EUR", "JPY", "USD"]')
    rates.body = file_of((clock.now().date(), {**DAILY, "USD": "1.25", "JPY": "160"}))
    await refresh(shop)
    assert await shown(shop) == {"USD": ("1", "fresh"), "EUR": ("0.8", "fresh"), "JPY": ("128", "fresh")}


async def test_a_provider_that_was_never_asked_is_asked_at_once_and_then_left_alone(
    shop: Shop, rates: RateServer
) -> None:
    rates.body = b"no rates"
    for _ in range(3):
        await follow_settings(JobContext(shop.database))
    assert await stored(shop) == []
    assert len(rates.asked) == 1

    rates.body = file_of((clock.now().date(), DAILY))
    await follow_settings(JobContext(shop.database))
    assert await stored(shop) == []
    await refresh_rates(JobContext(shop.database))
    assert len(await stored(shop)) == len(DAILY) - 1
