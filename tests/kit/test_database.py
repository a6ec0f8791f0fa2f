"""Transactions, what happens after them, and reads that survive a lost connection."""

import asyncio
from contextlib import AsyncExitStack

import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from kit.application import client_of, make
from mercat.kit.database import Database, DatabaseSettings, PrimarySession, Session, after_commit, driver
from mercat.kit.pool import Pool
from mercat.kit.problems import Conflict, NotFound

# who is told that nobody is there need not wait for a connection to become free
NOWHERE = DatabaseSettings(database_url="postgresql://nobody@127.0.0.1:9/nothing", database_pool_timeout=3600)


class Remembered(Conflict):
    code = "test.remembered"
    detail = "No, and it was written down."
    keeps_work = True


@pytest.fixture
async def notes(database: Database) -> Database:
    """A table to write into."""
    async with database.transaction() as session:
        await session.execute(text("CREATE TABLE notes (text text PRIMARY KEY, pages int CHECK (pages > 0))"))
    return database


async def write(session: AsyncSession, note: str) -> None:
    await session.execute(text("INSERT INTO notes VALUES (:note, 1)"), {"note": note})


async def written(database: Database) -> list[str]:
    return [row[0] for row in await database.primary.rows("SELECT text FROM notes ORDER BY text")]


# what needs no server: a session that has done nothing commits nothing


async def test_reactions_run_in_order_and_after_the_end() -> None:
    seen: list[str] = []

    async with Database(NOWHERE).transaction() as session:
        after_commit(session, lambda: seen.append("first"))
        after_commit(session, lambda: seen.append("second"))
        seen.append("work")

    assert seen == ["work", "first", "second"]


async def test_reactions_do_not_run_when_the_work_failed() -> None:
    seen: list[str] = []
    database = Database(NOWHERE)

    async def fail(error: Exception) -> None:
        async with database.transaction() as session:
            after_commit(session, lambda: seen.append("reaction"))
            raise error

    with pytest.raises(NotFound):
        await fail(NotFound())
    with pytest.raises(ZeroDivisionError):
        await fail(ZeroDivisionError())
    assert seen == []


async def test_a_refusal_that_keeps_its_work_has_reactions_too() -> None:
    seen: list[str] = []

    async def fail() -> None:
        async with Database(NOWHERE).transaction() as session:
            after_commit(session, lambda: seen.append("reaction"))
            raise Remembered

    with pytest.raises(Remembered):
        await fail()
    assert seen == ["reaction"]


async def test_a_database_that_is_away_is_a_503() -> None:
    database = Database(NOWHERE)

    def add(app: FastAPI) -> None:
        app.state.database = database

        @app.get("/reads")
        async def reads() -> None:
            await database.primary.row("SELECT 1")

        @app.get("/session")
        async def read(session: PrimarySession) -> None:
            await session.execute(text("SELECT 1"))

        @app.post("/session")
        async def write(session: Session) -> None:
            await session.execute(text("SELECT 1"))

    async with client_of(make(add=add).app) as client:
        for method, path in (("GET", "/reads"), ("GET", "/session"), ("POST", "/session")):
            answer = await client.request(method, path)
            assert (answer.status_code, answer.json()["code"]) == (503, "service.unavailable")
            assert answer.headers["retry-after"]
            assert "127.0.0.1" not in answer.text
    await database.close()


# what needs one


async def test_work_is_committed_at_the_end_and_not_before(notes: Database) -> None:
    async with notes.transaction() as session:
        await write(session, "kept")
        assert await written(notes) == []

    assert await written(notes) == ["kept"]


@pytest.mark.parametrize("error", [NotFound, ZeroDivisionError, KeyboardInterrupt])
async def test_nothing_is_kept_of_work_that_failed(notes: Database, error: type[BaseException]) -> None:
    async def fail() -> None:
        async with notes.transaction() as session:
            await write(session, "lost")
            raise error

    with pytest.raises(error):
        await fail()
    assert await written(notes) == []


async def test_a_refusal_may_keep_its_work(notes: Database) -> None:
    async def fail() -> None:
        async with notes.transaction() as session:
            await write(session, "kept")
            raise Remembered

    with pytest.raises(Remembered):
        await fail()
    assert await written(notes) == ["kept"]


