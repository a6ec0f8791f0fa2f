"""`mercat jobs`: what operators see of jobs and do with them from a terminal."""

import json
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner, Result

from mercat.cli import app

MAIL = "0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c58"


class Terminal:
    """Runs commands in this process, on the test's own database."""

    def __init__(self, url: str) -> None:
        self.url = url

    def jobs(self, *arguments: str) -> Result:
        return CliRunner().invoke(app, ["jobs", *arguments])

    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(sql, values)  # type: ignore[arg-type]  # a test's own SQL
            return cursor.fetchall() if cursor.description else []

    def job(self, status: str = "todo", attempts: int = 0, task: str = "notifications.send_mail") -> int:
        [(job_id,)] = self.rows(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts)"
            " VALUES ('default', %s, jsonb_build_object('mail_id', %s::text), %s::procrastinate_job_status, %s)"
            " RETURNING id",
            task, MAIL, status, attempts,
        )  # fmt: skip
        assert isinstance(job_id, int)
        if status == "failed":
            self.rows(
                "INSERT INTO job_failures (job_id, attempt, error, message) VALUES (%s, %s, 'OSError', 'no route')",
                job_id, attempts,
            )  # fmt: skip
        return job_id

    def states(self) -> list[tuple[object, ...]]:
        return self.rows("SELECT id, status::text, attempts FROM procrastinate_jobs ORDER BY id")


@pytest.fixture
def terminal(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Terminal:
    monkeypatch.setenv("MERCAT_DATABASE_URL", database_url)
    monkeypatch.setenv("MERCAT_DATA_DIR", str(tmp_path))
    return Terminal(database_url)


def test_the_list_can_be_narrowed(terminal: Terminal) -> None:
    queued, again, running, parked = (
        terminal.job(), terminal.job(attempts=2), terminal.job("doing"), terminal.job("failed", 10, "other.task"),
    )  # fmt: skip

    def found(*arguments: str) -> list[int]:
        answer = terminal.jobs("list", "--json", *arguments)
        assert answer.exit_code == 0, answer.output
        return [job["id"] for job in json.loads(answer.stdout)["items"]]

    assert found() == [parked, running, again, queued]
    assert [found("--status", state) for state in ("queued", "failed", "running", "parked", "scheduled")] == [
        [queued], [again], [running], [parked], [],
    ]  # fmt: skip
    assert found("--task", "other.task") == [parked]
    assert found("--limit", "1") == [parked]
    text = terminal.jobs("list")
    assert "OSError: no route" in text.stdout
    assert [line.split()[0] for line in text.stdout.splitlines()] == [str(n) for n in (parked, running, again, queued)]
    assert "there are no such jobs" in terminal.jobs("list", "--status", "scheduled").stderr


def test_one_job_is_shown_with_its_failure(terminal: Terminal) -> None:
    job = terminal.job("failed", 10)

    text, document = terminal.jobs("show", str(job)), terminal.jobs("show", str(job), "--json")

    assert text.exit_code == 0
    assert MAIL in text.stdout
    assert "attempt 10 failed" in text.stdout
    assert json.loads(document.stdout)["last_failure"]["message"] == "no route"


def test_what_failed_is_run_again(terminal: Terminal) -> None:
    first, second, third, queued = (*(terminal.job("failed", 10) for _ in range(3)), terminal.job())

    some = terminal.jobs("retry", str(first), str(second), str(first))
    rest = terminal.jobs("retry", "--all-parked", "--json")
    none = terminal.jobs("retry", "--all-parked")

    assert (some.exit_code, some.stdout) == (0, f"2 queued again: {first}, {second}\n")
    assert json.loads(rest.stdout) == {"retried": [third]}
    assert (none.exit_code, none.stdout) == (0, "nothing to do: no job is parked\n")
    assert terminal.states() == [(job, "todo", 0) for job in (first, second, third, queued)]
    assert terminal.rows("SELECT action, actor, count(*) FROM audit_log GROUP BY 1, 2") == [
        ("job.retried", "system", 3)
    ]


def test_of_several_jobs_all_are_run_again_or_none(terminal: Terminal) -> None:
    parked, running = terminal.job("failed", 10), terminal.job("doing")
    before = terminal.states()

    for wrong in (str(running), "999999"):
        refused = terminal.jobs("retry", str(parked), wrong)
        assert (refused.exit_code, refused.stdout) == (1, "")
        assert refused.stderr.startswith("error: ")

    assert terminal.states() == before
    assert terminal.rows("SELECT 1 FROM audit_log") == []


def test_a_job_is_cancelled_unless_somebody_is_at_it(terminal: Terminal) -> None:
    parked, running = terminal.job("failed", 10), terminal.job("doing")

    done, refused, gone = (terminal.jobs("cancel", str(job)) for job in (parked, running, parked))

    assert (done.exit_code, done.stdout) == (0, f"job {parked} is cancelled\n")
    assert (refused.exit_code, "A worker is at this job" in refused.stderr) == (1, True)
    assert (gone.exit_code, "There is no such job" in gone.stderr) == (1, True)
    assert terminal.states() == [(running, "doing", 0)]
    assert terminal.rows("SELECT action FROM audit_log") == [("job.cancelled",)]
    assert terminal.rows("SELECT 1 FROM job_failures") == []


def test_schedules_say_when(terminal: Terminal) -> None:
    terminal.rows(
        "INSERT INTO procrastinate_periodic_defers (task_name, defer_timestamp) VALUES ('orders.expire_due', 60)"
    )

    found = {one["task"]: one for one in json.loads(terminal.jobs("schedules", "--json").stdout)}

    assert {"orders.expire_due", "kit.purge_idempotency_keys", "outbox.purge_events"} <= set(found)
    assert found["orders.expire_due"]["last_fired_at"] == "1970-01-01T00:01:00Z"
    assert found["outbox.purge_events"]["last_fired_at"] is None
    assert "last never" in terminal.jobs("schedules").stdout


@pytest.mark.parametrize(
    "wrong",
    [
        ("list", "--status", "lost"), ("list", "--task", "No Such!"), ("list", "--limit", "0"), ("show", "x"),
        ("show", "0"), ("show", str(2**63)), ("retry",), ("retry", "1", "--all-parked"), ("cancel",),
    ],
)  # fmt: skip
def test_what_is_called_wrongly_exits_with_2(terminal: Terminal, wrong: tuple[str, ...]) -> None:
    assert terminal.jobs(*wrong).exit_code == 2


def test_a_worker_that_forwards_does_not_drain(terminal: Terminal) -> None:
    assert terminal.url
    assert CliRunner().invoke(app, ["worker", "--drain", "--forward", "celery"]).exit_code == 2
    assert CliRunner().invoke(app, ["worker", "--forward", "pigeon"]).exit_code == 2
