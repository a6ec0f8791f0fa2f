"""Operators see jobs, and run those that failed again."""

import asyncio
from typing import Any

import httpx2
import pytest

from mercat import auth
from mercat.admin.job_actions import named
from mercat.outbox.inspection import HIDDEN, shown
from shopping import Shop

UUID = "0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c58"


async def a_job(
    shop: Shop, status: str = "todo", attempts: int = 0, *, due: str = "NULL", task: str = "auth.send_reset",
    lock: str | None = None,
) -> int:  # fmt: skip
    rows = await shop.rows(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts, scheduled_at, queueing_lock)"
        f" VALUES ('default', %s, '{{\"email\": \"ada@example.com\", \"user_id\": \"{UUID}\"}}',"
        f" %s::procrastinate_job_status, %s, {due}, %s) RETURNING id",
        task, status, attempts, lock,
    )  # fmt: skip
    job_id = int(rows[0][0])
    if status == "failed":
        await shop.rows(
            "INSERT INTO job_failures (job_id, attempt, error, message) VALUES (%s, %s, 'OSError', 'no') RETURNING 1",
            job_id, attempts,
        )  # fmt: skip
    return job_id


async def ask(shop: Shop, path: str = "", method: str = "GET", **query: Any) -> httpx2.Response:
    admin = await shop.admin()
    answer: httpx2.Response = await shop.client.request(method, f"/jobs{path}", params=query, headers=admin.headers)
    return answer


async def test_the_list_shows_where_each_job_is(shop: Shop) -> None:
    jobs = {
        "queued": await a_job(shop),
        "scheduled": await a_job(shop, due="now() + interval '1 hour'"),
        "running": await a_job(shop, "doing"),
        "failed": await a_job(shop, attempts=2, due="now() + interval '1 hour'"),
        "parked": await a_job(shop, "failed", 10),
    }

    listed = (await ask(shop)).json()
    each = {state: [job["id"] for job in (await ask(shop, status=state)).json()["items"]] for state in jobs}

    assert {job["id"]: job["status"] for job in listed["items"]} == {number: state for state, number in jobs.items()}
    assert (listed["total"], listed["items"][0]["id"]) == (5, jobs["parked"])
    assert each == {state: [number] for state, number in jobs.items()}
    assert (await ask(shop, task="auth.send_reset")).json()["total"] == 5
    assert (await ask(shop, task="auth.other")).json()["total"] == 0
    assert [job["id"] for job in (await ask(shop, page=2, size=4)).json()["items"]] == [jobs["queued"]]


async def test_a_job_shows_ids_and_its_failure_but_nobodys_address(shop: Shop) -> None:
    job = await a_job(shop, "failed", 10)

    one = await ask(shop, f"/{job}")

    assert one.json()["arguments"] == {"email": HIDDEN, "user_id": UUID}
    assert one.json()["last_failure"]["error"] == "OSError"
    assert "ada" not in one.text + (await ask(shop)).text


@pytest.mark.parametrize(
    ("arguments", "seen"),
    [
        ({"event_id": UUID, "timestamp": 7, "batch_id": 3, "parent_id": None}, True),
        ({"token": UUID}, False),
        ({"user_id": "ada@example.com"}, False),
        ({"user_id": UUID + "x"}, False),
        ({"amount": 7}, False),
        ({"user_id": {"name": "Ada"}}, False),
        ({"timestamp": "Ada"}, False),
    ],
)
def test_only_ids_are_shown(arguments: dict[str, object], seen: bool) -> None:  # noqa: FBT001 - a table's column
    assert shown(arguments) == (arguments if seen else dict.fromkeys(arguments, HIDDEN))


