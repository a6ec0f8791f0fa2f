"""What the marketplace keeps of a sale: which terms count, when, and who sees them."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import httpx2
import psycopg
import pytest

from mercat import vendors
from mercat.kit import clock
from mercat.vendors.terms.rates import rate_of
from shopping import Person, Shop

SHOP, OTHER = uuid4(), uuid4()
ROOT, MIDDLE, LEAF = uuid4(), uuid4(), uuid4()
PATH = (ROOT, MIDDLE, LEAF)


async def agree(shop: Shop, rate: str | None, vendor_id: UUID | None = None, **more: Any) -> httpx2.Response:
    path = f"/vendors/{vendor_id}/terms" if vendor_id else "/commission-terms"
    admin = await shop.admin()
    return await shop.client.post(path, json={"rate": rate, **more}, headers=admin.headers)


async def category(shop: Shop, name: str, parent_id: str | None = None) -> str:
    body = {"name": name, "parent_id": parent_id}
    answer = await shop.client.post("/products/categories", json=body, headers=(await shop.admin()).headers)
    return str(answer.json()["id"])


async def rates(shop: Shop, *lines: tuple[UUID, list[str]], at: datetime | None = None) -> list[str]:
    async with shop.database.transaction() as session:
        asked = [(vendor_id, [UUID(one) for one in path]) for vendor_id, path in lines]
        rates = await vendors.ask_rates(session, asked, at or clock.now())
        return [f"{rate.normalize():f}" for rate in (await rates.known()).rates]


@pytest.mark.parametrize(
    ("holding", "rate"),
    [
        ({}, "0.10"),
        ({(None, None): "0.2"}, "0.2"),
        ({(None, None): "0.2", (None, ROOT): "0.3"}, "0.3"),
        ({(None, ROOT): "0.3", (None, MIDDLE): "0.4"}, "0.4"),
        ({(None, LEAF): "0.3", (SHOP, None): "0.4"}, "0.4"),
        ({(SHOP, None): "0.4", (SHOP, ROOT): "0.5"}, "0.5"),
        ({(SHOP, ROOT): "0.5", (SHOP, LEAF): "0", (SHOP, MIDDLE): "0.6"}, "0"),
        ({(SHOP, LEAF): None, (SHOP, None): "0.4"}, "0.4"),
        ({(SHOP, None): None, (None, MIDDLE): "0.4"}, "0.4"),
        ({(SHOP, None): None, (None, None): None}, "0.10"),
        ({(OTHER, None): "0.9", (OTHER, LEAF): "0.9"}, "0.10"),
    ],
)
def test_the_most_specific_terms_count(holding: dict[tuple[UUID | None, UUID | None], str | None], rate: str) -> None:
    agreed = {scope: None if value is None else Decimal(value) for scope, value in holding.items()}

    assert rate_of(agreed, SHOP, PATH) == Decimal(rate)


async def test_one_question_answers_for_all_lines_of_an_order(shop: Shop) -> None:
    (_, clay), (_, wool) = await shop.seller("clay"), await shop.seller("wool")
    home = await category(shop, "Home")
    mugs = await category(shop, "Mugs", home)
    assert (await agree(shop, "0.12")).status_code == 201
    await agree(shop, "0.15", category_id=mugs)
    await agree(shop, "0.08", clay)
    await agree(shop, "0.05", clay, category_id=home)

    found = await rates(shop, (clay, [home, mugs]), (wool, [home, mugs]), (clay, []), (wool, [home]), (wool, []))

    assert found == ["0.05", "0.15", "0.08", "0.12", "0.12"]
    assert await rates(shop) == []


async def test_terms_count_from_their_moment_on(shop: Shop) -> None:
    _, clay = await shop.seller("clay")
    soon = clock.now() + timedelta(days=30)
    await agree(shop, "0.08", clay)
    await agree(shop, "0.2", clay, valid_from=soon.isoformat())
    await agree(shop, None, clay, valid_from=(soon + timedelta(days=1)).isoformat())

    day, second = timedelta(days=1), timedelta(seconds=1)
    moments = [clock.now() - day, clock.now(), soon - second, soon, soon + day]
    found = [(await rates(shop, (clay, []), at=moment))[0] for moment in moments]

    assert found == ["0.1", "0.08", "0.08", "0.2", "0.1"]


async def test_terms_cannot_be_agreed_for_what_has_been(shop: Shop) -> None:
    yesterday = (clock.now() - timedelta(days=1)).isoformat()
    soon = (clock.now() + timedelta(days=1)).isoformat()

    late = await agree(shop, "0.2", valid_from=yesterday)
    assert (late.status_code, late.json()["code"]) == (422, "vendors.terms_in_the_past")
    assert (await agree(shop, "0.2", valid_from=soon)).status_code == 201
    twice = await agree(shop, "0.3", valid_from=soon)
    assert (twice.status_code, twice.json()["code"]) == (409, "vendors.terms_taken")
    for rate in ("1.1", "-0.1", "12 %", "", "0.123456"):
        assert (await agree(shop, rate)).status_code == 422, rate
    nowhere = await agree(shop, "0.2", category_id=str(uuid4()))
    assert (nowhere.status_code, nowhere.json()["code"]) == (422, "vendors.unknown_category")
    nobody = await agree(shop, "0.2", uuid4())
    assert (nobody.status_code, nobody.json()["code"]) == (404, "vendors.not_found")
    assert len(await shop.rows("SELECT 1 FROM commission_terms")) == 1


async def test_the_database_alters_no_terms(shop: Shop) -> None:
    await agree(shop, "0.12")

    for change in ("UPDATE commission_terms SET rate = 0", "TRUNCATE commission_terms"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await shop.rows(change)


async def test_a_shop_sees_its_own_terms_and_no_others(shop: Shop) -> None:
    (potter, clay), (weaver, wool) = await shop.seller("clay"), await shop.seller("wool")
    await agree(shop, "0.12")
    await agree(shop, "0.09", clay)
    await agree(shop, "0.08", clay, note="They asked nicely.")
    later = (clock.now() + timedelta(days=9)).isoformat()
    await agree(shop, "0.07", clay, valid_from=later)

    async def seen(person: Person) -> list[tuple[str | None, str]]:
        answer = await shop.client.get("/vendor/terms", headers=person.headers)
        assert answer.status_code == 200, answer.text
        assert answer.json()["default_rate"] == "0.1"
        assert "nicely" not in answer.text
        return [(terms["vendor_id"], terms["rate"]) for terms in answer.json()["terms"]]

    assert await seen(potter) == [(str(clay), "0.08"), (str(clay), "0.07"), (None, "0.12")]
    assert await seen(weaver) == [(None, "0.12")]
    for path in (f"/vendors/{wool}/terms", "/commission-terms"):
        assert (await shop.client.get(path, headers=weaver.headers)).status_code == 403
        assert (await shop.client.post(path, json={"rate": "0"}, headers=weaver.headers)).status_code == 403


async def test_operators_see_all_that_was_ever_agreed(shop: Shop) -> None:
    _, clay = await shop.seller("clay")
    admin = await shop.admin()
    for rate in ("0.1", "0.11", "0.12"):
        await agree(shop, rate, clay)

    page = (await shop.client.get(f"/vendors/{clay}/terms?size=2", headers=admin.headers)).json()

    assert ([terms["rate"] for terms in page["items"]], page["total"]) == (["0.12", "0.11"], 3)
    assert (await shop.client.get("/commission-terms", headers=admin.headers)).json()["total"] == 0
