"""Issuing, blocking and asking about gift cards, and what nobody may do with them."""

import asyncio
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from catalog.test_currency_prices import enable
from gift_cards.cards import change, issue, money_adds_up
from mercat.payments.gift_cards import codes
from shopping import Shop


async def ask(shop: Shop, code: str) -> Any:
    return await shop.client.post("/gift-cards/balance", json={"code": code})


async def test_a_card_is_issued_and_its_code_is_told_once(shop: Shop) -> None:
    card = await issue(shop, "50.00", note="For the delay", expires_at="2090-01-01T00:00:00Z")
    admin = await shop.admin()

    read = (await shop.client.get(f"/gift-cards/{card['id']}", headers=admin.headers)).json()
    listed = (await shop.client.get("/gift-cards", headers=admin.headers)).json()

    assert card["code"].endswith(card["ending"])
    assert len(card["code"].replace("-", "")) == 20
    assert "code" not in read
    assert read == {**{name: value for name, value in card.items() if name != "code"}, "uses": []}
    assert listed["items"] == [{name: value for name, value in read.items() if name != "uses"}]
    assert (await shop.rows("SELECT code_hash FROM gift_cards"))[0][0] == codes.hash_of(card["code"])
    for table in ("audit_log", "audit_personal", "gift_cards", "ledger_entries"):
        assert await shop.rows(f"SELECT FROM {table} t WHERE t::text ~* %s", card["code"]) == []
    kinds = await shop.rows(
        "SELECT e.cause, l.account, l.amount_minor FROM ledger_entries e JOIN ledger_postings l ON l.entry_id = e.id"
        " ORDER BY l.id"
    )
    cause = f"gift_card.issued:{card['id']}"
    assert kinds == [(cause, "gifts_given", 5000), (cause, "gift_cards", -5000)]
    await money_adds_up(shop)


async def test_an_operator_sees_what_a_card_paid(shop: Shop) -> None:
    card = await issue(shop, "50.00")
    order = (await shop.order(await shop.item(), gift_card=card["code"])).json()
    admin = await shop.admin()

    (use,) = (await shop.client.get(f"/gift-cards/{card['id']}", headers=admin.headers)).json()["uses"]

    assert (use["order_id"], use["amount"]["amount"], use["refunded"]["amount"]) == (order["id"], "14.90", "0.00")


async def test_whoever_holds_the_code_may_ask(shop: Shop) -> None:
    card = await issue(shop, "50.00")

    answer = await ask(shop, f" {card['code'].lower()} ")

    assert (answer.status_code, answer.json()) == (
        200,
        {"balance": {"amount": "50.00", "currency": "EUR"}, "expires_at": None},
    )


@pytest.mark.parametrize("code", ["7K2M-Q9XD-40RT-V8WZ-C3PN", "x", "%", "7K2M-Q9XD-40RT-V8WZ-C3PN-0000", "\u0130" * 20])
async def test_a_code_that_nobody_issued(shop: Shop, code: str) -> None:
    await issue(shop)
    asked = await ask(shop, code)
    paid = await shop.order(await shop.item(), gift_card=code)

    assert (asked.status_code, asked.json()["code"], asked.json()["errors"][0]["field"]) == (
        422,
        "gift_cards.unknown",
        "code",
    )
    assert (paid.status_code, paid.json()["code"]) == (422, "gift_cards.unknown")
    assert await shop.rows("SELECT id FROM orders") == []


async def test_guessing_is_slowed_down(shop: Shop) -> None:
    card, item = await issue(shop), await shop.item()

    answers = await asyncio.gather(*(ask(shop, codes.new()) for _ in range(30)))

    refused = sum(answer.status_code == 429 for answer in answers)
    assert 30 - refused - 20 in (0, 1)  # two may be looked at while the last one is counted
    assert {answer.status_code for answer in answers} == {422, 429}
    assert (await ask(shop, card["code"])).status_code == 429
    assert (await shop.order(item, gift_card=card["code"])).status_code == 429
    assert (await shop.order(item)).status_code == 201


async def test_a_blocked_card_pays_nothing_until_it_is_unblocked(shop: Shop) -> None:
    card, item = await issue(shop), await shop.item()

    blocked = await change(shop, card, blocked=True)

    assert (blocked.status_code, blocked.json()["blocked"]) == (200, True)
    for refused in (await ask(shop, card["code"]), await shop.order(item, gift_card=card["code"])):
        assert (refused.status_code, refused.json()["code"]) == (422, "gift_cards.unknown")
    await change(shop, card, blocked=False)
    assert (await shop.order(item, gift_card=card["code"])).status_code == 201
    await money_adds_up(shop)


