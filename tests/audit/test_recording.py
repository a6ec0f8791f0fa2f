"""What is written down, with what, and that it stays so."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from mercat import audit
from mercat.auth import Actor
from mercat.kit.caller import client_ip_var
from mercat.kit.database import Database, driver, pipelined
from mercat.kit.ids import new_id
from mercat.kit.logs import request_id_var
from mercat.kit.money import Money

ADA = Actor(new_id(), "Ada Lovelace")
GUEST = Actor()
SYSTEM = Actor.system()
TARGET = new_id()


@pytest.fixture
def _request() -> Iterator[None]:
    """A request under way, from somewhere."""
    request, ip = request_id_var.set("req-1"), client_ip_var.set("203.0.113.7")
    yield
    request_id_var.reset(request)
    client_ip_var.reset(ip)


async def rows(database: Database, table: str) -> list[dict[str, Any]]:
    found = await database.primary.rows(f"SELECT to_jsonb(t) FROM {table} t ORDER BY 1")
    return [row[0] for row in found]


@pytest.mark.usefixtures("_request")
async def test_an_entry_says_who_what_when_and_where_from(database: Database) -> None:
    before = datetime.now(UTC)
    async with database.transaction() as session:
        changes = audit.difference({"name": "Mug", "price": Money(999, "EUR")}, {"name": "Mug", "price": None})
        await audit.record(session, ADA, "product.updated", TARGET, changes=changes)

    [entry] = await rows(database, "audit_log")
    assert (entry["actor_id"], entry["actor"], entry["action"]) == (str(ADA.user_id), None, "product.updated")
    assert (entry["target_id"], entry["request_id"]) == (str(TARGET), "req-1")
    assert before <= datetime.fromisoformat(entry["at"]) <= datetime.now(UTC)
    assert entry["changes"] == {"price": {"before": {"amount": "9.99", "currency": "EUR"}, "after": None}}
    [person] = await rows(database, "audit_personal")
    assert person == {"entry_id": entry["id"], "part": "actor", "person_id": str(ADA.user_id), "name": "Ada Lovelace",
                      "ip": "203.0.113.7", "changes": None}  # fmt: skip


@pytest.mark.usefixtures("_request")
async def test_the_log_itself_knows_nobody(database: Database) -> None:
    closed = audit.difference({"is_active": True}, {"is_active": False})
    about = audit.difference({"email": "old@example.com"}, {"email": "new@example.com"})
    async with database.transaction() as session:
        await audit.record(session, ADA, "user.updated", TARGET, changes=closed, personal=about)

    [entry] = await rows(database, "audit_log")
    assert entry["changes"] == {"is_active": {"before": True, "after": False}, "email": None}
    assert not any(word in json.dumps(entry) for word in ("example.com", "Ada", "203.0"))
    _, target = sorted(await rows(database, "audit_personal"), key=lambda row: str(row["part"]))
    assert (target["part"], target["person_id"], target["name"], target["ip"]) == ("target", str(TARGET), None, None)
    assert target["changes"] == {"email": {"before": "old@example.com", "after": "new@example.com"}}


@pytest.mark.usefixtures("_request")
async def test_what_a_guest_leaves_is_filed_under_what_it_was_done_to(database: Database) -> None:
    async with database.transaction() as session:
        await audit.record(session, GUEST, "order.placed", TARGET)
        await audit.record(session, GUEST, "session.refused", None)

    placed, refused = sorted(await rows(database, "audit_log"), key=lambda row: str(row["action"]))
    assert (placed["actor_id"], placed["actor"]) == (None, "guest")
    people = {row["entry_id"]: row for row in await rows(database, "audit_personal")}
    assert people[placed["id"]]["person_id"] == str(TARGET)
    assert people[refused["id"]]["person_id"] == refused["id"]
    assert {(row["name"], row["ip"]) for row in people.values()} == {(None, "203.0.113.7")}


async def test_the_shop_itself_acts_from_nowhere(database: Database) -> None:
    async with database.transaction() as session:
        await audit.record(session, SYSTEM, "order.expired", TARGET)

    [entry] = await rows(database, "audit_log")
    assert (entry["actor"], entry["request_id"], entry["changes"]) == ("system", "", {})
    assert await rows(database, "audit_personal") == []


async def test_a_change_that_is_rolled_back_leaves_no_entry(database: Database) -> None:
    async def fail() -> None:
        async with database.transaction() as session:
            await audit.record(session, ADA, "product.updated", TARGET)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await rows(database, "audit_log") + await rows(database, "audit_personal") == []


async def test_it_travels_with_the_statements_of_its_caller(database: Database) -> None:
    async with database.transaction() as session:
        connection = await driver(session)
        async with pipelined(connection):
            await connection.execute("SELECT 1")
            await audit.record(session, ADA, "order.placed", TARGET)
            # nothing of it has been waited for: the pipeline has not been synchronised
            assert connection.info.transaction_status in {
                psycopg.pq.TransactionStatus.ACTIVE,
                psycopg.pq.TransactionStatus.INTRANS,
            }
            assert connection.pgconn.pipeline_status == psycopg.pq.PipelineStatus.ON
    assert len(await rows(database, "audit_log")) == 1


async def test_a_batch_is_one_statement(database: Database) -> None:
    entries = [audit.Entry("product.created", new_id(), audit.difference({}, {"name": f"N{n}"})) for n in range(300)]
    async with database.transaction() as session:
        await audit.record_many(session, ADA, entries)
        await audit.record_many(session, ADA, [])

    found = await rows(database, "audit_log")
    assert {row["target_id"]: row["changes"]["name"]["after"] for row in found} == {
        str(entry.target): f"N{n}" for n, entry in enumerate(entries)
    }
    assert len(await rows(database, "audit_personal")) == 300


SECRETS = ["password", "new_password", "password_hash", "Refresh_Token", "client_secret", "api_key", "recovery_codes"]


@pytest.mark.parametrize("name", SECRETS)
async def test_no_secret_is_written(database: Database, name: str) -> None:
    change = {name: audit.Change("hunter2", "hunter3")}

    async def leak(**fields: audit.Changes) -> None:
        async with database.transaction() as session:
            await audit.record(session, ADA, "user.updated", TARGET, **fields)

    for fields in ({"changes": change}, {"personal": change}):
        with pytest.raises(audit.SecretField) as refused:
            await leak(**fields)
        assert "hunter" not in str(refused.value)
    assert await rows(database, "audit_log") == []


async def test_what_is_no_value_is_refused(database: Database) -> None:
    async def write(value: object) -> None:
        async with database.transaction() as session:
            await audit.record(session, ADA, "user.updated", TARGET, changes={"x": audit.Change(None, value)})

    with pytest.raises(TypeError):
        await write(object())
    with pytest.raises(TypeError):
        await write(Actor())


@pytest.mark.parametrize("action", ["product", "product.", ".updated", "Product.updated", "product.updated twice"])
async def test_an_action_is_a_noun_and_a_participle(database: Database, action: str) -> None:
    async def write() -> None:
        async with database.transaction() as session:
            await audit.record(session, ADA, action, TARGET)

    with pytest.raises(psycopg.errors.CheckViolation):
        await write()


ATTACKS = [
    "UPDATE audit_log SET changes = '{}'",
    "UPDATE audit_log SET action = action WHERE false",
    "DELETE FROM audit_log",
    "TRUNCATE audit_log, audit_personal",
    "TRUNCATE audit_log CASCADE",
    "INSERT INTO audit_log SELECT * FROM audit_log ON CONFLICT (id) DO UPDATE SET request_id = 'x'",
    "MERGE INTO audit_log l USING audit_log o ON l.id = o.id WHEN MATCHED THEN DELETE",
    "UPDATE audit_personal SET name = 'Somebody else'",
    "TRUNCATE audit_personal",
    "DELETE FROM audit_personal",
]


@pytest.mark.usefixtures("_request")
@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("role", ["origin", "replica"])
async def test_nobody_changes_what_is_written(database: Database, attack: str, role: str) -> None:
    async with database.transaction() as session:
        await audit.record(session, ADA, "product.updated", TARGET, personal={"email": audit.Change("a", "b")})
    before = await rows(database, "audit_log"), await rows(database, "audit_personal")
    # the tests' server knows one role, its superuser: what even that one cannot do by mistake, no lesser one can
    assert await database.primary.row("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == (True,)

    async def strike() -> None:
        async with database.transaction() as session:
            await session.execute(text(f"SET LOCAL session_replication_role = {role}"))
            await (await driver(session)).execute(attack)

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        await strike()
    assert (await rows(database, "audit_log"), await rows(database, "audit_personal")) == before


@pytest.mark.usefixtures("_request")
async def test_a_person_can_be_forgotten_and_nobody_else_is(database: Database) -> None:
    other = Actor(new_id(), "Bob")
    async with database.transaction() as session:
        for actor in (ADA, other, GUEST):
            await audit.record(session, actor, "order.placed", TARGET)
        await audit.record(session, other, "user.updated", ADA.user_id, personal={"email": audit.Change("a", "b")})
    log = await rows(database, "audit_log")

    async with database.transaction() as session:
        assert ADA.user_id is not None
        assert await audit.forget(session, ADA.user_id) == 2
        assert await audit.forget(session, ADA.user_id) == 0

    left = await rows(database, "audit_personal")
    assert sorted(row["person_id"] for row in left) == sorted([str(other.user_id)] * 2 + [str(TARGET)])
    assert await rows(database, "audit_log") == log
    async with database.transaction() as session:
        assert await audit.forget(session, TARGET) == 1  # the guest, by the order


@pytest.mark.usefixtures("_request")
async def test_forgetting_one_opens_no_door_to_others(database: Database) -> None:
    async def forget_more() -> None:
        async with database.transaction() as session:
            await audit.record(session, ADA, "order.placed", TARGET)
            await audit.record(session, GUEST, "order.placed", TARGET)
            await audit.forget(session, TARGET)
            await (await driver(session)).execute("DELETE FROM audit_personal")

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        await forget_more()


async def test_writers_do_not_wait_for_each_other(database: Database) -> None:
    async def write(number: int) -> None:
        async with database.transaction() as session:
            await audit.record(session, ADA, "product.updated", TARGET, changes={"n": audit.Change(None, number)})

    await asyncio.gather(*(write(number) for number in range(20)))

    assert len(await rows(database, "audit_log")) == 20


def test_a_difference_is_what_differs() -> None:
    before = {"same": 1, "changed": 1, "gone": 1, "empty": None}
    after = {"same": 1, "changed": 2, "new": 3}

    assert audit.difference(before, after) == {
        "changed": audit.Change(1, 2),
        "gone": audit.Change(1, None),
        "new": audit.Change(None, 3),
    }
    assert audit.difference(before, before) == {}
