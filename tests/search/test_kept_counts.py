"""Kept counts of frequent terms are what counting would find, at every moment, whoever writes meanwhile."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from mercat import outbox
from mercat.catalog import listing
from mercat.search import jobs
from mercat.search.documents import Document, Facet
from mercat.search.postgresql import fold_counts, index, keep_counts, kept_counts, remove
from mercat.search.text import analyzer
from mercat.worker import REACTIONS
from shopping import Shop

WORDS = "mug mugs cup red blue clay felt oak"
EXPLAINED = """
SELECT (SELECT coalesce(json_object_agg(id, n), '{}') FROM (
           SELECT id, sum(n) AS n FROM (
               SELECT u.id, u.n FROM search_counts s, unnest(s.ids, s.counts) AS u(id, n) WHERE s.term = k.term
               UNION ALL SELECT 0, total FROM search_counts s WHERE s.term = k.term
           ) x GROUP BY id HAVING sum(n) <> 0) y),
       (SELECT coalesce(json_object_agg(id, n), '{}') FROM (
           SELECT id, count(*) AS n FROM search_documents d, unnest(0 || d.counted) AS id
           WHERE (k.term = '*' OR d.terms @@ quote_literal(k.term)::tsquery)
             AND (left(k.term, 1) IN ('*', '#', '~') OR id = 0) GROUP BY id) y)