async def test_an_expired_card_pays_nothing_until_it_may_be_used_for_longer(shop: Shop) -> None:
    card, item = await issue(shop, expires_at="2090-01-01T00:00:00Z"), await shop.item()
    await shop.rows("UPDATE gift_cards SET expires_at = now() - interval '1 second' RETURNING id")

    for refused in (await ask(shop, card["code"]), await shop.order(item, gift_card=card["code"])):
        assert (refused.status_code, refused.json()["code"]) == (422, "gift_cards.unknown")
    assert (await change(shop, card, expires_at=None)).json()["expires_at"] is None
    assert (await shop.order(item, gift_card=card["code"])).status_code == 201


async def test_what_is_left_out_stays(shop: Shop) -> None:
    card = await issue(shop, note="Old", expires_at="2090-01-01T00:00:00Z")
    await change(shop, card, blocked=True)

    changed = (await change(shop, card, note="New")).json()

    assert (changed["note"], changed["blocked"], changed["expires_at"]) == ("New", True, "2090-01-01T00:00:00Z")
    before = await shop.rows("SELECT count(*) FROM audit_log")
    await change(shop, card, note="New", blocked=True)
    assert await shop.rows("SELECT count(*) FROM audit_log") == before


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"amount": "0"},
        {"amount": "-5.00"},
        {"amount": {"amount": "5.00", "currency": "USD"}},
        {"amount": "5.00", "expires_at": "2020-01-01T00:00:00Z"},
        {"amount": "5.00", "note": "x" * 501},
        {"amount": "5.00", "code": "MINE"},
    ],
)
async def test_a_card_that_makes_no_sense_is_refused(shop: Shop, body: dict[str, Any]) -> None:
    admin = await shop.admin()

    answer = await shop.client.post("/gift-cards", json=body, headers=admin.headers)

    assert answer.status_code == 422
    assert await shop.rows("SELECT id FROM gift_cards") == []


async def test_a_change_that_changes_nothing_and_a_card_that_is_not_there(shop: Shop) -> None:
    card = await issue(shop)

    assert (await change(shop, card)).status_code == 422
    missing = await change(shop, {"id": str(uuid4())}, blocked=True)
    assert (missing.status_code, missing.json()["code"]) == (404, "gift_cards.not_found")


async def test_only_operators_issue_and_see_cards(shop: Shop) -> None:
    card, buyer = await issue(shop), await shop.buyer()

    answers = [
        await shop.client.post("/gift-cards", json={"amount": "5.00"}, headers=buyer.headers),
        await shop.client.get("/gift-cards", headers=buyer.headers),
        await shop.client.get(f"/gift-cards/{card['id']}", headers=buyer.headers),
        await shop.client.patch(f"/gift-cards/{card['id']}", json={"blocked": True}, headers=buyer.headers),
        await shop.client.get("/gift-cards"),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403, 403, 401]
    assert len(await shop.rows("SELECT id FROM gift_cards WHERE blocked_at IS NULL")) == 1


async def test_the_database_lets_no_balance_fall_below_nothing_or_rise_above_what_was_given(shop: Shop) -> None:
    card = await issue(shop)

    for wrong in ("-1", "initial_minor + 1"):
        with pytest.raises(Exception, match="balance_within_initial"):
            await shop.rows(f"UPDATE gift_cards SET balance_minor = {wrong} WHERE id = %s RETURNING id", card["id"])


async def test_what_a_card_paid_in_another_currency_is_what_left_it(shop: Shop) -> None:
    await enable(shop, "USD")
    card = await issue(shop, "50.00")
    order = (await shop.order(await shop.item(), gift_card=card["code"], currency="USD")).json()["order"]
    admin = await shop.admin()

    detail = (await shop.client.get(f"/gift-cards/{card['id']}", headers=admin.headers)).json()

    (use,) = detail["uses"]
    left = Decimal("50.00") - Decimal(detail["balance"]["amount"])
    assert use["paid"] == order["total"]
    assert use["paid"]["currency"] == "USD"
    assert use["amount"] == {"amount": str(left), "currency": "EUR"}
    assert use["refunded"] == {"amount": "0.00", "currency": "EUR"}