async def test_what_failed_is_run_again_with_all_its_attempts(shop: Shop) -> None:
    parked, again = await a_job(shop, "failed", 10), await a_job(shop, attempts=3, due="now() + interval '1 hour'")

    answers = [await ask(shop, f"/{job}/retry", "POST") for job in (parked, again)]

    assert [(a.status_code, a.json()["status"], a.json()["attempts"]) for a in answers] == [(200, "queued", 0)] * 2
    assert (await ask(shop, status="queued")).json()["total"] == 2
    entries = await shop.rows("SELECT target_id, changes FROM audit_log WHERE action = 'job.retried' ORDER BY at")
    assert [target for target, _ in entries] == [named(parked), named(again)]
    assert entries[0][1]["status"] == {"before": "parked", "after": "queued"}


async def test_what_cannot_be_moved_is_refused_and_stays(shop: Shop) -> None:
    queued, running = await a_job(shop), await a_job(shop, "doing")
    tick = await a_job(shop, "failed", 1, lock="tick")
    await a_job(shop, lock="tick")
    before = await shop.rows("SELECT * FROM procrastinate_jobs ORDER BY id")

    refused = [
        await ask(shop, f"/{job}{path}", method)
        for job, path, method in [
            (queued, "/retry", "POST"), (running, "/retry", "POST"), (tick, "/retry", "POST"), (running, "", "DELETE"),
            (tick + 999, "/retry", "POST"), (tick + 999, "", "DELETE"), (tick + 999, "", "GET"), (0, "", "GET"),
            (2**63, "", "GET"), ("x", "", "GET"),
        ]
    ]  # fmt: skip

    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [
        (409, "jobs.waiting"), (409, "jobs.running"), (409, "jobs.queued_again"), (409, "jobs.running"),
        (404, "jobs.not_found"), (404, "jobs.not_found"), (404, "jobs.not_found"),
        *[(422, "request.invalid")] * 3,
    ]  # fmt: skip
    assert await shop.rows("SELECT * FROM procrastinate_jobs ORDER BY id") == before
    assert await shop.rows("SELECT 1 FROM audit_log WHERE action LIKE 'job.%%'") == []


async def test_two_operators_at_once_run_a_job_again_once(shop: Shop) -> None:
    job = await a_job(shop, "failed", 10)
    await shop.admin()

    answers = await asyncio.gather(*(ask(shop, f"/{job}/retry", "POST") for _ in range(5)))

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
    assert await shop.rows("SELECT count(*) FROM audit_log WHERE action = 'job.retried'") == [(1,)]


async def test_a_cancelled_job_is_gone_and_the_log_knows_what_it_was(shop: Shop) -> None:
    job = await a_job(shop, "failed", 10)

    assert (await ask(shop, f"/{job}", "DELETE")).status_code == 204

    assert (await ask(shop, f"/{job}")).status_code == 404
    [(changes,)] = await shop.rows("SELECT changes FROM audit_log WHERE action = 'job.cancelled'")
    assert changes["task"] == {"before": "auth.send_reset", "after": None}
    assert await shop.rows("SELECT 1 FROM job_failures") == []


async def test_schedules_of_all_rooms_are_listed(shop: Shop) -> None:
    found = {one["task"]: one for one in (await ask(shop, "/schedules")).json()["items"]}

    assert {"orders.expire_due", "catalog.publish_due", "kit.purge_idempotency_keys", "auth.seal_anew"} <= set(found)
    assert all(one["next_at"] and one["last_fired_at"] is None for one in found.values())


@pytest.mark.parametrize("role", [auth.Role.buyer, auth.Role.support, auth.Role.moderator, auth.Role.vendor])
async def test_others_neither_see_nor_move_jobs(shop: Shop, role: auth.Role) -> None:
    job = await a_job(shop, "failed", 10)
    person = await shop.person(role)

    for method, path in [
        ("GET", ""),
        ("GET", "/schedules"),
        ("GET", f"/{job}"),
        ("POST", f"/{job}/retry"),
        ("DELETE", f"/{job}"),
    ]:
        refused = await shop.client.request(method, f"/jobs{path}", headers=person.headers)
        assert refused.status_code == 403

    assert await shop.rows("SELECT status::text FROM procrastinate_jobs WHERE id = %s", job) == [("failed",)]
