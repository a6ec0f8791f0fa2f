"""The log as its readers get it: filtered, paged, as a file; and who these readers are."""

import csv
import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest

from mercat import audit, auth
from mercat.admin.audit_export import AuditExport, Format, chunks
from mercat.audit.queries import BATCH
from mercat.auth import Actor, Role
from mercat.kit.caller import client_ip_var
from mercat.kit.ids import new_id
from mercat.kit.logs import request_id_var
from shopping import Shop

ADA, BOB = Actor(new_id(), "Ada Lovelace"), Actor(new_id(), "=1+1")
MUG, ORDER = new_id(), new_id()
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
STORY = [
    (ADA, "product.created", MUG, "req-1"),
    (BOB, "product.updated", MUG, "req-2"),
    (BOB, "product.updated", ORDER, "req-2"),
    (Actor(), "order.placed", ORDER, "req-3"),
    (Actor.system(), "order.expired", ORDER, ""),
    (ADA, "products.renamed", MUG, "req-4"),
]


async def write(shop: Shop, story: Sequence[tuple[Actor, str, UUID, str]] = STORY) -> None:
    for n, (actor, action, target, request_id) in enumerate(story):
        request, ip = request_id_var.set(request_id), client_ip_var.set("203.0.113.7" if request_id else "")
        async with shop.database.transaction() as session:
            await audit.record(session, actor, action, target, changes={"n": audit.Change(None, n)})
        request_id_var.reset(request)
        client_ip_var.reset(ip)


async def ask(shop: Shop, path: str = "", **query: Any) -> httpx2.Response:
    admin = await shop.admin()
    answer: httpx2.Response = await shop.client.get(f"/audit{path}", params=query, headers=admin.headers)
    return answer


def numbers(entries: list[dict[str, Any]]) -> list[int]:
    return [entry["changes"]["n"]["after"] for entry in entries if "n" in entry["changes"]]


async def found(shop: Shop, **query: Any) -> list[int]:
    answer = await ask(shop, **query)
    assert answer.status_code == 200, answer.text
    return numbers(answer.json()["items"])


async def test_an_entry_tells_everything(shop: Shop) -> None:
    await write(shop)

    [entry] = (await ask(shop, action="product.created", target_id=MUG)).json()["items"]

    moment = datetime.fromisoformat(entry.pop("at"))
    assert timedelta(0) < datetime.now(UTC) - moment < timedelta(minutes=5)
    assert entry.pop("id")
    assert entry == {
        "actor": {"id": str(ADA.user_id), "name": "Ada Lovelace"},
        "action": "product.created",
        "target_type": "product",
        "target_id": str(MUG),
        "changes": {"n": {"before": None, "after": 0}},
        "request_id": "req-1",
        "ip": "203.0.113.7",
    }
    [expired] = (await ask(shop, action="order.expired")).json()["items"]
    assert expired["actor"] == {"id": None, "name": "system"}
    assert (expired["request_id"], expired["ip"]) == (None, None)


FILTERS: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [5, 4, 3, 2, 1, 0]),
    ({"actor": ADA.user_id}, [5, 0]),
    ({"actor": "system"}, [4]),
    ({"actor": "guest"}, [3]),
    ({"actor": new_id()}, []),
    ({"actor": ["Ada", "Lovelace"][0]}, []),
    ({"action": "product.updated"}, [2, 1]),
    ({"action": "product."}, [2, 1, 0]),
    ({"action": "prod."}, []),
    ({"target_type": "product"}, [2, 1, 0]),
    ({"target_type": "prod"}, []),
    ({"target_type": "products"}, [5]),
    ({"target_id": MUG}, [5, 1, 0]),
    ({"target_type": "product", "target_id": ORDER}, [2]),
    ({"request_id": "req-2"}, [2, 1]),
    ({"request_id": "req-2", "target_id": MUG, "actor": BOB.user_id, "action": "product."}, [1]),
    ({"request_id": "nothing"}, []),
    ({"until": "2000-01-01T00:00:00Z"}, []),
    ({"since": "2000-01-01T00:00:00Z"}, [5, 4, 3, 2, 1, 0]),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS, ids=[str(n) for n in range(len(FILTERS))])
async def test_each_filter_finds_what_it_says_newest_first(
    shop: Shop, query: dict[str, Any], expected: list[int]
) -> None:
    await write(shop)

    assert await found(shop, **query) == expected
    assert await found(shop, **query, cursor="") == expected
    whole = await ask(shop, "/export", **query, format="ndjson")
    assert numbers([json.loads(line) for line in whole.text.splitlines()]) == expected


async def test_since_is_the_first_moment_and_until_is_the_one_before_which(shop: Shop) -> None:
    await write(shop)
    listed = (await ask(shop)).json()["items"]
    moments = {n: entry["at"] for entry in listed for n in numbers([entry])}

    assert await found(shop, since=moments[2], until=moments[4]) == [3, 2]
    assert await found(shop, since=moments[4], until=moments[2]) == []


@pytest.mark.parametrize(
    "query",
    ["actor=a%20b", "action=x", "action=product", "action=Product.", "target_type=a.b", "target_id=7",
     "request_id=a%20b", "since=today", "until=2020-01-01", "since=1", "unknown=1", "page=1&cursor=", "cursor=AAAA",
     "size=101"],
)  # fmt: skip
async def test_what_no_filter_is_is_refused(shop: Shop, query: str) -> None:
    admin = await shop.admin()

    for path in ("/audit", "/audit/export"):
        answer = await shop.client.get(f"{path}?{query}", headers=admin.headers)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert (await ask(shop, "/export", format="xlsx")).status_code == 422


