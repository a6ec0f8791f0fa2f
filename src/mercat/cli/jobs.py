"""Commands about jobs and schedules."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer

from mercat.cli.target import AsJson, DataDir, connected, target

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from mercat import outbox

app = typer.Typer(no_args_is_help=True, help="Jobs: list them, show one, run failed ones again, cancel, see schedules.")
STATES = "queued, scheduled, running, failed or parked"
Number = Annotated[int, typer.Argument(min=1, max=2**63 - 1, help="The job's number.")]
Answer = TypeVar("Answer")


@app.command("list")
def list_(
    status: Annotated[str | None, typer.Option(help=f"Only jobs that are {STATES}.")] = None,
    task: Annotated[str | None, typer.Option(help="Only jobs that do this, as in notifications.send_mail.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many at most, newest first.")] = 100,
    data_dir: DataDir = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List the jobs that are not done, newest first."""
    from pydantic import ValidationError  # noqa: PLC0415

    from mercat import outbox  # noqa: PLC0415

    if status is not None and status not in list(outbox.JobState):
        raise typer.BadParameter(f"a job is {STATES}", param_hint="--status")
    try:
        wanted = outbox.JobFilter(
            status=[] if status is None else [outbox.JobState(status)], task=[] if task is None else [task], size=limit
        )
    except ValidationError:
        raise typer.BadParameter("that is no name of a task", param_hint="--task") from None

    async def read(session: "AsyncSession") -> tuple[list[outbox.JobRead], int]:
        return await outbox.listing(session, wanted)

    found, total = _run(data_dir, read)
    if as_json:
        typer.echo(json.dumps({"items": [job.model_dump(mode="json") for job in found], "total": total}))
        return
    for job in found:
        typer.echo(_line(job))
    if total > len(found):
        typer.echo(f"{total - len(found)} older ones are not shown", err=True)
    elif not total:
        typer.echo("there are no such jobs", err=True)


@app.command()
def show(job_id: Number, data_dir: DataDir = None, *, as_json: AsJson = False) -> None:
    """Show a job with its arguments and why it failed last."""
    from mercat import outbox  # noqa: PLC0415

    async def read(session: "AsyncSession") -> outbox.JobRead:
        return await outbox.find(session, job_id)

    job = _run(data_dir, read)
    if as_json:
        typer.echo(job.model_dump_json())
        return
    typer.echo(_line(job))
    for name, value in job.arguments.items():
        typer.echo(f"  {name}: {value}")
    for what, moment in (("queued", job.queued_at), ("due", job.due_at), ("started", job.started_at)):
        if moment is not None:
            typer.echo(f"  {what} {_moment(moment)}")
    if (failure := job.last_failure) is not None:
        typer.echo(f"  attempt {failure.attempt} failed {_moment(failure.at)}: {failure.error}: {failure.message}")


@app.command()
def retry(
    job_ids: Annotated[list[int] | None, typer.Argument(min=1, max=2**63 - 1, help="Numbers of jobs.")] = None,
    data_dir: DataDir = None,
    *,
    all_parked: Annotated[bool, typer.Option("--all-parked", help="All that used up their attempts.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run failed jobs again: at once, and with all their attempts. All of those named, or none."""
    if all_parked == bool(job_ids):
        raise typer.BadParameter("name jobs by their numbers, or give --all-parked")
    from mercat import admin, auth  # noqa: PLC0415

    async def move(session: "AsyncSession") -> list[int]:
        if all_parked:
            return await admin.retry_parked_jobs(session, auth.Actor.system())
        wanted = sorted(set(job_ids or ()))
        for job_id in wanted:
            await admin.retry_job(session, auth.Actor.system(), job_id)
        return wanted

    moved = _run(data_dir, move, writing=True)
    if as_json:
        typer.echo(json.dumps({"retried": moved}))
    elif moved:
        typer.echo(f"{len(moved)} queued again: {', '.join(map(str, moved))}")
    else:
        typer.echo("nothing to do: no job is parked")


@app.command()
def cancel(job_id: Number, data_dir: DataDir = None, *, as_json: AsJson = False) -> None:
    """Cancel a job that no worker runs. Its work is not done."""
    from mercat import admin, auth  # noqa: PLC0415

    async def move(session: "AsyncSession") -> None:
        await admin.cancel_job(session, auth.Actor.system(), job_id)

    _run(data_dir, move, writing=True)
    typer.echo(json.dumps({"cancelled": job_id}) if as_json else f"job {job_id} is cancelled")


@app.command()
def schedules(data_dir: DataDir = None, *, as_json: AsJson = False) -> None:
    """List what is done again and again: when it was done last, and when it will be next."""
    from mercat import outbox  # noqa: PLC0415
    from mercat import worker as _rooms  # noqa: F401, PLC0415 - makes the schedules of all rooms known

    async def read(session: "AsyncSession") -> list[outbox.ScheduleRead]:
        return await outbox.schedules(session)

    found = _run(data_dir, read)
    if as_json:
        typer.echo(json.dumps([schedule.model_dump(mode="json") for schedule in found]))
        return
    for schedule in found:
        last = "never" if schedule.last_fired_at is None else _moment(schedule.last_fired_at)
        typer.echo(f"{schedule.task:34} {schedule.cron:16} last {last:20} next {_moment(schedule.next_at)}")


def _run(
    data_dir: Path | None, work: "Callable[[AsyncSession], Awaitable[Answer]]", *, writing: bool = False
) -> Answer:
    """Do something in the database; what is refused ends the command."""
    from mercat.kit.problems import Problem  # noqa: PLC0415

    async def run(url: str) -> Answer:
        async with (
            connected(url) as database,
            database.transaction() if writing else database.primary_session() as session,
        ):
            return await work(session)

    try:
        with target(data_dir, make=False) as url:
            return asyncio.run(run(url))
    except Problem as problem:
        _fail(problem.detail)


def _line(job: "outbox.JobRead") -> str:
    failed = "" if job.last_failure is None else f"  {job.last_failure.error}: {job.last_failure.message}"
    return f"{job.id:>10}  {job.status:9} {job.task:32} {job.attempts:>3} attempts{failed}"


def _moment(moment: "datetime") -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _fail(reason: str) -> NoReturn:
    typer.echo(f"error: {reason}", err=True)
    raise typer.Exit(1)