async def test_reactions_see_what_was_committed_and_not_a_commit_that_failed(notes: Database) -> None:
    seen: list[str] = []
    async with notes.transaction() as session:
        await session.execute(text("ALTER TABLE notes ADD UNIQUE (pages) DEFERRABLE INITIALLY DEFERRED"))
        await write(session, "one")

    async def fail_at_commit() -> None:
        async with notes.transaction() as session:
            after_commit(session, lambda: seen.append("reaction"))
            await write(session, "two")
            seen.append("work")

    with pytest.raises(IntegrityError):
        await fail_at_commit()
    assert seen == ["work"]
    assert await written(notes) == ["one"]


async def test_the_driver_works_in_the_sessions_transaction(notes: Database) -> None:
    async def fail() -> None:
        async with notes.transaction() as session:
            await write(session, "by session")
            connection = await driver(session)
            await connection.execute("INSERT INTO notes VALUES ('by driver', 1)")
            found = await (await connection.execute("SELECT count(*) FROM notes")).fetchone()
            assert found == (2,)
            raise NotFound

    with pytest.raises(NotFound):
        await fail()
    assert await written(notes) == []


async def test_readers_see_each_commit(notes: Database) -> None:
    async with notes.primary_session() as reader:
        assert (await reader.execute(text("SELECT count(*) FROM notes"))).scalar_one() == 0
        async with notes.transaction() as session:
            await write(session, "new")
        assert (await reader.execute(text("SELECT count(*) FROM notes"))).scalar_one() == 1


async def test_errors_do_not_show_what_was_written(notes: Database) -> None:
    async def fail() -> None:
        async with notes.transaction() as session:
            await session.execute(text("INSERT INTO notes VALUES (:note, :pages)"), {"note": "hunter2", "pages": "x"})

    with pytest.raises(Exception, match=r"INSERT INTO notes") as failure:
        await fail()
    assert "hunter2" not in str(failure.value)


async def terminate_others(database_url: str) -> int:
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as admin:
        ended = await admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return len(await ended.fetchall())


async def test_a_read_survives_the_loss_of_its_connection(database: Database, database_url: str) -> None:
    [(before,)] = await database.primary.rows("SELECT pg_backend_pid()")

    assert await terminate_others(database_url) == 1

    [(after,)] = await database.primary.rows("SELECT pg_backend_pid()")
    assert after != before


async def test_a_session_after_a_restart_does_not_fail_on_a_connection_of_before(
    database: Database, database_url: str
) -> None:
    async def ask() -> set[int]:
        async with database.transaction() as session, database.primary_session() as reader:
            return {await one.scalar(text("SELECT pg_backend_pid()")) for one in (session, reader)}  # type: ignore[misc]  # a number, always

    before = await ask()
    assert await terminate_others(database_url) == 2

    after = await ask()
    assert len(before | after) == 4


async def lend(pool: Pool) -> object:
    async with pool.connection() as connection:
        return connection


async def test_whoever_finds_all_connections_taken_waits_and_not_for_ever(database_url: str) -> None:
    hasty, patient = (Pool(database_url, size=1, patience=seconds) for seconds in (0.05, 3600))

    async with hasty.connection():
        with pytest.raises(psycopg.OperationalError, match="no connection became free"):
            await lend(hasty)
    async with patient.connection() as held:
        waiting = asyncio.create_task(lend(patient))
        await asyncio.sleep(0)
        assert not waiting.done()
    assert await waiting is held

    await hasty.close()
    await patient.close()


async def test_a_connection_left_in_the_middle_is_not_lent_again(database_url: str) -> None:
    pool = Pool(database_url, size=1, patience=60)

    async def leave() -> None:
        async with pool.connection() as connection:
            await connection.execute("BEGIN")
            raise NotFound

    with pytest.raises(NotFound):
        await leave()
    async with pool.connection() as next_one:
        assert next_one.info.transaction_status is psycopg.pq.TransactionStatus.IDLE
    await pool.close()
    assert next_one.closed


async def test_a_read_is_tried_once_more_and_not_for_ever(database: Database) -> None:
    with pytest.raises(psycopg.OperationalError):
        await database.primary.rows("SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(5)")

    assert await database.primary.row("SELECT 1") == (1,)


async def test_a_read_that_is_wrong_is_not_repeated(notes: Database) -> None:
    with pytest.raises(psycopg.errors.UndefinedTable):
        await notes.primary.rows("SELECT * FROM nowhere")
    with pytest.raises(psycopg.errors.UniqueViolation):
        await notes.primary.rows("INSERT INTO notes VALUES ('twice', 1), ('twice', 1) RETURNING text")

    assert await written(notes) == []


