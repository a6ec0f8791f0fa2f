"""The books: what is added balances, is added once, and is never altered, whoever tries."""

import asyncio
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from mercat import auth, ledger
from mercat.kit.money import Money
from mercat.ledger.postings import UnbalancedEntryError
from shopping import Shop


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def sale(cause: str = "order.paid:1", amount: int = 1190) -> ledger.Entry:
    tax = amount * 19 // 119
    postings = (
        ledger.Posting(ledger.Account.prepayments, eur(amount)),
        ledger.Posting(ledger.Account.sales, eur(tax - amount), "shop"),
        ledger.Posting(ledger.Account.tax, eur(-tax), "shop"),
    )
    return ledger.Entry(cause, postings)


async def post(shop: Shop, entry: ledger.Entry) -> bool:
    async with shop.database.transaction() as session:
        return await ledger.post(session, entry)


async def test_a_cause_is_booked_once_however_many_try(shop: Shop) -> None:
    booked = await asyncio.gather(*(post(shop, sale()) for _ in range(8)))

    assert sorted(booked) == [False] * 7 + [True]
    assert await shop.rows("SELECT count(*), sum(amount_minor)::int FROM ledger_postings") == [(3, 0)]


async def test_what_does_not_balance_is_refused_and_leaves_nothing(shop: Shop) -> None:
    lopsided = ledger.Entry("fee:1", (ledger.Posting(ledger.Account.fees, eur(1)),))
    mixed = (ledger.Posting(ledger.Account.cash, eur(5)), ledger.Posting(ledger.Account.fees, Money(-5, "USD")))

    for entry in (lopsided, ledger.Entry("fee:2", mixed)):
        with pytest.raises(UnbalancedEntryError):
            await post(shop, entry)
    nothing = ledger.Entry("fee:3", (ledger.Posting(ledger.Account.fees, eur(0)),))
    assert await post(shop, nothing) is False
    assert await shop.rows("SELECT count(*) FROM ledger_entries") == [(0,)]


async def test_the_database_itself_refuses_what_does_not_balance(shop: Shop) -> None:
    await post(shop, sale())
    one = "INSERT INTO ledger_postings (entry_id, account, party, currency, amount_minor)"

    for amounts in ("('cash', '', 'EUR', 1)", "('cash', '', 'EUR', 1), ('fees', '', 'USD', -1)"):
        values = amounts.replace("(", "((SELECT id FROM ledger_entries), ")
        with pytest.raises(psycopg.errors.CheckViolation, match="debits and credits"):
            await shop.rows(f"{one} VALUES {values} RETURNING id")
    with pytest.raises(psycopg.errors.CheckViolation, match="not_nothing"):
        await shop.rows(f"{one} VALUES ((SELECT id FROM ledger_entries), 'cash', '', 'EUR', 0) RETURNING id")
    with pytest.raises(psycopg.errors.CheckViolation, match="account"):
        await shop.rows(f"{one} VALUES ((SELECT id FROM ledger_entries), 'purse', '', 'EUR', 1) RETURNING id")
    assert await shop.rows("SELECT count(*), sum(amount_minor)::int FROM ledger_postings") == [(3, 0)]


@pytest.mark.parametrize(("table", "column"), [("ledger_entries", "kind"), ("ledger_postings", "amount_minor")])
async def test_nothing_is_ever_altered(shop: Shop, table: str, column: str) -> None:
    await post(shop, sale())
    name = sql.Identifier(table)
    attempts = (f"UPDATE {{}} SET {column} = {column}", "DELETE FROM {}", "TRUNCATE {} CASCADE")
    before = await shop.rows("SELECT * FROM ledger_postings ORDER BY id")

    url = shop.database.settings.database_url
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        for role in ("origin", "replica"):
            await connection.execute(sql.SQL("SET session_replication_role = {}").format(sql.Identifier(role)))
            for attempt in attempts:
                with pytest.raises(psycopg.errors.InsufficientPrivilege, match="only ever added to"):
                    await connection.execute(sql.SQL(attempt).format(name))

    assert await shop.rows("SELECT * FROM ledger_postings ORDER BY id") == before


async def get(shop: Shop, path: str, *roles: auth.Role) -> Any:
    person = await shop.person(*roles)
    return await shop.client.get(path, headers=person.headers)


async def test_who_may_look(shop: Shop) -> None:
    for path in ("/ledger", "/ledger/balances"):
        assert (await shop.client.get(path)).status_code == 401
        for role in (auth.Role.buyer, auth.Role.vendor, auth.Role.support, auth.Role.moderator):
            assert (await get(shop, path, role)).status_code == 403
        for role in (auth.Role.admin, auth.Role.analyst):
            assert (await get(shop, path, role)).status_code == 200


async def test_entries_are_listed_both_ways_and_filtered(shop: Shop) -> None:
    for number in range(5):
        await post(shop, sale(f"order.paid:{number}"))
    fee = (
        ledger.Posting(ledger.Account.fees, eur(3), "test"),
        ledger.Posting(ledger.Account.cash, eur(-3), "test"),
    )
    order = uuid4()
    await post(shop, ledger.Entry("payment.fee:1", fee, order_id=order))
    admin = (await shop.admin()).headers

    async def causes(query: str) -> list[str]:
        answer = await shop.client.get(f"/ledger?{query}", headers=admin)
        assert answer.status_code == 200, answer.text
        return [entry["cause"] for entry in answer.json()["items"]]

    newest = ["payment.fee:1", *(f"order.paid:{number}" for number in (4, 3, 2, 1, 0))]
    assert await causes("size=4") + await causes("size=4&page=2") == newest
    found, cursor = [], ""
    while cursor is not None:
        page = (await shop.client.get(f"/ledger?limit=4&cursor={cursor}", headers=admin)).json()
        found += [entry["cause"] for entry in page["items"]]
        cursor = page["next_cursor"]
    assert found == newest
    assert await causes("account=fees") == await causes(f"order_id={order}") == ["payment.fee:1"]
    assert len(await causes("kind=order.paid")) == 5
    assert await causes(f"payment_id={uuid4()}") == []
    for wrong in ("account=purse", "order_id=1", "sort=x", "page=0", "cursor=x"):
        assert (await shop.client.get(f"/ledger?{wrong}", headers=admin)).status_code == 422, wrong


async def test_balances_add_up(shop: Shop) -> None:
    await post(shop, sale("order.paid:1"))
    await post(shop, sale("order.paid:2", 595))

    answer = (await get(shop, "/ledger/balances", auth.Role.analyst)).json()

    assert answer["in_balance"] is True
    assert [(one["account"], one["party"], one["balance"]["amount"]) for one in answer["items"]] == [
        ("prepayments", "", "17.85"),
        ("sales", "shop", "-15.00"),
        ("tax", "shop", "-2.85"),
    ]
    async with shop.database.transaction() as session:
        assert await ledger.unbalanced(session) == []
