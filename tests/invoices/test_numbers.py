"""Numbers: 1, 2, 3 ... for each shop and series, whatever dies in between."""

import asyncio
import random
from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from invoices.documents import a_source, line, vendor_orders_of
from mercat.invoices.document import DocumentSource
from mercat.invoices.exceptions import DocumentDoesNotAddUpError
from mercat.invoices.issuance import issue
from mercat.kit import clock
from shopping import Shop


class Died(Exception):
    """The process went away before it committed."""


async def sources(shop: Shop, count: int, *slugs: str) -> list[DocumentSource]:
    """Return what documents of so many orders are made from, each order with a part of every shop."""
    items = [await shop.item(vendor=slug, stock=1000) for slug in slugs]
    made = []
    for _ in range(count):
        order = (await shop.order(*items)).json()
        for vendor_order, vendor in await vendor_orders_of(shop, order["id"]):
            known = {"vendor_id": vendor, "order_id": UUID(order["id"]), "vendor_order_id": vendor_order}
            made.append(a_source(line("Mug", 1, 1000), **known))
    return made


async def numbers(shop: Shop) -> dict[tuple[str, str], list[int]]:
    """Return the positions that were given out, by shop and series."""
    rows = await shop.rows(
        "SELECT v.slug, i.series, array_agg(i.position ORDER BY i.position) FROM invoices i"
        " JOIN vendors v ON v.id = i.vendor_id GROUP BY 1, 2"
    )
    return {(slug, series): positions for slug, series, positions in rows}


async def test_no_number_is_missing_though_many_die(shop: Shop) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    todo = await sources(shop, 12, "clay", "wool")
    counted = {"tries": 0, "died": 0}

    async def attempt(source: DocumentSource, *, dies: bool) -> None:
        counted["tries"] += 1
        async with shop.database.transaction() as session:
            await issue(session, source)
            if dies:
                counted["died"] += 1
                raise Died

    async def issued(source: DocumentSource) -> None:
        for dies in [chance.random() < 0.5 for _ in range(4)]:
            try:
                await attempt(source, dies=dies)
            except Died:
                continue
        await attempt(source, dies=False)

    await asyncio.gather(*(issued(source) for source in todo for _ in range(2)))

    year = str(clock.now().year)
    assert await numbers(shop) == {("clay", year): list(range(1, 13)), ("wool", year): list(range(1, 13))}
    assert await shop.rows("SELECT DISTINCT last_position FROM invoice_series") == [(12,)]
    assert counted["died"] > 5
    assert counted["tries"] > len(todo)


async def test_a_connection_that_is_killed_takes_no_number_with_it(shop: Shop) -> None:
    first, second = await sources(shop, 2, "clay")

    async def killed() -> None:
        async with shop.database.transaction() as session:
            await issue(session, first)
            pid = await session.scalar(text("SELECT pg_backend_pid()"))
            await shop.rows("SELECT pg_terminate_backend(%s)", pid)

    with pytest.raises(OperationalError):
        await killed()

    async with shop.database.transaction() as session:
        await issue(session, second)

    assert list((await numbers(shop)).values()) == [[1]]


async def test_a_document_twice_at_once_is_one(shop: Shop) -> None:
    (source,) = await sources(shop, 1, "clay")

    async def once() -> UUID:
        async with shop.database.transaction() as session:
            return await issue(session, source)

    ids = await asyncio.gather(*(once() for _ in range(10)))

    assert len(set(ids)) == 1
    assert list((await numbers(shop)).values()) == [[1]]
    assert await shop.rows("SELECT last_position FROM invoice_series") == [(1,)]
    jobs = await shop.rows("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'invoices.draw_invoice'")
    assert jobs == [(1,)]


async def test_credit_notes_and_years_count_for_themselves(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two, three = await sources(shop, 3, "clay")
    refund = uuid4()
    credit = one.model_copy(update={"kind": "credit_note", "refund_id": refund})
    other = one.model_copy(update={"kind": "credit_note", "refund_id": uuid4()})
    monkeypatch.setattr(clock, "now", lambda: datetime(2030, 12, 31, 23, 59, tzinfo=UTC))
    async with shop.database.transaction() as session:
        for source in (one, two, credit, credit, other):
            await issue(session, source)
    monkeypatch.setattr(clock, "now", lambda: datetime(2031, 1, 1, tzinfo=UTC))
    async with shop.database.transaction() as session:
        await issue(session, three)
        await issue(session, one)

    found = await shop.rows("SELECT number FROM invoices ORDER BY issued_at, kind, position")
    assert [number for (number,) in found] == [
        "CLAY-C2030-00001", "CLAY-C2030-00002", "CLAY-2030-00001", "CLAY-2030-00002", "CLAY-2031-00001",
    ]  # fmt: skip


async def test_shops_whose_names_begin_alike_do_not_share_numbers(shop: Shop) -> None:
    slugs = [f"the-same-beginning-of-both-{name}" for name in ("shops", "others")]
    async with shop.database.transaction() as session:
        for source in await sources(shop, 2, *slugs):
            await issue(session, source)

    found = [number for (number,) in await shop.rows("SELECT number FROM invoices")]
    assert len(set(found)) == 4
    assert sorted(number[-5:] for number in found) == ["00001", "00001", "00002", "00002"]


async def test_a_document_that_does_not_add_up_takes_no_number(shop: Shop) -> None:
    (source,) = await sources(shop, 1, "clay")
    wrong = source.model_copy(update={"total": source.total + 1})
    async with shop.database.transaction() as session:
        with pytest.raises(DocumentDoesNotAddUpError):
            await issue(session, wrong)

    assert await shop.rows("SELECT 1 FROM invoices") == []
    assert await shop.rows("SELECT 1 FROM invoice_series") == []


async def test_the_database_keeps_the_books(shop: Shop) -> None:
    (source,) = await sources(shop, 1, "clay")
    async with shop.database.transaction() as session:
        await issue(session, source)
    for statement in (
        "UPDATE invoices SET document = '{}'",
        "UPDATE invoices SET keep_until = current_date - 1",
        "DELETE FROM invoices",
        "TRUNCATE invoices CASCADE",
        "UPDATE invoice_series SET last_position = 5",
        "UPDATE invoice_series SET last_position = 0",
        "DELETE FROM invoice_series",
        "INSERT INTO invoice_files VALUES (%(id)s, 'a', 'b'); UPDATE invoice_files SET content = 'c'",
        "INSERT INTO invoice_files VALUES (%(id)s, 'a', 'b'); DELETE FROM invoice_files",
        "SELECT set_config('mercat.forgets_buyers', 'yes', false); UPDATE invoices SET document = '{}'",
    ):
        url = shop.database.settings.database_url
        ((document,),) = await shop.rows("SELECT id FROM invoices")
        async with await psycopg.AsyncConnection.connect(url) as connection:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await connection.execute(statement.replace("%(id)s", f"'{document}'"))  # type: ignore[arg-type]  # a test's own SQL
            await connection.rollback()
