"""What `kit/pool.py` stands on in psycopg, and what psycopg's own pool does otherwise (ADR 0031).

A test that fails here after an upgrade asks for that decision to be looked at again.
"""

import psycopg
import psycopg_pool
import pytest
from psycopg.pq import TransactionStatus

from mercat.kit.pool import Connection, Pool, was_left

NOWHERE = "postgresql://nobody@127.0.0.1:9/nothing"


async def opened(url: str) -> Connection:
    return await psycopg.AsyncConnection.connect(url, autocommit=True)


async def end(url: str, *left: Connection) -> None:
    """Let PostgreSQL leave connections; returns when it has said so."""
    async with await opened(url) as other:
        for connection in left:
            await other.execute("SELECT pg_terminate_backend(%s, 60000)", (connection.info.backend_pid,))


async def test_who_is_idle_and_alive_is_not_taken_for_left(database_url: str) -> None:
    async with await opened(database_url) as connection:
        assert not was_left(connection)
        await (await connection.execute("SELECT generate_series(1, 1000)")).fetchall()
        assert not was_left(connection)
        with pytest.raises(psycopg.errors.DivisionByZero):
            await connection.execute("SELECT 1/0")
        assert not was_left(connection)


async def test_a_goodbye_is_seen_without_asking(database_url: str) -> None:
    connection = await opened(database_url)
    await end(database_url, connection)

    assert not connection.closed  # psycopg has not looked
    assert was_left(connection)

    connection.pgconn.finish()
    assert connection.closed
    assert was_left(connection)


async def test_the_state_of_a_connection_is_told(database_url: str) -> None:
    async with await opened(database_url) as connection:
        assert connection.info.transaction_status is TransactionStatus.IDLE
        await connection.execute("BEGIN")
        assert connection.info.transaction_status is TransactionStatus.INTRANS
        with pytest.raises(psycopg.errors.DivisionByZero):
            await connection.execute("SELECT 1/0")
        assert connection.info.transaction_status is TransactionStatus.INERROR
        await connection.execute("ROLLBACK")
        assert connection.info.transaction_status is TransactionStatus.IDLE


async def ask_ours(pool: Pool) -> None:
    async with pool.connection() as connection:
        await connection.execute("SELECT 1")


async def ask_theirs(pool: psycopg_pool.AsyncConnectionPool) -> None:
    async with pool.connection() as connection:
        await connection.execute("SELECT 1")


async def test_after_a_restart_ours_fails_nobody_and_theirs_does(database_url: str) -> None:
    ours = Pool(database_url, size=1, patience=60)
    async with psycopg_pool.AsyncConnectionPool(database_url, min_size=1, max_size=1, open=False) as theirs:
        async with ours.connection() as one, theirs.connection() as another:
            pass
        await end(database_url, one, another)

        await ask_ours(ours)
        with pytest.raises(psycopg.OperationalError):
            await ask_theirs(theirs)
    await ours.close()


async def test_an_outage_is_known_to_ours_and_a_time_out_to_theirs() -> None:
    with pytest.raises(psycopg.OperationalError, match="refused"):
        await ask_ours(Pool(NOWHERE, size=1, patience=3600))
    theirs = psycopg_pool.AsyncConnectionPool(NOWHERE, min_size=1, max_size=1, open=False, timeout=0.05)
    await theirs.open()

    with pytest.raises(psycopg_pool.PoolTimeout):
        await ask_theirs(theirs)
    await theirs.close()