async def test_pages_come_both_ways_and_miss_nothing(shop: Shop) -> None:
    await write(shop, [(ADA, "product.updated", MUG, "")] * 25)

    first, third = [(await ask(shop, target_id=MUG, size=10, page=page)).json() for page in (1, 3)]
    assert (first["total"], first["pages"], len(first["items"])) == (25, 3, 10)
    assert numbers(third["items"]) == [4, 3, 2, 1, 0]
    read: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = (await ask(shop, target_id=MUG, limit=10, cursor=cursor)).json()
        if cursor == "":
            await write(shop, [(BOB, "product.updated", MUG, "")])  # what comes meanwhile moves no page
        read += numbers(answer["items"])
        cursor = answer["next_cursor"]
    assert read == list(reversed(range(25)))


async def test_only_who_may_read_it_reads_it(shop: Shop) -> None:
    await write(shop)
    for path in ("/audit", "/audit/export"):
        assert (await shop.client.get(path)).status_code == 401
        for role in Role:
            person = await shop.person(role)
            answer = await shop.client.get(path, headers=person.headers)
            assert answer.status_code == (200 if role is Role.admin else 403)
            assert ("Ada" in answer.text) == (role is Role.admin)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        admin = await shop.admin()
        assert (await shop.client.request(method, "/audit", headers=admin.headers)).status_code == 405


async def test_who_was_forgotten_is_null_and_what_they_did_remains(shop: Shop) -> None:
    assert ADA.user_id is not None
    await write(shop)
    async with shop.database.transaction() as session:
        change = {"email": audit.Change("old@example.com", "new@example.com")}
        await audit.record(session, BOB, "user.updated", ADA.user_id, personal=change)
    [before] = (await ask(shop, action="user.updated")).json()["items"]
    assert before["changes"] == {"email": {"before": "old@example.com", "after": "new@example.com"}}

    async with shop.database.transaction() as session:
        await audit.forget(session, ADA.user_id)

    [after] = (await ask(shop, action="user.updated")).json()["items"]
    assert after == {**before, "changes": {"email": None}}
    [created] = (await ask(shop, action="product.created")).json()["items"]
    assert (created["actor"], created["ip"]) == ({"id": str(ADA.user_id), "name": None}, None)
    assert await found(shop, actor=ADA.user_id) == [5, 0]
    for kind in Format:
        file = (await ask(shop, "/export", format=kind)).text
        assert "Ada" not in file
        assert "old@example.com" not in file


async def test_a_file_has_what_the_list_has(shop: Shop) -> None:
    await write(shop)
    listed = (await ask(shop)).json()["items"]

    lines = await ask(shop, "/export", format="ndjson")
    table = await ask(shop, "/export")

    assert lines.headers["content-type"].startswith("application/x-ndjson")
    assert lines.headers["content-disposition"] == 'attachment; filename="audit.ndjson"'
    assert [json.loads(line) for line in lines.text.splitlines()] == listed
    assert table.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(table.text, newline="")))
    assert [row["id"] for row in rows] == [entry["id"] for entry in listed]
    for row, entry in zip(rows, listed, strict=True):
        assert json.loads(row["changes"]) == entry["changes"]
        assert (row["at"], row["action"], row["target_id"]) == (entry["at"], entry["action"], entry["target_id"])
        assert row["actor_id"] == (entry["actor"]["id"] or "")
        # a name that a spreadsheet would take for a formula is none any more
        assert row["actor"] == ("'=1+1" if entry["actor"]["name"] == "=1+1" else entry["actor"]["name"])


async def test_an_empty_file_has_its_head(shop: Shop) -> None:
    table, lines = [await ask(shop, "/export", action="nothing.done", format=kind) for kind in Format]

    assert table.text == "id,at,actor_id,actor,action,target_type,target_id,changes,request_id,ip\r\n"
    assert (lines.status_code, lines.text) == (200, "")


async def test_a_long_file_comes_in_units_and_shows_one_moment(shop: Shop) -> None:
    async def write_many() -> None:
        entries = [audit.Entry("product.updated", MUG, {"n": audit.Change(None, n)}) for n in range(BATCH * 2 + 10)]
        async with shop.database.transaction() as session:
            await audit.record_many(session, auth.Actor.system(), entries)

    await write_many()
    pieces: list[bytes] = []
    async for piece in chunks(shop.database, AuditExport(format=Format.ndjson)):
        if not pieces:
            await write_many()
        pieces.append(piece)

    assert [piece.count(b"\n") for piece in pieces] == [BATCH, BATCH, 10]


async def test_a_receiver_who_leaves_frees_the_connection(shop: Shop) -> None:
    await write(shop)
    exporting = (
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%%audit_entries%%' AND pid <> pg_backend_pid()"
        " AND datname = current_database()"
    )
    pieces = chunks(shop.database, AuditExport())
    await anext(pieces)
    assert await shop.rows(exporting) == [(1,)]

    await pieces.aclose()

    while await shop.rows(exporting) != [(0,)]:  # the server takes a moment to see that nobody is there
        pass