async def test_a_row_or_none(notes: Database) -> None:
    assert await notes.primary.row("SELECT %s::int", (7,)) == (7,)
    assert await notes.primary.row("SELECT text FROM notes") is None
    assert await notes.primary.row("SELECT %(n)s::text", {"n": "seven"}) == ("seven",)


async def test_long_statements_are_ended(database_url: str) -> None:
    hasty = Database(DatabaseSettings(database_url=database_url, database_statement_timeout_ms=50))

    with pytest.raises(psycopg.errors.QueryCanceled):
        await hasty.primary.rows("SELECT pg_sleep(30)")
    await hasty.close()


async def test_only_reads_that_may_be_old_go_to_the_replica(database_url: str) -> None:
    split = Database(NOWHERE.model_copy(update={"database_replica_url": database_url}))

    assert split.has_replica
    assert await split.replica.row("SELECT 1") == (1,)
    async with split.replica_session() as session:
        assert (await session.execute(text("SELECT 1"))).scalar_one() == 1
    with pytest.raises(Exception, match="refused"):
        await split.primary.row("SELECT 1")
    for opened in (split.transaction, split.primary_session):
        with pytest.raises(Exception, match="refused"):
            async with opened() as session:
                await session.execute(text("SELECT 1"))
    with pytest.raises(Exception, match="refused"):
        async with split.streaming():
            pass
    await split.close()


async def test_without_a_replica_all_reads_share_their_connections(notes: Database) -> None:
    assert not notes.has_replica
    mine = await notes.primary.row("SELECT pg_backend_pid()")

    assert await notes.replica.row("SELECT pg_backend_pid()") == mine


async def test_the_client_has_no_answer_before_the_commit(notes: Database) -> None:
    async with notes.transaction() as session:  # refuses at the commit and not before
        await session.execute(text("CREATE TABLE seats (number int UNIQUE DEFERRABLE INITIALLY DEFERRED)"))

    def add(app: FastAPI) -> None:
        app.state.database = notes

        @app.post("/notes/{note}", status_code=201)
        async def post(note: str, session: Session) -> str:
            await write(session, note)
            return note

        @app.post("/remembered/{note}")
        async def remembered(note: str, session: Session) -> None:
            await write(session, note)
            raise Remembered

        @app.post("/refused/{note}")
        async def refused(note: str, session: Session) -> None:
            await write(session, note)
            raise NotFound

        @app.post("/late")
        async def late(session: Session) -> str:
            await write(session, "late")
            await session.execute(text("INSERT INTO seats VALUES (1), (1)"))
            return "never"

    async with client_of(make(add=add).app) as client:
        answers = [
            await client.post(f"/{path}") for path in ("notes/a", "remembered/b", "refused/c", "notes/a", "late")
        ]

    assert [answer.status_code for answer in answers] == [201, 409, 404, 409, 409]
    assert await written(notes) == ["a", "b"]
    assert all("late" not in answer.text for answer in answers)


async def test_a_connection_for_streaming_is_none_of_the_pools_and_writes_nothing(notes: Database) -> None:
    async def write_in_it() -> None:
        async with notes.streaming() as connection:
            await connection.execute("INSERT INTO notes VALUES ('streamed', 1)")

    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        await write_in_it()
    assert await written(notes) == []
    async with AsyncExitStack() as stack:
        for _ in range(notes.settings.database_exports):
            await stack.enter_async_context(notes.streaming())
        waiting = asyncio.create_task(stack.enter_async_context(notes.streaming()))
        reads = [asyncio.create_task(written(notes)) for _ in range(notes.read_pool_size)]
        assert await asyncio.gather(*reads) == [[]] * notes.read_pool_size  # they took none of the pool's
        assert not waiting.done()  # and others wait in line
        waiting.cancel()


async def test_pools_follow_the_cores_unless_they_are_set(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MERCAT_DATABASE_POOL_SIZE")
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(16)))
    by_itself = Database(DatabaseSettings(database_url=database_url))
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0})
    on_one_core = Database(DatabaseSettings(database_url=database_url))
    told = Database(DatabaseSettings(database_url=database_url, database_pool_size=7, database_read_pool_size=3))

    assert (by_itself.pool_size, by_itself.read_pool_size) == (32, 32)
    assert (on_one_core.pool_size, on_one_core.read_pool_size) == (4, 4)
    assert (told.pool_size, told.read_pool_size) == (7, 3)
