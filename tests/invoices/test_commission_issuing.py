"""Papers over commissions say what the books say, once, with numbers that go on without gaps."""

import asyncio
import random
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from invoices.commission_documents import (
    BILLED,
    BOOKED,
    JANUARY,
    SYSTEM,
    Calendar,
    a_sale,
    a_shop,
    billed,
    folded,
    given_back,
)
from invoices.documents import written
from mercat import ledger, orders, outbox, vendors
from mercat.invoices.commissions import Month, MonthNotOver, SomeVendorsWithoutDocument, bill, compare, issuance
from mercat.invoices.commissions.document import CommissionDocument
from mercat.invoices.commissions.issuance import issue
from mercat.invoices.commissions.pdf import draw
from mercat.kit.ids import new_id
from mercat.kit.money import Money
from mercat.kit.problems import Problem
from mercat.outbox.jobs import app
from mercat.pricing.arithmetic import Line, Taxes, Terms
from payouts.stories import DOLLARS, YEN, cleared, deliver, sell
from shopping import Shop

FEBRUARY = Month.parse("2030-02")
AFTERWARDS = "2030-02-01T06:17:00"


@pytest.fixture
def calendar(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Calendar:
    """The clock, in the middle of January 2030."""
    assert shop
    return Calendar(monkeypatch)


async def the_document(shop: Shop) -> CommissionDocument:
    ((found,),) = await shop.rows("SELECT document FROM commission_invoices")
    return CommissionDocument.model_validate(found)


async def numbers(shop: Shop) -> list[str]:
    return [number for (number,) in await shop.rows("SELECT number FROM commission_invoices ORDER BY number")]


async def everything_is_on_one_document(shop: Shop) -> None:
    """Assert that each entry of a shop's commission is on a document, and that documents are what the books say."""
    assert await shop.rows("""
        SELECT p.entry_id FROM ledger_postings p JOIN ledger_entries e ON e.id = p.entry_id
        LEFT JOIN commission_invoice_entries l ON l.entry_id = p.entry_id AND l.vendor_id::text = p.party
        WHERE p.account IN ('commission', 'commission_income') AND e.kind <> 'vendor_order.cleared'
            AND l.entry_id IS NULL
    """) == []  # fmt: skip
    ((income, taxes),) = await shop.rows("""
        SELECT -sum(amount_minor) FILTER (WHERE account = 'commission_income')::int,
            coalesce(-sum(amount_minor) FILTER (WHERE account = 'commission_tax'), 0)::int FROM ledger_postings
    """)
    said = await shop.rows("SELECT sum(commission_minor)::int, sum(tax_minor)::int FROM commission_invoices")
    assert said == [(income, taxes)]


async def test_a_month_becomes_a_document_that_says_every_order(shop: Shop, calendar: Calendar) -> None:
    vendor_id = await a_shop(shop)
    first = await a_sale(shop, [vendor_id], "100.00", tax_rate="0.19")
    await a_sale(shop, [vendor_id], "50.00", rate="0.2", tax_rate="0.07")
    await given_back(shop, first, "40.00")
    calendar.turn(AFTERWARDS)

    (document,) = await billed(shop)

    assert await shop.rows(BILLED) == [(str(vendor_id), "EUR", "2030-01", 1600, 1600 + 114 + 70)]
    assert await shop.rows(BILLED) == await shop.rows(BOOKED)
    found = await the_document(shop)
    assert (found.number, found.issued_on) == ("MARKETPLACE-F2030-00001", "2030-02-01")
    said = [(one.what, one.base, one.commission, one.tax, one.rate) for one in found.source.lines]
    assert said == [
        ("sale", 10000, 1000, 190, "0.19"), ("sale", 5000, 1000, 70, "0.07"), ("refund", -4000, -400, -76, "0.19"),
    ]  # fmt: skip
    assert [(one.rate, one.net, one.tax) for one in found.source.taxes()] == [("0.19", 600, 114), ("0.07", 1000, 70)]
    assert {one.day for one in found.source.lines} == {"2030-01-15"}
    assert all(one.order_number.startswith("M-") for one in found.source.lines)
    await everything_is_on_one_document(shop)
    logged = await shop.rows("SELECT action, target_id FROM audit_log WHERE action LIKE 'commission_invoice%%'")
    assert logged == [("commission_invoice.issued", document)]
    assert await billed(shop) == []


async def test_more_given_back_than_taken_is_a_credit_note(shop: Shop, calendar: Calendar) -> None:
    vendor_id = await a_shop(shop)
    order_id = await a_sale(shop, [vendor_id], "100.00", tax_rate="0.19")
    calendar.turn(AFTERWARDS)
    await billed(shop)
    calendar.turn("2030-02-10T09:00:00")
    await given_back(shop, order_id, "60.00")
    await a_sale(shop, [vendor_id], "10.00", tax_rate="0.19")
    calendar.turn("2030-03-01T06:17:00")

    await billed(shop, FEBRUARY)

    assert await numbers(shop) == ["MARKETPLACE-F2030-00001", "MARKETPLACE-FC2030-00001"]
    ((found, commission, tax),) = await shop.rows(
        "SELECT document, commission_minor, tax_minor FROM commission_invoices WHERE kind = 'credit_note'"
    )
    assert (commission, tax) == (-500, -95)
    source = CommissionDocument.model_validate(found).source
    assert (source.total, source.refers_to) == (595, ("MARKETPLACE-F2030-00001",))
    assert [(one.what, one.commission, one.tax) for one in source.lines] == [("refund", 600, 114), ("sale", -100, -19)]
    await everything_is_on_one_document(shop)


async def test_a_tax_whose_rate_nobody_kept_is_on_the_document_without_one(shop: Shop, calendar: Calendar) -> None:
    vendor_id = await a_shop(shop)
    await a_sale(shop, [vendor_id], tax_rate="0.19")
    await shop.rows("UPDATE vendor_orders SET commission_tax_rate = NULL RETURNING id")
    await a_sale(shop, [vendor_id], tax_rate="0.07")
    calendar.turn(AFTERWARDS)

    await billed(shop)

    found = await the_document(shop)
    assert [(one.rate, one.net, one.tax) for one in found.source.taxes()] == [("0.07", 1000, 70), (None, 1000, 190)]
    assert "Tax €1.90" in written(draw(found)).replace("\n", " ")
    assert not found.source.reverse_charge


async def test_clearing_moves_a_debt_and_is_on_no_document(shop: Shop, calendar: Calendar) -> None:
    vendor_id = await a_shop(shop)
    order_id = await a_sale(shop, [vendor_id])
    await deliver(shop, order_id, days=-9000)
    await shop.rows("UPDATE vendor_orders SET delivered_at = '2029-12-01' RETURNING id")
    assert await cleared(shop) == 1
    calendar.turn(AFTERWARDS)

    await billed(shop)

    assert [row[3:] for row in await shop.rows(BILLED)] == [(1000, 1000)]
    assert await shop.rows("SELECT count(*) FROM commission_invoice_entries") == [(1,)]


async def test_who_owes_nothing_gets_no_document(shop: Shop, calendar: Calendar) -> None:
    await a_sale(shop, [await a_shop(shop, "marketplace")], rate="0", tax_rate="0.19")
    await a_sale(shop, [await a_shop(shop, "free-shop")], rate="0")
    calendar.turn(AFTERWARDS)

    assert await billed(shop) == []
    assert await shop.rows("SELECT 1 FROM commission_invoices") == []
    assert await shop.rows("SELECT 1 FROM invoice_series") == []


async def test_what_was_sold_and_given_back_in_a_month_is_on_an_invoice_over_nothing(
    shop: Shop, calendar: Calendar
) -> None:
    order_id = await a_sale(shop, [await a_shop(shop)], tax_rate="0.19")
    await given_back(shop, order_id, "100.00")
    calendar.turn(AFTERWARDS)

    await billed(shop)

    assert await shop.rows("SELECT kind, commission_minor, tax_minor FROM commission_invoices") == [("invoice", 0, 0)]
    await everything_is_on_one_document(shop)


@pytest.mark.parametrize("seed", range(4))
async def test_documents_are_the_books_to_the_minor_unit(shop: Shop, calendar: Calendar, seed: int) -> None:
    chance = random.Random(seed)
    shops = [await a_shop(shop, f"shop-{n}") for n in range(3)]
    sold: list[UUID] = []

    async def sale() -> None:
        lines = [
            Line(chance.choice(shops), Money(chance.randint(1, 20_000), "EUR"), chance.randint(1, 3), new_id())
            for _ in range(chance.randint(1, 4))
        ]
        taxes = Taxes({"standard": Decimal("0.19")}, included=chance.choice((True, False)))
        rates = [chance.choice(("0", "0.1", "0.125", "0.0333")) for _ in lines]
        terms = Terms("EUR", taxes=taxes)
        sold.append(
            await sell(shop.database, lines, terms, rates=rates, tax_rate=chance.choice(("0", "0.19", "0.055")))
        )

    async def refund() -> None:
        order_id = chance.choice(sold)
        ((payment_id, left),) = await shop.rows(
            "SELECT id, (captured_minor - refunded_minor)::int FROM payments WHERE order_id = %s", order_id
        )
        amount = chance.choice((None, Money(chance.randint(1, max(1, left)), "EUR")))
        with suppress(Problem):
            async with shop.database.transaction() as session:
                await orders.refund(session, SYSTEM, order_id, payment_id, orders.Wanted("", amount))

    for month in range(1, 5):
        for day in sorted(chance.randint(1, 28) for _ in range(8)):
            calendar.turn(f"2030-{month:02}-{day:02}T{chance.randint(0, 23):02}:30:00")
            await (sale if not sold or chance.random() < 0.5 else refund)()
    for month in range(1, 5):
        calendar.turn(f"2030-{month + 1:02}-01T06:17:00")
        await billed(shop, Month.parse(f"2030-{month:02}"))

    assert await shop.rows(BILLED) == [
        (shop_, currency, month, income or 0, owed or 0)
        for shop_, currency, month, income, owed in await shop.rows(BOOKED)
    ]
    await everything_is_on_one_document(shop)
    for (found,) in await shop.rows("SELECT document FROM commission_invoices"):
        CommissionDocument.model_validate(found).source.taxes()
    positions = await shop.rows(
        "SELECT series, array_agg(position::int ORDER BY position) FROM commission_invoices GROUP BY 1"
    )
    assert all(found == list(range(1, len(found) + 1)) for _, found in positions)
    assert (await compare(shop.database, before=Month.parse("2030-05"))).differences == []


async def test_two_who_issue_at_once_issue_one(shop: Shop, calendar: Calendar) -> None:
    shops = [await a_shop(shop, f"shop-{n}") for n in range(3)]
    for _ in range(3):
        await a_sale(shop, shops, tax_rate="0.19")
    calendar.turn(AFTERWARDS)
    await folded(shop)

    async def one(vendor_id: UUID) -> UUID | None:
        async with shop.database.transaction() as session:
            return await issue(session, SYSTEM, vendor_id, JANUARY, "EUR")

    found = await asyncio.gather(*(one(vendor_id) for vendor_id in shops for _ in range(4)), billed(shop))

    assert len({document for document in found if isinstance(document, UUID)}) == 3
    assert await numbers(shop) == [f"MARKETPLACE-F2030-0000{n}" for n in (1, 2, 3)]
    assert await shop.rows("SELECT count(*) FROM commission_invoice_entries") == [(9,)]
    drawn = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'invoices.draw_commission_invoice'"
    assert await shop.rows(drawn) == [(3,)]
    await everything_is_on_one_document(shop)


async def test_who_dies_takes_no_number_along(shop: Shop, calendar: Calendar) -> None:
    shops = [await a_shop(shop, f"shop-{n}") for n in range(2)]
    await a_sale(shop, shops)
    calendar.turn(AFTERWARDS)
    await folded(shop)

    async def killed() -> None:
        async with shop.database.transaction() as session:
            assert await issue(session, SYSTEM, shops[0], JANUARY, "EUR")
            pid = await session.scalar(text("SELECT pg_backend_pid()"))
            await shop.rows("SELECT pg_terminate_backend(%s)", pid)

    async def given_up() -> None:
        async with shop.database.transaction() as session:
            assert await issue(session, SYSTEM, shops[0], JANUARY, "EUR")
            raise RuntimeError("the process went away")

    with pytest.raises(OperationalError):
        await killed()
    with pytest.raises(RuntimeError):
        await given_up()
    assert await shop.rows("SELECT 1 FROM commission_invoice_entries") == []

    await billed(shop)
    assert await numbers(shop) == ["MARKETPLACE-F2030-00001", "MARKETPLACE-F2030-00002"]


async def test_one_shop_that_fails_keeps_no_other_from_its_document(
    shop: Shop, calendar: Calendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    shops = sorted([await a_shop(shop, f"shop-{n}") for n in range(3)])
    await a_sale(shop, shops)
    calendar.turn(AFTERWARDS)
    known = vendors.onboarding.record_of

    async def failing(session: AsyncSession, vendor_id: UUID) -> vendors.onboarding.VendorRecord:
        if vendor_id == shops[1]:
            raise RuntimeError("no address")
        return await known(session, vendor_id)

    with monkeypatch.context() as patch:
        patch.setattr(vendors.onboarding, "record_of", failing)
        with pytest.raises(SomeVendorsWithoutDocument, match=str(shops[1])):
            await billed(shop)
    assert {row[0] for row in await shop.rows(BILLED)} == {str(shops[0]), str(shops[2])}

    await billed(shop)
    assert await numbers(shop) == [f"MARKETPLACE-F2030-0000{n}" for n in (1, 2, 3)]


async def test_a_month_is_not_billed_before_it_is_closed(shop: Shop, calendar: Calendar) -> None:
    vendor_id = await a_shop(shop)
    await a_sale(shop, [vendor_id])
    for early in ("2030-01-31T23:59:59", "2030-02-01T00:59:59"):
        calendar.turn(early)
        with pytest.raises(MonthNotOver):
            await billed(shop)
        async with shop.database.transaction() as session:
            with pytest.raises(MonthNotOver):
                await issue(session, SYSTEM, vendor_id, JANUARY, "EUR")
    calendar.turn("2030-02-01T01:00:00")
    assert len(await billed(shop)) == 1


async def test_what_is_booked_and_not_yet_committed_keeps_the_month_open(shop: Shop, calendar: Calendar) -> None:
    vendor_id = await a_shop(shop)
    await a_sale(shop, [vendor_id])
    calendar.turn("2030-01-31T23:59:00")
    amount = Money(700, "EUR")
    postings = [
        ledger.Posting(ledger.Account.commission, amount, str(vendor_id)),
        ledger.Posting(ledger.Account.commission_income, amount * -1, str(vendor_id)),
    ]
    async with shop.database.transaction() as late:
        await ledger.post(late, ledger.Entry("order.paid:late", postings))
        calendar.turn(AFTERWARDS)
        await a_sale(shop, [vendor_id], "999.00")
        with pytest.raises(MonthNotOver):
            await billed(shop)
        assert await shop.rows("SELECT 1 FROM commission_invoices") == []

    await billed(shop)
    assert [row[3:] for row in await shop.rows(BILLED)] == [(1700, 1700)]


async def test_what_came_into_a_billed_month_goes_onto_the_next_document(shop: Shop, calendar: Calendar) -> None:
    vendor_id = await a_shop(shop)
    await a_sale(shop, [vendor_id])
    calendar.turn(AFTERWARDS)
    await billed(shop)
    calendar.turn("2030-01-31T08:00:00")  # a machine whose clock is wrong
    await a_sale(shop, [vendor_id], "20.00")
    calendar.turn("2030-02-15T08:00:00")
    await a_sale(shop, [vendor_id], "30.00")
    calendar.turn("2030-03-01T08:00:00")
    assert await billed(shop) != []  # the document that is there; nothing is added to it

    await billed(shop, FEBRUARY)

    assert [row[2:4] for row in await shop.rows(BILLED)] == [("2030-01", 1000), ("2030-02", 500)]
    await everything_is_on_one_document(shop)


async def test_the_comparison_finds_what_no_document_says(shop: Shop, calendar: Calendar) -> None:
    await a_sale(shop, [await a_shop(shop)], tax_rate="0.19")
    calendar.turn("2030-03-05T08:00:00")

    found = await compare(shop.database, before=FEBRUARY)
    assert [(one.kind, one.about, one.ours) for one in found.open] == [
        ("commission_not_billed", "north-kiln, 2030-01", "11.90 EUR")
    ]
    assert (await compare(shop.database, before=JANUARY)).open == []
    await billed(shop)
    assert (await compare(shop.database, before=FEBRUARY)).open == []


async def test_the_schedule_bills_the_month_before(shop: Shop, calendar: Calendar) -> None:
    await a_sale(shop, [await a_shop(shop)])
    calendar.turn(AFTERWARDS)
    for tick in range(2):
        async with shop.database.transaction() as session:
            await outbox.defer(session, app.tasks["invoices.bill_last_month"], timestamp=tick)
        await outbox.run_worker(outbox.JobContext(shop.database), wait=False, install_signal_handlers=False)
        assert await numbers(shop) == ["MARKETPLACE-F2030-00001"]
        assert await shop.rows("SELECT count(*) FROM commission_invoice_files") == [(1,)]


async def test_a_new_year_begins_new_series(shop: Shop, calendar: Calendar) -> None:
    calendar.turn("2029-11-10T08:00:00")
    vendor_id = await a_shop(shop)
    await a_sale(shop, [vendor_id])
    calendar.turn("2029-12-10T08:00:00")
    await a_sale(shop, [vendor_id])
    calendar.turn("2029-12-31T08:00:00")
    await bill(shop.database, Month.parse("2029-11"))
    calendar.turn("2030-01-01T08:00:00")
    await bill(shop.database, Month.parse("2029-12"))

    assert await numbers(shop) == ["MARKETPLACE-F2029-00001", "MARKETPLACE-F2030-00001"]


async def test_days_stand_for_orders_when_there_are_many(
    shop: Shop, calendar: Calendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuance, "MOST_LINES", 3)
    vendor_id = await a_shop(shop)
    for _ in range(3):
        order_id = await a_sale(shop, [vendor_id], tax_rate="0.19")
    calendar.turn("2030-01-20T08:00:00")
    await given_back(shop, order_id, "50.00")
    await a_sale(shop, [vendor_id], "10.00", tax_rate="0.07")
    calendar.turn(AFTERWARDS)

    await billed(shop)

    source = (await the_document(shop)).source
    assert source.by_day
    said = [(one.day, one.what, one.count, one.commission, one.tax, one.rate) for one in source.lines]
    assert said == [
        ("2030-01-15", "sale", 3, 3000, 570, "0.19"),
        ("2030-01-20", "refund", 1, -500, -95, "0.19"),
        ("2030-01-20", "sale", 1, 100, 7, "0.07"),
    ]
    assert {one.order_number for one in source.lines} == {""}
    await everything_is_on_one_document(shop)


async def test_the_database_keeps_the_books(shop: Shop, calendar: Calendar) -> None:
    await a_sale(shop, [await a_shop(shop)])
    calendar.turn(AFTERWARDS)
    (document,) = await billed(shop)
    for statement in (
        "UPDATE commission_invoices SET document = '{}'",
        "UPDATE commission_invoices SET commission_minor = 1",
        "UPDATE commission_invoices SET keep_until = current_date - 1",
        "DELETE FROM commission_invoices",
        "TRUNCATE commission_invoices CASCADE",
        "DELETE FROM commission_invoice_entries",
        "UPDATE commission_invoice_entries SET commission_invoice_id = commission_invoice_id",
        "TRUNCATE commission_invoice_entries",
        f"INSERT INTO commission_invoice_files VALUES ('{document}', 'a', 'b'); DELETE FROM commission_invoice_files",
        f"INSERT INTO commission_invoice_files VALUES ('{document}', 'a', 'b'); TRUNCATE commission_invoice_files",
        "UPDATE commission_invoice_files SET content = 'c'",
        "SELECT set_config('mercat.forgets_buyers', 'yes', false); UPDATE commission_invoices SET document = '{}'",
    ):
        url = shop.database.settings.database_url
        async with await psycopg.AsyncConnection.connect(url) as connection:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await connection.execute(statement)  # type: ignore[arg-type]  # a test's own SQL
            await connection.rollback()


def test_months_are_those_of_the_calendar() -> None:
    december = Month.parse("2029-12")
    assert (december.begin, december.end) == (datetime(2029, 12, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
    assert JANUARY.before() == december
    assert Month.of(datetime(2029, 12, 31, 23, 59, 59, tzinfo=UTC)) == december
    assert Month.parse("2028-02").end == datetime(2028, 3, 1, tzinfo=UTC)
    for wrong in ("2030-13", "2030-1", "30-01", "2030-01-01", "month", "2030-00", "2030-01\n"):
        with pytest.raises(ValueError, match="2030-01"):
            Month.parse(wrong)


async def test_what_was_sold_in_other_currencies_is_billed_in_the_books(shop: Shop, calendar: Calendar) -> None:
    vendor_id = await a_shop(shop)
    dollars = await a_sale(shop, [vendor_id], "100.00", tax_rate="0.19", exchange=DOLLARS)  # 1.25 for a euro
    await a_sale(shop, [vendor_id], "50.00", tax_rate="0.19")
    await a_sale(shop, [vendor_id], "16000", tax_rate="0.19", exchange=YEN)  # 160 for a euro
    await given_back(shop, dollars, "25.00", "USD")
    calendar.turn(AFTERWARDS)

    (document,) = await billed(shop)

    # 10 % of 80, 50 and 100 euros, less that of 20; 19 % of that
    assert await shop.rows(BILLED) == [(str(vendor_id), "EUR", "2030-01", 2100, 2499)]
    assert await shop.rows(BILLED) == await shop.rows(BOOKED)
    said = [(one.what, one.base, one.commission, one.tax) for one in (await the_document(shop)).source.lines]
    assert said == [
        ("sale", 8000, 800, 152), ("sale", 5000, 500, 95), ("sale", 10000, 1000, 190), ("refund", -2000, -200, -38),
    ]  # fmt: skip
    await everything_is_on_one_document(shop)
    assert (await compare(shop.database, before=FEBRUARY)).open == []
    calendar.let_go()
    path = f"/commission-invoices/{document}/csv"
    table = (await shop.client.get(path, headers=(await shop.admin()).headers)).text.strip().split("\r\n")
    assert [line.split(",")[3:] for line in table[1:]] == [
        ["80.00", "8.00", "0.19", "1.52", "9.52", "EUR"],
        ["50.00", "5.00", "0.19", "0.95", "5.95", "EUR"],
        ["100.00", "10.00", "0.19", "1.90", "11.90", "EUR"],
        ["-20.00", "-2.00", "0.19", "-0.38", "-2.38", "EUR"],
    ]


async def test_a_document_is_what_a_vendor_was_charged_in_the_books(shop: Shop, calendar: Calendar) -> None:
    vendor_id = await a_shop(shop)
    rate = replace(DOLLARS, rate=Decimal("1.0842"))
    # 1.35 and 0.26 dollars are 1.25 and 0.24 euros, but both are 1.48: that is what was kept, and the tax in it is 0.23
    await a_sale(shop, [vendor_id], "10.76", rate="0.125", tax_rate="0.19", exchange=rate)
    calendar.turn(AFTERWARDS)

    await billed(shop)

    assert await shop.rows(BILLED) == [(str(vendor_id), "EUR", "2030-01", 125, 148)]
    assert await shop.rows(BILLED) == await shop.rows(BOOKED)
    assert (await compare(shop.database, before=FEBRUARY)).open == []