FROM search_kept_terms k WHERE EXISTS (SELECT FROM search_counts s WHERE s.term = k.term AND s.is_base)
"""


def document(product_id: UUID, dice: random.Random) -> Document:
    """Return a document of random words and properties."""
    words = analyzer("en")
    name, text = (tuple(words.words(" ".join(dice.sample(WORDS.split(), 3)))) for _ in range(2))
    brand = dice.choice("abc")
    return Document(
        product_id=product_id, locale="en", name=name, about=(), codes=frozenset(), text=text,
        facets=(Facet("brand", brand, brand, brand), Facet("tag", "t", "t", "T")),
        price_minor=dice.choice((0, 999, 1000, 1001)), rating_average=dice.choice((0.0, 3.9, 5.0)),
        in_stock=dice.random() < 0.5, on_sale=dice.random() < 0.5, sold_count=0, popularity=dice.random(),
        created_at=datetime(2026, 1, 1, tzinfo=UTC), name_key="",
    )  # fmt: skip


async def products(shop: Shop, count: int) -> list[UUID]:
    """Make products that have no documents yet."""
    return sorted([UUID((await shop.item(name="Thing")).product_id) for _ in range(count)])


async def write(shop: Shop, documents: Sequence[Document], gone: Sequence[UUID] = ()) -> None:
    """Write documents as handlers of events do."""
    async with shop.database.transaction() as session:
        await listing.hold(session, sorted({*gone, *(one.product_id for one in documents)}))
        await remove(session, gone)
        await index(session, documents)


async def check(shop: Shop) -> int:
    """Compare what is kept with what is counted, in one snapshot; returns how many terms are kept."""
    compared = await shop.rows(EXPLAINED)
    for kept, counted in compared:
        assert kept == counted
    return len(compared)


async def test_they_follow_whatever_is_written(shop: Shop) -> None:
    dice = random.Random(7)
    ids = await products(shop, 12)
    kept = set()

    for _ in range(60):
        some = dice.sample(ids, dice.randint(1, 4))
        match dice.randrange(5):
            case 0:
                await write(shop, [], some)
            case 1:
                await fold_counts(shop.database)
            case 2:
                await keep_counts(shop.database, "en", frequent=dice.choice((1, 4, 7, 40)))
            case _:
                await write(shop, [document(one, dice) for one in some])
        kept.add(await check(shop))

    assert len(kept) > 3  # terms have become frequent, and rare again


async def test_what_a_purge_takes_away_is_not_counted(shop: Shop) -> None:
    dice = random.Random(8)
    ids = await products(shop, 4)
    await write(shop, [document(one, dice) for one in ids])
    await keep_counts(shop.database, "en", frequent=1)

    async with shop.database.transaction() as session:
        connection = await session.connection()
        await connection.exec_driver_sql(f"DELETE FROM search_documents WHERE product_id = '{ids[0]}'")

    assert await check(shop) > 10
    assert await shop.rows("SELECT sum(total) FROM search_counts WHERE term = '*'") == [(3,)]


async def test_readers_agree_while_writers_write_and_terms_come_and_go(shop: Shop) -> None:
    ids = await products(shop, 16)
    going_on = True
    checked: Counter[int] = Counter()

    async def writer(seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(25):
            some = dice.sample(ids, 3)
            await write(shop, [document(one, dice) for one in some[:2]], some[2:])

    async def keeper() -> None:
        dice = random.Random(1)
        while going_on:
            await keep_counts(shop.database, "en", frequent=dice.choice((1, 3, 6, 100)))
            await fold_counts(shop.database)

    async def reader() -> None:
        while going_on:
            checked[await check(shop)] += 1

    others = [asyncio.create_task(one) for one in (keeper(), keeper(), reader())]
    await asyncio.gather(*(writer(seed) for seed in range(4)))
    going_on = False
    await asyncio.gather(*others)

    await keep_counts(shop.database, "en", frequent=1)
    assert await check(shop) > 10
    assert len(checked) > 1


async def test_a_writer_who_has_not_heard_of_a_new_term_is_waited_for(shop: Shop) -> None:
    dice = random.Random(9)
    ids = await products(shop, 3)
    await write(shop, [document(one, dice) for one in ids[:2]])

    async with shop.database.transaction() as session:
        await index(session, [document(ids[2], dice)])
        keeping = asyncio.create_task(keep_counts(shop.database, "en", frequent=1))
        async with asyncio.timeout(60):
            while not await shop.rows("SELECT term FROM search_kept_terms"):  # noqa: ASYNC110 - in the database
                await asyncio.sleep(0.01)
        assert await check(shop) == 0
    await keeping

    assert await shop.rows("SELECT sum(total) FROM search_counts WHERE term = '*'") == [(3,)]
    assert await check(shop) > 10


async def test_one_who_takes_too_long_is_left_for_the_next_time(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_counts, "PATIENCE", 0.0)
    ids = await products(shop, 2)
    dice = random.Random(10)
    await write(shop, [document(ids[0], dice)])

    async with shop.database.transaction() as session:
        await index(session, [document(ids[1], dice)])
        await keep_counts(shop.database, "en", frequent=1)
        assert await shop.rows("SELECT is_base FROM search_counts") == []
    monkeypatch.undo()
    await keep_counts(shop.database, "en", frequent=1)

    assert await check(shop) > 10


async def test_terms_are_kept_with_all_places_that_they_stand_in(shop: Shop) -> None:
    [one, two] = await products(shop, 2)
    words, tag = analyzer("en"), Facet("tag", "t", "t", "T")
    mug = replace(document(one, random.Random(1)), name=tuple(words.words("Mugs")), text=(), facets=(tag,))
    cup = replace(mug, product_id=two, name=tuple(words.words("Cup")), text=tuple(words.words("no mug")))
    await write(shop, [mug, cup])

    await keep_counts(shop.database, "en", frequent=2)

    totals = dict(await shop.rows("SELECT term, sum(total)::int FROM search_counts GROUP BY 1"))
    assert totals == {"*": 2, "~mug": 2, "a~mug": 1, "n~mug": 1, "n=mug": 0, "n=mugs": 1}


async def test_schedules_keep_what_is_frequent_and_nothing_else(shop: Shop) -> None:
    await write(shop, [document(one, random.Random(1)) for one in await products(shop, 2)])

    for job in (jobs.keep_counts, jobs.fold_counts):
        await job(outbox.JobContext(shop.database, REACTIONS))

    assert await shop.rows("SELECT term FROM search_kept_terms") == []


async def test_writers_of_the_same_new_words_wait_for_each_other_and_never_in_a_circle(shop: Shop) -> None:
    ids = await products(shop, 32)
    lexicon = [f"word{number}" for number in range(600)]

    async def writer(mine: Sequence[UUID], seed: int) -> None:
        dice, words = random.Random(seed), analyzer("en")
        for start in range(0, len(mine), 2):
            text = (tuple(words.words(" ".join(dice.sample(lexicon, 150)))) for _ in range(2))
            documents = [document(one, dice) for one in mine[start : start + 2]]
            await write(shop, [replace(one, text=other) for one, other in zip(documents, text, strict=True)])

    await asyncio.gather(*(writer(ids[place::4], place) for place in range(4)))

    counted = await shop.rows("SELECT lexeme, documents FROM search_lexemes WHERE is_word ORDER BY lexeme")
    stat = "SELECT word, ndoc FROM ts_stat('SELECT terms FROM search_documents') WHERE word !~ '[=~#]'"
    assert sorted(counted) == sorted(await shop.rows(stat))
